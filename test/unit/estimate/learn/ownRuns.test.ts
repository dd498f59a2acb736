import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { bandAround } from '../../../../src/estimate/band.ts';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';
import { asRun } from '../../../../src/estimate/learn/asRun.ts';
import { measuredTools } from '../../../../src/estimate/learn/measuredTools.ts';
import { lineOf, ownRunsOf, type OwnRun } from '../../../../src/estimate/learn/ownRuns.ts';
import { readRunFile } from '../../../../src/estimate/learn/readRun.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import { fakeTools } from '../offers/fakeTools.ts';
import { workload } from '../workloads.ts';

const machine = (name = 'RTX 4090', count = 1): Machine => {
  const gpu = findGpu(name);
  assert.ok(gpu);
  return { gpu, count };
};
const own = (id = 'r', secondsPerStep = 3.2, on = machine()): OwnRun => {
  const run = asRun(workload(), on, { id, progress: { secondsPerStep, unit: 'step' } });
  assert.ok(run);
  return { script: 'train.py', at: 1, run };
};

describe('own runs as lines', () => {
  it('come back as they were', () => assert.deepEqual(ownRunsOf([own(), own('s')].map(lineOf)), [own(), own('s')]));

  it('are replaced by a newer one of the same id', () => {
    assert.deepEqual(ownRunsOf([own('a', 1), own('b'), own('a', 2)].map(lineOf)).map(({ run }) => [run.id, run.secondsPerSample]), [['b', 0.1], ['a', 2 / 32]]);
  });

  it('are left out where a line is torn, of another kind, or impossible', () => {
    const good = lineOf(own());
    const broken = [good.slice(0, -5), '[]', 'null', '{"script":"x"}', good.replace(/"secondsPerSample":[\d.]+/, '"secondsPerSample":-1'), good.replace('"gpu":"RTX 4090"', '"gpu":7'), good.replace('"task":"language"', '"task":3'), good.replace('"paramsM":8030', '"paramsM":"many"')];
    for (const line of broken) assert.notEqual(line, good);
    assert.deepEqual(ownRunsOf(broken), []);
    fc.assert(fc.property(fc.nat(), fc.string(), (at, text) => {
      for (const { run } of ownRunsOf([good.slice(0, at % good.length) + text + good.slice(at % good.length)])) assert.ok((run.secondsPerSample ?? 1) > 0 && run.source === 'own');
    }));
  });
});

describe('a measured step', () => {
  const tools = fakeTools();
  const measured = measuredTools(tools, [own().run]);

  it('stands for the prediction on that machine, for as long or as short a run', () => {
    assert.deepEqual(measured.predict(workload({ steps: 7, epochs: 3, checkpointEvery: 5 }), machine()), { secondsPerSample: bandAround(0.1, 0.05), bound: 'bandwidth', basis: 'ownRuns', lowConfidence: false });
  });

  it('says nothing of another card, another number of them, or another batch', () => {
    for (const [work, on] of [[workload(), machine('RTX 3090')], [workload({ parallelism: 'ddp' }), machine('RTX 4090', 2)], [workload({ microBatch: 8 }), machine()]] as const) {
      assert.deepEqual(measured.predict(work, on), tools.predict(work, on));
    }
  });

  it('leaves memory and fit alone, and is not in the way where there is none', () => {
    assert.equal(measured.fit, tools.fit);
    assert.equal(measuredTools(tools, []), tools);
  });
});

describe('the file of a run', () => {
  const bar = (step: number): string => ` ${Math.floor(step / 10)}%|###   | ${step}/1000 [01:05<07:58,  1.84it/s]`;

  it('is a log with a bar, and says its card where it names one alone', () => {
    const text = ['Ultralytics 8.3 Python-3.11 torch-2.5.1+cu124 CUDA:0 (NVIDIA GeForce RTX 4090, 24217MiB)', ...[20, 60, 120].map(bar)].join('\n');
    const { progress, gpu, withoutTimes } = readRunFile(text);
    assert.deepEqual([progress?.step, progress?.totalSteps, gpu?.name, withoutTimes], [120, 1000, 'RTX 4090', false]);
    assert.ok(Math.abs((progress?.secondsPerStep ?? 0) - 1 / 1.84) < 1e-9);
    assert.equal(readRunFile(`NVIDIA A100-SXM4-80GB\n${bar(120)}`).gpu?.name, 'A100 SXM');
    assert.equal(readRunFile(`NVIDIA GeForce RTX 4090\nNVIDIA GeForce RTX 3090\n${bar(120)}`).gpu, undefined);
    assert.equal(readRunFile(bar(120)).gpu, undefined);
  });

  it('is a trainer state with the time of the whole run, or one that has none yet', () => {
    const state = { global_step: 500, max_steps: 500, log_history: [{ loss: 1 }, { train_runtime: 250 }] };
    assert.deepEqual(readRunFile(JSON.stringify(state)).progress, { step: 500, totalSteps: 500, secondsPerStep: 0.5, unit: 'step' });
    assert.deepEqual(readRunFile(JSON.stringify({ ...state, log_history: [] })), { withoutTimes: true });
  });

  it('says nothing before thirty steps, and of any other text', () => {
    assert.deepEqual(readRunFile(bar(12)), { withoutTimes: false });
    fc.assert(fc.property(fc.string(), (text) => { readRunFile(text); }));
  });
});
