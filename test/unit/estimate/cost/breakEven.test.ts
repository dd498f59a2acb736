import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, usdPerHour, type Usd, type UsdPerHour } from '../../../../src/domain/money.ts';
import { buyingPaysAfterHours, interruptibleWinsBelow, powerRate } from '../../../../src/estimate/cost/breakEven.ts';

const rate = fc.integer({ min: 1, max: 50_000_000 }).map((micro) => micro as UsdPerHour);

describe('buying a card', () => {
  it('counts power for the card and half as much for the machine around it', () => {
    assert.equal(powerRate(450, 0.2), usdPerHour(0.135));
  });

  it('pays after its price has been spent on the difference', () => {
    assert.equal(buyingPaysAfterHours(usd(1600), usdPerHour(0.5), usdPerHour(0)), 3200);
    assert.equal(buyingPaysAfterHours(usd(1600), usdPerHour(0.5), usdPerHour(0.1)), 4000);
  });

  it('never pays where power costs what renting does', () => {
    fc.assert(fc.property(rate, fc.nat(1_000_000), (rent, more) => buyingPaysAfterHours(usd(1600), rent, (rent + more) as UsdPerHour) === Infinity));
  });

  it('costs at that hour what renting would have', () => {
    fc.assert(fc.property(rate, rate, fc.integer({ min: 1, max: 1e11 }), (rent, power, card) => {
      fc.pre(power < rent);
      const hours = buyingPaysAfterHours(card as Usd, rent, power);
      assert.ok(Math.abs(rent * hours - (card + power * hours)) <= 1e-6 * rent * hours);
    }));
  });
});

describe('the break-even of interruptible offers', () => {
  it('is where both cost the same', () => {
    fc.assert(fc.property(rate, fc.double({ min: 0.1, max: 1000, noNaN: true }), fc.double({ min: 1, max: 3, noNaN: true }), (onDemand, hours, slower) => {
      const most = interruptibleWinsBelow(onDemand, hours, hours * slower);
      assert.ok(Math.abs(most * slower - onDemand) <= slower);
      assert.ok(most <= onDemand);
    }));
  });
});
