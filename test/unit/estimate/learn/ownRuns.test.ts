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

  // A second a sample was predicted on this card, and a tenth of one measured.
  const likely = (of: typeof tools, work = workload(), on = machine('H100 SXM')): number => of.predict(work, on)?.secondsPerSample.likely ?? NaN;
  const width = (of: typeof tools, work = workload(), on = machine('H100 SXM')): number => (of.predict(work, on)?.secondsPerSample.high ?? NaN) / likely(of, work, on);

  it('goes with its code to other cards, most of it, and to other settings, less of it', () => {
    const on = { ...tools, ...measured };
    assert.ok(Math.abs(likely(on) / likely(tools) - 0.1 ** 0.9) < 1e-9);
    assert.ok(Math.abs(likely(on, workload({ microBatch: 8 })) / likely(tools, workload({ microBatch: 8 })) - 0.1 ** 0.7) < 1e-9);
    assert.ok(width(on) < width(on, workload({ microBatch: 8 })) && width(on, workload({ microBatch: 8 })) < width(tools));
    assert.equal(measured.predict(workload(), machine('H100 SXM'))?.basis, 'ownRuns');
  });

  it('says nothing of another model, another code base or another method', () => {
    for (const change of [{ model: { name: 'x', paramsM: 5 } }, { stack: 'litgpt' }, { method: 'full' }] as const) {
      assert.deepEqual(measured.predict(workload(change), machine()), tools.predict(workload(change), machine()));
    }
  });

  it('is the newest where it was measured twice, and the mean of all cards for those that were not', () => {
    const twice = measuredTools(tools, [own('a', 3.2), own('b', 6.4)].map(({ run }) => run));
    assert.equal(twice.predict(workload(), machine())?.secondsPerSample.likely, 0.2);
    assert.ok(Math.abs(likely({ ...tools, ...twice }) / likely(tools) - Math.sqrt(0.1 * 0.2) ** 0.9) < 1e-9);
  });

  it('leaves memory and fit alone, and changes nothing where there is none', () => {
    assert.equal(measured.fit, tools.fit);
    assert.deepEqual(measuredTools(tools, []).predict(workload(), machine()), tools.predict(workload(), machine()));
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
