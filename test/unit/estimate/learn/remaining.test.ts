import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, usdPerHour } from '../../../../src/domain/money.ts';
import { remaining } from '../../../../src/estimate/learn/remaining.ts';
import { without, workload } from '../workloads.ts';

const rate = usdPerHour(0.36);

describe('what is left of a run', () => {
  it('is the steps that are left at the measured rate', () => {
    assert.deepEqual(remaining({ step: 100, totalSteps: 1100, secondsPerStep: 3.6, unit: 'step' }, workload(), rate, 1), { steps: 1000, hours: 1, usd: usd(0.36) });
  });

  it('ends where the script says, if the log does not', () => {
    assert.equal(remaining({ step: 40, secondsPerStep: 1, unit: 'step' }, workload({ steps: 100 }), rate, 1)?.steps, 60);
    const epochs = { ...without(workload({ epochs: 2, samples: 3200, parallelism: 'ddp' }), 'steps') };
    assert.equal(remaining({ step: 40, secondsPerStep: 1, unit: 'step' }, epochs, rate, 2)?.steps, 60);
  });

  it('is unknown where nobody says when it ends', () => {
    assert.equal(remaining({ step: 40, secondsPerStep: 1, unit: 'step' }, without(workload(), 'steps'), rate, 1), undefined);
    // The script counts steps, the bar batches.
    assert.equal(remaining({ step: 40, secondsPerStep: 1, unit: 'batch' }, workload({ steps: 100 }), rate, 1), undefined);
  });

  it('is nothing at the end and beyond', () => {
    assert.deepEqual(remaining({ step: 120, totalSteps: 100, secondsPerStep: 1, unit: 'step' }, workload(), rate, 1), { steps: 0, hours: 0, usd: usd(0) });
  });

  it('shrinks with every step', () => {
    fc.assert(fc.property(fc.nat(1000), fc.nat(1000), (a, b) => {
      const of = (step: number): number => remaining({ step, totalSteps: 1000, secondsPerStep: 2, unit: 'step' }, workload(), rate, 1)?.usd ?? NaN;
      return of(Math.max(a, b)) <= of(Math.min(a, b));
    }));
  });
});
