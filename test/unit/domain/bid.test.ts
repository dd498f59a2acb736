import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atBid, ownOutbidHours, typicalBid } from '../../../src/domain/bid.ts';
import { usdPerHour, type UsdPerHour } from '../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../src/domain/offer.ts';
import { offer } from '../../fakes/offers.ts';

const spot = (id: number, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}-bid` as OfferId, kind: 'interruptible', gpuUsd, ...change });

describe('a typical bid', () => {
  it('is the median of what holds such a machine now, for as many GPUs', () => {
    const offers = [spot(1, 0.1), spot(2, 0.3), spot(3, 0.2), spot(4, 0.8, { gpuCount: 2 })];
    assert.deepEqual(typicalBid(offers, spot(9, 0.1)), { rate: usdPerHour(0.25), of: 4 });
    assert.deepEqual(typicalBid(offers, spot(9, 0.1, { gpuCount: 2 })), { rate: usdPerHour(0.5), of: 4 });
  });

  it('counts neither other models, nor on-demand prices, nor other providers', () => {
    const offers = [spot(1, 0.1), spot(2, 0.2), spot(3, 0.3), spot(4, 9, { gpu: 'H100 SXM' }), offer({ gpuUsd: 9 }), spot(5, 9, { provider: 'runpod' }), spot(6, 9, { vramGb: 12 })];
    assert.equal(typicalBid(offers, spot(9, 0.1))?.rate, usdPerHour(0.2));
  });

  it('is not told from two machines', () => {
    assert.equal(typicalBid([spot(1, 0.1), spot(2, 0.2)], spot(9, 0.1)), undefined);
  });

  it('lies between the least and the most that is asked', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1000, max: 5_000_000 }), { minLength: 3, maxLength: 40 }), (floors) => {
      const offers = floors.map((floor, id) => spot(id, floor / 1e6));
      const { rate = 0, of } = typicalBid(offers, spot(99, 0.1)) ?? {};
      assert.ok(rate >= Math.min(...floors) && rate <= Math.max(...floors));
      assert.equal(of, floors.length);
    }));
  });
});

describe('an offer at a bid', () => {
  it('costs the bid and its disk', () => {
    assert.equal(allIn(atBid(spot(1, 0.1), usdPerHour(0.25))), usdPerHour(0.27));
  });

  it('is never below its floor, and an on-demand price is nobody’s to choose', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e7 }), (bid) => {
      assert.ok(allIn(atBid(spot(1, 0.1), bid as UsdPerHour)) >= allIn(spot(1, 0.1)));
      assert.deepEqual(atBid(offer(), bid as UsdPerHour), offer());
    }));
    assert.deepEqual(atBid(spot(1, 0.1), undefined), spot(1, 0.1));
  });
});

describe('one’s own history of being outbid', () => {
  it('is a rate from the third time on', () => {
    assert.equal(ownOutbidHours({ hours: 40, times: 2 }), undefined);
    assert.equal(ownOutbidHours({ hours: 60, times: 4 }), 15);
  });
});
