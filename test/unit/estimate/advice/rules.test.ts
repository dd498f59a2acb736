import assert from 'node:assert/strict';
import type { Job } from '../../../../src/domain/job.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../../src/domain/offer.ts';
import type { HourSeen } from '../../../../src/domain/standing.ts';
import { adviceFor, candidates, finishPicks } from '../../../../src/estimate/advice/advise.ts';
import { hourlyPrices } from '../../../../src/estimate/advice/offPeak.ts';
import { rules, type Market, type RuleId } from '../../../../src/estimate/advice/rules.ts';
import { inEnglish } from '../../../../src/estimate/words.ts';
import { offer } from '../../../fakes/offers.ts';

const job = (change: Partial<Job> = {}): Job => ({ hours: 8, use: 'batch', dataGb: 0, sensitive: false, ...change });
const host = (change: Partial<Offer> = {}): Offer => offer({ reliability: 0.98, ...change });
const secure = (change: Partial<Offer> = {}): Offer => {
  const { reliability: _, ...rest } = offer({ provider: 'runpod', tier: 'datacentre', tierName: 'Secure', ...change });
  return rest;
};
const stanceOf = (id: RuleId, one: Offer, of: Job, market?: Market): string | undefined => adviceFor(one, of, market).find(({ rule }) => rule.id === id)?.stance;
const dayMs = 24 * 3_600_000;

describe('the rules', () => {
  it('let either kind of host do under 4 hours', () => {
    assert.equal(stanceOf('shortJob', host(), job({ hours: 3.9 })), 'for');
    assert.equal(stanceOf('shortJob', host(), job({ hours: 4 })), undefined);
    assert.equal(stanceOf('middleJob', host(), job({ hours: 3.9 })), undefined);
  });

  it('want a datacentre or 99 % from 4 to 12 hours', () => {
    for (const hours of [4, 8, 12]) {
      assert.equal(stanceOf('middleJob', host(), job({ hours })), 'against');
      assert.equal(stanceOf('middleJob', host({ reliability: 0.99 }), job({ hours })), 'for');
      assert.equal(stanceOf('middleJob', secure(), job({ hours })), 'for');
    }
    assert.equal(stanceOf('middleJob', host(), job({ hours: 12.1 })), undefined);
  });

  it('want checkpoints every 30 to 60 minutes over 12 hours, wherever it runs', () => {
    for (const one of [host(), secure()]) {
      assert.equal(stanceOf('longJob', one, job({ hours: 13 })), 'against');
      assert.equal(stanceOf('longJob', one, job({ hours: 13, checkpointHours: 3 })), 'against');
      assert.equal(stanceOf('longJob', one, job({ hours: 13, checkpointHours: 1 })), 'note');
      assert.equal(stanceOf('longJob', one, job({ hours: 12 })), undefined);
    }
  });

  it('send production to datacentres, and trying out to the marketplace', () => {
    const serving = job({ use: 'production', hours: 240 });
    assert.deepEqual([stanceOf('production', host(), serving), stanceOf('production', secure(), serving)], ['against', 'for']);
    assert.equal(stanceOf('interruptible', host({ kind: 'interruptible' }), serving), 'against');
    assert.equal(stanceOf('marketplace', host(), job({ use: 'exploration' })), 'for');
    assert.equal(stanceOf('marketplace', host(), job()), undefined, 'without checkpoints a batch bears no interruption');
    assert.equal(stanceOf('marketplace', host(), job({ checkpointHours: 0.5 })), 'for');
    assert.equal(stanceOf('marketplace', secure(), job({ checkpointHours: 0.5 })), undefined);
  });

  it('keep sensitive work out of private hosts, and say that first', () => {
    const secret = job({ sensitive: true });
    assert.equal(adviceFor(host({ reliability: 0.999 }), secret)[0]?.rule.id, 'sensitive');
    assert.equal(stanceOf('sensitive', host(), secret), 'against');
    assert.equal(stanceOf('sensitive', secure(), secret), 'for');
    assert.equal(stanceOf('sensitive', host(), job()), undefined);
  });

  it('look at the track record and at the line', () => {
    const listed = (days: number, reliability: number): Offer => host({ reliability, details: { listedSince: offer().readAt - days * dayMs } });
    assert.equal(stanceOf('trackRecord', listed(200, 0.99), job()), 'for');
    assert.equal(stanceOf('trackRecord', listed(170, 0.99), job()), undefined);
    assert.equal(stanceOf('trackRecord', listed(900, 0.98), job()), undefined);
    const line = (downMbps: number): Offer => host({ details: { downMbps } });
    assert.deepEqual([100, 300, 800].map((mbps) => stanceOf('network', line(mbps), job({ dataGb: 60 }))), ['against', undefined, 'for']);
    assert.equal(stanceOf('network', line(100), job({ dataGb: 5 })), undefined);
  });

  it('call machines with many GPUs few only where they are few now', () => {
    const big = host({ gpuCount: 8 });
    assert.equal(stanceOf('manyGpus', big, job(), { alike: 2 }), 'note');
    assert.equal(stanceOf('manyGpus', big, job(), { alike: 31 }), undefined);
    assert.equal(stanceOf('manyGpus', big, job()), undefined, 'nobody counted');
    assert.equal(stanceOf('manyGpus', host(), job(), { alike: 1 }), undefined);
  });

  it('all say something whole and calm, with a source and its day', () => {
    const market: Market = { alike: 1, ownPrices: { days: 20, cheapestHour: 4, cheapest: usdPerHour(0.3), now: usdPerHour(0.4), saving: 0.25 } };
    for (const rule of rules) {
      for (const stance of ['for', 'against', 'note'] as const) {
        for (const use of ['batch', 'exploration', 'production'] as const) {
          const text = rule.says(stance, host({ details: { downMbps: 100 } }), job({ use, dataGb: 60 }), market, inEnglish);
          assert.match(text, /^[A-Z].*\.$/);
          assert.doesNotMatch(text, /\{\d\}|undefined|NaN|!|please/);
        }
      }
      if (rule.id === 'offPeak') assert.equal(rule.source, undefined);
      else assert.match(rule.source?.date ?? '', /^\d{4}-\d\d-\d\d$/);
    }
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  });
});

describe('the hour of the day', () => {
  const now = new Date(2026, 10, 30, 14).getTime();
  const week = (seen: number, priceAt: (hour: number) => number): HourSeen[] =>
    Array.from({ length: 7 * 24 }, (_, slot) => ({ weekday: Math.floor(slot / 24), hour: slot % 24, price: usdPerHour(priceAt(slot % 24)), seen }));
  const cheapNights = (hour: number): number => (hour < 6 ? 0.3 : 0.4);

  it('is told of the user’s own samples alone, and where they show something', () => {
    const told = hourlyPrices(week(2, cheapNights), now);
    assert.ok(told !== undefined && told.cheapestHour < 6 && told.days === 14 && Math.abs(told.saving - 0.25) < 1e-9);
    assert.equal(stanceOf('offPeak', host(), job(), { ownPrices: told }), 'note');
    const night = hourlyPrices(week(2, (hour) => (hour === 14 ? 0.3 : 0.4)), now);
    assert.ok(night !== undefined && stanceOf('offPeak', host(), job(), { ownPrices: night }) === 'for');
  });

  it('is not told of too few samples, or of no difference, or of none', () => {
    assert.equal(hourlyPrices(week(1, cheapNights), now), undefined);
    assert.equal(hourlyPrices(week(4, () => 0.4), now), undefined);
    assert.equal(hourlyPrices(week(4, (hour) => (hour < 6 ? 0.39 : 0.4)), now), undefined);
    assert.equal(hourlyPrices([], now), undefined);
    assert.equal(hourlyPrices(week(4, cheapNights).filter(({ hour }) => hour !== 14), now), undefined, 'nothing was seen at this hour');
    assert.equal(hourlyPrices(week(4, cheapNights).filter(({ hour }) => hour < 4 || hour === 14), now), undefined, 'a few hours are no day');
    assert.equal(stanceOf('offPeak', host(), job()), undefined);
  });
});

describe('the picks', () => {
  const at = (id: string, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, reliability: 0.98, ...change });
  const cheap = at('cheap', 0.2, { reliability: 0.97 });
  const firm = at('firm', 0.5, { tier: 'datacentre', reliability: 0.9999 });
  const firmer = at('firmer', 0.9, { tier: 'datacentre', reliability: 0.9999 });
  const mine = at('mine', 0.35, { details: { machineId: '7' } });
  const old = at('old', 0.4, { reliability: 0.995, details: { listedSince: 0 } });
  const all = [firmer, old, firm, cheap, mine];
  const picked = (...of: Parameters<typeof candidates>): Record<string, string> =>
    Object.fromEntries(Object.entries(finishPicks(candidates(...of))).map(([kind, { offer: { id } }]) => [kind, id.slice(5)]));

  it('are the cheapest to finish, the cheapest of the safest, and the best known', () => {
    const history = (one: Offer) => (one === mine ? { host: 'vast:machine-7', ready: 4, hours: 30, incidents: [] } as const : undefined);
    assert.deepEqual(picked(all, () => job(), history), { cheapest: 'cheap', safest: 'firm', known: 'mine' });
  });

  it('go by what is listed longest where nothing was lived through, or something went wrong', () => {
    assert.equal(picked(all, () => job())['known'], 'old');
    const burnt = (one: Offer) => (one === mine ? { host: 'vast:machine-7', ready: 4, hours: 30, incidents: [{ trouble: 'lost', at: 0, until: 1 }] } as const : undefined);
    assert.equal(picked(all, () => job(), burnt)['known'], 'old');
    assert.equal(picked([cheap], () => job())['known'], undefined);
  });

  it('leave out what the job cannot be finished on', () => {
    assert.deepEqual(picked(all, () => undefined), {});
    assert.deepEqual(picked(all, (one) => (one === firm ? job() : undefined)), { cheapest: 'firm', safest: 'firm' });
    assert.equal(candidates([...all, at('spot', 0.01, { kind: 'interruptible' })], () => job({ hours: 60 })).some(({ offer: { id } }) => id === 'vast:spot'), false);
  });

  it('are the same in whatever order the offers come', () => {
    assert.deepEqual(picked(all.toReversed(), () => job()), picked(all, () => job()));
  });
});
