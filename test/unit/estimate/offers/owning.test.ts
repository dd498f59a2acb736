import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDollars } from '../../../../src/domain/money.ts';
import { allIn } from '../../../../src/domain/offer.ts';
import { owning } from '../../../../src/estimate/offers/owning.ts';
import { estimate } from '../../ui/estimate/support/estimates.ts';

describe('buying the card', () => {
  it('pays after about three thousand hours at the price of the article, and some more with electricity', () => {
    const found = owning([estimate({ gpuUsd: 0.58 })]);
    assert.ok(found && found.hours > 3000 && found.hours < 3700, String(found?.hours));
    assert.deepEqual([found.gpu, toDollars(found.cardUsd), found.readOn], ['RTX 4090', 1800, '2026-02-12']);
  });

  it('is told of the cheapest machine of one card that has a price', () => {
    const [pair, other, cheap, dear] = [estimate({ gpuCount: 2, gpuUsd: 0.1 }), estimate({ gpu: 'RTX 3090', gpuUsd: 0.15 }), estimate({ gpuUsd: 0.3 }), estimate({ gpuUsd: 0.6 })];
    assert.equal(owning([pair, other, cheap, dear])?.hours, owning([cheap])?.hours);
    assert.ok((owning([cheap])?.hours ?? 0) > (owning([dear])?.hours ?? Infinity));
  });

  it('is not told of cards without a price, of what may not fit, and where power costs more than rent', () => {
    assert.equal(owning([]), undefined);
    assert.equal(owning([estimate({ gpu: 'H100 SXM', vramGb: 80 })]), undefined);
    assert.equal(owning([estimate({ fit: { verdict: 'risky', probability: 0.5 } })]), undefined);
    assert.equal(owning([estimate({ gpuUsd: 0.05 })]), undefined);
  });

  it('costs the same as renting for so long', () => {
    fc.assert(fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), (gpuUsd) => {
      const one = estimate({ gpuUsd });
      const found = owning([one]);
      assert.ok(found);
      const power = 450 / 1000 * 1.5 * found.perKwh;
      assert.ok(Math.abs((toDollars(allIn(one.offer)) - power) * found.hours - 1800) < 1);
    }));
  });
});
