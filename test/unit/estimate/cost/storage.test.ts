import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatUsd, usd } from '../../../../src/domain/money.ts';
import { neededDiskGb, networkVolumeUsd, stoppedUsd, storageUsd } from '../../../../src/estimate/cost/storage.ts';
import { transferOf } from '../../../../src/estimate/cost/transfer.ts';
import { offer } from '../../../fakes/offers.ts';
import { workload } from '../workloads.ts';

describe('storage', () => {
  it('of 100 GB for a month costs $7.00 on a network volume, as published', () => {
    assert.equal(formatUsd(networkVolumeUsd(100, 1)), '$7.00');
    assert.equal(networkVolumeUsd(100, 1), storageUsd(100, 0.07, 1));
  });

  it('gets cheaper above a terabyte, and only what is above it', () => {
    assert.equal(networkVolumeUsd(1000, 1), usd(70));
    assert.equal(networkVolumeUsd(3000, 1), usd(170));
  });

  it('is never cheaper for more', () => {
    fc.assert(fc.property(fc.nat(10_000), fc.nat(10_000), (a, b) => networkVolumeUsd(Math.min(a, b), 1) <= networkVolumeUsd(Math.max(a, b), 1)));
  });

  it('of a stopped machine runs on', () => assert.equal(stoppedUsd(offer({ diskUsd: 0.02 }), 24 * 7), usd(3.36)));
});

describe('the disk a job needs', () => {
  const gb = (change: Parameters<typeof workload>[0]): number => neededDiskGb(workload(change), transferOf(workload(change)));

  it('holds image, model and two checkpoints', () => {
    assert.equal(gb({}), 50);
    // 16 GB down, 16 GB of result, 2 × 96 GB of checkpoints.
    assert.equal(gb({ method: 'full' }), 250);
  });

  it('is in steps of ten', () => {
    fc.assert(fc.property(fc.nat(1e7), (samples) => gb({ samples }) % 10 === 0));
  });
});
