import assert from 'node:assert/strict';
import type { HostHistory, HostRecord, HostTrouble } from '../../../../src/domain/hostMemory.ts';
import { hostKey } from '../../../../src/domain/hostMemory.ts';
import type { Job } from '../../../../src/domain/job.ts';
import { toDollars } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferId } from '../../../../src/domain/offer.ts';
import { finishCost } from '../../../../src/estimate/advice/finishCost.ts';
import { offer } from '../../../fakes/offers.ts';
import { dice, simulatedCost } from './simulateFinish.ts';

const readAt = Date.UTC(2026, 10, 22, 12);
const trials = 4000;
const roughTrials = 200;
const offersInMarket = 40;

interface World {
  readonly job: Job;
  readonly offers: readonly Offer[];
  readonly history: HostHistory;
}

/** Prices fall with trust, as they do: else the cheapest would always be the best. */
function world(seed: number): World {
  const random = dice(seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const among = <T>(...values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const job: Job = {
    hours: among(1, 3, 8, 12, 24, 40), use: among('batch', 'exploration', 'production'), dataGb: among(0, 5, 50, 400), sensitive: false,
    ...(random() < 0.5 ? {} : { checkpointHours: among(0.25, 0.5, 1, 3) }),
  };
  const records = new Map<string, HostRecord>();
  const offers = Array.from({ length: offersInMarket }, (_, index): Offer => {
    const datacentre = random() < 0.25;
    const interruptible = !datacentre && random() < 0.3;
    const reliability = among(between(0.7, 0.95), between(0.95, 0.99), between(0.99, 0.9995));
    const { reliability: _published, ...base } = offer({
      id: `vast:${index}` as OfferId, readAt, tier: datacentre ? 'datacentre' : 'community', kind: interruptible ? 'interruptible' : 'on-demand',
      gpuUsd: between(0.28, 0.34) * (datacentre ? 1.6 : 1 - 1.5 * (0.999 - reliability)) * (interruptible ? 0.6 : 1),
      details: {
        machineId: String(index), downMbps: among(40, 150, 600, 3000), downUsdPerGb: among(0, 0, 0.003, 0.02),
        ...(random() < 0.1 ? { availableUntil: readAt + job.hours * 0.5 * 3_600_000 } : {}),
      },
    });
    const made: Offer = datacentre ? base : { ...base, reliability };
    const host = hostKey(made);
    if (host !== undefined && random() < 0.3) {
      const trouble = among<HostTrouble>('neverReady', 'noSsh', 'lost', 'otherGpu', 'slowLink');
      const incidents = random() < 0.5 ? [{ trouble, at: readAt, until: readAt + 1 }] : [];
      records.set(host, { host, ready: Math.floor(between(0, 12)), hours: between(0, 200), incidents });
    }
    return made;
  });
  return { job, offers, history: (one) => records.get(hostKey(one) ?? '') };
}

const least = <T>(all: readonly T[], figure: (one: T) => number): T | undefined => all.toSorted((a, b) => figure(a) - figure(b))[0];

/** Every offer roughly, and those that could be the best at length. */
function play({ job, offers, history }: World, random: () => number): { readonly cost: (one: Offer) => number; readonly atLength: ReadonlySet<Offer> } {
  const cost = new Map(offers.map((one) => [one, simulatedCost(one, job, history(one), random, roughTrials)]));
  const good = 1.3 * Math.min(...cost.values());
  const atLength = new Set(offers.filter((one) => (cost.get(one) ?? Infinity) < good));
  for (const one of atLength) cost.set(one, simulatedCost(one, job, history(one), random, trials));
  return { cost: (one) => cost.get(one) ?? Infinity, atLength };
}

describe('the expected cost of finishing, against the job played through with dice', () => {
  let worlds: readonly (World & ReturnType<typeof play> & { readonly best: number })[] = [];
  before(function playAll() {
    this.timeout(180_000);
    worlds = Array.from({ length: 40 }, (_, index) => {
      const made = world(1000 + index);
      const played = play(made, dice(9000 + index));
      return { ...made, ...played, best: Math.min(...made.offers.map(played.cost)) };
    });
  });

  it('picks an offer within 2 % of the best one in every market', () => {
    for (const [index, { job, offers, history, cost, best }] of worlds.entries()) {
      const pick = least(offers, (one) => finishCost(one, job, history)?.usd ?? Infinity);
      assert.ok(pick !== undefined && cost(pick) <= best * 1.02, `market ${index}: ${pick && cost(pick)} against ${best}`);
    }
  });

  it('could not do so by the hourly price, nor without the history', () => {
    const misses = (price: (one: Offer, at: World) => number): number =>
      worlds.filter((at) => at.cost(least(at.offers, (one) => price(one, at)) ?? offer()) > at.best * 1.02).length;
    assert.ok(misses((one) => allIn(one)) > worlds.length / 4);
    assert.ok(misses((one, { job }) => finishCost(one, job)?.usd ?? Infinity) > 0);
    assert.ok(misses((one, { job, history }) => finishCost(one, { ...job, dataGb: 0 }, history)?.usd ?? Infinity) > 0);
  });

  it('tells of every offer what it costs, and of none that it can be done where it cannot', () => {
    let compared = 0;
    for (const { job, offers, history, cost, atLength } of worlds) {
      for (const one of offers) {
        const told = finishCost(one, job, history);
        if (one.details.availableUntil !== undefined) assert.equal(told, undefined, 'it ends after half the work');
        if (told === undefined || !atLength.has(one)) continue;
        compared++;
        assert.ok(Math.abs(toDollars(told.usd) / cost(one) - 1) < 0.03, `${one.id}: ${toDollars(told.usd)} against ${cost(one)}`);
      }
    }
    assert.ok(compared > 150, String(compared));
  });
});
