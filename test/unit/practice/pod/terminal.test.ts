import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import type { ClientChannel, PseudoTtyOptions } from 'ssh2';
import { quote } from '../../../../src/practice/pod/quote.ts';
import { canHaveTerminal } from '../../../../src/practice/pod/terminal.ts';
import { alive, connect, ended, exec, hasTool, open, runTool, until, usePod } from './support/pod.ts';

interface Shell {
  readonly channel: ClientChannel;
  /** Everything shown so far. */
  shown(): string;
  type(text: string): void;
  shows(pattern: RegExp): Promise<RegExpExecArray>;
}

describe('a terminal on the pod', function () {
  this.timeout(30_000);
  const test = usePod({ env: { MODEL: "it's" } });
  before(function () {
    if (!hasTool('script')) this.skip();
  });

  async function shell(client: Awaited<ReturnType<typeof connect>>, pty: PseudoTtyOptions): Promise<Shell> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => client.shell(pty, (error, made) => (error ? reject(error) : resolve(made))));
    let text = '';
    channel.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    return {
      channel,
      shown: () => text,
      type: (line) => void channel.write(line),
      async shows(pattern) {
        await until(`${pattern} is shown`, () => pattern.test(text)).catch((error: unknown) => assert.fail(`${String(error)}\n${text}`));
        return pattern.exec(text) ?? assert.fail();
      },
    };
  }

  it('is one, of the size and kind asked for', async () => {
    using client = await connect(test());
    const pty = { rows: 41, cols: 133, term: 'xterm-256color' };
    const { code, stdout } = await exec(client, 'stty size; tty; echo "$TERM $SSH_TTY $SHELL $MODEL"; exit 6', '', { pty });
    const [size, device, words] = stdout.toString().split('\r\n');
    assert.equal(code, 6);
    assert.equal(size, '41 133');
    assert.match(device ?? '', /^\/dev\/(pts\/\d+|ttys\d+)$/);
    assert.match(words ?? '', new RegExp(`^xterm-256color ${device} /bin/\\w+ it's$`));
  });

  it('hands a command to the shell as it is', async () => {
    using client = await connect(test());
    const { stdout } = await exec(client, `printf '%s|' "a  b" 'c"d' $'e\\'f' "$((1+1))"`, '', { pty: true });
    assert.equal(stdout.toString(), `a  b|c"d|e'f|2|`);
  });

  it('follows the window of the client', async () => {
    using client = await connect(test());
    const watcher = `const say = () => console.log(process.stdout.getWindowSize().join(' '));
      process.stdout.on('resize', say); console.log('armed'); process.stdin.resume()`;
    const channel = await open(client, `exec ${quote(process.execPath)} -e ${quote(watcher)}`, { pty: { rows: 24, cols: 80 } });
    let shown = '';
    channel.on('data', (chunk: Buffer) => void (shown += chunk.toString()));
    await until('the program listens', () => shown.includes('armed'));
    for (let rows = 30; rows <= 50; rows++) channel.setWindow(rows, 2 * rows, 0, 0);
    await until('the last size has arrived', () => shown.endsWith('\r\n100 50\r\n'));
    channel.setWindow(7, 9, 0, 0);
    await until('a later size has arrived', () => shown.endsWith('\r\n9 7\r\n'));
    channel.signal('TERM');
    await once(channel, 'close');
  });

  it('has a login shell with job control and line editing', async () => {
    using client = await connect(test());
    const screen = await shell(client, { rows: 24, cols: 80, term: 'xterm' });
    const end = ended(screen.channel);
    await screen.shows(/root@practice-pod:~# /);
    screen.type('echo "flags <$->"; nvidia-smi -L; sh -c "echo asleep:; exec sleep 300"\r');
    assert.match((await screen.shows(/flags <(\w+)>/))[1] ?? '', /i.*m/);
    await screen.shows(/GPU 0: .*RTX 4090/);
    await screen.shows(/\nasleep:/);
    screen.type('\x1a');
    await screen.shows(/Stopped\s+sh -c/);
    screen.type('jobs -p | sed s/^/job=/; bg\r');
    const job = Number((await screen.shows(/job=(\d+)\r/))[1]);
    assert.ok(alive(job));
    screen.type('fg\r');
    await screen.shows(/bg[\s\S]*fg\r\n[\s\S]*exec sleep 300"\r\n/);
    screen.type('\x03');
    await until('Ctrl-C ends it', () => !alive(job));
    screen.type('eco\x7f\x7fcho edi\x7fted; exit 4\r');
    assert.equal((await end).code, 4);
    assert.match(screen.shown(), /\redted\r\n/);
  });

  it('hangs up when the client leaves', async () => {
    const client = await connect(test());
    const screen = await shell(client, { rows: 24, cols: 80, term: 'xterm' });
    screen.type('sleep 300 & echo "pids=$$,$!"\r');
    const [, leader, job] = await screen.shows(/pids=(\d+),(\d+)\r/);
    assert.ok(alive(Number(leader)) && alive(Number(job)));
    client.destroy();
    await until('the shell and its job are gone', () => !alive(Number(leader)) && !alive(Number(job)));
  });

  it('goes on after the client has nothing more to type', async () => {
    using client = await connect(test());
    const { code, stdout } = await exec(client, 'read -r a; echo "got $a"; exit 2', 'line\r', { pty: true });
    assert.deepEqual([code, stdout.toString()], [2, 'line\r\ngot line\r\n']);
  });

  it('delivers signals to the program and not to what carries it', async () => {
    using client = await connect(test());
    const channel = await open(client, "trap 'echo caught; exit 8' TERM; echo ready; while :; do sleep 0.05; done", { pty: true });
    const end = ended(channel);
    await once(channel, 'data');
    channel.signal('TERM');
    const { code, stdout } = await end;
    assert.equal(code, 8);
    assert.match(stdout.toString(), /caught/);
  });
});

describe('a machine without a usable script command', () => {
  it('is found out', async () => {
    assert.equal(await canHaveTerminal({ PATH: '/nonexistent' }), false);
    if (hasTool('script')) assert.equal(await canHaveTerminal({ PATH: process.env['PATH'] ?? '' }), true);
  });
});

describe('the words of a shell command', () => {
  it('survive quoting', async () => {
    const words = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(words, async (list) => {
        const { stdout } = await runTool('/bin/sh', ['-c', `printf '%s\\0' ${list.map(quote).join(' ')}`]);
        assert.deepEqual(stdout.toString(), list.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 30 },
    );
  });
});
