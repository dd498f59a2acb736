import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { alive, type Ended, hasTool, newKeys, runTool, sshOptions, until, usePod } from './support/pod.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : assert.fail();
}

async function answerAt(port: number, greet: (socket: Socket) => void = () => undefined): Promise<string> {
  const socket = dial(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString('latin1')));
  socket.on('connect', () => greet(socket));
  await new Promise((resolve) => socket.once('close', resolve).on('error', resolve));
  return text;
}

/** A server as Remote-SSH's: detached, and saying where it listens. */
const SERVER = `require('net').createServer((s) => s.end('served by ' + process.pid)).listen(0, '127.0.0.1', function () { require('fs').writeFileSync('where', this.address().port + ' ' + process.pid + '\\n'); })`;

describe("OpenSSH's own clients", function () {
  this.timeout(60_000);
  const test = usePod({ env: { NODE_BINARY: process.execPath, SERVER } });
  const home = (...names: string[]): string => join(test().dir, 'root', ...names);
  let options: string[] = [];
  before(function () {
    if (!['ssh', 'sftp', 'scp'].every(hasTool)) this.skip();
    options = sshOptions(test());
  });
  const ssh = (args: readonly string[], input: string | Buffer = ''): Promise<Ended> => runTool('ssh', [...options, ...args], input);
  const sftp = (batch: string): Promise<Ended> => runTool('sftp', [...options, '-b', '-', 'root@127.0.0.1'], batch, test().outside);

  it('log in with the right key and host key, and not otherwise', async () => {
    const { code, stdout } = await ssh(['root@127.0.0.1', 'echo "$USER"']);
    assert.deepEqual([code, stdout.toString()], [0, 'root\n']);
    const nobody = await ssh(['ubuntu@127.0.0.1', 'true']);
    assert.equal(nobody.code, 255);
    assert.match(nobody.stderr.toString(), /Permission denied \(publickey\)/);
    const stranger = await runTool('ssh', [...sshOptions(test(), newKeys()), 'root@127.0.0.1', 'true']);
    assert.equal(stranger.code, 255);
    assert.match(stranger.stderr.toString(), /Permission denied \(publickey\)/);
    const hosts = join(test().outside, 'wrong');
    writeFileSync(hosts, `pod ${newKeys().line}\n`);
    const moved = await runTool('ssh', ['-o', `UserKnownHostsFile="${hosts}"`, ...options, 'root@127.0.0.1', 'true']);
    assert.equal(moved.code, 255);
    assert.match(moved.stderr.toString(), /Host key verification failed/);
  });

  it('pass on statuses, signals and bytes', async () => {
    assert.equal((await ssh(['root@127.0.0.1', 'exit 42'])).code, 42);
    assert.equal((await ssh(['root@127.0.0.1', 'kill -TERM $$'])).code, 255);
    const bytes = randomBytes(8 * 1024 * 1024);
    const { stdout, stderr } = await ssh(['root@127.0.0.1', 'tee copy; sha256sum <copy >&2'], bytes);
    assert.equal(sha256(stdout), sha256(bytes));
    assert.equal(stderr.toString().split(' ')[0], sha256(bytes));
  });

  it('get a terminal when they insist', async function () {
    if (!hasTool('script')) this.skip();
    const { code, stdout } = await ssh(['-tt', 'root@127.0.0.1', '[ -t 0 ] && tty && stty size; exit 9']);
    assert.equal(code, 9);
    assert.match(stdout.toString(), /^\/dev\/\S+\r\n\d+ \d+\r\n$/);
  });

  it('copy files with scp, by SFTP and by the old protocol', async () => {
    const bytes = randomBytes(3_000_000);
    writeFileSync(join(test().outside, 'a file'), bytes, { mode: 0o640 });
    mkdirSync(join(test().outside, 'tree/deep'), { recursive: true });
    writeFileSync(join(test().outside, 'tree/deep/leaf'), 'leaf');
    for (const [index, protocol] of [['-s'], ['-O']].entries()) {
      const copy = (...paths: string[]): Promise<Ended> => runTool('scp', [...options, ...protocol, '-p', '-r', ...paths], '', test().outside);
      const up = await copy('a file', 'tree', `root@127.0.0.1:copy${index}/`).then((first) =>
        first.code === 0 ? first : (mkdirSync(home(`copy${index}`)), copy('a file', 'tree', `root@127.0.0.1:copy${index}/`)),
      );
      assert.equal(up.code, 0, up.stderr.toString());
      assert.ok(readFileSync(home(`copy${index}/a file`)).equals(bytes));
      assert.equal(statSync(home(`copy${index}/a file`)).mode & 0o777, 0o640);
      assert.equal(readFileSync(home(`copy${index}/tree/deep/leaf`), 'utf8'), 'leaf');
      const down = await copy(`root@127.0.0.1:copy${index}`, 'back');
      assert.equal(down.code, 0, down.stderr.toString());
      assert.ok(readFileSync(join(test().outside, index === 0 ? 'back/a file' : `back/copy${index}/a file`)).equals(bytes));
    }
    const home2 = await runTool('scp', [...options, 'root@127.0.0.1:~/copy0/tree/deep/leaf', 'by-tilde'], '', test().outside);
    assert.equal(home2.code, 0, home2.stderr.toString());
  });

  it('do with sftp what it can do', async () => {
    const bytes = randomBytes(20 * 1024 * 1024);
    writeFileSync(join(test().outside, 'large'), bytes);
    symlinkSync('/etc', home('etc'));
    const { code, stdout, stderr } = await sftp(
      ['pwd', 'mkdir new', 'put large new/large', 'rename new/large new/moved', 'ln -s moved new/soft', 'ln new/moved new/hard', 'chmod 600 new/moved',
        'ls -la new', 'get new/soft got', 'cd etc', 'pwd', `cd "${home()}"`, 'df', 'put large new/large', '-rm nothing', ''].join('\n'),
    );
    assert.equal(code, 0, stderr.toString());
    const said = stdout.toString();
    assert.ok(said.includes(`Remote working directory: ${home()}`), said);
    assert.match(said, /^-rw------- +2 root +root +20971520 .* moved$/m);
    assert.match(said, /^lrwxrwxrwx .* soft/m);
    assert.ok(readFileSync(join(test().outside, 'got')).equals(bytes));
    assert.equal(readlinkSync(home('new/soft')), 'moved');
    assert.equal(statSync(home('new/moved')).nlink, 2);
    assert.match(stderr.toString(), /nothing/);
    const failing = await sftp('rename new/moved new/hard/below\n');
    assert.equal(failing.code, 1);
    const cleaned = await sftp('rm new/*\nrmdir new\n');
    assert.equal(cleaned.code, 0, cleaned.stderr.toString());
    assert.ok(!existsSync(home('new')));
  });

  it('replace a file by rename, as editors do', async () => {
    writeFileSync(home('kept'), 'old');
    writeFileSync(home('fresh'), 'new');
    const { code, stderr } = await sftp('rename fresh kept\n');
    assert.equal(code, 0, stderr.toString());
    assert.equal(readFileSync(home('kept'), 'utf8'), 'new');
  });

  it('forward to a server started as Remote-SSH starts its own, until the pod stops', async function () {
    if (!hasTool('setsid')) this.skip();
    const [fixed, dynamic] = [await freePort(), await freePort()];
    const script = 'setsid nohup "$NODE_BINARY" -e "$SERVER" >server.log 2>&1 </dev/null &\nuntil [ -s where ]; do sleep 0.02; done\ncat where\nexec cat\n';
    const client = spawn('ssh', [...options, '-T', '-D', `127.0.0.1:${dynamic}`, 'root@127.0.0.1', 'bash'], { stdio: ['pipe', 'pipe', 'inherit'] });
    client.stdin.write(script);
    const [said]: unknown[] = await once(client.stdout, 'data');
    const [port = 0, pid = 0] = String(said).trim().split(' ').map(Number);
    const viaSocks = await answerAt(dynamic, (socket) => {
      socket.write(Buffer.from([5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]));
    });
    assert.match(viaSocks, new RegExp(`served by ${pid}$`));
    const local = spawn('ssh', [...options, '-N', '-L', `127.0.0.1:${fixed}:localhost:${port}`, 'root@127.0.0.1'], { stdio: 'ignore' });
    await until('the local forward answers', async () => (await answerAt(fixed)) === `served by ${pid}`);
    client.stdin.end();
    await once(client, 'exit');
    assert.ok(alive(pid), 'the server outlives its session');
    assert.equal(await answerAt(fixed), `served by ${pid}`);
    const end = once(local, 'exit');
    await test().pod.stop();
    await end;
    assert.ok(!alive(pid));
    assert.equal(await answerAt(port), '');
    assert.equal((await ssh(['root@127.0.0.1', 'true'])).code, 255);
  });
});
