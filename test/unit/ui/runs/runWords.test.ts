import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import type { RunSeen } from '../../../../src/domain/run.ts';
import { lookAtProgress } from '../../../../src/services/runProgress.ts';
import { buildInstances } from '../../../../src/ui/instances/instancesModel.ts';
import { instancesSource } from '../../../../src/ui/instances/instancesSource.ts';
import { historyText } from '../../../../src/ui/runs/runHistory.ts';
import { runNodes, runOfNode } from '../../../../src/ui/runs/runNodes.ts';
import { afterwardsChoice, commandText, endedText, runRow } from '../../../../src/ui/runs/runWords.ts';
import { endedNote } from '../../../../src/ui/runs/runListener.ts';
import { english } from '../support/english.ts';
import { machine, minuteMs, now } from '../support/machines.ts';
import { alias, ended, record, runSeen } from '../support/runs.ts';

const state = (run: RunSeen, progress = {}, instance: Parameters<typeof runRow>[1] = machine(), at = now): string => runRow(record(run, progress), instance, at, english).description ?? '';

describe('the line of a run', () => {
  it('says how far it is and what comes then', () => {
    assert.equal(state(runSeen()), 'running 12 m');
    assert.equal(state(runSeen({ afterwards: 'destroy' }), { step: 300, steps: 1000, loss: 0.41234, leftMs: 8.4 * minuteMs }), 'running 12 m · step 300/1,000 · loss 0.412 · 8 m left · then the machine is destroyed');
    assert.equal(state(runSeen({ state: 'preparing', afterwards: 'stop' })), 'making its environment · 12 m · then the machine is stopped');
    assert.equal(state(runSeen(), { epoch: 2, epochs: 3 }), 'running 12 m · epoch 2/3');
    assert.equal(state(runSeen(), { epoch: 2, epochs: 3, step: 7, steps: 9 }), 'running 12 m · step 7/9 · epoch 2/3');
  });

  it('begins with the script, which a narrow line shows, and is spoken whole', () => {
    const row = (...words: string[]) => runRow(record(runSeen({ about: { words, folder: '/w' } })), machine(), now, english);
    assert.deepEqual([row('python3', 'src/a.py', '-x').label, row('python3', 'src/a.py', '-x').spoken], ['src/a.py -x', 'run python3 src/a.py -x, running 12 m']);
    assert.deepEqual([row('python3', '-m', 'a.py').label, row('python3').label, row('sh', '-c', 'make').label], ['python3 -m a.py', 'python3', 'make']);
    const long = row('sh', '-c', 'cd clouds && python3 train.py --steps 2000');
    assert.ok(long.label.length <= 28 && long.label.startsWith('cd clouds && python3') && long.spoken.includes('--steps 2000'), long.label);
  });

  it('goes on counting for a while between two looks, and not for ever', () => {
    assert.equal(state(runSeen(), {}, machine(), now + minuteMs), 'running 13 m');
    assert.equal(state(runSeen(), {}, machine(), now + 60 * minuteMs), 'running 12 m');
    assert.equal(state(runSeen(), {}, machine(), now - 60 * minuteMs), 'running 12 m');
  });

  it('says how it ended, and claims nothing that nobody knows', () => {
    assert.equal(state(ended(), { step: 10, leftMs: 5 }), 'ended, exit code 0 · 12 m · step 10');
    assert.equal(state(ended({ exitCode: 3 })), 'failed, exit code 3 · 12 m');
    assert.equal(state(ended({ exitCode: 143, stopped: true })), 'stopped by hand · 12 m');
    assert.equal(state(ended({ exitCode: 1, unprepared: true })), 'its environment could not be made · 12 m');
    assert.equal(state(runSeen({ state: 'lost' })), 'over, and nobody knows how it ended');
    for (const instance of [undefined, machine({ state: 'stopped' })]) assert.equal(runRow(record(runSeen(), { step: 5 }), instance, now, english).description, 'went on when its machine was last asked · step 5');
  });

  it('shows the command as it would be typed, whatever is in it', () => {
    assert.equal(commandText({ words: ['python3', 'my train.py', '--lr=3e-4', "it's"] }), `python3 'my train.py' --lr=3e-4 'it'\\''s'`);
    assert.equal(commandText({ words: ['sh', '-c', 'a | b && c'] }), 'a | b && c');
    assert.equal(commandText({ words: ['x', '$(sync) [a](command:evil)\u202e\n'] }), "x '$ (sync) [a] (command:evil) '");
  });
});

describe('runs below their machine', () => {
  it('stand first, the living before the ended, and say what can be done', () => {
    const records = [ended({ id: 'r0abc-00003' }), runSeen({ id: 'r0abc-00002' }), ...Array.from({ length: 9 }, (_, n) => ended({ id: `r0abc-1000${n}` }))].map((run) => record(run));
    const nodes = runNodes(machine(), 'instance/vast:77', records, now, english);
    assert.deepEqual(nodes.slice(0, 2).map(({ node, context }) => [node, context]), [
      ['instance/vast:77/run/r0abc-00002', 'run live can-reach'], ['instance/vast:77/run/r0abc-00003', 'run over can-reach'],
    ]);
    assert.equal(nodes.length, 5);
    assert.deepEqual(runNodes(machine({ state: 'stopped' }), 'i', [record()], now, english).map(({ context }) => context), ['run live']);
  });

  it('are found again by their node', () => {
    assert.deepEqual(runOfNode('instance/vast:77/run/r0abc-00002'), { instance: 'vast:77', run: 'r0abc-00002' });
    for (const other of [undefined, 'instance/vast:77', 'instance/vast:77/gpu', 5, 'instance/vast:77/run/../x']) assert.equal(runOfNode(other), undefined);
  });

  it('are drawn in the list of machines', () => {
    const model = buildInstances({ instances: [machine()], errors: [], now, runsOf: (id) => (id === alias ? [record()] : []) }, english);
    const source = instancesSource(() => model, () => now, english);
    const [first = ''] = source.children('instance/vast:77');
    assert.deepEqual([source.row(first)?.label, source.context(first), source.expandable(first)], ['train.py', 'run live can-reach', false]);
    const without = buildInstances({ instances: [machine()], errors: [], now }, english);
    assert.deepEqual((without.children.get('instance/vast:77') ?? []).filter((node) => node.includes('/run/')), []);
  });

  it('are told of also when the machine is gone', () => {
    const text = historyText([{ name: 'old', records: [record(ended())] }, { name: 'new', instance: machine(), records: [record()] }], now, english);
    assert.match(text, /^old \(gone\)\n {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}python3 train\.py\n {4}ended, exit code 0 · 12 m\n\nnew\n.*running 12 m$/s);
    assert.match(historyText([], now, english), /Nothing was run/);
  });
});

describe('what is said of a run', () => {
  it('before it starts: what each end costs', () => {
    const detail = (afterwards: 'keep' | 'stop' | 'destroy', change = {}): string => afterwardsChoice(afterwards, machine(change), english).detail;
    assert.match(detail('keep'), /\$0\.33\/h/);
    assert.match(detail('stop'), /also when the run fails\. Its disk goes on costing \$0\.020\/h \(\$14\.60 a month\)/);
    assert.match(detail('stop', { rates: { running: usdPerHour(1), stopped: usdPerHour(0) } }), /costs nothing/);
    assert.match(detail('destroy'), /also when the run fails.*not downloaded is lost for ever/);
  });

  it('when it has ended: code, time, cost, and what its machine does now', () => {
    const text = (run: RunSeen): string => endedText('box', run, usd(0.066), english);
    assert.equal(text(ended()), 'python3 train.py on box ended with exit code 0 after 12 m ($0.07). The machine goes on.');
    assert.match(text(ended({ exitCode: 2, afterwards: 'destroy' })), /exit code 2 after 12 m \(\$0\.07\)\. Its guard destroys the machine in three minutes\.$/);
    assert.match(text(ended({ stopped: true, afterwards: 'stop' })), /was stopped after 12 m.*Its guard stops the machine in three minutes\.$/);
    assert.match(text(runSeen({ state: 'lost', afterwards: 'stop' })), /nobody knows how it ended.*The machine goes on\.$/);
    assert.match(text(ended({ unprepared: true, exitCode: 1 })), /was not started: its environment could not be made/);
  });

  it('with the ways on that there are', () => {
    const buttons = (run: RunSeen): string[] => endedNote({ instance: machine(), run, cost: usd(1) }, english).buttons.map(({ id }) => id);
    assert.deepEqual(buttons(ended()), ['download', 'log']);
    assert.deepEqual(buttons(ended({ afterwards: 'stop' })), ['download', 'log', 'keep']);
  });
});

describe('progress in a log', () => {
  const look = (tail: string, first?: { step: number; at: number }) => lookAtProgress(tail, 100_000, first);

  it('is read from lines that name steps, epochs and losses', () => {
    assert.deepEqual(look('epoch 2 step 300/1000 | loss 0.4123\n').progress, { step: 300, steps: 1000, epoch: 2, loss: 0.4123 });
    assert.deepEqual(look('Epoch 3/10 - loss: 1.5e-3 - val_loss: 9\n').progress, { epoch: 3, epochs: 10, loss: 0.0015 });
    assert.deepEqual(look("{'loss': 0.93, 'epoch': 0.5}\n").progress, { epoch: 0.5, loss: 0.93 });
    assert.deepEqual(look('hello\n').progress, {});
  });

  it('takes two looks for a rate where no line names a time', () => {
    assert.equal(look('step 200/1000\n', { step: 100, at: 0 }).progress.leftMs, 800_000);
    assert.equal(look('step 110/1000\n', { step: 100, at: 0 }).progress.leftMs, undefined, 'too few steps say nothing');
  });

  it('never throws and never says a figure that is none', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.tuple(fc.constantFrom('step ', 'epoch ', 'loss: '), fc.bigInt(), fc.string()).map((parts) => parts.join(''))), (tail) => {
      for (const value of Object.values(look(tail, { step: 0, at: 0 }).progress)) assert.ok(Number.isFinite(value));
    }));
  });
});
