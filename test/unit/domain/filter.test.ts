import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareOffers, groupOffers, matches, nextBest, type OfferFilter } from '../../../src/domain/filter.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../src/domain/offer.ts';
import { offer } from '../../fakes/offers.ts';

const disk = { diskGb: 40 };
const anyOffer = fc.record({
  id: fc.integer({ min: 1, max: 1e6 }).map((n): OfferId => `vast:${n}`),
  gpu: fc.constantFrom('RTX 4090', 'RTX 3090', 'A100 SXM', 'A100 PCIe', 'H100 SXM'),
  vramGb: fc.constantFrom(24, 40, 80),
  gpuCount: fc.constantFrom(1, 2, 8),
  gpuUsd: fc.double({ min: 0.05, max: 30, noNaN: true }),
  reliability: fc.double({ min: 0.5, max: 1, noNaN: true }),
  kind: fc.constantFrom('on-demand' as const, 'interruptible' as const),
  tier: fc.constantFrom('community' as const, 'datacentre' as const),
}).map((change) => offer(change));

describe('filter', () => {
  const cases: [string, OfferFilter, Partial<Offer>, boolean][] = [
    ['gpu by common name', { ...disk, gpu: '4090' }, {}, true],
    ['gpu of another model', { ...disk, gpu: 'RTX 3090' }, {}, false],
    ['count', { ...disk, count: 2 }, { gpuCount: 1 }, false],
    ['memory', { ...disk, minVramGb: 24 }, { vramGb: 24 }, true],
    ['too little memory', { ...disk, minVramGb: 25 }, { vramGb: 24 }, false],
    ['price is all-in', { ...disk, maxPrice: usdPerHour(0.32) }, {}, false],
    ['price met exactly', { ...disk, maxPrice: usdPerHour(0.33) }, {}, true],
    ['reliability', { ...disk, minReliability: 0.99 }, { reliability: 0.989 }, false],
    ['country', { ...disk, region: 'no' }, {}, true],
    ['another country', { ...disk, region: 'US' }, {}, false],
    ['a data centre by its prefix', { ...disk, region: 'US' }, { place: 'US-TX-3', country: undefined as never }, true],
    ['part of a place', { ...disk, region: 'texas' }, { place: 'Texas, US' }, true],
    ['provider', { ...disk, provider: 'runpod' }, {}, false],
    ['datacentres only', { ...disk, datacentreOnly: true }, {}, false],
    ['kind', { ...disk, kind: 'interruptible' }, {}, false],
  ];
  for (const [what, filter, change, expected] of cases) {
    it(what, () => assert.equal(matches(offer(change), filter), expected));
  }

  it('never counts an unpublished reliability as met', () => {
    const { reliability: _, ...unknown } = offer({ tier: 'datacentre' });
    assert.equal(matches(unknown, { ...disk, minReliability: 0.01 }), false);
    assert.equal(matches(unknown, disk), true);
  });
});

describe('sorting and grouping', () => {
  it('orders any offers totally, whatever the sort', () => {
    fc.assert(fc.property(fc.array(anyOffer, { maxLength: 40 }), fc.constantFrom('price' as const, 'reliability' as const, 'pricePerGpu' as const), (offers, sort) => {
      const compare = compareOffers(sort);
      const sorted = offers.toSorted(compare);
      for (let i = 1; i < sorted.length; i++) assert.ok(compare(sorted[i - 1] as Offer, sorted[i] as Offer) <= 0);
      assert.deepEqual(offers.toReversed().toSorted(compare).map((o) => allIn(o)), sorted.map((o) => allIn(o)));
    }));
  });

  it('loses no offer in groups, and names each group by its best price', () => {
    fc.assert(fc.property(fc.array(anyOffer, { maxLength: 40 }), (offers) => {
      const groups = groupOffers(offers, 'reliability');
      assert.equal(groups.reduce((sum, group) => sum + group.offers.length, 0), offers.length);
      for (const group of groups) {
        assert.equal(group.from, Math.min(...group.offers.map(allIn)));
        assert.ok(group.offers.every((member) => member.gpu === group.gpu && member.vramGb === group.vramGb));
      }
      assert.deepEqual(groups.map((group) => group.from), groups.map((group) => group.from).toSorted((a, b) => a - b));
    }));
  });
});

describe('next best offer', () => {
  it('is never dearer than agreed, never the same, never of a lesser kind', () => {
    fc.assert(fc.property(fc.array(anyOffer, { maxLength: 40 }), anyOffer, (offers, failed) => {
      const next = nextBest(offers, failed, allIn(failed), new Set());
      if (next === undefined) return;
      assert.notEqual(next.id, failed.id);
      assert.ok(allIn(next) <= allIn(failed));
      assert.equal(next.gpu, failed.gpu);
      assert.equal(next.gpuCount, failed.gpuCount);
      assert.equal(next.kind, failed.kind);
      if (failed.tier === 'datacentre') assert.equal(next.tier, 'datacentre');
    }));
  });

  it('passes over what was tried', () => {
    const second = offer({ id: 'vast:2' });
    const third = offer({ id: 'vast:3' });
    assert.equal(nextBest([second, third], offer(), allIn(offer()), new Set(['vast:2']))?.id, 'vast:3');
    assert.equal(nextBest([second], offer(), allIn(offer()), new Set(['vast:2'])), undefined);
  });
});
