import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { UsdPerHour } from '../../../src/domain/money.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import { dayMs, hourMs, quarterMs, type PriceSample } from '../../../src/domain/sample.ts';
import { hoursOfWeek, leastDays, leastHours, lowsByDay, lowStanding, offerStanding, usualOf } from '../../../src/domain/standing.ts';

const now = new Date(2026, 10, 22, 12, 20).getTime();
const hour = (ago: number): number => Math.floor(now / hourMs) * hourMs - ago * hourMs;
const sample = (at: number, low: number, change: Partial<PriceSample> = {}): PriceSample =>
  ({ gpu: 'RTX 4090', vramGb: 24, provider: 'vast', kind: 'on-demand', tier: 'community', at, spanMs: quarterMs, low: usdPerHour(low), offers: 9, ...change });
/** One for each hour, back in time. */
const hours = (lows: readonly number[], change: Partial<PriceSample> = {}): PriceSample[] => lows.map((low, index) => sample(hour(index + 1), low, change));
const steady = (count: number, low = 0.3): PriceSample[] => hours(Array.from({ length: count }, () => low), { median: usdPerHour(low * 1.2) });
const enough = Math.max(leastHours, (leastDays - 1) * 24 + 1);

describe('what is usual', () => {
  it('is not said before enough hours of enough days were seen', () => {
    assert.equal(usualOf(steady(leastHours - 1), now), undefined);
    assert.equal(usualOf(steady(leastHours), now), undefined, 'a day and a half is one price');
    assert.ok(usualOf(steady(3 * 24), now));
    const often = Array.from({ length: 400 }, (_, index) => sample(hour(1 + (index % 5)) + (index % 4) * quarterMs, 0.3));
    assert.equal(usualOf(often, now), undefined, 'many looks in few hours are few hours');
  });

  it('ignores the future, and does not hold the present hour against itself', () => {
    const base = steady(4 * 24);
    const usual = usualOf(base, now);
    const ahead = Array.from({ length: 200 }, (_, index) => sample(hour(-1 - index), 0.01));
    assert.deepEqual(usualOf([...base, sample(hour(0), 0.01), ...ahead], now), usual);
  });

  it('counts an hour once, however often it was looked at', () => {
    const days = hours(Array.from({ length: 96 }, (_, index) => (index < 24 ? 0.2 : 0.4)));
    const watched = days.flatMap((one, index) => (index < 24 ? [0, 1, 2, 3].map((quarter) => ({ ...one, at: one.at + quarter * quarterMs })) : [one]));
    assert.deepEqual(usualOf(watched, now), usualOf(days, now));
  });

  it('makes nothing of a steady price, and something of one that leaves its range', () => {
    const usual = usualOf(steady(4 * 24), now);
    assert.ok(usual);
    const said = (price: number): unknown => [lowStanding(usual, usdPerHour(price)), offerStanding(usual, usdPerHour(price))];
    assert.deepEqual([0.29, 0.295, 0.3, 0.305, 0.31].map(said), [['cheap', 'cheap'], ['usual', 'usual'], ['usual', 'usual'], ['usual', 'usual'], ['dear', 'usual']]);
    assert.deepEqual([0.36, 0.42].map(said), [['dear', 'usual'], ['dear', 'usual']], 'the middle of the market is dear as its lowest price, and usual for an offer');
    assert.deepEqual(said(0.43), ['dear', 'dear']);
  });

  it('calls no offer dear or usual where only the beginning of the market was seen', () => {
    const usual = usualOf(hours(Array.from({ length: 96 }, () => 0.3)), now);
    assert.ok(usual);
    assert.deepEqual([0.2, 0.3, 9].map((price) => offerStanding(usual, usdPerHour(price))), ['cheap', undefined, undefined]);
  });

  it('says the same whatever the order, and never calls a lower price dearer', () => {
    const history = fc.array(fc.integer({ min: 10_000, max: 4_000_000 }), { minLength: enough, maxLength: 200 });
    const rank = { cheap: 0, usual: 1, dear: 2 };
    fc.assert(fc.property(history, fc.integer({ min: 1 }), fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 2, maxLength: 20 }), (lows, seed, prices) => {
      const samples = lows.map((low, index) => sample(hour(index + 1), 0, { low: low as UsdPerHour, median: Math.round(low * (1 + (seed % 7) / 10)) as UsdPerHour }));
      const usual = usualOf(samples, now);
      assert.ok(usual);
      assert.deepEqual(usualOf(samples.toSorted((a, b) => (a.at * seed) % 97 - (b.at * seed) % 97), now), usual);
      const ascending = prices.toSorted((a, b) => a - b);
      for (const say of [(price: number) => lowStanding(usual, price), (price: number) => offerStanding(usual, price) ?? 'usual']) {
        const ranks = ascending.map((price) => rank[say(price)]);
        assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b));
      }
      assert.equal(lowStanding(usual, usual.low), 'usual');
      assert.ok(samples.some(({ low }) => low === usual.low));
    }), { numRuns: 60 });
  });
});

describe('the lowest price of each day', () => {
  it('comes oldest first, over all series, of the last days alone', () => {
    const samples = [sample(now - 20 * dayMs, 0.1), sample(now - 2 * dayMs, 0.5), sample(now - 2 * dayMs, 0.4, { provider: 'runpod' }), sample(now, 0.3), sample(now + dayMs, 0.01)];
    assert.deepEqual(lowsByDay(samples, now, 14).map(({ low }) => low), [usdPerHour(0.4), usdPerHour(0.3)]);
    assert.ok(lowsByDay(samples, now, 14).every(({ day }) => new Date(day).getHours() === 0));
  });
});

describe('the hours of the week', () => {
  it('are those that were seen, each with its middle price and in how many weeks', () => {
    const friday = new Date(2026, 10, 20, 20).getTime();
    const week = 7 * dayMs;
    const seen = hoursOfWeek([sample(friday, 0.2), sample(friday + quarterMs, 0.4), sample(friday - week, 0.5), sample(friday - 2 * week, 0.1), sample(friday + hourMs, 0.9)], now);
    assert.deepEqual(seen, [
      { weekday: 5, hour: 20, price: usdPerHour(0.3), seen: 3 },
      { weekday: 5, hour: 21, price: usdPerHour(0.9), seen: 1 },
    ]);
  });

  it('learn nothing from whole days, nor from the future', () => {
    assert.deepEqual(hoursOfWeek([sample(hour(500), 0.2, { spanMs: dayMs }), sample(now + hourMs, 0.2)], now), []);
  });
});
