import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import type { Endpoint } from '../../../src/domain/instance.ts';
import type { MachineReport } from '../../../src/domain/ssh.ts';
import { dialLimits } from '../../../src/ssh/dial.ts';
import { createKnownHosts } from '../../../src/ssh/knownHosts.ts';
import { createSsh } from '../../../src/ssh/ssh.ts';
import { type Machine, type MachineOptions, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { hasTool, noLog, rejectsWith, runTool, tempFolder, until } from './support/tools.ts';

const withSsh = hasTool('ssh', '-V') ? it : it.skip;
const alias = 'gpu-rental-ab12-01j9z';
const socketLimits: readonly number[] = [dialLimits.greeting, dialLimits.signIn, 45_000];

describe('a host key that the log of the machine names', () => {
  const temp = tempFolder();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  function setUp() {
    const clock = createTestClock(0); // every wait lasts until the time is moved
    const folder = temp('ssh');
    const home = temp('home');
    mkdirSync(home, { recursive: true });
    const ssh = createSsh({ folder, clock, log: noLog });
    const machine = async (options: Partial<MachineOptions> = {}): Promise<Machine> => {
      const publicKey = await ssh.publicKey();
      const started = await startMachine({ authorized: () => [publicKey], env: { HOME: home }, ...options });
      open.push(started);
      return started;
    };
    let log = '';
    const caller = new AbortController();
    const reach = (...endpoints: readonly Endpoint[]): Promise<MachineReport> =>
      ssh.reach({
        alias, endpoints: () => Promise.resolve(endpoints), onStep: () => undefined, timeoutMs: 600_000, signal: caller.signal,
        machineLog: { read: () => Promise.resolve(log), fingerprints: false },
      });
    /** Moves the time on, a second at a time, until it is settled; but not while real sockets are at work. */
    async function inTime<T>(work: Promise<T>): Promise<T> {
      let over = false;
      const settled = work.finally(() => (over = true));
      settled.catch(() => undefined);
      await until(() => {
        if (!over && !clock.pending.some((ms) => socketLimits.includes(ms))) clock.advance(1_000);
        return over;
      });
      return settled;
    }
    return {
      clock, ssh, machine, reach, inTime, caller, pins: createKnownHosts(`${folder}/known_hosts`),
      says: (...keys: readonly string[]) => void (log = ['Pod Started', ...keys.map((key) => `gpu-rental-hostkey ${alias} ${key} root@pod`)].join('\n')),
    };
  }

  it('is pinned as such when the machine shows it', async () => {
    const { machine, reach, says, ssh, pins, inTime, clock } = setUp();
    const there = await machine();
    says(there.hostKey);
    const report = await inTime(reach(there.endpoint));
    assert.deepEqual([report.pinnedNow, report.pinnedBy, await ssh.pinnedBy(alias)], [true, 'log', 'log']);
    assert.equal(await pins.pinOf(alias), there.hostKey);
    assert.deepEqual([(await inTime(reach(there.endpoint))).pinnedBy, clock.pending], ['log', []]);
  });

  withSsh('holds OpenSSH to it as well', async () => {
    const { machine, reach, says, ssh, inTime } = setUp();
    const [named, other] = [await machine(), await machine()];
    says(named.hostKey);
    const { endpoint } = await inTime(reach(named.endpoint));
    const hostFile = await ssh.writeHost({ alias, endpoint });
    const inside = await runTool('ssh', ['-F', hostFile, alias, 'echo in']);
    assert.deepEqual([inside.code, inside.stdout], [0, 'in\n'], inside.stderr);
    await ssh.writeHost({ alias, endpoint: other.endpoint });
    assert.deepEqual((await runTool('ssh', ['-F', hostFile, alias, 'echo in'])).stdout, '');
  });

  it('is waited for beside SSH, and its silence leaves the key to first use', async () => {
    const { machine, reach, ssh, inTime } = setUp();
    const report = await inTime(reach((await machine()).endpoint));
    assert.deepEqual([report.pinnedNow, report.pinnedBy, await ssh.pinnedBy(alias)], [true, 'firstUse', 'firstUse']);
  });

  it('comes late and is taken all the same, with nothing said to the machine before', async () => {
    const { machine, reach, says, inTime, clock } = setUp();
    const commands: string[] = [];
    const said = 'gpu-rental:home=/root\ngpu-rental:folder=/w\ngpu-rental:end=\n';
    const there = await machine({ answer: (command) => (commands.push(command), { stdout: said, code: 0 }) });
    const reaching = reach(there.endpoint);
    await until(() => there.attempts.length > 0 && clock.pending.includes(1_000));
    clock.advance(1_000);
    assert.deepEqual(commands, []);
    says(there.hostKey);
    assert.equal((await inTime(reaching)).pinnedBy, 'log');
    assert.equal(commands.length, 1);
  });

  it('makes every other refused, before our key is shown and however often it is tried', async () => {
    const { machine, reach, says, pins, inTime, clock } = setUp();
    const [named, shown] = [await machine(), await machine()];
    says(named.hostKey);
    const error = await rejectsWith(inTime(reach(shown.endpoint)), 'hostKeyChanged', /its log names another host key: \d+ tries/);
    assert.ok(error.detail?.includes('SHA256:'));
    assert.deepEqual(shown.attempts.slice(1), [], 'once at most, while the log had not been read');
    assert.equal(await pins.pinOf(alias), undefined);
    assert.deepEqual(clock.pending, []);
    await until(() => shown.open() === 0);
  });

  it('lets a stranger at a stale address pass by', async () => {
    const { machine, reach, says, pins, inTime } = setUp();
    const [stranger, ours] = [await machine({ authorized: () => [] }), await machine()];
    says(ours.hostKey);
    assert.equal((await inTime(reach(stranger.endpoint, ours.endpoint))).pinnedBy, 'log');
    assert.equal(await pins.pinOf(alias), ours.hostKey);
  });

  it('is looked for again after our own restart, and the old one is not', async () => {
    const { machine, reach, says, ssh, inTime } = setUp();
    const [first, second] = [await machine(), await machine()];
    says(first.hostKey);
    await inTime(reach(first.endpoint));
    await ssh.forgetHostKey(alias);
    const reaching = reach(second.endpoint);
    await until(() => second.attempts.length > 0);
    says(first.hostKey, second.hostKey);
    const report = await inTime(reaching);
    assert.deepEqual([report.pinnedNow, report.pinnedBy], [true, 'log']);
  });

  it('does not excuse a change without our own restart', async () => {
    const { machine, reach, says, inTime, pins } = setUp();
    const [first, second] = [await machine(), await machine()];
    says(first.hostKey);
    await inTime(reach(first.endpoint));
    says(first.hostKey, second.hostKey);
    await rejectsWith(inTime(reach(second.endpoint)), 'hostKeyChanged', /^expected/);
    assert.deepEqual([second.attempts, await pins.pinOf(alias)], [[], first.hostKey]);
  });

  it('is vouched for no more when it stands behind another that was not seen', async () => {
    const { machine, reach, says, inTime } = setUp();
    const [first, second] = [await machine(), await machine()];
    says(first.hostKey, second.hostKey);
    assert.equal((await inTime(reach(second.endpoint))).pinnedBy, 'firstUse');
  });

  it('leaves nothing open when the waiting is given up', async () => {
    const { machine, reach, caller, clock } = setUp();
    const there = await machine();
    const reaching = reach(there.endpoint);
    await until(() => there.attempts.length > 0 && clock.pending.includes(1_000));
    caller.abort();
    await assert.rejects(reaching, { name: 'AbortError' });
    await until(() => there.open() === 0 && clock.pending.length === 0);
  });

  it('is forgotten with the machine', async () => {
    const { machine, reach, says, ssh, inTime, pins } = setUp();
    const there = await machine();
    says(there.hostKey);
    await inTime(reach(there.endpoint));
    await ssh.forgetHostKey(alias);
    assert.equal((await pins.past(alias)).size, 1);
    await ssh.removeHost(alias);
    assert.deepEqual([(await pins.past(alias)).size, await ssh.pinnedBy(alias)], [0, undefined]);
  });
});
