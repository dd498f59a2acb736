import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { RentError } from '../../../src/domain/errors.ts';
import type { Endpoint } from '../../../src/domain/instance.ts';
import type { ReachOptions, ReachStep } from '../../../src/domain/ssh.ts';
import { createKnownHosts } from '../../../src/ssh/knownHosts.ts';
import { createSsh } from '../../../src/ssh/ssh.ts';
import { type Machine, type MachineOptions, newHostKey, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { closedPort, noLog, rejectsWith, tempFolder, until } from './support/tools.ts';

describe('reaching a machine', () => {
  const temp = tempFolder();
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  function setUp(workFolders?: readonly string[]) {
    const clock = createTestClock();
    const folder = temp('ssh');
    const ssh = createSsh({ folder, clock, log: noLog, ...(workFolders ? { workFolders } : {}) });
    const pins = createKnownHosts(`${folder}/known_hosts`);
    const home = temp('home');
    mkdirSync(home, { recursive: true });
    const machine = async (options: Partial<MachineOptions> = {}): Promise<Machine> => {
      const publicKey = await ssh.publicKey();
      const started = await startMachine({ authorized: () => [publicKey], env: { HOME: home }, ...options });
      open.push(started);
      return started;
    };
    /** `reads`: what each asking for the endpoints gives; the last one is given for ever. */
    const reaching = (reads: readonly (readonly Endpoint[] | Error)[], more: Partial<ReachOptions> = {}) => {
      const steps: ReachStep[] = [];
      const caller = new AbortController();
      let asked = 0;
      const report = ssh.reach({
        alias: 'gpu-1',
        endpoints() {
          const read = reads[Math.min(asked++, reads.length - 1)] ?? [];
          return read instanceof Error ? Promise.reject(read) : Promise.resolve(read);
        },
        onStep: (step) => steps.push(step),
        timeoutMs: 600_000,
        signal: caller.signal,
        ...more,
      });
      return { report, steps, caller, asked: () => asked };
    };
    return { clock, ssh, pins, home, machine, reaching };
  }

  const nobodyAt = async (): Promise<Endpoint> =>
    ({ host: '127.0.0.1', port: await closedPort(), user: 'root', viaProxy: false });

  /** Accepts and says nothing. */
  async function silent() {
    let sockets = 0;
    const server = createServer((socket) => {
      sockets++;
      socket.on('close', () => sockets--).on('error', () => undefined).resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    return { endpoint: { host: '127.0.0.1', port, user: 'root', viaProxy: false }, open: () => sockets };
  }

  it('pins the host key on first contact and tells what the machine says', async () => {
    const { clock, pins, home, machine, reaching } = setUp();
    const there = await machine();
    const { report, steps } = reaching([[there.endpoint]]);
    const seen = await report;
    assert.deepEqual([seen.endpoint, seen.home, seen.folder, seen.pinnedNow], [there.endpoint, home, home, true]);
    assert.ok((seen.freeDiskGb ?? 0) > 0);
    assert.deepEqual(steps, ['waitingForSsh', 'checkingHostKey', 'signingIn']);
    assert.equal(await pins.pinOf('gpu-1'), there.hostKey);
    assert.deepEqual(clock.pending, []);
    await until(() => there.open() === 0);
    assert.equal((await reaching([[there.endpoint]]).report).pinnedNow, false);
  });

  it('works in the first wanted folder that the machine has', async () => {
    const work = temp('work');
    mkdirSync(work, { recursive: true });
    const { machine, reaching } = setUp(['/no/such/folder', work]);
    assert.equal((await reaching([[(await machine()).endpoint]]).report).folder, work);
  });

  it('waits through no address, refused connections and moved ports', async () => {
    const { clock, machine, reaching } = setUp();
    const there = await machine();
    const stale = await nobodyAt();
    const { report, steps, asked } = reaching([[], [], [stale], [stale], [there.endpoint]]);
    assert.equal((await report).endpoint.port, there.endpoint.port);
    assert.equal(asked(), 5);
    assert.deepEqual(clock.slept, [1000, 2000, 3000, 5000]);
    assert.deepEqual(steps, ['waitingForAddress', 'waitingForSsh', 'checkingHostKey', 'signingIn']);
  });

  it('goes on when the provider is not heard or talks nonsense, and stops when it says no', async () => {
    const { machine, reaching } = setUp();
    const there = await machine();
    const lost = ['network', 'serverError', 'rateLimited', 'badResponse'] as const;
    const nonsense = { ...there.endpoint, host: '-oProxyCommand=id' };
    const { report, asked } = reaching([...lost.map((code) => new RentError(code)), [nonsense], [there.endpoint]]);
    await report;
    assert.equal(asked(), 6);
    await rejectsWith(reaching([new RentError('gone')]).report, 'gone');
    await assert.rejects(reaching([new TypeError('ours')]).report, /ours/);
  });

  it('asks for the address again after one that accepts and says nothing', async () => {
    const { clock, machine, reaching } = setUp();
    const [there, half] = [await machine(), await silent()];
    const { report } = reaching([[half.endpoint], [there.endpoint]]);
    await until(() => half.open() === 1);
    clock.advance(15_000);
    assert.deepEqual((await report).endpoint, there.endpoint);
    await until(() => half.open() === 0);
  });

  it('waits for a late greeting on a connection that stands', async () => {
    let greet = () => {};
    const { machine, reaching } = setUp();
    const there = await machine({ greets: new Promise((resolve) => (greet = resolve)) });
    const { report, steps } = reaching([[there.endpoint]]);
    await until(() => there.accepted() === 1);
    assert.deepEqual(steps, ['waitingForSsh']);
    greet();
    await report;
    assert.equal(there.accepted(), 1);
  });

  it('prefers the direct address, and takes the relay when that keeps failing', async () => {
    const { machine, reaching } = setUp();
    const there = await machine();
    const relay = { ...there.endpoint, viaProxy: true };
    assert.equal((await reaching([[relay, there.endpoint]]).report).endpoint.viaProxy, false);
    assert.equal((await reaching([[relay]]).report).endpoint.viaProxy, true);
    const { report, asked } = reaching([[await nobodyAt(), relay]]);
    assert.equal((await report).endpoint.viaProxy, true);
    assert.equal(asked(), 4);
  });

  it('goes on until a key that arrives late is there', async () => {
    const { ssh, clock, machine, reaching } = setUp();
    const publicKey = await ssh.publicKey();
    let logins = 0;
    const there = await machine({ authorized: () => (++logins > 4 ? [publicKey] : []) });
    assert.equal((await reaching([[there.endpoint]]).report).pinnedNow, true);
    assert.ok(clock.slept.length >= 4 && logins > 4);
  });

  it('gives up on a machine that goes on refusing our key, and pins nothing of it', async () => {
    const { clock, pins, machine, reaching } = setUp();
    const there = await machine({ authorized: () => [] });
    const from = clock.now();
    await rejectsWith(reaching([[there.endpoint]]).report, 'sshRefused', /does not take our key: \d+ tries/);
    assert.ok(clock.now() - from >= 90_000);
    assert.ok(there.attempts.length >= 6);
    assert.equal(await pins.pinOf('gpu-1'), undefined);
    assert.deepEqual(clock.pending, []);
    await until(() => there.open() === 0);
  });

  it('refuses a changed host key at once, without showing our key', async () => {
    const { clock, pins, machine, reaching } = setUp();
    const [first, second] = [await machine(), await machine()];
    await reaching([[first.endpoint]]).report;
    const { report, asked } = reaching([[second.endpoint]]);
    await rejectsWith(report, 'hostKeyChanged');
    assert.deepEqual([asked(), clock.slept, second.attempts], [1, [], []]);
    assert.equal(await pins.pinOf('gpu-1'), first.hostKey);
  });

  it('takes the new key after our own restart, when the pin was forgotten', async () => {
    const { ssh, pins, machine, reaching } = setUp();
    const [first, second] = [await machine(), await machine()];
    await reaching([[first.endpoint]]).report;
    await ssh.forgetHostKey('gpu-1');
    assert.equal((await reaching([[second.endpoint]]).report).pinnedNow, true);
    assert.equal(await pins.pinOf('gpu-1'), second.hostKey);
  });

  it('is not taken in by a stranger at a stale address after a restart', async () => {
    const { pins, machine, reaching } = setUp();
    const [stranger, ours] = [await machine({ authorized: () => [] }), await machine()];
    await reaching([[stranger.endpoint], [ours.endpoint]]).report;
    assert.equal(await pins.pinOf('gpu-1'), ours.hostKey);
  });

  it('tells machines apart by alias, not by address or key', async () => {
    const { pins, machine, reaching } = setUp();
    const hostKeys = [newHostKey()];
    const [one, twin] = [await machine({ hostKeys }), await machine({ hostKeys })];
    await reaching([[one.endpoint]]).report;
    assert.equal((await reaching([[twin.endpoint]], { alias: 'gpu-2' }).report).pinnedNow, true, 'same key, other alias');
    const other = await machine();
    assert.equal((await reaching([[other.endpoint]], { alias: 'gpu-3' }).report).pinnedNow, true);
    assert.deepEqual([await pins.pinOf('gpu-2'), await pins.pinOf('gpu-3')], [one.hostKey, other.hostKey]);
  });

  it('does not count a login that runs no commands', async () => {
    const { machine, reaching } = setUp();
    const lines = ["Your SSH client doesn't support PTY", 'gpu-rental:home=/root\ngpu-rental:folder=/w\ngpu-rental:end='];
    const there = await machine({ answer: () => ({ stdout: `${lines.shift()}\n`, code: 1 }) });
    const seen = await reaching([[there.endpoint]]).report;
    assert.deepEqual([seen.folder, seen.pinnedNow, there.accepted()], ['/w', true, 2]);
  });

  it('tries again after a login that never answers', async () => {
    const { clock, machine, reaching } = setUp();
    let silences = 0;
    const said = 'gpu-rental:home=/root\ngpu-rental:folder=/w\ngpu-rental:end=\n';
    const there = await machine({ answer: () => (silences++ === 0 ? 'silence' : { stdout: said, code: 0 }) });
    const { report } = reaching([[there.endpoint]]);
    await until(() => silences === 1 && clock.pending.includes(45_000));
    clock.advance(45_000);
    const seen = await report;
    assert.deepEqual([seen.folder, seen.pinnedNow, there.accepted()], ['/w', true, 2]);
  });

  it('gives up when the time is over, and says what stood in the way', async () => {
    const { clock, reaching } = setUp();
    const from = clock.now();
    const nobody = await nobodyAt();
    const error = await rejectsWith(reaching([[nobody]], { timeoutMs: 60_000 }).report, 'sshUnreachable', /ECONNREFUSED/);
    assert.ok(clock.now() - from >= 60_000 && clock.now() - from < 70_000);
    assert.ok(error.cause instanceof RentError);
    await rejectsWith(reaching([[]], { timeoutMs: 60_000 }).report, 'sshUnreachable', /gave no address/);
    await rejectsWith(reaching([new RentError('rateLimited')], { timeoutMs: 60_000 }).report, 'sshUnreachable', /rateLimited/);
    assert.deepEqual(clock.pending, []);
  });

  it('gives up in the middle of a try too', async () => {
    const { clock, reaching } = setUp();
    const half = await silent();
    const { report } = reaching([[half.endpoint]], { timeoutMs: 8000 });
    await until(() => half.open() === 1);
    clock.advance(8000);
    await rejectsWith(report, 'sshUnreachable', /nothing answered in time/);
    assert.deepEqual(clock.pending, []);
    await until(() => half.open() === 0);
  });

  it('stops at any moment and leaves nothing open', async () => {
    const { clock, machine, reaching } = setUp();
    const half = await silent();
    const connecting = reaching([[half.endpoint]]);
    await until(() => half.open() === 1);
    connecting.caller.abort();
    await assert.rejects(connecting.report, { name: 'AbortError' });

    const asking = reaching([], { endpoints: () => new Promise(() => undefined) });
    await until(() => clock.pending.length === 1);
    asking.caller.abort();
    await assert.rejects(asking.report, { name: 'AbortError' });

    let running = false;
    const there = await machine({ answer: () => ((running = true), 'silence') });
    const probing = reaching([[there.endpoint]]);
    await until(() => running);
    probing.caller.abort();
    await assert.rejects(probing.report, { name: 'AbortError' });

    assert.deepEqual(clock.pending, []);
    await until(() => half.open() === 0 && there.open() === 0);
  });

  it('does not repair what is damaged on our side by trying again', async () => {
    const { pins, machine, reaching } = setUp();
    const there = await machine();
    writeFileSync(pins.fileOf('gpu-1'), 'gpu-1 ssh-ed');
    const { report, asked } = reaching([[there.endpoint]]);
    await rejectsWith(report, 'sshConfig', /pinned host key .* damaged/);
    assert.deepEqual([asked(), there.accepted()], [1, 0]);
    await rejectsWith(reaching([[there.endpoint]], { alias: '../x' }).report, 'sshConfig', /alias/);
  });
});
