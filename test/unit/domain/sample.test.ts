import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OfferFilter } from '../../../src/domain/filter.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { hostPricesOf, isUnbiased, quarterMs, samplesOf, seriesKey, type MarketRead } from '../../../src/domain/sample.ts';
import { offer } from '../../fakes/offers.ts';

const at = Date.UTC(2026, 10, 22, 12, 7);
const priced = (gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ gpuUsd, readAt: at, ...change });
const read = (offers: readonly Offer[], change: Partial<MarketRead> = {}): MarketRead => ({ provider: 'vast', filter: { diskGb: 40 }, offers, more: false, at, ...change });

describe('a sample of the market', () => {
  it('holds the lowest and the middle price of one GPU alone, and how many there were', () => {
    const [sample, ...rest] = samplesOf(read([0.5, 0.3, 0.4].map((gpuUsd) => priced(gpuUsd))));
    assert.deepEqual(sample, {
      gpu: 'RTX 4090', vramGb: 24, provider: 'vast', kind: 'on-demand', tier: 'community', at: at - (at % quarterMs), spanMs: quarterMs,
      low: usdPerHour(0.3), median: usdPerHour(0.4), offers: 3,
    });
    assert.deepEqual(rest, []);
  });

  it('keeps apart what is not comparable, and leaves larger machines and prices that are none out', () => {
    const samples = samplesOf(read([
      priced(0.3), priced(0.2, { kind: 'interruptible' }), priced(0.6, { tier: 'datacentre' }), priced(0.7, { vramGb: 48 }),
      priced(0.1, { gpuCount: 8 }), priced(0), priced(-1),
    ]));
    assert.deepEqual(samples.map(({ kind, tier, vramGb, low, offers }) => [kind, tier, vramGb, low, offers]), [
      ['on-demand', 'community', 24, usdPerHour(0.3), 1], ['interruptible', 'community', 24, usdPerHour(0.2), 1],
      ['on-demand', 'datacentre', 24, usdPerHour(0.6), 1], ['on-demand', 'community', 48, usdPerHour(0.7), 1],
    ]);
    assert.equal(new Set(samples.map(seriesKey)).size, 4);
  });

  it('knows no middle of a reading that was cut short', () => {
    assert.deepEqual(samplesOf(read([priced(0.3), priced(0.9)], { more: true })).map(({ low, median }) => [low, median]), [[usdPerHour(0.3), undefined]]);
  });

  it('is not taken through a filter that makes the market look cheap, trusted or small', () => {
    const biased: Partial<OfferFilter>[] = [{ maxPrice: usdPerHour(0.4) }, { minReliability: 0.99 }, { region: 'NO' }, { datacentreOnly: true }, { count: 2 }, { diskGb: 640 }];
    for (const filter of biased) {
      assert.equal(isUnbiased({ diskGb: 40, ...filter }), false, JSON.stringify(filter));
      assert.deepEqual(samplesOf(read([priced(0.3)], { filter: { diskGb: 40, ...filter } })), []);
    }
    for (const filter of [{}, { gpu: 'RTX 4090' }, { provider: 'vast' }, { kind: 'on-demand' }, { minVramGb: 24 }, { count: 1 }, { datacentreOnly: false }] as const) assert.ok(isUnbiased({ diskGb: 40, ...filter }), JSON.stringify(filter));
  });

  it('is not taken while our clock and the provider’s disagree', () => {
    for (const hours of [-24, -1, 1, 24 * 365]) {
      const wrong = read([priced(0.3, { details: { machineId: '7' } })], { at: at + hours * 3_600_000 });
      assert.deepEqual([samplesOf(wrong), hostPricesOf(wrong)], [[], []]);
    }
    assert.equal(samplesOf(read([priced(0.3)], { at: at + 60_000 })).length, 1);
  });

  it('does not depend on the disk that prices include, nor on the order of the offers', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 50 }), (cents, diskUsd) => {
      const offers = cents.map((cent) => priced(cent / 100));
      const other = offers.toReversed().map((one) => ({ ...one, price: { ...one.price, disk: usdPerHour(diskUsd) } }));
      assert.deepEqual(samplesOf(read(offers)), samplesOf(read(other)));
      const [sample] = samplesOf(read(offers));
      assert.equal(sample?.low, usdPerHour(Math.min(...cents) / 100));
      assert.ok(sample?.median !== undefined && sample.median >= sample.low && offers.some(({ price }) => price.gpu === sample.median));
    }));
  });
});

describe('what a host asks', () => {
  it('is its lowest price of each size, of hosts that can be told again and on demand', () => {
    const own = { details: { machineId: '7' } };
    const prices = hostPricesOf(read([
      priced(0.5, own), priced(0.3, { ...own, id: 'vast:2' as OfferId }), priced(1.1, { ...own, gpuCount: 4 }), priced(0.1, { ...own, kind: 'interruptible' }), priced(0.2),
    ]));
    assert.deepEqual(prices, [
      { host: 'vast:machine-7', gpuCount: 1, at, rate: usdPerHour(0.3) },
      { host: 'vast:machine-7', gpuCount: 4, at, rate: usdPerHour(1.1) },
    ]);
  });
});
