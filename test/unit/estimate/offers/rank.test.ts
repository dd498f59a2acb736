import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, zeroUsd, type Usd } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import { bandAround, exactly } from '../../../../src/estimate/band.ts';
import { chanceOfSuccess, isRunnable, paretoFront, picks, rank, type Runnable } from '../../../../src/estimate/offers/rank.ts';
import type { OfferEstimate } from '../../../../src/estimate/result.ts';
import { offer } from '../../../fakes/offers.ts';

const memory = { gb: exactly(20), parts: { weights: 16, gradients: 0, optimizer: 0, activations: 2, logits: 1, overhead: 1 } };

interface Made { id: string; dollars: number; hours: number; offer?: Partial<Offer>; fit?: OfferEstimate['fit'] }

function made({ id, dollars, hours, offer: change = {}, fit = { verdict: 'fits', probability: 0.99 } }: Made): Runnable {
  const cost: Usd = usd(dollars);
  return { offer: offer({ id: `vast:${id}` as OfferId, ...change }), memory, fit, hours: bandAround(hours, 0.2), usd: { low: cost, likely: cost, high: cost }, assumptions: [] };
}
const ids = (estimates: readonly OfferEstimate[]): string[] => estimates.map(({ offer: { id } }) => id.slice(5));
const id = (estimate: OfferEstimate | undefined): string | undefined => estimate?.offer.id.slice(5);

const silent = (change: Partial<Offer>): Offer => {
  const { reliability: _, ...rest } = offer(change);
  return rest;
};

const some = fc.array(fc.record({ dollars: fc.integer({ min: 1, max: 50 }), hours: fc.integer({ min: 1, max: 50 }) }), { maxLength: 40 })
  .map((all) => all.map(({ dollars, hours }, index) => made({ id: String(index), dollars, hours })));

describe('ranking', () => {
  const cheap = made({ id: 'cheap', dollars: 1, hours: 10, offer: { reliability: 0.95 } });
  const middle = made({ id: 'middle', dollars: 2, hours: 4, offer: { reliability: 0.97 } });
  const quick = made({ id: 'quick', dollars: 9, hours: 1, offer: { reliability: 0.99 } });
  const worse = made({ id: 'worse', dollars: 10, hours: 4, offer: { reliability: 0.6 } });
  const small = made({ id: 'small', dollars: 0.1, hours: 1, fit: { verdict: 'no', probability: 0.02 } });
  const { hours: _hours, usd: _usd, ...unknown } = made({ id: 'unknown', dollars: 0, hours: 0 });
  const all = [worse, quick, small, unknown, middle, cheap];

  it('leaves out what cannot hold the job and what has no price', () => {
    assert.deepEqual(all.map(isRunnable), [true, true, false, false, true, true]);
    assert.equal(rank(all, 'cost').length, 4);
  });

  it('is by cost, time or risk', () => {
    assert.deepEqual(ids(rank(all, 'cost')), ['cheap', 'middle', 'quick', 'worse']);
    assert.deepEqual(ids(rank(all, 'time')), ['quick', 'middle', 'worse', 'cheap']);
    assert.deepEqual(ids(rank(all, 'risk')), ['quick', 'middle', 'cheap', 'worse']);
  });

  it('puts unknown risk last', () => {
    const nobodyKnows = { ...made({ id: 'nobody', dollars: 0.01, hours: 0.1 }), offer: silent({ id: 'vast:nobody' as OfferId, tier: 'community' }) };
    assert.equal(chanceOfSuccess(nobodyKnows), undefined);
    assert.deepEqual(ids(rank([nobodyKnows, ...all], 'risk')).at(-1), 'nobody');
  });

  it('never flickers among equals', () => {
    const [a, b] = [made({ id: 'a', dollars: 1, hours: 1 }), made({ id: 'b', dollars: 1, hours: 1 })];
    for (const sort of ['cost', 'time', 'risk'] as const) assert.deepEqual(ids(rank([b, a], sort)), ids(rank([a, b], sort)));
  });

  it('does not disturb the list it was given', () => {
    const given = [worse, cheap];
    rank(given, 'cost');
    assert.deepEqual(ids(given), ['worse', 'cheap']);
  });

  describe('the front', () => {
    it('is what nothing beats in both', () => assert.deepEqual(ids(paretoFront(all)), ['cheap', 'middle', 'quick']));

    it('holds no offer that another beats, and leaves out none that nothing beats', () => {
      fc.assert(fc.property(some, (estimates) => {
        const beats = (a: Runnable, b: Runnable): boolean =>
          a.usd.likely <= b.usd.likely && a.hours.likely <= b.hours.likely && (a.usd.likely < b.usd.likely || a.hours.likely < b.hours.likely);
        const front = paretoFront(estimates);
        for (const one of front) assert.ok(!estimates.some((other) => beats(other, one)));
        for (const one of estimates) {
          if (estimates.some((other) => beats(other, one))) continue;
          assert.ok(front.some(({ usd: cost, hours }) => cost.likely === one.usd.likely && hours.likely === one.hours.likely));
        }
      }));
    });
  });

  describe('picks', () => {
    it('are the four answers', () => {
      const { cheapest, fastest, safest, bestValue } = picks(all);
      assert.deepEqual([id(cheapest), id(fastest), id(safest), id(bestValue)], ['cheap', 'quick', 'quick', 'middle']);
    });

    it('are none among none', () => assert.deepEqual(picks([small, unknown]), {}));

    it('take the cheapest and fastest there is, and a best value that nothing beats', () => {
      fc.assert(fc.property(some, (estimates) => {
        fc.pre(estimates.length > 0);
        const { cheapest, fastest, bestValue } = picks(estimates);
        assert.equal(cheapest?.usd.likely, Math.min(...estimates.map(({ usd: cost }) => cost.likely)));
        assert.equal(fastest?.hours.likely, Math.min(...estimates.map(({ hours }) => hours.likely)));
        assert.ok(bestValue);
        assert.ok(!estimates.some((other) => other.usd.likely < bestValue.usd.likely && other.hours.likely < bestValue.hours.likely && other.hours.likely > 0
          && (chanceOfSuccess(other) ?? 0) >= (chanceOfSuccess(bestValue) ?? 0)));
      }));
    });

    it('are safest where cheapest among what is equally safe', () => {
      const dear = made({ id: 'dear', dollars: 5, hours: 2, offer: { reliability: 0.9991 } });
      const fair = made({ id: 'fair', dollars: 3, hours: 2, offer: { reliability: 0.999 } });
      const shaky = made({ id: 'shaky', dollars: 1, hours: 2, offer: { reliability: 0.8 } });
      assert.equal(id(picks([dear, fair, shaky]).safest), 'fair');
    });

    it('name no safest where nothing is known', () => {
      const nobodyKnows = { ...cheap, offer: silent({ tier: 'community' }) };
      assert.deepEqual(Object.keys(picks([nobodyKnows])).toSorted(), ['bestValue', 'cheapest', 'fastest']);
    });

    it('hold back offers where memory is only just enough, unless there are no others', () => {
      const tight = made({ id: 'tight', dollars: 0.5, hours: 0.5, fit: { verdict: 'risky', probability: 0.6 } });
      assert.equal(id(picks([tight, middle]).cheapest), 'middle');
      assert.equal(id(picks([tight, small]).cheapest), 'tight');
    });

    it('go by what is likely, not by what could be', () => {
      const vague = { ...made({ id: 'vague', dollars: 3, hours: 3 }), hours: bandAround(3, 1), usd: { low: usd(0.1), likely: usd(3), high: usd(90) } };
      const sure = made({ id: 'sure', dollars: 2.9, hours: 2.9 });
      const { cheapest, fastest, safest, bestValue } = picks([vague, sure]);
      assert.deepEqual([id(cheapest), id(fastest), id(safest), id(bestValue)], ['sure', 'sure', 'sure', 'sure']);
    });

    it('do not count interruptions twice', () => {
      const interruption = { intervalMinutes: 27, meanHoursBetween: 6, extraUsd: zeroUsd };
      const spot = { ...made({ id: 'spot', dollars: 1, hours: 30, offer: { kind: 'interruptible' } }), interruption };
      const steady = made({ id: 'steady', dollars: 4, hours: 27 });
      assert.equal(id(picks([spot, steady]).bestValue), 'spot');
      assert.equal(id(picks([spot, steady]).safest), 'steady');
    });

    it('stay away from an offer that ends before the job', () => {
      const { readAt } = offer();
      const ending = made({ id: 'ending', dollars: 1, hours: 10, offer: { details: { availableUntil: readAt + 5 * 3_600_000 } } });
      assert.equal(chanceOfSuccess(ending), 0);
      const lasting = made({ id: 'lasting', dollars: 1, hours: 10, offer: { details: { availableUntil: readAt + 11 * 3_600_000 } } });
      assert.equal(chanceOfSuccess(lasting), chanceOfSuccess(made({ id: 'endless', dollars: 1, hours: 10 })));
      const { safest, bestValue } = picks([ending, worse]);
      assert.deepEqual([id(safest), id(bestValue)], ['worse', 'worse']);
    });
  });
});
