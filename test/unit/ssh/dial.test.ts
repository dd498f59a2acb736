import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import type { ReachStep } from '../../../src/domain/ssh.ts';
import { dial, type DialOptions, preferring } from '../../../src/ssh/dial.ts';
import { newKey, soundKey } from '../../../src/ssh/keys.ts';
import { type Machine, type MachineOptions, newHostKey, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { closedPort, rejectsWith, until } from './support/tools.ts';

describe('dialling a machine', () => {
  let privateKey = '';
  let publicLine = '';
  const open: { close(): Promise<void> }[] = [];
  before(async () => {
    privateKey = await newKey('test');
    publicLine = `ssh-ed25519 ${(await soundKey(privateKey))?.getPublicSSH().toString('base64')} test`;
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function machine(options: Partial<MachineOptions> = {}): Promise<Machine> {
    const started = await startMachine({ authorized: () => [publicLine], ...options });
    open.push(started);
    return started;
  }

  function dialling(to: Pick<Machine, 'endpoint'>, more: Partial<DialOptions> = {}) {
    const clock = createTestClock();
    const caller = new AbortController();
    const steps: ReachStep[] = [];
    const connection = dial({
      endpoint: to.endpoint, privateKey, pinned: undefined, clock, signal: caller.signal,
      onStep: (step) => steps.push(step), ...more,
    });
    return { connection, clock, caller, steps };
  }

  /** A raw server that greets with these bytes and never says more. */
  async function saying(...chunks: string[]): Promise<Pick<Machine, 'endpoint'> & { open: () => number }> {
    let sockets = 0;
    const server = createServer((socket) => {
      sockets++;
      socket.on('close', () => sockets--).on('error', () => undefined).resume();
      for (const chunk of chunks) socket.write(chunk);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    return { endpoint: { host: '127.0.0.1', port, user: 'root', viaProxy: false }, open: () => sockets };
  }

  it('signs in with our key and tells the host key', async () => {
    const there = await machine();
    const { connection, clock, steps } = dialling(there);
    const { hostKey, close } = await connection;
    assert.equal(hostKey, there.hostKey);
    assert.deepEqual(steps, ['checkingHostKey', 'signingIn']);
    assert.deepEqual(clock.pending, [], 'no limit is left running');
    await close();
    await until(() => there.open() === 0);
  });

  it('accepts the pinned key', async () => {
    const there = await machine();
    await (await dialling(there, { pinned: there.hostKey }).connection).close();
    assert.deepEqual(there.attempts.slice(-1), ['publickey']);
  });

  it('refuses any other before it shows our key', async () => {
    const [there, other] = [await machine(), await machine()];
    const { connection, clock } = dialling(there, { pinned: other.hostKey });
    await rejectsWith(connection, 'hostKeyChanged', /^expected SHA256:\S{43}, shown SHA256:\S{43}$/);
    assert.deepEqual(there.attempts, []);
    assert.deepEqual(clock.pending, []);
    await until(() => there.open() === 0);
  });

  it('asks a machine with several host keys for the pinned kind', async () => {
    const hostKeys = [newHostKey(), newHostKey('ecdsa')];
    const ecdsa = (await machine({ hostKeys: hostKeys.slice(1) })).hostKey;
    const both = await machine({ hostKeys });
    const plain = await dialling(both).connection;
    assert.match(plain.hostKey, /^ssh-ed25519 /);
    const preferred = await dialling(both, { pinned: ecdsa }).connection;
    assert.equal(preferred.hostKey, ecdsa);
    await Promise.all([plain.close(), preferred.close()]);
  });

  it('prefers among all kinds and drops none', () => {
    assert.deepEqual(preferring('ssh-rsa').slice(0, 4), ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519']);
    assert.deepEqual(preferring('ecdsa-sha2-nistp384').slice(0, 2), ['ecdsa-sha2-nistp384', 'ssh-ed25519']);
    for (const type of ['ssh-rsa', 'ssh-ed25519', 'ecdsa-sha2-nistp384', 'unheard-of'])
      assert.deepEqual([...preferring(type)].toSorted(), [...preferring('ssh-ed25519')].toSorted());
  });

  it('says that our key was refused, with who refused it', async () => {
    const there = await machine({ authorized: () => [] });
    const who = new RegExp(`root@127.0.0.1:${there.endpoint.port} does not take`);
    await rejectsWith(dialling(there).connection, 'sshRefused', who);
    await until(() => there.open() === 0);
  });

  it('does not walk in where no key is asked for', async () => {
    const there = await machine({ letsAnybodyIn: true });
    const connection = await dialling(there).connection;
    assert.deepEqual([...new Set(there.attempts)], ['publickey']);
    await connection.close();
  });

  it('waits for a late greeting', async () => {
    let greet = () => {};
    const there = await machine({ greets: new Promise((resolve) => (greet = resolve)) });
    const { connection, clock, steps } = dialling(there);
    await until(() => there.accepted() === 1);
    clock.advance(14_999);
    assert.deepEqual(steps, [], 'a connect alone is no SSH server');
    greet();
    await (await connection).close();
  });

  it('gives up on one that accepts and says nothing', async () => {
    const there = await saying();
    const { connection, clock } = dialling(there);
    await until(() => there.open() === 1);
    clock.advance(15_000);
    await rejectsWith(connection, 'sshUnreachable', /gave no SSH greeting in time/);
    assert.deepEqual(clock.pending, []);
    await until(() => there.open() === 0);
  });

  it('gives up on one that greets and then says nothing', async () => {
    const there = await saying('SSH-2.0-half\r\n');
    const { connection, clock } = dialling(there);
    await until(() => clock.pending.includes(20_000));
    clock.advance(20_000);
    await rejectsWith(connection, 'sshUnreachable', /did not finish the SSH handshake/);
    await until(() => there.open() === 0);
  });

  it('is not fooled by something else on the port', async () => {
    const web = await saying('HTTP/1.1 400 Bad Request\r\n', 'x'.repeat(9000));
    await rejectsWith(dialling(web).connection, 'sshUnreachable', /does not speak SSH/);
    await until(() => web.open() === 0);
  });

  it('hears the greeting in pieces and behind other lines', async () => {
    const there = await saying('Welcome to the relay\r\n', 'SS', 'H-2.0-x\r\n', 'no SSH packet, and long enough for one');
    await rejectsWith(dialling(there).connection, 'sshUnreachable', /^127\.0\.0\.1:\d+: (?!.*greeting)/);
  });

  it('tells a closed port, a dropped connection and a bad address apart', async () => {
    const endpoint = { host: '127.0.0.1', port: await closedPort(), user: 'root', viaProxy: false };
    await rejectsWith(dialling({ endpoint }).connection, 'sshUnreachable', /ECONNREFUSED/);
    await rejectsWith(dialling({ endpoint: { ...endpoint, host: '-x' } }).connection, 'sshConfig', /host/);
    const drops = await machine({ greets: new Promise(() => undefined) });
    const { connection } = dialling(drops);
    await until(() => drops.open() === 1);
    drops.dropAll();
    await rejectsWith(connection, 'sshUnreachable', /closed before the SSH greeting|ECONNRESET/);
  });

  it('stops at any moment and leaves no socket', async () => {
    const moments = [
      await saying(), // waiting for the greeting
      await saying('SSH-2.0-half\r\n'), // in the handshake
    ];
    for (const there of moments) {
      const { connection, clock, caller } = dialling(there);
      await until(() => there.open() === 1 && clock.pending.length === 1);
      caller.abort();
      await assert.rejects(connection, { name: 'AbortError' });
      assert.deepEqual(clock.pending, []);
      await until(() => there.open() === 0);
    }
    const there = await machine();
    const late = new AbortController();
    late.abort();
    await assert.rejects(dialling(there, { signal: late.signal }).connection, { name: 'AbortError' });
    assert.equal(there.accepted(), 0);
  });
});
