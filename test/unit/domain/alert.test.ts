import assert from 'node:assert/strict';
import fc from 'fast-check';
import { meeting, withSeen, type Alert } from '../../../src/domain/alert.ts';
import { alertEveryMs } from '../../../src/domain/alertPace.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { offer } from '../../fakes/offers.ts';

const at = Date.UTC(2026, 10, 22);
const alert: Alert = { id: 'a', madeAt: at, filter: { diskGb: 40, gpu: 'RTX 4090', maxPrice: usdPerHour(0.35), minReliability: 0.99 } };

describe('an alert', () => {
  it('is met by what its filter takes, the cheapest first, for its disk alone', () => {
    const one = (id: number, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, ...change });
    const offers = [one(1, 0.33), one(2, 0.3), one(3, 0.34), one(4, 0.2, { reliability: 0.9 }), one(5, 0.1, { gpu: 'RTX 3090' }), one(6, 0.1, { diskGb: 20 })];
    assert.deepEqual(meeting(alert, offers).map(({ id }) => id), ['vast:2', 'vast:1']);
  });

  it('is one appearance while it is seen again and again, and a new one after a break', () => {
    const seen = (times: readonly number[]): number[] => [...new Set(times.reduce<Alert[]>((all, time) => [...all, withSeen(all.at(-1) ?? alert, at + time)], []).map(({ since = 0 }) => since - at))];
    assert.deepEqual(seen([0, alertEveryMs, 2 * alertEveryMs, 4 * alertEveryMs]), [0]);
    assert.deepEqual(seen([0, alertEveryMs, 10 * alertEveryMs, 11 * alertEveryMs]), [0, 10 * alertEveryMs]);
    assert.deepEqual(seen([0, -60 * alertEveryMs]), [0, -60 * alertEveryMs], 'a clock that was set back makes news once');
  });

  it('is told at most once in each quarter of an hour, whatever the looks', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 * alertEveryMs }), { maxLength: 60 }), (steps) => {
      const news: number[] = [];
      let one = alert;
      let time = at;
      for (const step of steps) {
        time += step;
        one = withSeen(one, time);
        if (one.since !== news.at(-1)) news.push(one.since ?? 0);
      }
      news.forEach((since, index) => assert.ok(index === 0 || since - (news[index - 1] ?? 0) >= 3 * alertEveryMs));
    }));
  });
});
