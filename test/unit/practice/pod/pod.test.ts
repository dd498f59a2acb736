import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import type { ClientChannel } from 'ssh2';
import { podProcesses } from '../../../../src/practice/pod/processes.ts';
import { type GpuReading, removePod, startPod } from '../../../../src/practice/pod/pod.ts';
import { temporaryFolder } from '../../../fakes/temporaryFolder.ts';
import { alive, connect, exec, GPU, hasTool, makePod, open, output, until } from './support/pod.ts';

const closed = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(false)));
    socket.once('error', () => resolve(true));
  });

describe('a pod', function () {
  this.timeout(30_000);

  it('has a new host key and a new port after a restart, and its files', async () => {
    await using test = await makePod();
    const { pod: first, lines } = test;
    const announced = lines.filter((line) => line.includes('SHA256:'));
    assert.deepEqual(announced, [`256 ${first.hostKeyFingerprint} root@practice-pod (ED25519)`]);
    assert.equal(readFileSync(join(test.dir, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8'), `${first.hostKey}\n`);
    {
      using client = await connect(test);
      await output(client, 'mkdir -p work && echo kept >work/file');
    }
    await test.restart();
    assert.notEqual(test.pod.hostKeyFingerprint, first.hostKeyFingerprint);
    assert.notEqual(test.pod.port, first.port);
    assert.ok(await closed(first.port));
    assert.match(lines.at(-1) ?? '', new RegExp(test.pod.hostKeyFingerprint.replaceAll('+', '\\+')));
    using client = await connect(test);
    assert.equal(await output(client, 'cat work/file'), 'kept');
  });

  it('ends its connections and every process when it stops', async function () {
    if (process.platform === 'win32' || !hasTool('setsid')) this.skip();
    await using test = await makePod();
    const client = await connect(test);
    const other = await connect(test);
    const gone = [once(client, 'close'), once(other, 'close')];
    const daemon = Number(await output(client, 'setsid nohup sleep 300 >/dev/null 2>&1 </dev/null & echo $!'));
    await output(client, 'setsid sh -c "setsid sleep 300 & echo \\$! >deep; wait" >/dev/null 2>&1 </dev/null &');
    await until('the second has started', () => existsSync(join(test.dir, 'root/deep')) && readFileSync(join(test.dir, 'root/deep'), 'utf8') !== '');
    const twice = Number(readFileSync(join(test.dir, 'root/deep'), 'utf8'));
    const channel = await open(other, 'echo $$; exec sleep 300');
    const [said]: unknown[] = await once(channel, 'data');
    const pids = [daemon, twice, Number(String(said))];
    assert.deepEqual(pids.filter((pid) => !alive(pid)), []);
    await test.pod.stop();
    await Promise.all(gone);
    assert.deepEqual(pids.filter(alive), []);
    assert.deepEqual(await podProcesses(test.dir, new Set()), []);
    assert.ok(await closed(test.pod.port));
    await assert.rejects(connect(test));
    await test.pod.stop();
  });

  it('drops a client that has not logged in yet', async () => {
    await using test = await makePod();
    const socket = dial(test.pod.port, '127.0.0.1');
    await once(socket, 'data');
    const end = once(socket, 'close');
    await test.pod.stop();
    await end;
  });

  it('runs its start command at every start, with its environment, and logs it', async function () {
    if (process.platform === 'win32') this.skip();
    const startCommand = 'echo "hello $WHO"; echo oops >/dev/stderr; echo x >>starts; pwd; cat; nvidia-smi -L; (sleep 300; echo never) & exit 3';
    await using test = await makePod({ startCommand, env: { WHO: 'you & me' } });
    const wanted = ['hello you & me', 'oops', join(test.dir, 'root')];
    await until('its lines are logged', () => wanted.every((line) => test.lines.includes(line)) && test.lines.some((line) => line.startsWith('GPU 0: ')));
    // The command itself has ended by now or will: what it started goes on.
    await until('its child runs', async () => (await podProcesses(test.dir, new Set())).length === 2);
    await test.restart();
    await until('it ran again', () => readFileSync(join(test.dir, 'root/starts'), 'utf8') === 'x\nx\n');
    using client = await connect(test);
    assert.equal(await output(client, 'echo still up'), 'still up');
    assert.ok(!test.lines.includes('never'));
  });

  it('logs nothing of its old life after a stop', async function () {
    if (process.platform === 'win32') this.skip();
    await using test = await makePod({ startCommand: "trap 'echo told to end; exit' TERM; echo up; while :; do sleep 0.02; done" });
    await until('it is up', () => test.lines.includes('up'));
    await test.pod.stop();
    const count = test.lines.length;
    assert.ok(!(await podProcesses(test.dir, new Set())).length);
    await test.restart();
    await until('it is up again', () => test.lines.slice(count).includes('up'));
  });

  it('shows its GPUs as they are now', async function () {
    if (process.platform === 'win32') this.skip();
    let gpus: GpuReading[] = [GPU];
    await using test = await makePod({ gpus: () => gpus });
    using client = await connect(test);
    const load = 'nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits';
    assert.equal(await output(client, load), '37');
    gpus = [{ ...GPU, utilPct: 98 }, GPU];
    assert.equal(await output(client, load), '98\n37');
    // A program that runs on sees it too: the guard is one.
    const channel = await open(client, `while :; do ${load}; sleep 0.05; done`);
    let shown = '';
    channel.on('data', (chunk: Buffer) => void (shown += chunk.toString()));
    await until('it reads', () => shown.includes('98'));
    gpus = [{ ...GPU, utilPct: 5 }];
    await until('it sees the change', () => shown.endsWith('\n5\n'));
    assert.match(await output(client, 'env -i "$(command -v nvidia-smi)" -L'), /^GPU 0: [^\n]+$/);
  });

  it('stays up when its readings fail', async () => {
    let broken = false;
    await using test = await makePod({
      gpus: () => {
        if (broken) throw new Error('no readings');
        return [GPU];
      },
    });
    broken = true;
    using client = await connect(test);
    assert.equal(await output(client, 'echo fine'), 'fine');
    assert.equal(await output(client, 'echo fine'), 'fine');
    assert.equal(test.lines.filter((line) => line.includes('no readings')).length, 1);
  });

  it('survives the loss of its home folder', async () => {
    await using test = await makePod();
    using client = await connect(test);
    await exec(client, 'cd / && rm -rf ~');
    assert.equal((await exec(client, 'true')).code, 127);
    mkdirSync(join(test.dir, 'root'));
    assert.equal((await exec(client, 'true')).code, 0);
  });

  it('ends what a killed market left behind', async function () {
    if (process.platform === 'win32') this.skip();
    using folder = temporaryFolder();
    const dir = join(folder.path, 'pod');
    const module = join(import.meta.dirname, '../../../../src/practice/pod/pod.ts');
    const program = `import { startPod } from ${JSON.stringify(module)};
      const log = (line) => line.startsWith('pid ') && (console.log(line.slice(4)), process.kill(process.pid, 'SIGKILL'));
      await startPod({ dir: ${JSON.stringify(dir)}, env: {}, authorizedKeys: () => [], gpus: () => [], log, startCommand: 'sleep 300 & echo pid $!; wait' });
      setInterval(() => {}, 1000);`;
    let left = 0;
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      assert.fail('The market lived on');
    } catch (error) {
      left = error instanceof Error && 'stdout' in error ? Number(error.stdout) : 0;
    }
    assert.ok(left > 0 && alive(left));
    const pod = await startPod({ dir, env: {}, authorizedKeys: () => [], gpus: () => [], log: () => undefined });
    assert.ok(!alive(left));
    await pod.stop();
    await removePod(dir);
  });
});

describe('removing a pod', function () {
  this.timeout(20_000);

  it('leaves neither files nor processes', async function () {
    if (process.platform === 'win32') this.skip();
    await using test = await makePod({ startCommand: 'echo pid $$; exec sleep 300' });
    await until('it runs', () => test.lines.some((line) => line.startsWith('pid')));
    const pid = Number(test.lines.find((line) => line.startsWith('pid'))?.slice(4));
    await removePod(test.dir);
    assert.deepEqual([existsSync(test.dir), alive(pid)], [false, false]);
    await removePod(test.dir);
  });

  it('copes with folders that nobody may write', async function () {
    if (process.platform === 'win32') this.skip();
    await using test = await makePod();
    using client = await connect(test);
    await output(client, 'mkdir -p a/b/c && touch a/b/c/d && chmod 0 a/b/c && chmod 555 a/b a');
    await removePod(test.dir);
    assert.ok(!existsSync(test.dir));
  });

  it('never removes another folder', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'thesis.txt'), 'years of work');
    await assert.rejects(removePod(folder.path), /not the folder of a practice pod/);
    assert.ok(existsSync(join(folder.path, 'thesis.txt')));
    mkdirSync(join(folder.path, 'root'));
    await assert.rejects(removePod(folder.path), /not the folder of a practice pod/);
    await removePod(join(folder.path, 'missing'));
  });

  it('removes one that a market laid out and never started', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'pod');
    mkdirSync(join(dir, 'root/workspace'), { recursive: true });
    writeFileSync(join(dir, 'start.sh'), '');
    await removePod(dir);
    assert.ok(!existsSync(dir));
  });
});

describe('two pods', function () {
  this.timeout(20_000);

  it('know nothing of each other', async () => {
    await using one = await makePod({ env: { NAME: 'one' } });
    await using two = await makePod({ env: { NAME: 'two' } });
    await assert.rejects(connect({ pod: two.pod, keys: one.keys }));
    using first = await connect(one);
    using second = await connect(two);
    const channel: ClientChannel = await open(second, 'echo $NAME; exec sleep 300');
    const [name]: unknown[] = await once(channel, 'data');
    assert.deepEqual([await output(first, 'echo $NAME'), String(name).trim()], ['one', 'two']);
    const before = await podProcesses(two.dir, new Set());
    await one.pod.stop();
    assert.deepEqual(await podProcesses(two.dir, new Set()), before);
    assert.equal(await output(second, 'echo on'), 'on');
  });
});
