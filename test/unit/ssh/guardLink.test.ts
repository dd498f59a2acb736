import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { GuardRenewal, GuardStatus } from '../../../src/domain/guard.ts';
import type { Endpoint } from '../../../src/domain/instance.ts';
import { usd } from '../../../src/domain/money.ts';
import { renewalCommand } from '../../../src/guard/renewal.ts';
import { parseStatus } from '../../../src/guard/status.ts';
import { type Pod, startPod } from '../../../src/practice/pod/pod.ts';
import { createGuardLink, type GuardDialect } from '../../../src/ssh/guardLink.ts';
import { createMachineLinks } from '../../../src/ssh/link/machineLinks.ts';
import { createSsh } from '../../../src/ssh/ssh.ts';
import { type Machine, type MachineOptions, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { closedPort, noLog, rejectsWith, tempFolder, until } from './support/tools.ts';

const posix = process.platform === 'win32' ? describe.skip : describe;
const alias = 'gpu-rental-ab12-01j9z';
const signal = new AbortController().signal;
const renewal: GuardRenewal = { ttlMs: 300_000, active: true, budget: usd(5) };
const status = (usedMs: number): GuardStatus => ({
  phase: 'watching', armed: true, ageMs: 0, usedMs, spent: usd(0), idleMs: 0, sshConnections: 1, tries: 0,
});

/** A guard of few words: `used` in its folder is its status, and a renewal is one line. */
const dialect: GuardDialect = {
  command: (label, { ttlMs, active }) => `mkdir -p "$HOME/.guard" && echo '${label} ${ttlMs} ${active}' >>"$HOME/.guard/lease"; cat "$HOME/.guard/used" 2>/dev/null`,
  read: (label, printed) => {
    const used = /^used (\d+)$/m.exec(printed)?.[1];
    return used === undefined || label !== alias ? undefined : status(Number(used));
  },
};

posix('the way to a guard', () => {
  const temp = tempFolder();
  const ends: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function known(spoken = dialect) {
    const clock = createTestClock();
    const ssh = createSsh({ folder: temp('ssh'), clock, log: noLog });
    const publicKey = await ssh.publicKey();
    let now: readonly Endpoint[] = [];
    const links = createMachineLinks({ connect: (options) => ssh.connect(options), endpoints: (name) => (name === alias ? now : []), clock, log: noLog });
    const link = createGuardLink({ links, dialect: spoken, clock });
    ends.push(() => links.dispose());
    const at = async (endpoint: Endpoint): Promise<void> => {
      await ssh.reach({ alias, endpoints: () => Promise.resolve([endpoint]), onStep: () => undefined, timeoutMs: 600_000, signal });
      now = [endpoint];
    };
    return { clock, ssh, publicKey, link, links, at, move: (...endpoints: Endpoint[]) => void (now = endpoints) };
  }

  async function rented(options: Partial<MachineOptions> = {}) {
    const parts = await known();
    const machine = await startMachine({ authorized: () => [parts.publicKey], ...options });
    ends.push(() => machine.close());
    return { ...parts, machine };
  }

  /** A machine that answers as it should while it is reached, and as the test says afterwards. */
  async function hostile(answer: NonNullable<MachineOptions['answer']>) {
    let later = false;
    const parts = await rented({ answer: (command) => (later ? answer(command) : { stdout: '\ngpu-rental:home=/root\ngpu-rental:folder=/root\ngpu-rental:end=\n', code: 0 }) });
    await parts.at(parts.machine.endpoint);
    later = true;
    return parts;
  }

  async function podded(spoken?: GuardDialect) {
    const parts = await known(spoken);
    const dir = temp('pod');
    mkdirSync(dir, { recursive: true });
    const pod: Pod = await startPod({ dir, env: {}, authorizedKeys: () => [parts.publicKey], gpus: () => [], log: () => undefined });
    ends.push(() => pod.stop());
    await parts.at({ host: '127.0.0.1', port: pod.port, user: 'root', viaProxy: false });
    return { ...parts, dir };
  }

  it('speaks the language of our guard', async () => {
    const { link, dir } = await podded({ command: renewalCommand, read: (label, printed) => parseStatus(printed, label) });
    assert.equal(await link.renew(alias, renewal, signal), undefined, 'no guard is there');
    mkdirSync(`${dir}/root/.gpu-rental`);
    const uptime = Math.floor(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]));
    const said = (label: string) => `gpu-rental-guard 1 label=${label} phase=grace reason=idle armed=1 at=${uptime} used=60 spent=5 idle=40 left=0 grace=170 gpu=? ssh=1 tries=0\n`;
    writeFileSync(`${dir}/root/.gpu-rental/status`, said('gpu-rental-other'));
    assert.equal(await link.renew(alias, renewal, signal), undefined, 'somebody else’s guard');
    writeFileSync(`${dir}/root/.gpu-rental/status`, said(alias));
    const heard = await link.renew(alias, renewal, signal);
    assert.deepEqual([heard?.phase, heard?.reason, heard?.armed, heard?.usedMs, heard?.graceLeftMs], ['grace', 'idle', true, 60_000, 170_000]);
    assert.ok(heard !== undefined && heard.ageMs < 60_000, String(heard?.ageMs));
    assert.match(readFileSync(`${dir}/root/.gpu-rental/lease`, 'utf8'), /^1 \d+ 300 1 5000000 /);
  });

  it('writes the renewal and reads the status of a practice pod', async () => {
    const { link, dir } = await podded();
    assert.equal(await link.renew(alias, renewal, signal), undefined, 'no guard is there yet');
    writeFileSync(`${dir}/root/.guard/used`, 'used 7000\n');
    assert.deepEqual(await link.renew(alias, { ...renewal, active: false }, signal), status(7000));
    assert.equal(readFileSync(`${dir}/root/.guard/lease`, 'utf8'), `${alias} 300000 true\n${alias} 300000 false\n`);
  });

  it('keeps one connection, also when two speak at once, and closes it in the end', async () => {
    const { link, links, at, machine } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    const before = machine.accepted();
    await Promise.all([link.renew(alias, renewal, signal), link.renew(alias, renewal, signal)]);
    await link.renew(alias, renewal, signal);
    assert.equal(machine.accepted() - before, 1);
    assert.equal(machine.open(), 1);
    links.dispose();
    await until(() => machine.open() === 0, 'the connection is closed');
    await assert.rejects(link.renew(alias, renewal, signal), { name: 'AbortError' });
  });

  it('dials again when the connection was lost', async () => {
    const { link, at, machine } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    await link.renew(alias, renewal, signal);
    machine.dropAll();
    assert.equal(await link.renew(alias, renewal, signal), undefined);
  });

  it('dials again when the kept connection has gone silent', async () => {
    let silent = 0;
    const { clock, link, machine } = await hostile(() => (silent-- > 0 ? 'silence' : { stdout: 'used 3\n', code: 0 }));
    await link.renew(alias, renewal, signal);
    silent = 1;
    const renewed = link.renew(alias, renewal, signal);
    await until(() => silent === 0, 'it was asked');
    const before = machine.accepted();
    clock.advance(8000);
    assert.deepEqual(await renewed, status(3));
    assert.equal(machine.accepted(), before + 1);
  });

  it('follows a machine that moves', async () => {
    const { link, at, machine, publicKey, ssh } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    await link.renew(alias, renewal, signal);
    const home = temp('home');
    mkdirSync(`${home}/.guard`, { recursive: true });
    writeFileSync(`${home}/.guard/used`, 'used 5\n');
    const other: Machine = await startMachine({ authorized: () => [publicKey], env: { HOME: home } });
    ends.push(() => other.close());
    await ssh.forgetHostKey(alias);
    await at(other.endpoint);
    assert.deepEqual(await link.renew(alias, renewal, signal), status(5));
    await until(() => machine.open() === 0, 'the old connection is closed');
  });

  it('takes the next address where the first is of no use, and stays with what works', async () => {
    const { link, at, machine, move } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    const nowhere = { ...machine.endpoint, port: await closedPort() };
    move(nowhere, machine.endpoint);
    assert.equal(await link.renew(alias, renewal, signal), undefined);
    const before = machine.accepted();
    await link.renew(alias, renewal, signal);
    assert.equal(machine.accepted(), before);
    move(nowhere);
    await rejectsWith(link.renew(alias, renewal, signal), 'sshUnreachable', /ECONNREFUSED/);
  });

  it('writes nothing to a stranger at the same address', async () => {
    const { link, at, machine, publicKey, move } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    const commands: string[] = [];
    const stranger = await startMachine({ authorized: () => [publicKey], answer: (command) => ({ stdout: String(commands.push(command)), code: 0 }) });
    ends.push(() => stranger.close());
    move(stranger.endpoint);
    await rejectsWith(link.renew(alias, renewal, signal), 'hostKeyChanged');
    assert.deepEqual(commands, []);
  });

  it('says that a machine without an address, or that is not there, cannot be reached', async () => {
    const { link, at, machine, move } = await rented();
    await rejectsWith(link.renew('gpu-rental-other', renewal, signal), 'sshUnreachable', /no address/);
    await at(machine.endpoint);
    await machine.close();
    await rejectsWith(link.renew(alias, renewal, signal), 'sshUnreachable');
    move();
    await rejectsWith(link.renew(alias, renewal, signal), 'sshUnreachable', /no address/);
  });

  it('takes garbage for no guard, and does not listen to too much of it', async () => {
    const garbage: (string | Buffer)[] = ['', 'used x\n', 'used 5 or so\n', Buffer.from([0, 255, 254, 10]), 'used 5'.repeat(2000)];
    let next: string | Buffer = '';
    const { link } = await hostile(() => ({ stdout: next, code: 0 }));
    for (const one of garbage) {
      next = one;
      assert.equal(await link.renew(alias, renewal, signal), undefined, String(one).slice(0, 40));
    }
    next = 'x'.repeat(200_000);
    await rejectsWith(link.renew(alias, renewal, signal), 'sshUnreachable', /more than it may/);
    next = 'used 9\n';
    assert.deepEqual(await link.renew(alias, renewal, signal), status(9), 'the next one is asked as if nothing had been');
  });

  it('gives up on a machine that never answers, and at once when it is told to', async () => {
    let asked = 0;
    const { clock, link } = await hostile(() => (asked++, 'silence'));
    const slow = rejectsWith(link.renew(alias, renewal, signal), 'sshUnreachable', /did not answer in time/);
    await until(() => asked === 1, 'it was asked');
    clock.advance(30_000);
    await slow;
    const stop = new AbortController();
    const cut = assert.rejects(link.renew(alias, renewal, stop.signal), { name: 'AbortError' });
    await until(() => asked === 2, 'it was asked again');
    stop.abort();
    await cut;
    assert.deepEqual(clock.pending, []);
  });

  it('lets a dialect that fails fail as SSH does', async () => {
    const { links, at, machine, clock } = await rented({ env: { HOME: temp('home') } });
    await at(machine.endpoint);
    const broken = (part: Partial<GuardDialect>) => createGuardLink({ links, dialect: { ...dialect, ...part }, clock });
    for (const part of [{ command: () => { throw new Error('odd'); } }, { read: () => { throw new Error('odd'); } }]) {
      await rejectsWith(broken(part).renew(alias, renewal, signal), 'sshUnreachable', /odd/);
    }
  });
});
