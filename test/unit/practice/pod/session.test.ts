import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientChannel } from 'ssh2';
import { alive, connect, ended, exec, open, output, until, usePod } from './support/pod.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a command on the pod', function () {
  this.timeout(30_000);
  const SECRET = 'GPU_RENTAL_TEST_SECRET';
  before(() => void (process.env[SECRET] = 'a key of the developer'));
  after(() => delete process.env[SECRET]);
  /** A command waits for a file that the test makes. */
  const wait = (name: string): string => `until [ -e ${name} ]; do sleep 0.01; done`;
  const go = (name: string): void => writeFileSync(join(test().dir, 'root', name), '');
  const test = usePod({ env: { MODEL: 'llama "3"\n8b', HOME: '/nowhere', PATH: '/opt/tool/bin' } });

  it('answers with its own exit status or signal', async () => {
    using client = await connect(test());
    for (const code of [0, 1, 42, 255]) assert.equal((await exec(client, `exit ${code}`)).code, code);
    const killed = await exec(client, 'kill -9 $$');
    assert.deepEqual([killed.code, killed.signal], [null, 'SIGKILL']);
    assert.equal((await exec(client, 'no-such-program')).code, 127);
  });

  it('keeps output and errors apart', async () => {
    using client = await connect(test());
    const { stdout, stderr } = await exec(client, 'echo out; echo err >&2; cat', 'in');
    assert.deepEqual([stdout.toString(), stderr.toString()], ['out\nin', 'err\n']);
  });

  it('can open its own input and output by name, as with sshd', async () => {
    using client = await connect(test());
    // By then the client's side of the input is closed: a pipe still opens, a named one would wait for ever.
    const channel = await open(client, `${wait('named')}; cat /dev/stdin >/dev/stdout; echo loud | tee /dev/stderr >/dev/null`);
    channel.end('quiet');
    const end = ended(channel);
    assert.equal(await output(client, 'echo "the input has arrived"'), 'the input has arrived');
    go('named');
    const { code, stdout, stderr } = await end;
    assert.deepEqual([code, stdout.toString(), stderr.toString()], [0, 'quiet', 'loud\n']);
  });

  it('sees the pod and nothing of the developer', async () => {
    using client = await connect(test());
    const env = new Map((await output(client, 'env -0')).split('\0').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    const { dir, pod } = test();
    assert.equal(env.get('MODEL'), 'llama "3"\n8b');
    assert.deepEqual([env.get('HOME'), env.get('TMPDIR'), env.get('USER'), env.get('TERM')], [join(dir, 'root'), join(dir, 'tmp'), 'root', undefined]);
    assert.deepEqual(env.get('PATH')?.split(':').slice(0, 3), [join(dir, 'bin'), '/opt/tool/bin', '/usr/local/sbin']);
    assert.match(env.get('SSH_CONNECTION') ?? '', new RegExp(`^127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${pod.port}$`));
    const known = /^(MODEL|HOME|TMPDIR|USER|LOGNAME|SHELL|SHLVL|PATH|PWD|OLDPWD|LANG|_|SSH_CLIENT|SSH_CONNECTION|GPU_RENTAL_PRACTICE_POD)$/;
    assert.deepEqual([...env.keys()].filter((name) => !known.test(name)), []);
    assert.equal(await output(client, 'pwd; cd; pwd'), `${join(dir, 'root')}\n${join(dir, 'root')}`);
  });

  it('takes a language from the client and no other variable', async () => {
    using client = await connect(test());
    const env = { LANG: 'C', LC_ALL: 'C', LD_PRELOAD: '/evil.so', PATH: '/evil', HOME: '/evil' };
    const { stdout } = await exec(client, 'echo "$LANG $LC_ALL $LD_PRELOAD $HOME"', '', { env });
    assert.equal(stdout.toString().trim(), `C C  ${join(test().dir, 'root')}`);
  });

  it('moves 8 MiB each way without loss', async () => {
    using client = await connect(test());
    const bytes = randomBytes(8 * 1024 * 1024);
    assert.equal(await output(client, 'sha256sum | cut -c1-64', bytes), sha256(bytes));
    writeFileSync(join(test().dir, 'root/blob'), bytes);
    const { code, stdout } = await exec(client, 'cat blob');
    assert.deepEqual([code, sha256(stdout)], [0, sha256(bytes)]);
    const echoed = await exec(client, 'cat', bytes);
    assert.equal(sha256(echoed.stdout), sha256(bytes));
  });

  it('loses nothing when output and errors are both read slowly', async () => {
    using client = await connect(test());
    const [out, err] = [randomBytes(6_000_000), randomBytes(6_000_000)];
    writeFileSync(join(test().dir, 'root/out'), out);
    writeFileSync(join(test().dir, 'root/err'), err);
    const channel = await open(client, 'cat err >&2 & cat out; wait');
    const slowly = async (stream: ClientChannel | ClientChannel['stderr'], pauseMs: number): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        stream.pause();
        setTimeout(() => stream.resume(), pauseMs);
      });
      await once(stream, 'end');
      return Buffer.concat(chunks);
    };
    const [gotOut, gotErr] = await Promise.all([slowly(channel, 1), slowly(channel.stderr, 2)]);
    assert.deepEqual([sha256(gotOut), sha256(gotErr)], [sha256(out), sha256(err)]);
  });

  it('waits for its reader instead of filling memory', async () => {
    using client = await connect(test());
    const counter = join(test().dir, 'root/count');
    const channel = await open(client, 'i=0; while [ $i -lt 400 ]; do head -c 65536 /dev/zero; i=$((i+1)); echo $i >count; done');
    const count = (): number => {
      try {
        return Number(readFileSync(counter, 'utf8'));
      } catch {
        return 0;
      }
    };
    // Nobody reads: two windows of 2 MiB and what the pipes hold are all that can be written.
    let last = -1;
    let still = 0;
    await until('the program stands still', () => {
      const now = count();
      still = now === last && now > 0 ? still + 1 : 0;
      last = now;
      return still > 100;
    });
    assert.ok(last < 200, `${last} blocks were written`);
    const { code, stdout } = await ended(channel);
    assert.deepEqual([code, stdout.length], [0, 400 * 65536]);
  });

  it('ends with a broken pipe when the client leaves', async () => {
    const client = await connect(test());
    const channel = await open(client, 'echo $$; exec yes');
    const [first]: unknown[] = await once(channel, 'data');
    const pid = Number(String(first).split('\n')[0]);
    assert.ok(alive(pid));
    client.destroy();
    await until('yes is gone', () => !alive(pid));
  });

  it('receives signals with all it started', async () => {
    using client = await connect(test());
    const channel = await open(client, "trap 'echo caught; exit 9' USR1; sh -c 'echo $$; exec sleep 100' & echo ready; wait");
    const said: string[] = [];
    channel.on('data', (chunk: Buffer) => void said.push(chunk.toString()));
    const exit = once(channel, 'exit');
    await until('it is ready', () => /ready/.test(said.join('')) && /^\d+$/m.test(said.join('')));
    const child = Number(/^\d+$/m.exec(said.join(''))?.[0]);
    channel.signal('USR1');
    assert.equal((await exit)[0], 9);
    assert.match(said.join(''), /caught/);
    await until('its child is gone', () => !alive(child));
  });

  it('keeps the channel open as long as somebody holds its output', async () => {
    using client = await connect(test());
    const channel = await open(client, `(${wait('late')}; echo late) & echo early`);
    const exit = once(channel, 'exit');
    const end = ended(channel);
    assert.equal((await exit)[0], 0);
    go('late');
    assert.equal((await end).stdout.toString(), 'early\nlate\n');
    const started = await exec(client, 'nohup sleep 100 >/dev/null 2>&1 </dev/null & echo $!');
    assert.ok(alive(Number(started.stdout.toString())), 'a detached program lives on');
  });

  it('shares a connection with others', async () => {
    using client = await connect(test());
    const answers = await Promise.all(Array.from({ length: 9 }, (_, index) => output(client, `echo ${index}; cat`, `-${index}`)));
    assert.deepEqual(answers, Array.from({ length: 9 }, (_, index) => `${index}\n-${index}`));
  });

  it('may be a shell that reads its commands', async () => {
    using client = await connect(test());
    const shell = await new Promise<ClientChannel>((resolve, reject) => client.shell(false, (error, channel) => (error ? reject(error) : resolve(channel))));
    shell.end('tty; shopt -q login_shell && echo login; nvidia-smi -L\nexit 5\n');
    const { code, stdout } = await ended(shell);
    assert.equal(code, 5);
    assert.match(stdout.toString(), /^not a tty\nlogin\nGPU 0: NVIDIA GeForce RTX 4090 \(UUID: GPU-[0-9a-f-]{36}\)\n$/);
  });

  it('refuses subsystems other than sftp', async () => {
    using client = await connect(test());
    await assert.rejects(new Promise((resolve, reject) => client.subsys('netconf', (error, channel) => (error ? reject(error) : resolve(channel)))));
  });
});
