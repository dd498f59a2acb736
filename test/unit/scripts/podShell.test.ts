import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askKept, endIdle, readKept, shellCommand, type Kept, type ShellOrder } from '../../../src/scripts/podShell.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { hasTool, until } from '../practice/pod/support/pod.ts';

const alias = 'gpu-rental-test-01';
const notes = { lostNote: "box's earlier shell ended", bareNote: 'nothing keeps this shell' };

/** A computer with `sh`, a home, and the tools that it is given. */
function computer(tools: 'all' | 'noTmux', shell = '/bin/sh') {
  const temporary = temporaryFolder();
  const at = (...names: string[]): string => join(temporary.path, ...names);
  for (const folder of ['home', 'work folder', 'tmux', 'bin']) mkdirSync(at(folder));
  if (tools === 'noTmux') {
    for (const folder of ['/usr/bin', '/bin']) {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        if (!/^(tmux|screen)/.test(name) && !existsSync(at('bin', name))) symlinkSync(join(folder, name), at('bin', name));
      }
    }
  }
  const path = tools === 'all' ? process.env['PATH'] : at('bin');
  const env = { PATH: path, HOME: at('home'), SHELL: shell, TMUX_TMPDIR: at('tmux'), TERM: 'dumb', PS1: 'ready> ', ENV: at('home', 'rc') };
  writeFileSync(at('home', 'rc'), "PS1='ready> '\n");
  const seats: Seat[] = [];
  const run = (script: string) => spawnSync('sh', ['-c', script], { env, encoding: 'utf8', cwd: at('home') });
  return {
    at, run, env,
    kept: (): Kept => readKept(run(askKept(alias)).stdout) ?? assert.fail('no answer'),
    sit(order: Partial<ShellOrder> = {}): Seat {
      const seat = new Seat(shellCommand({ alias, keeper: 'tmux', name: 's-1', folder: at('work folder'), entry: 'new', ...notes, ...order }), env, at('home'));
      seats.push(seat);
      return seat;
    },
    [Symbol.dispose]: () => {
      for (const seat of seats) seat.leave();
      run(`tmux -L ${alias} kill-server 2>/dev/null`);
      temporary[Symbol.dispose]();
    },
  };
}

/** Somebody at a terminal. */
class Seat {
  readonly #child: ChildProcessWithoutNullStreams;
  text = '';
  code: number | null | undefined;

  constructor(command: string, env: NodeJS.ProcessEnv, cwd: string) {
    this.#child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...env, SHELL: '/bin/sh' }, cwd, detached: true });
    this.#child.stdout.on('data', (chunk: Buffer) => void (this.text += chunk.toString()));
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('exit', (code) => (this.code = code));
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  async sees(pattern: RegExp): Promise<void> {
    await until(`a terminal that shows ${pattern}`, () => pattern.test(this.text)).catch((error: unknown) => {
      throw new Error(`It shows ${JSON.stringify(this.text)}`, { cause: error });
    });
  }

  /** As a line that is cut. */
  leave(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

describe('a shell on a machine with tmux', function () {
  this.timeout(30_000);
  before(function () {
    if (!hasTool('tmux') || !hasTool('script')) this.skip();
  });

  it('begins in its folder, and looks like a shell', async () => {
    using box = computer('all');
    const seat = box.sit();
    await seat.sees(/ready> /);
    seat.type('pwd; echo "$TERM ${TMUX:+inside}"\r');
    await seat.sees(/work folder/);
    await seat.sees(/screen-256color inside/);
    assert.ok(!seat.text.includes('\x1b[?1049h'), 'no second screen');
    assert.doesNotMatch(seat.text, /s-1/, 'no status line');
    assert.doesNotMatch(seat.text, /earlier shell|nothing keeps/);
  });

  it('outlives its line, and shows what it said', async () => {
    using box = computer('all');
    const first = box.sit();
    await first.sees(/ready> /);
    first.type('for i in $(seq 60); do echo line-$i; done; kept=yes\r');
    await first.sees(/line-60/);
    first.leave();
    await until('nobody is attached', () => box.kept().shells[0]?.attached === false);
    const again = box.sit({ entry: 'back' });
    await again.sees(/line-60[\s\S]*ready> /);
    assert.match(again.text, /line-1\r?\n/, 'also what had scrolled away');
    again.type('echo "kept: $kept"\r');
    await again.sees(/kept: yes/);
    assert.doesNotMatch(again.text, /earlier shell/);
  });

  it('is taken over from whoever is in it', async () => {
    using box = computer('all');
    const first = box.sit();
    await first.sees(/ready> /);
    const second = box.sit({ entry: 'again' });
    await second.sees(/ready> /);
    await until('the first has left', () => first.code !== undefined);
    assert.equal(first.code, 0);
  });

  it('says so when it had to begin anew', async () => {
    using box = computer('all');
    const seat = box.sit({ entry: 'again' });
    await seat.sees(/box's earlier shell ended/);
    await seat.sees(/ready> /);
  });

  it('ends when its person says exit', async () => {
    using box = computer('all');
    const seat = box.sit();
    await seat.sees(/ready> /);
    seat.type('exit\r');
    await until('it has ended', () => seat.code !== undefined);
    assert.deepEqual([seat.code, box.kept().shells], [0, []]);
  });

  it('hears every key, also the one that tmux would take', async () => {
    using box = computer('all');
    const seat = box.sit();
    await seat.sees(/ready> /);
    seat.type("printf '%s' mark-; cat -v\r");
    await seat.sees(/mark-$/m);
    seat.type('\x02\x02\r');
    await seat.sees(/\^B\^B/);
  });

  it('is listed with what runs in it, and ended only when nothing does', async () => {
    using box = computer('all');
    assert.deepEqual(box.kept(), { keeper: 'tmux', shells: [] });
    const [idle, busy] = [box.sit(), box.sit({ name: 's-2' })];
    await idle.sees(/ready> /);
    await busy.sees(/ready> /);
    busy.type('sleep 1000\r');
    await until('it sleeps', () => box.kept().shells.some(({ running }) => running === 'sleep'));
    const shells = box.kept().shells.map(({ name, attached, idle: waits }) => `${name} ${attached} ${waits}`);
    assert.deepEqual(shells.toSorted(), ['s-1 true true', 's-2 true false']);
    assert.deepEqual([box.run(endIdle(alias, 's-1')).status, box.run(endIdle(alias, 's-2')).status, box.run(endIdle(alias, 's-3')).status], [0, 5, 0]);
    assert.deepEqual(box.kept().shells.map(({ name }) => name), ['s-2']);
  });

  it('is plain where tmux does not start', async () => {
    using box = computer('all');
    const broken = box.at('bin', 'tmux');
    writeFileSync(broken, '#!/bin/sh\nexit 1\n');
    chmodSync(broken, 0o755);
    box.env.PATH = `${box.at('bin')}:${box.env.PATH}`;
    const seat = box.sit();
    await seat.sees(/nothing keeps this shell/);
    seat.type('exit 7\r');
    await until('it has ended', () => seat.code !== undefined);
    assert.equal(seat.code, 7);
  });
});

describe('a shell on a machine without tmux', function () {
  this.timeout(30_000);
  before(function () {
    if (!hasTool('script')) this.skip();
  });

  it('says that nothing keeps it', async () => {
    using box = computer('noTmux');
    assert.deepEqual(box.kept(), { keeper: 'none', shells: [] });
    const seat = box.sit({ keeper: 'none' });
    await seat.sees(/nothing keeps this shell/);
    seat.type('pwd\r');
    await seat.sees(/work folder/);
    seat.type('exit 3\r');
    await until('it has ended', () => seat.code !== undefined);
    assert.equal(seat.code, 3);
  });

  it('opens at home where its folder is gone, and with some shell where the named one is', async () => {
    using box = computer('noTmux', '/bin/no-such-shell');
    const seat = box.sit({ keeper: 'none', folder: '/no/such/folder', entry: 'again' });
    await seat.sees(/box's earlier shell ended/);
    seat.type('pwd\r');
    await seat.sees(/home/);
  });
});

describe('what a machine says of its shells', () => {
  it('is read for what it is', () => {
    const read = (text: string) => readKept(`Welcome\ngpu-rental-shells\n${text}`);
    assert.deepEqual(read('tmux\ns-1 0 python3\ns-2 1 bash\n')?.shells, [
      { name: 's-1', attached: false, running: 'python3', idle: false },
      { name: 's-2', attached: true, running: 'bash', idle: true },
    ]);
    assert.deepEqual(read('screen\ns-1 Detached -\ns-2 Attached -\n')?.shells.map(({ attached, idle }) => [attached, idle]), [[false, false], [true, false]]);
    assert.deepEqual(read('none\n'), { keeper: 'none', shells: [] });
    assert.equal(read('tmux\n; rm -rf / 0 sh\n$(id) 0 sh\n../x 0 sh\n')?.shells.length, 0);
    assert.ok((read(`tmux\ns-1 0 ${'x'.repeat(1000)}\n`)?.shells[0]?.running.length ?? 0) <= 60);
    assert.ok((read(`tmux\n${'s-1 0 sh\n'.repeat(1000)}`)?.shells.length ?? 0) <= 50);
    for (const nonsense of ['', 'zellij\n']) assert.equal(read(nonsense), undefined);
    assert.equal(readKept('bash: syntax error'), undefined);
  });
});
