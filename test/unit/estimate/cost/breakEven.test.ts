import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, usdPerHour, type Usd, type UsdPerHour } from '../../../../src/domain/money.ts';
import { atListPrices, buyingPaysAfterHours, interruptibleWinsBelow, powerRate } from '../../../../src/estimate/cost/breakEven.ts';

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

describe('the job at list prices', () => {
  const job = { gpu: 'H100 SXM', vramGb: 80, gpuCount: 1, hours: 10, usd: usd(20) };

  it('costs the price of whole instances for the same hours, cheapest first', () => {
    const there = atListPrices(job);
    assert.ok(there.length >= 2);
    assert.deepEqual(there.map(({ usd: cost }) => cost), there.map(({ usd: cost }) => cost).toSorted((a, b) => a - b));
    const aws = there.find(({ cloud }) => cloud === 'aws');
    assert.deepEqual([aws?.instance, aws?.usd, aws?.saves], ['p5.4xlarge', usd(68.8), usd(48.8)]);
    assert.match(aws?.readOn ?? '', /^\d{4}-\d\d-\d\d$/);
  });

  it('pays for GPUs that stand idle in an instance of eight', () => {
    const aws = atListPrices({ ...job, gpu: 'A100 SXM', vramGb: 80 }).find(({ cloud }) => cloud === 'aws');
    assert.deepEqual([aws?.instance, aws?.usd], ['p4de.24xlarge', usd(274.4705)]);
  });

  it('takes several instances for more GPUs than one has', () => {
    assert.equal(atListPrices({ ...job, gpuCount: 16 }).find(({ cloud }) => cloud === 'aws')?.instances, 2);
  });

  it('says what is lost where a cloud is cheaper', () => {
    for (const { usd: there, saves } of atListPrices({ ...job, usd: usd(1000) })) assert.equal(saves, there - usd(1000));
  });

  it('is nowhere for a card that no cloud lists', () => assert.deepEqual(atListPrices({ ...job, gpu: 'RTX 4090', vramGb: 24 }), []));
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
