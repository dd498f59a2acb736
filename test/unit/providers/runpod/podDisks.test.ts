import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import { podDisks, runningDiskRate, stoppedDiskRate, totalGb, withDisk } from '../../../../src/providers/runpod/podDisks.ts';

const asked = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0.01, max: 20_000, noNaN: true }));

describe('the split of the disk', () => {
  it('gives a quarter to the container within 5 to 20 GB, and the rest to the mount', () => {
    assert.deepEqual(podDisks(40), { container: 10, persistent: 30 });
    assert.deepEqual(podDisks(15), { container: 5, persistent: 10 });
    assert.deepEqual(podDisks(1), { container: 5, persistent: 10 });
    assert.deepEqual(podDisks(80), { container: 20, persistent: 60 });
    assert.deepEqual(podDisks(2000), { container: 20, persistent: 1980 });
  });

  it('gives what was asked and never less than RunPod accepts', () => {
    fc.assert(fc.property(asked, (gb) => {
      const disks = podDisks(gb);
      assert.ok(Number.isInteger(disks.container) && Number.isInteger(disks.persistent));
      assert.ok(disks.container >= 5 && disks.container <= 20);
      assert.ok(disks.persistent >= 10);
      assert.equal(totalGb(disks), Math.max(15, Math.ceil(gb)));
    }));
  });

  it('splits its own total the same way, so that a create gets the disk that was priced', () => {
    fc.assert(fc.property(asked, (gb) => {
      assert.deepEqual(podDisks(totalGb(podDisks(gb))), podDisks(gb));
    }));
  });

  it('gives more disk for a larger wish, on either side never less', () => {
    fc.assert(fc.property(asked, asked, (a, b) => {
      const [less, more] = [podDisks(Math.min(a, b)), podDisks(Math.max(a, b))];
      assert.ok(less.container <= more.container);
      assert.ok(less.persistent <= more.persistent);
    }));
  });
});

describe('the price of the disk', () => {
  it('is ten cents per GB and month for all of it while running, twenty for the mount while stopped', () => {
    const disks = { container: 10, persistent: 30 };
    assert.equal(toDollars(runningDiskRate(disks)), 0.005479);
    assert.equal(toDollars(stoppedDiskRate(disks)), 0.008219);
    assert.equal(toDollars(withDisk(usdPerHour(0.69), disks)), 0.695479);
  });

  it('costs nothing when stopped without a mount', () => {
    assert.equal(stoppedDiskRate({ container: 20, persistent: 0 }), 0);
  });
});
