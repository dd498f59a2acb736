import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, type Usd } from '../../../../src/domain/money.ts';
import { rentalLimits, roundBudget, roundLease } from '../../../../src/estimate/offers/limits.ts';
import { estimateOffers } from '../../../../src/estimate/offers/estimateOffers.ts';
import { rememberMachines } from '../../../../src/estimate/offers/tools.ts';
import { offer } from '../../../fakes/offers.ts';
import { without, workload } from '../workloads.ts';
import { fakeTools } from './fakeTools.ts';

describe('the limits of a rental', () => {
  it('are figures that people would choose', () => {
    for (const [cost, budget] of [[0, 0.25], [0.01, 0.25], [0.25, 0.25], [1.31, 1.5], [5, 5], [5.01, 6], [48.2, 49], [51, 55], [612, 650]] as const) {
      assert.equal(roundBudget(usd(cost)), usd(budget), String(cost));
    }
    for (const [hours, lease] of [[0.1, 1], [1.1, 1.5], [2, 2], [4.2, 5], [30.5, 31], [50, 54]] as const) assert.equal(roundLease(hours), lease);
  });

  it('never cut the high estimate short, nor pass it by much', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2e9 }), (micro) => {
      const budget = roundBudget(micro as Usd);
      assert.ok(Number.isInteger(budget) && budget >= micro && budget <= micro * 1.25 + 250_000);
    }));
    fc.assert(fc.property(fc.double({ min: 0, max: 2000, noNaN: true }), (hours) => {
      const lease = roundLease(hours);
      assert.ok(lease >= hours && lease <= Math.max(1, hours * 1.25 + 0.5));
    }));
  });

  it('grow with what they are for', () => {
    fc.assert(fc.property(fc.nat(2e9), fc.nat(2e9), (a, b) => roundBudget(Math.min(a, b) as Usd) <= roundBudget(Math.max(a, b) as Usd)));
    fc.assert(fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 0, max: 500, noNaN: true }), (a, b) => roundLease(Math.min(a, b)) <= roundLease(Math.max(a, b))));
  });

  it('come from the high end, and not at all where nothing is known', () => {
    const machines = rememberMachines(fakeTools());
    const [known, unknown] = [workload(), without(workload(), 'steps')].map((script) => estimateOffers(script, [offer()], machines)[0]);
    assert.ok(known?.usd && known.hours && unknown);
    assert.deepEqual(rentalLimits(known), { budget: roundBudget(known.usd.high), leaseHours: roundLease(known.hours.high) });
    assert.equal(rentalLimits(unknown), undefined);
  });
});
