import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ClientChannel } from 'ssh2';
import { furnish, podEnvironment, type Room } from '../../../../src/practice/pod/home.ts';
import { newHostKey } from '../../../../src/practice/pod/hostKey.ts';
import { quote } from '../../../../src/practice/pod/quote.ts';
import { type Door, openDoor } from '../../../../src/practice/pod/sshDoor.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';
import { connect, ended, exec, hasTool, newKeys, runTool, sshOptions, type TestPod } from './support/pod.ts';

describe('a machine with nothing but sh', function () {
  this.timeout(20_000);
  const folder = temporaryFolder();
  const keys = newKeys();
  const hostKey = newHostKey();
  let door: Door | undefined;
  let test: TestPod;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    const dir = join(folder.path, 'pod');
    await furnish(dir);
    const room: Room = {
      dir, home: join(dir, 'root'), user: 'root', env: { ...podEnvironment(dir, {}), SHELL: '/bin/sh' }, shell: '/bin/sh', loginArgs: ['-l'], terminals: false,
      living: new Set(), commandArgs: (command) => ['-c', command], refresh: () => undefined,
    };
    door = await openDoor({ hostKey: hostKey.secret, room, authorizedKeys: () => [keys.line] });
    const pod = { port: door.port, hostKey: hostKey.line, hostKeyFingerprint: hostKey.fingerprint, stop: () => Promise.resolve() };
    test = { pod, dir, outside: folder.path, keys, lines: [], restart: () => Promise.resolve() };
  });
  after(async () => {
    await door?.close();
    folder[Symbol.dispose]();
  });

  it('runs commands', async () => {
    using client = await connect(test);
    const { code, stdout } = await exec(client, 'echo "$0 $SHELL"; cat; exit 7', 'input');
    assert.deepEqual([code, stdout.toString()], [7, '/bin/sh /bin/sh\ninput']);
  });

  it('refuses a terminal and still has a shell', async () => {
    using client = await connect(test);
    await assert.rejects(exec(client, 'tty', '', { pty: true }), /Unable to request a pseudo-terminal/);
    const shell = await new Promise<ClientChannel>((resolve, reject) => client.shell(false, (error, channel) => (error ? reject(error) : resolve(channel))));
    shell.end('echo "TERM=<$TERM>"; tty; exit 3\n');
    const { code, stdout } = await ended(shell);
    assert.deepEqual([code, stdout.toString()], [3, 'TERM=<>\nnot a tty\n']);
  });

  it('tells OpenSSH so, as an sshd without terminals does', async function () {
    if (!hasTool('ssh')) this.skip();
    const { code, stderr } = await runTool('ssh', [...sshOptions(test), '-tt', '-o', 'LogLevel=INFO', 'root@127.0.0.1', 'tty']);
    assert.equal(code, 255);
    assert.match(stderr.toString(), /PTY allocation request failed/);
  });

  it('gives an OpenSSH at a terminal the plain shell', async function () {
    if (process.platform !== 'linux' || !['ssh', 'script'].every(hasTool)) this.skip();
    const command = ['ssh', ...sshOptions(test), 'root@127.0.0.1'].map(quote).join(' ');
    const { code, stdout } = await runTool('script', ['-q', '-e', '-c', command, '/dev/null'], 'tty; exit 4\n');
    assert.equal(code, 4, stdout.toString());
    assert.match(stdout.toString(), /not a tty/);
  });
});
