/** Runs as a machine really runs them, under each shell that machines have: nothing of the scripts is replaced unless said. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RunSeen } from '../../../src/domain/run.ts';
import { isRentError } from '../../../src/domain/errors.ts';
import { keepMachine, readKeptMachine, setAfterwards, stopRun } from '../../../src/scripts/runChange.ts';
import { listRuns, readRuns } from '../../../src/scripts/runList.ts';
import { readLogFrom, readLogPart } from '../../../src/scripts/runLog.ts';
import { runProgram } from '../../../src/scripts/runProgram.ts';
import { readStarted, startRun } from '../../../src/scripts/runStart.ts';
import { runWrapper } from '../../../src/scripts/runWrapper.ts';
import { shellQuote } from '../../../src/scripts/shellQuote.ts';
import { askWorkFolder } from '../../../src/scripts/workFolder.ts';
import { isHere, shells } from '../guard/shells.ts';
import { RunMachine } from './runMachine.ts';

const [one, two] = ['run-000001', 'run-000002'];

for (const shell of shells) {
  describe(`a run under ${shell.name}`, function () {
    this.timeout(60_000);
    let machine: RunMachine;

    beforeEach(function () {
      if (!isHere(shell) || process.platform !== 'linux') this.skip();
      machine = new RunMachine(shell);
      // Whatever is called `sh` there is this shell.
      const [file, ...args] = shell.command;
      const path = spawnSync('which', [file], { encoding: 'utf8' }).stdout.trim();
      machine.put('bin/sh', `#!${path}${args.includes('sh') ? ' sh' : ''}\nexec ${[path, ...args].join(' ')} "$@"\n`, 0o755);
    });
    afterEach(() => machine?.dispose());

    it('goes on when whoever started it is gone, and keeps all it said and how it ended', async () => {
      assert.equal(await machine.sh(one, 'echo out; echo err >&2; sleep 1; echo done; exit 3'), 'started');
      const early = await machine.until(one, ({ tail }) => tail.includes('err'));
      assert.deepEqual([early.state, early.exitCode, early.about.words.length], ['running', undefined, 3]);
      const run = await machine.ended(one);
      assert.deepEqual([run.exitCode, run.stopped, run.unprepared, run.afterwards, run.logBytes], [3, false, false, 'keep', 13]);
      assert.equal(machine.fact(`runs/${one}/log`), 'out\nerr\ndone\n');
      assert.ok(run.ranMs >= 1000 && run.ranMs < 30_000, String(run.ranMs));
    });

    it('is use for the guard while it lives, and no longer', async () => {
      await machine.sh(one, `until [ -e "$HOME/go" ]; do sleep 0.1; done`);
      const [job = ''] = machine.facts('jobs');
      assert.equal(machine.fact(`runs/${one}/pid`)?.split(' ')[0], job);
      machine.put('go', '');
      await machine.ended(one);
      await machine.until(one, () => machine.facts('jobs').length === 0);
    });

    it('hands on every word as it is', async () => {
      const words = ['', ' ', "it's", '"', '$HOME $(touch no) `touch no`', 'a\nb', '-n', '*', '\\', 'ñ€😀', '; exit 9', '#', '~'];
      await machine.start(one, ['sh', '-c', String.raw`for w; do printf '<%s>' "$w"; done`, 'x', ...words]);
      assert.equal((await machine.ended(one)).exitCode, 0);
      assert.equal(machine.fact(`runs/${one}/log`), words.map((word) => `<${word}>`).join(''));
    });

    it('starts once, however often its start is sent', async () => {
      const started = await Promise.all([machine.sh(one, 'echo here; sleep 1'), machine.sh(one, 'echo here; sleep 1'), machine.sh(one, 'echo here; sleep 1')]);
      assert.deepEqual(started, ['started', 'started', 'started']);
      await machine.ended(one);
      assert.equal(machine.fact(`runs/${one}/log`), 'here\n');
    });

    it('says what is not there', async () => {
      await machine.start(one, ['no-such-program']);
      assert.equal((await machine.ended(one)).exitCode, 127);
      assert.match(machine.fact(`runs/${one}/log`) ?? '', /no-such-program/);
      assert.equal(readStarted(await machine.send(startRun(two, { words: ['true'], folder: '/no/such folder' }, 'keep'))), 'started');
      assert.equal((await machine.ended(two)).exitCode, 1);
      assert.match(machine.fact(`runs/${two}/log`) ?? '', /^gpu-rental: the folder of this run is not there$/m);
    });

    it('leaves its word to the guard at its end, also when it failed', async () => {
      await machine.sh(one, 'exit 1', 'destroy');
      await machine.ended(one);
      await machine.until(one, () => machine.fact('then') === 'destroy\n');
      assert.ok(readKeptMachine(await machine.send(keepMachine())));
      assert.equal(machine.fact('then'), undefined);
      await machine.sh(two, 'exit 0', 'keep');
      await machine.ended(two);
      assert.equal(machine.fact('then'), undefined);
    });

    it('lets the last of several decide', async () => {
      await machine.sh(one, 'true', 'destroy');
      await machine.sh(two, `until [ -e "$HOME/go" ]; do sleep 0.1; done`, 'stop');
      await machine.ended(one);
      await machine.until(one, () => machine.facts('jobs').length === 1);
      assert.equal(machine.fact('then'), undefined, 'another one goes on');
      machine.put('go', '');
      await machine.ended(two);
      await machine.until(two, () => machine.fact('then') === 'stop\n');
    });

    it('takes back the word of an earlier one when it starts', async () => {
      await machine.sh(one, 'true', 'destroy');
      await machine.ended(one);
      await machine.until(one, () => machine.fact('then') === 'destroy\n');
      await machine.sh(two, 'sleep 30');
      assert.equal(machine.fact('then'), undefined);
    });

    it('can be told another end while it goes on, and when it has ended', async () => {
      await machine.sh(one, `until [ -e "$HOME/go" ]; do sleep 0.1; done`, 'destroy');
      await machine.send(setAfterwards(one, 'keep'));
      assert.equal((await machine.runs())[0]?.afterwards, 'keep');
      machine.put('go', '');
      await machine.ended(one);
      assert.equal(machine.fact('then'), undefined);
      await machine.send(setAfterwards(one, 'stop'));
      assert.equal(machine.fact('then'), 'stop\n');
      await machine.send(setAfterwards(one, 'keep'));
      assert.equal(machine.fact('then'), undefined);
    });

    it('is stopped with all that it started, and says so', async () => {
      await machine.sh(one, 'sleep 1000 & echo $!; wait', 'stop');
      const { tail } = await machine.until(one, (run) => /^\d+$/m.test(run.tail));
      await machine.send(stopRun(one, false));
      const run = await machine.ended(one);
      assert.deepEqual([run.stopped, run.exitCode], [true, 143]);
      await machine.until(one, () => machine.fact('then') === 'stop\n');
      const state = spawnSync('ps', ['-o', 'stat=', '-p', tail.trim()], { encoding: 'utf8' }).stdout;
      assert.match(state, /^(Z|$)/, 'what it started lives on');
    });

    it('ends for good when it does not want to, and the machine stays when that is wished', async () => {
      await machine.sh(one, `trap '' TERM; echo ready; while :; do sleep 0.1; done`, 'destroy', (script) => script.replace('sleep 10', 'sleep 1'));
      await machine.until(one, ({ tail }) => tail.includes('ready'));
      await machine.send(stopRun(one, true));
      const run = await machine.ended(one);
      assert.deepEqual([run.stopped, run.exitCode, run.afterwards, machine.fact('then')], [true, 137, 'keep', undefined]);
    });

    it('is lost when its machine forgot it, and no later process with its number is taken for it', async () => {
      await machine.sh(one, 'sleep 1000');
      await machine.until(one, () => ['pid', 'child'].every((name) => machine.fact(`runs/${one}/${name}`) !== undefined));
      for (const name of ['pid', 'child']) process.kill(Number(machine.fact(`runs/${one}/${name}`)?.split(' ')[0]), 'SIGKILL');
      await machine.until(one, ({ state }) => state === 'lost');
      machine.put(`.gpu-rental/runs/${one}/pid`, `${process.pid} 1\n`);
      assert.equal((await machine.runs())[0]?.state, 'lost');
    });

    it('does not die of a disk that takes nothing more, and still writes down its end', async () => {
      const full = (script: string): string => script.replace('tee -a log', 'tee -a /dev/full');
      await machine.sh(one, 'i=0; while [ $i -lt 2000 ]; do echo "line $i of many, many lines"; i=$((i + 1)); done; exit 5', 'keep', full);
      assert.deepEqual([(await machine.ended(one)).exitCode, machine.fact(`runs/${one}/log`) ?? ''], [5, '']);
    });

    it('has its log cut, and not its life, when it says too much', async () => {
      const small = (script: string): string => script.replace('ulimit -f 2097152', 'ulimit -f 8');
      await machine.sh(one, 'i=0; while [ $i -lt 2000 ]; do echo "line $i of many, many lines"; i=$((i + 1)); done; exit 5', 'keep', small);
      const run = await machine.ended(one);
      assert.deepEqual([run.exitCode, run.logBytes > 0 && run.logBytes <= 8192], [5, true], String(run.logBytes));
    });

    it('is told of byte by byte, from anywhere, also while it writes', async () => {
      await machine.sh(one, String.raw`i=0; while [ $i -lt 200 ]; do printf 'loss \303\251\377 \r%s\n' $i; i=$((i + 1)); done; sleep 1; printf end`);
      let [all, over] = [Buffer.alloc(0), false];
      while (!over) {
        const part = readLogPart(await machine.send(readLogFrom({ id: one, offset: all.length, mostBytes: 777, waitSeconds: 5 }))) ?? assert.fail('no part');
        all = Buffer.concat([all, Buffer.from(part.base64, 'base64')]);
        over = part.over && all.length === part.size;
        if (over) assert.equal(part.exitCode, 0);
      }
      assert.deepEqual(all, readFileSync(join(machine.home, '.gpu-rental/runs', one, 'log')));
      assert.ok(all.subarray(-3).equals(Buffer.from('end')) && all.includes(0xff));
    });

    it('knows no log of a run that never was', async () => {
      assert.equal(readLogPart(await machine.send(readLogFrom({ id: two, offset: 0, mostBytes: 10, waitSeconds: 5 }))), undefined);
      assert.deepEqual(await machine.runs(), []);
    });

    it('is listed with the newest fifty, whatever else lies there', async () => {
      mkdirSync(join(machine.home, '.gpu-rental/runs/not a run'), { recursive: true });
      symlinkSync('/', join(machine.home, '.gpu-rental/runs/elsewhere'));
      for (let n = 0; n < 60; n++) {
        const folder = `.gpu-rental/runs/run-${1000 + n}`;
        mkdirSync(join(machine.home, folder));
        const facts = [['about', '{"words":["a b"],"folder":"/w"}'], ['started', '100'], ['ended', '160'], ['exit', '0'], ['then', 'stop'], ['stage', 'command'], ['log', `step ${n}\rrun x live\n`]] as const;
        for (const [name, text] of facts) machine.put(`${folder}/${name}`, text);
      }
      const runs = await machine.runs();
      assert.ok(runs.length >= 48 && runs.length <= 50, String(runs.length));
      assert.deepEqual([runs.at(-1)?.id, runs.at(-1)?.ranMs, runs.at(-1)?.tail, runs[0]?.tail], ['run-1059', 60_000, 'step 59\nrun x live', '']);
    });
  });
}

describe('what a machine says of runs', () => {
  const line = (change: Partial<Record<'id' | 'live' | 'started' | 'ended' | 'exit' | 'after' | 'stage' | 'stopped' | 'size', string>> = {}): string => {
    const said = { id: one, live: 'dead', started: '100', ended: '160', exit: '0', after: 'keep', stage: 'command', stopped: '-', size: '7', ...change };
    return `gpu-rental-runs 1 500\nrun ${Object.values(said).join(' ')}\nabout {"words":["a"],"folder":"/w"}\n`;
  };
  const read = (text: string): RunSeen | undefined => readRuns(text)?.[0];

  it('is read by the clock of the machine, and never runs backwards', () => {
    assert.deepEqual([read(line())?.ranMs, read(line({ ended: '-', exit: '-', live: 'live' }))?.ranMs, read(line({ ended: '50' }))?.ranMs], [60_000, 400_000, 0]);
  });

  it('says in which state each is', () => {
    assert.deepEqual([line(), line({ exit: '-', live: 'live' }), line({ exit: '-', live: 'live', stage: 'environment' }), line({ exit: '-' })].map((text) => read(text)?.state), ['ended', 'running', 'preparing', 'lost']);
    assert.deepEqual([read(line({ exit: '2', stage: 'environment' }))?.unprepared, read(line({ exit: '2' }))?.unprepared], [true, false]);
  });

  it('is nothing where it is not ours, and leaves out what cannot be read', () => {
    assert.equal(readRuns(''), undefined);
    assert.equal(readRuns('Welcome!\nrun a b c\n'), undefined);
    assert.deepEqual(readRuns(`banner\n${line({ started: 'x' })}`), []);
    assert.deepEqual(readRuns(line({ id: '../../etc' })), []);
    assert.deepEqual(readRuns(line().replace('"words":["a"]', '"words":[1]')), []);
    assert.deepEqual(readRuns(line().replace('{', '')), []);
  });

  it('never throws, whatever is said', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.string()).map((lines) => `${line()}${lines.join('\n')}`), fc.string().map((text) => line({ size: text, exit: text }))), (text) => {
      for (const run of readRuns(text) ?? []) assert.ok(Number.isSafeInteger(run.ranMs) && run.ranMs >= 0 && (run.exitCode ?? 0) <= 255);
      readLogPart(text);
      readStarted(text);
    }));
  });
});

describe('the scripts of runs', () => {
  it('take no run, word or folder that could be something else', () => {
    const refused = (act: () => unknown): void => assert.throws(act, (error) => isRentError(error, 'badRequest'));
    for (const id of ['', 'x', '../../../x', 'a b c d e f', '$(reboot)00', 'UPPERCASE', `a${'b'.repeat(60)}`]) refused(() => stopRun(id, true));
    for (const words of [[], [''], ['a\0b'], ['x'.repeat(20_000)]]) refused(() => startRun(one, { words, folder: '/w' }, 'keep'));
    refused(() => startRun(one, { words: ['a'], folder: '/w\0' }, 'keep'));
  });

  it('quote anything as one word', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((word) => !word.includes('\0'));
    fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (words) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\001' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
      assert.deepEqual(stdout.split('\x01').slice(0, -1).join('|'), words.join('|').replaceAll('\x01', '|'));
    }), { numRuns: 40 });
  });

  it('have no fault that a linter knows', function () {
    for (const script of [runWrapper, runProgram({ words: ['a'], folder: '/w' }), listRuns(), stopRun(one, true), askWorkFolder(['/w']), startRun(one, { words: ['a'], folder: '/w' }, 'stop'), readLogFrom({ id: one, offset: 1, mostBytes: 2, waitSeconds: 3 }), setAfterwards(one, 'stop')]) {
      const linted = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC1010,SC2015,SC2016,SC2034,SC2086,SC2091,SC2164,SC3013,SC3045,SC2046,SC2030,SC2031,SC2012,SC2329,SC2317,SC3047,SC2223', '-'], { input: script, encoding: 'utf8' });
      if (linted.error) this.skip();
      assert.equal(linted.stdout, '');
    }
  });
});
