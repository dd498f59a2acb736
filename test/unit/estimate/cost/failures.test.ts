import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Offer } from '../../../../src/domain/offer.ts';
import { chanceToLast, failuresOf } from '../../../../src/estimate/cost/failures.ts';
import { offer } from '../../../fakes/offers.ts';

const mean = (of: Offer, outbidHours?: number): number => failuresOf(of, outbidHours === undefined ? {} : { outbidHours }).meanHoursBetween ?? NaN;
const unpublished = (change: Partial<Offer>): Offer => {
  const { reliability: _, ...rest } = offer(change);
  return rest;
};

describe('how long a machine lasts', () => {
  it('grows with its reliability', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) =>
      mean(offer({ reliability: Math.min(a, b) })) <= mean(offer({ reliability: Math.max(a, b) }))));
  });

  it('is weeks at 99 %, days at 95 %, hours for a host that nobody knows yet (60 %)', () => {
    assert.ok(mean(offer({ reliability: 0.99 })) > 14 * 24);
    assert.ok(mean(offer({ reliability: 0.95 })) > 48 && mean(offer({ reliability: 0.95 })) < 7 * 24);
    assert.ok(mean(offer({ reliability: 0.6 })) < 24);
  });

  it('is never longer than hardware lasts: 50,000 GPU-hours', () => {
    assert.equal(mean(offer({ reliability: 1 })), 50_000);
    assert.equal(mean(offer({ reliability: 1, gpuCount: 8 })), 6250);
    assert.equal(mean(unpublished({ tier: 'datacentre', gpuCount: 2 })), 25_000);
  });

  it('is unknown for a private host that publishes nothing', () => {
    assert.deepEqual(failuresOf(unpublished({ tier: 'community' })), { assumptions: [] });
  });

  it('stays finite for a host that was never up', () => assert.ok(mean(offer({ reliability: 0 })) > 0));

  it('is at most the assumed six hours where the machine may be taken away, and says so', () => {
    const { meanHoursBetween = NaN, assumptions } = failuresOf(offer({ kind: 'interruptible', reliability: 0.999 }));
    assert.ok(meanHoursBetween < 6 && meanHoursBetween > 5.9);
    assert.deepEqual(assumptions, [{ code: 'interruptionRate', detail: '6' }]);
  });

  it('takes the user\'s own history instead, which is no assumption', () => {
    const of = unpublished({ kind: 'interruptible', tier: 'community' });
    assert.deepEqual(failuresOf(of, { outbidHours: 30 }), { meanHoursBetween: 30, assumptions: [] });
  });

  it('is shorter than either cause alone', () => {
    fc.assert(fc.property(fc.double({ min: 0.3, max: 0.9999, noNaN: true }), fc.double({ min: 0.1, max: 1e4, noNaN: true }), (reliability, outbid) => {
      const both = mean(offer({ kind: 'interruptible', reliability }), outbid);
      assert.ok(both < outbid && both < mean(offer({ reliability })));
    }));
  });
});

describe('the chance to last', () => {
  it('is one at no time and falls to 1/e at the mean', () => {
    assert.equal(chanceToLast(0, 6), 1);
    assert.ok(Math.abs((chanceToLast(6, 6) ?? 0) - 0.3679) < 1e-4);
  });
  it('is unknown where the mean is', () => assert.equal(chanceToLast(1, undefined), undefined));
});
