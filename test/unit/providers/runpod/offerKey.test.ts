import assert from 'node:assert/strict';
import fc from 'fast-check';
import { clouds, dataCenterIdPattern, decodeOfferKey, encodeOfferKey, gpuTypeIdPattern } from '../../../../src/providers/runpod/offerKey.ts';
import { anyText } from './support.ts';

const wish = fc.record({
  cloud: fc.constantFrom(...clouds),
  count: fc.integer({ min: 1, max: 64 }),
  dataCenterId: fc.oneof(fc.constant(''), fc.stringMatching(dataCenterIdPattern)),
  gpuTypeId: fc.oneof(fc.stringMatching(/^[\x20-\x7e]{1,60}$/).filter((id) => gpuTypeIdPattern.test(id)), fc.constant('NVIDIA  A30 ~ 100% / MIG 1g.24gb')),
}, { noNullPrototype: true });

describe('the key of an offer', () => {
  it('reads as its parts', () => {
    assert.equal(
      encodeOfferKey({ cloud: 'SECURE', count: 2, dataCenterId: 'EU-RO-1', gpuTypeId: 'NVIDIA GeForce RTX 4090' }),
      'SECURE~2~EU-RO-1~NVIDIA%20GeForce%20RTX%204090',
    );
    assert.equal(encodeOfferKey({ cloud: 'COMMUNITY', count: 1, dataCenterId: '', gpuTypeId: 'NVIDIA L4' }), 'COMMUNITY~1~~NVIDIA%20L4');
  });

  it('comes back as the wish it was made from', () => {
    fc.assert(fc.property(wish, (made) => {
      assert.deepEqual(decodeOfferKey(encodeOfferKey(made)), made);
    }));
  });

  it('never contains a colon, which separates it from the provider', () => {
    fc.assert(fc.property(wish, (made) => assert.ok(!encodeOfferKey(made).includes(':'))));
  });

  it('is refused when it is none', () => {
    for (const text of [
      '', 'SECURE', 'secure~1~~NVIDIA%20L4', 'SECURE~0~~NVIDIA%20L4', 'SECURE~01~~NVIDIA%20L4', 'SECURE~1.5~~NVIDIA%20L4', 'SECURE~1~~',
      'SECURE~1~EU RO~NVIDIA%20L4', 'SECURE~1~~%E0%A4%A', 'SECURE~1~~..', 'SECURE~1~~a%00b', 'SECURE~1~~NVIDIA L4', 'HOME~1~~NVIDIA%20L4',
    ]) assert.equal(decodeOfferKey(text), undefined, text);
  });

  it('takes any text without throwing, and only what it would write itself', () => {
    fc.assert(fc.property(anyText, (text) => {
      const read = decodeOfferKey(text);
      assert.ok(read === undefined || encodeOfferKey(read) === text);
    }));
  });
});
