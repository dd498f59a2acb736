import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chargeFor, formatUsd, usd, usdPerHour, zeroUsd, type Usd, type UsdPerHour } from '../../../../src/domain/money.ts';
import { articlePurchase, purchase, type Purchase } from '../../../../src/estimate/cost/purchase.ts';

const hours = (change: Partial<Purchase>): number => Math.round(purchase({ ...articlePurchase(), ...change }).hours);

describe('buying the card of the articles', () => {
  it('is an RTX 4090 for $1,800 that draws 0.45 kW at $0.15, against $0.60', () => {
    assert.deepEqual(articlePurchase(), { card: usd(1800), rest: zeroUsd, resale: zeroUsd, kw: 0.45, tariff: 0.15, rent: usdPerHour(0.6), hoursPerWeek: 40 });
  });

  for (const [rent, without, withPower] of [[0.6, 3000, 3380], [0.4, 4500, 5414], [0.69, 2609, 2892]] as const) {
    it(`pays after ${without} hours against $${rent}, after ${withPower} with power`, () => {
      assert.deepEqual([hours({ rent: usdPerHour(rent), tariff: 0 }), hours({ rent: usdPerHour(rent) })], [without, withPower]);
    });
  }

  it('pays after 1,690 hours where half of its price comes back', () => assert.equal(hours({ resale: usd(900) }), 1690));

  it('does not pay within the 2,500 to 3,000 hours that the article names, once its power is paid', () => {
    assert.ok(hours({}) > 3000 && hours({ tariff: 0 }) <= 3000);
  });

  it('takes 85 weeks of 40 hours', () => {
    const { weeks, rentedYear, ownedYear } = purchase(articlePurchase());
    assert.equal(Math.round(weeks), 85);
    assert.deepEqual([formatUsd(rentedYear), formatUsd(ownedYear)], ['$1251.43', '$1940.79']);
  });
});

describe('buying a machine', () => {
  const dollars = fc.integer({ min: 0, max: 20_000 }).map((one) => usd(one));
  const any: fc.Arbitrary<Purchase> = fc.record({
    card: dollars, rest: dollars, resale: dollars, kw: fc.double({ min: 0, max: 10, noNaN: true }), tariff: fc.double({ min: 0, max: 1, noNaN: true }),
    rent: fc.integer({ min: 1, max: 50_000_000 }).map((micro) => micro as UsdPerHour), hoursPerWeek: fc.double({ min: 0, max: 168, noNaN: true }),
  });

  it('has cost at that hour what renting would have', () => {
    fc.assert(fc.property(any, (one) => {
      const { hours: after, power } = purchase(one);
      fc.pre(Number.isFinite(after) && after < 1e6);
      const bound = Math.max(0, one.card + one.rest - one.resale) as Usd;
      assert.ok(Math.abs(chargeFor(one.rent, after * 3.6e6) - (bound + chargeFor(power, after * 3.6e6))) <= 2);
    }));
  });

  it('never pays where power costs what renting does, nor in weeks without use', () => {
    fc.assert(fc.property(any, (one) => {
      assert.equal(purchase({ ...one, card: usd(1), rest: zeroUsd, resale: zeroUsd, kw: 1, tariff: 1, rent: usdPerHour(1) }).hours, Infinity);
      const idle = purchase({ ...one, hoursPerWeek: 0 });
      assert.deepEqual([idle.weeks, idle.rentedYear], [Infinity, 0]);
    }), { numRuns: 20 });
  });

  it('pays later where it costs more, and sooner where renting does', () => {
    fc.assert(fc.property(any, dollars, fc.nat(10_000_000), (one, more, dearer) => {
      const { hours: after } = purchase(one);
      assert.ok(purchase({ ...one, rest: (one.rest + more) as Usd }).hours >= after);
      assert.ok(purchase({ ...one, rent: (one.rent + dearer) as UsdPerHour }).hours <= after);
    }));
  });
});
