import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createSsh } from '../../../src/ssh/ssh.ts';
import type { SshConnection } from '../../../src/ssh/connection.ts';
import { type Machine, startMachine } from './support/machine.ts';
import { createTestClock } from './support/testClock.ts';
import { noLog, rejectsWith, tempFolder, until } from './support/tools.ts';

describe('a connection', () => {
  const temp = tempFolder();
  const signal = new AbortController().signal;
  const open: Machine[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  async function connected(): Promise<{ there: Machine; connection: SshConnection }> {
    const ssh = createSsh({ folder: temp('ssh'), clock: createTestClock(), log: noLog });
    const publicKey = await ssh.publicKey();
    const there = await startMachine({ authorized: () => [publicKey] });
    open.push(there);
    const endpoints = () => Promise.resolve([there.endpoint]);
    await ssh.reach({ alias: 'a', endpoints, onStep: () => undefined, timeoutMs: 60_000, signal });
    return { there, connection: await ssh.connect({ alias: 'a', endpoint: there.endpoint, signal }) };
  }

  it('runs commands and tells both streams and the code', async () => {
    const { connection } = await connected();
    assert.deepEqual(await connection.exec('echo out; echo err >&2; exit 7'), { stdout: 'out\n', stderr: 'err\n', code: 7 });
    assert.deepEqual(await connection.exec('true'), { stdout: '', stderr: '', code: 0 });
    assert.equal((await connection.exec('kill -9 $$')).code, null);
    await connection.close();
  });

  it('hands over input of any size, unchanged', async () => {
    const { connection } = await connected();
    const input = randomBytes(3 * 2 ** 20);
    const { stdout } = await connection.exec('sha256sum', { input });
    assert.equal(stdout.split(' ')[0], createHash('sha256').update(input).digest('hex'));
    assert.equal((await connection.exec('cat')).stdout, '', 'without input the command sees the end of it');
    await connection.close();
  });

  it('runs several at a time and reads text as UTF-8 across chunks', async () => {
    const { connection } = await connected();
    const text = '°ä€𝄞'.repeat(20_000);
    const answers = await Promise.all(Array.from({ length: 6 }, () => connection.exec('cat', { input: text })));
    for (const { stdout } of answers) assert.equal(stdout, text);
    await connection.close();
  });

  it('cuts off a machine that says more than it may', async () => {
    const { connection } = await connected();
    for (const command of ['yes', 'yes >&2'])
      await rejectsWith(connection.exec(command, { mostBytes: 100_000 }), 'sshUnreachable', /more than it may/);
    assert.equal((await connection.exec('echo still here')).stdout, 'still here\n');
    await connection.close();
  });

  it('stops a command when asked to', async () => {
    const { connection } = await connected();
    const caller = new AbortController();
    const running = connection.exec('echo $$; exec sleep 600', { signal: caller.signal });
    caller.abort();
    await assert.rejects(running, { name: 'AbortError' });
    await assert.rejects(connection.exec('true', { signal: caller.signal }), { name: 'AbortError' });
    await connection.close();
  });

  it('does not take a lost connection for the end of a command', async () => {
    const { there, connection } = await connected();
    const running = connection.exec('cat; sleep 600', { input: 'x' });
    const lost = rejectsWith(running, 'sshUnreachable');
    await until(() => there.open() === 1);
    there.dropAll();
    await lost;
    await connection.closed;
    await rejectsWith(connection.exec('true'), 'sshUnreachable', /opened no session/);
    await rejectsWith(connection.shell({ columns: 80, rows: 24 }), 'sshUnreachable', /opened no session/);
    await connection.close();
  });

  it('gives a shell that follows the size of its window', async () => {
    const { there, connection } = await connected();
    const shell = await connection.shell({ columns: 120, rows: 40 });
    let said = '';
    shell.stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    shell.stream.write('hello');
    await until(() => said === 'got hello');
    shell.resize({ columns: 90, rows: 30 });
    await until(() => there.resizes.length === 2);
    assert.deepEqual(there.resizes, [{ rows: 40, cols: 120 }, { rows: 30, cols: 90 }]);
    shell.stream.write('exit');
    assert.equal(await shell.ended, 3);
    await connection.close();
  });

  it('ends its shell when it is lost', async () => {
    const { there, connection } = await connected();
    const shell = await connection.shell({ columns: 80, rows: 24 });
    shell.stream.resume();
    there.dropAll();
    assert.equal(await shell.ended, null);
  });

  it('is closed for both sides, once and for all', async () => {
    const { there, connection } = await connected();
    await connection.close();
    await connection.close();
    await connection.closed;
    await until(() => there.open() === 0);
  });
});
