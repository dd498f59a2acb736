import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { isBare } from '../../../src/domain/leftBehind.ts';
import { changedScript, lookScript, parseChanged, parseLook } from '../../../src/scripts/leftBehind.ts';
import { ShellMachine, shells } from '../../fakes/shellMachine.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const now = Date.now();

function put(path: string, text: string, ageSeconds = 0): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, Date.now() / 1000 - ageSeconds, Date.now() / 1000 - ageSeconds);
}

for (const shell of shells) {
  describe(`what a machine still holds, asked of ${shell}`, () => {
    const look = async (machine: ShellMachine, withinSeconds?: number) => {
      const { stdout } = await machine.run(lookScript({ folders: ['/no such folder', machine.work], ...(withinSeconds === undefined ? {} : { withinSeconds }) }));
      return parseLook(stdout, Date.now());
    };

    it('is the files changed since, however they are called, and nothing that is made again', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(join(temporary.path, "pod's [1] $(x)"), shell);
      put(join(machine.work, 'out/model one.pt'), 'x'.repeat(1000));
      put(join(machine.work, "out/it's\nnew"), 'y'.repeat(10));
      put(join(machine.work, '-n'), 'z');
      put(join(machine.work, 'old.csv'), 'x'.repeat(5000), 7200);
      for (const again of ['venv/lib/a.py', 'pkg/__pycache__/a.pyc', 'node_modules/b/c.js', '.cache/d']) put(join(machine.work, again), 'again');
      const left = await look(machine, 3600);
      assert.ok(left);
      assert.equal(left.folder, machine.work);
      assert.deepEqual(left.changed, { files: 3, bytes: 1011, partial: false });
      assert.ok(left.usedBytes !== undefined && left.usedBytes >= 6011, String(left.usedBytes));
      assert.deepEqual((await look(machine))?.changed, { files: 4, bytes: 6011, partial: false }, 'all of them when nothing was ever fetched');
      assert.deepEqual(readdirSync(join(machine.folder, 'tmp')), [], 'nothing is left behind');
    });

    it('can be named, one by one', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(join(temporary.path, "pod's [1] $(x)"), shell);
      const names = ['-n', "out/it's\nnew", 'out/model one.pt', '.git/refs/heads/main'];
      for (const name of names) put(join(machine.work, name), 'x');
      put(join(machine.work, 'old.csv'), 'x', 7200);
      put(join(machine.work, 'venv/x.py'), 'x');
      const told = async (withinSeconds?: number) => parseChanged((await machine.run(changedScript({ folders: [machine.work], ...(withinSeconds === undefined ? {} : { withinSeconds }) }))).stdout)?.toSorted();
      assert.deepEqual(await told(3600), names.toSorted());
      assert.deepEqual(await told(), [...names, 'old.csv'].toSorted());
      writeFileSync(Buffer.concat([Buffer.from(`${machine.work}/`), Buffer.from([0xff, 0x61])]), 'x');
      assert.equal(await told(3600), undefined, 'a name that cannot be said makes it everything');
      assert.deepEqual(readdirSync(join(machine.folder, 'tmp')), []);
    });

    it('is nothing on a machine where nothing was done', async () => {
      using temporary = temporaryFolder();
      const left = await look(new ShellMachine(temporary.path, shell), 60);
      assert.deepEqual([left?.changed, left?.running, left?.lastRunEndedAt], [{ files: 0, bytes: 0, partial: false }, [], undefined]);
      assert.ok(left && isBare(left));
    });

    it('is looked for at home when there is no work folder', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(temporary.path, shell);
      put(join(machine.home, 'result.json'), '{}');
      put(join(machine.home, '.bash_history'), 'ls');
      for (const own of ['.gpu-rental/status', '.profile', '.any/thing', 'onstart.sh']) put(join(machine.home, own), 'x');
      const { stdout } = await machine.run(lookScript({ folders: ['/no such folder'] }));
      assert.deepEqual([parseLook(stdout, now)?.folder, parseLook(stdout, now)?.changed.files], [machine.home, 1]);
    });

    it('is what works there: in the work folder, or told to the guard, or on a GPU', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(temporary.path, shell);
      const start = (cwd: string, words: string) => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', words], { cwd, stdio: 'ignore' });
      const programs = [start(machine.work, 'in-the-folder'), start('/', 'told-to-the-guard'), start('/', 'on-a-gpu'), start('/', 'of-nobody'), start('/', 'over-the-run'), start('/', 'of-the-run')];
      try {
        const [, guarded, onGpu, , over, run] = programs;
        put(join(machine.home, '.gpu-rental/runs/a/pid'), `${over?.pid} 123\n`);
        put(join(machine.home, '.gpu-rental/runs/a/child'), `${run?.pid} 124\n`);
        put(join(machine.home, `.gpu-rental/jobs/${over?.pid}`), '');
        put(join(machine.home, '.gpu-rental/runs/b/child'), `${process.pid} 1\n`);
        put(join(machine.home, '.gpu-rental/runs/b/exit'), '0\n');
        put(join(machine.home, `.gpu-rental/jobs/${guarded?.pid}`), '');
        put(join(machine.home, '.gpu-rental/jobs/999999999'), '');
        put(join(machine.folder, 'bin/nvidia-smi'), `#!/bin/sh\necho ${onGpu?.pid}\necho '[N/A]'\n`);
        const { chmodSync } = await import('node:fs');
        chmodSync(join(machine.folder, 'bin/nvidia-smi'), 0o755);
        machine.env['PATH'] = `${join(machine.folder, 'bin')}:${machine.env['PATH']}`;
        const left = await look(machine, 60);
        assert.deepEqual(left?.running.map((line) => line.split(' ').at(-1)).toSorted(), ['in-the-folder', 'of-the-run', 'on-a-gpu', 'told-to-the-guard']);
        assert.ok(left && !isBare(left));
      } finally {
        for (const program of programs) program.kill();
      }
    });

    it('is how long ago the last run ended', async () => {
      using temporary = temporaryFolder();
      const machine = new ShellMachine(temporary.path, shell);
      put(join(machine.home, '.gpu-rental/runs/a/exit'), '0\n', 5000);
      put(join(machine.home, '.gpu-rental/runs/b/exit'), '1\n', 1200);
      const ago = Date.now() - ((await look(machine))?.lastRunEndedAt ?? 0);
      assert.ok(ago >= 1_195_000 && ago < 1_230_000, String(ago));
    });
  });
}

it('names of changed files are taken only when they are all told and stay in the folder', () => {
  const said = (names: string) => parseChanged(`banner\ngpu-rental:names\n${names}`);
  assert.deepEqual(said('./a\0./b c\0/\0'), ['a', 'b c']);
  assert.deepEqual(said('/\0'), []);
  for (const names of ['./a\0./b', './a\0', '', './a/../../b\0/\0', '//etc/x\0/\0', '\0/\0']) assert.equal(said(names), undefined, names);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    for (const path of said(text) ?? []) assert.ok(!path.startsWith('/') && !path.split('/').includes('..'));
  }));
});

describe('what a machine says it holds', () => {
  const whole = ['banner', 'gpu-rental:folder=/workspace', 'gpu-rental:files=2', 'gpu-rental:bytes=30', 'gpu-rental:cut=0', 'gpu-rental:end='];

  it('counts only when all of it is said', () => {
    assert.ok(parseLook(whole.join('\n'), now));
    for (const [index] of whole.entries()) {
      const said = parseLook(whole.toSpliced(index, 1).join('\n'), now);
      const needed = index !== 0 && index !== 4;
      assert.equal(said === undefined, needed, whole[index]);
    }
    assert.equal(parseLook(whole.toSpliced(4, 1).join('\n'), now)?.changed.partial, true, 'who does not say that it is all may have more');
  });

  it('is never more than numbers, one path and short lines', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...whole), fc.string().map((text) => `gpu-rental:running=${text}`), fc.string().map((text) => `gpu-rental:files=${text}`))), (lines) => {
      const said = parseLook(lines.join('\n'), now);
      if (said === undefined) return;
      assert.ok(Number.isSafeInteger(said.changed.files) && Number.isSafeInteger(said.changed.bytes) && said.folder.startsWith('/'));
      assert.ok(said.running.length <= 20 && said.running.every((line) => !line.includes('\n')));
    }));
    assert.equal(parseLook(whole.join('\n').replace('/workspace', 'relative'), now), undefined);
  });
});
