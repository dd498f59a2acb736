import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readStepLines } from '../../../../src/estimate/learn/stepLines.ts';

const near = (actual: number | undefined, expected: number, share = 0.01): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= share * expected, `${actual} is not near ${expected}`);

/** The same line for steps 0, 10, …, 100, each a little different in time. */
const lines = (line: (step: number, ms: number) => string): string =>
  Array.from({ length: 11 }, (_, index) => line(index * 10, index === 0 ? 41_000 : 530 + (index % 3) - 1)).join('\n');

describe('lines with a step and a time', () => {
  const formats: readonly (readonly [string, (step: number, ms: number) => string, number?])[] = [
    ['nanoGPT', (step, ms) => `iter ${step}: loss 2.5031, time ${ms.toFixed(2)}ms, mfu 30.11%`],
    ['build-nanogpt', (step, ms) => `step ${String(step).padStart(5)} | loss: 3.281000 | lr 6.0000e-04 | norm: 0.3012 | dt: ${ms.toFixed(2)}ms | tok/sec: 988000.12`],
    ['nanochat', (step, ms) => `step ${String(step).padStart(5, '0')}/21400 (0.56%) | loss: 3.281000 | lrm: 1.00 | dt: ${ms.toFixed(2)}ms | tok/sec: 988,000 | mfu: 48.5 | total time: 1.20m`, 21_400],
    ['a plain loop', (step, ms) => `step ${step} loss 2.31 ${(ms / 1000).toFixed(3)}s`],
    ['a plain loop with a rate beside it', (step, ms) => `Step ${step}/5000, loss=2.31, 483.0 img/s, ${(ms / 1000).toFixed(3)} s/step`, 5000],
    ['Megatron', (step, ms) => ` iteration ${String(step).padStart(8)}/    5000 | consumed samples:  1024 | elapsed time per iteration (ms): ${ms.toFixed(1)} | learning rate: 1.0E-4`, 5000],
    ['Detectron2', (step, ms) => `[11/22 12:00:00 d2.utils.events]:  eta: 1:02:03  iter: ${step}  total_loss: 1.2  time: ${(ms / 1000).toFixed(4)}  last_time: 0.9  data_time: 0.0123  lr: 0.02`],
    ['OpenMMLab', (step, ms) => `Epoch(train)  [1][${String(step).padStart(4)}/7330]  lr: 2.0e-02  eta: 1 day, 2:03:04  time: ${(ms / 1000).toFixed(4)}  data_time: 0.0101  loss: 1.2`],
  ];
  for (const [name, line, total] of formats) {
    it(`of ${name}`, () => {
      const progress = readStepLines(lines(line));
      assert.deepEqual([progress?.step, progress?.totalSteps, progress?.unit], [100, total, 'step']);
      near(progress?.secondsPerStep, 0.53);
    });
  }

  it('of LitGPT, which times passes and counts steps as well', () => {
    const log = Array.from({ length: 10 }, (_, index) => `Epoch 1 | iter ${(index + 1) * 64} step ${(index + 1) * 8} | loss train: 1.210, val: n/a | iter time: 66.25 ms (step)`).join('\n');
    const progress = readStepLines(log);
    assert.equal(progress?.step, 80);
    near(progress?.secondsPerStep, 0.53);
  });

  it('that count the time since the start', () => {
    const log = Array.from({ length: 12 }, (_, index) => `step ${index * 10} loss 2.1 time: ${(40 + index * 5.3).toFixed(1)}s`).join('\n');
    near(readStepLines(log)?.secondsPerStep, 0.53);
  });

  it('that get slower are not mistaken for those', () => {
    const log = [0.50, 0.51, 0.52, 0.53, 0.54, 0.55].map((seconds, index) => `step ${20 + index * 10} ${seconds.toFixed(2)}s`).join('\n');
    near(readStepLines(log)?.secondsPerStep, 0.525);
  });

  it('go on over epochs', () => {
    assert.equal(readStepLines('Epoch(train)  [3][ 50/100]  eta: 0:10:00  time: 0.5000  loss: 1.2')?.step, 250);
  });

  it('with thousands that are set apart', () => near(readStepLines('step 1,200/5,000 | dt: 1.5s')?.totalSteps, 5000));

  it('say nothing before thirty steps, nor without a time', () => {
    assert.equal(readStepLines('step 29 dt: 100ms'), undefined);
    assert.ok(readStepLines('step 30 dt: 100ms'));
    for (const line of ['step 120 loss 0.53', 'step 120 eta 530s', 'step 120: 988000 tok/s', 'step 120 data_time: 0.2', 'loss 0.3 time 530ms', 'stepping 120 0.5s', '', 'step 120 dt: 0ms']) {
      assert.equal(readStepLines(line), undefined, line);
    }
  });

  it('give back what was printed', () => {
    fc.assert(fc.property(fc.integer({ min: 30, max: 1e7 }), fc.integer({ min: 1, max: 1e6 }), (step, ms) => {
      const progress = readStepLines(`iter ${step}: loss 1.0, time ${ms}ms`);
      assert.equal(progress?.step, step);
      near(progress?.secondsPerStep, ms / 1000, 1e-9);
    }));
  });

  it('read any text without throwing', () => {
    const pieces = fc.constantFrom('step', ' ', '12', '/', 'iter', ':', '0.5', 's', 'ms', 'time', '[', ']', '(', 'Epoch', '\n', ',', 'eta', 'dt');
    fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (text) => {
      const progress = readStepLines(text.join(''));
      assert.ok(progress === undefined || progress.secondsPerStep > 0);
    }), { numRuns: 500 });
  });
});
