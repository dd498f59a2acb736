import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { bidAtLeast, diskRate, leastBid, rentableGb } from '../../../../src/providers/vast/prices.ts';

describe('Vast\'s prices', () => {
  it('charge a disk by the month of 720 hours', () => {
    assert.equal(diskRate({ storage_cost: 0.15 }, 40), 8_333);
    assert.equal(diskRate({ storage_cost: 0 }, 40), 0);
  });

  it('tell the disk from the total where its price is missing, and else not at all', () => {
    assert.equal(diskRate({ dph_base: 0.35, dph_total: 0.36 }, 40), 10_000);
    assert.equal(diskRate({ dph_base: 0.35, dph_total: 0.34 }, 40), undefined);
    assert.equal(diskRate({ dph_base: 0.35 }, 40), undefined);
    assert.equal(diskRate({ storage_cost: -1 }, 40), undefined);
  });

  it('agree with the total that a search for that disk gives', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0.01, max: 30, noNaN: true }), fc.integer({ min: 8, max: 2_000 }), (storage, base, gb) => {
        const total = base + (storage * gb) / 720;
        const stated = diskRate({ storage_cost: storage }, gb) ?? -1;
        const derived = diskRate({ dph_base: base, dph_total: total }, gb) ?? -1;
        assert.ok(Math.abs(stated - derived) <= 1, `${stated} and ${derived}`);
      }),
    );
  });

  it('never bid below the floor, and at most a micro-dollar above it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 128, noNaN: true }), (floor) => {
        const bid = bidAtLeast(floor);
        assert.ok(bid !== undefined && Number.isInteger(bid));
        // A floor that is a whole number of micro-dollars but for its last binary digit counts as one.
        assert.ok(bid / 1e6 >= floor - 1e-9 && bid / 1e6 < floor + 1.001e-6, `${bid} for ${floor}`);
      }),
      { numRuns: 2_000 },
    );
    assert.equal(bidAtLeast(0.2133333333333333), 213_334);
    assert.equal(bidAtLeast(0.29), 290_000);
  });

  it('know no bid of nothing', () => {
    for (const floor of [0, -1, 0.0009]) assert.equal(bidAtLeast(floor), undefined);
    assert.equal(bidAtLeast(0.001), leastBid);
  });

  it('rent whole gigabytes, at least what was asked and at least eight', () => {
    assert.deepEqual([0, 1, 8, 8.1, 40, 99.5].map(rentableGb), [8, 8, 8, 9, 40, 100]);
  });
});
