import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatUsd, toDollars, usd, usdPerHour, zeroUsd, type Usd } from '../../../../src/domain/money.ts';
import { exactly } from '../../../../src/estimate/band.ts';
import { checkpointPlan } from '../../../../src/estimate/cost/checkpoints.ts';
import { interruptibleWinsBelow } from '../../../../src/estimate/cost/breakEven.ts';
import { jobCost, totalHours } from '../../../../src/estimate/cost/jobCost.ts';
import type { Parts } from '../../../../src/estimate/result.ts';
import { offer } from '../../../fakes/offers.ts';

const none = exactly(0);
const parts = (change: Partial<Parts> = {}): Parts => ({
  setupHours: none, downloadHours: none, trainHours: none, evalHours: none, checkpointHours: none, lostHours: none, trafficUsd: zeroUsd, ...change,
});
const band = fc.tuple(fc.double({ min: 0, max: 1000, noNaN: true }), fc.double({ min: 0, max: 1000, noNaN: true }), fc.double({ min: 0, max: 1000, noNaN: true }))
  .map((ends) => ends.toSorted((a, b) => a - b)).map(([low = 0, likely = 0, high = 0]) => ({ low, likely, high }));

describe('what a job costs', () => {
  describe('two hours of a Stable Diffusion LoRA on an RTX 4090, as published', () => {
    for (const [where, rate, total] of [
      ['RunPod Secure', 0.59, '$1.18'], ['RunPod Community, median', 0.49, '$0.98'],
      ['Vast.ai, 99 % and more', 0.52, '$1.04'], ['Vast.ai, 97 % and more', 0.38, '$0.76'],
    ] as const) {
      it(`costs ${total} on ${where}`, () => {
        const { usd: cost } = jobCost(offer({ gpuUsd: rate, diskUsd: 0 }), parts({ trainHours: exactly(2) }));
        assert.equal(formatUsd(cost.likely), total);
      });
    }

    it('saves $21 in 50 sessions', () => {
      const of = (rate: number): number => jobCost(offer({ gpuUsd: rate, diskUsd: 0 }), parts({ trainHours: exactly(2) })).usd.likely;
      assert.equal(formatUsd((50 * (of(0.59) - of(0.38))) as Usd), '$21.00');
    });
  });

  describe('an A100 interrupted every six hours with ten minutes to restart, as published', () => {
    const on = { meanHoursBetween: 6, checkpointHours: 0, restartHours: 10 / 60 };

    it('loses ten minutes in six hours where nothing has to be repeated', () => {
      const { lostHours, savingHours } = checkpointPlan(60, on);
      assert.ok(Math.abs(lostHours - 10 * (10 / 60)) < 0.05, String(lostHours));
      assert.equal(savingHours, 0);
    });

    it('still costs about half of the $1.80 machine at $0.90', () => {
      const cheap = jobCost(offer({ gpuUsd: 0.9, diskUsd: 0 }), parts({ trainHours: exactly(60), lostHours: exactly(checkpointPlan(60, on).lostHours) }));
      const steady = jobCost(offer({ gpuUsd: 1.8, diskUsd: 0 }), parts({ trainHours: exactly(60) }));
      const share = cheap.usd.likely / steady.usd.likely;
      assert.ok(share > 0.51 && share < 0.52, String(share));
      assert.ok(toDollars(interruptibleWinsBelow(usdPerHour(1.8), steady.hours.likely, cheap.hours.likely)) > 1.7);
    });
  });

  it('counts the disk, and traffic once', () => {
    const { usd: cost } = jobCost(offer({ gpuUsd: 0.3, diskUsd: 0.02 }), parts({ trainHours: exactly(10), trafficUsd: usd(0.5) }));
    assert.equal(cost.likely, usd(3.7));
  });

  it('bills every part', () => {
    const names = ['setupHours', 'downloadHours', 'trainHours', 'evalHours', 'checkpointHours', 'lostHours'] as const;
    for (const name of names) assert.equal(jobCost(offer({ gpuUsd: 1, diskUsd: 0 }), parts({ [name]: exactly(1) })).usd.likely, usd(1), name);
    assert.equal(totalHours(parts(Object.fromEntries(names.map((name) => [name, exactly(1)])))).likely, names.length);
  });

  it('is whole micro-dollars, with low ≤ likely ≤ high', () => {
    fc.assert(fc.property(band, band, fc.nat(5_000_000), (trainHours, lostHours, micro) => {
      const { usd: cost } = jobCost(offer({ gpuUsd: micro / 1e6 }), parts({ trainHours, lostHours }));
      assert.ok([cost.low, cost.likely, cost.high].every(Number.isInteger));
      assert.ok(cost.low <= cost.likely && cost.likely <= cost.high);
    }));
  });

  it('never falls as the price rises', () => {
    fc.assert(fc.property(band, fc.nat(5_000_000), fc.nat(5_000_000), (trainHours, a, b) => {
      const of = (micro: number): number => jobCost(offer({ gpuUsd: micro / 1e6 }), parts({ trainHours })).usd.likely;
      return of(Math.min(a, b)) <= of(Math.max(a, b));
    }));
  });
});
