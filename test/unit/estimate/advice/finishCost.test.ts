import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HostIncident, HostRecord, HostTrouble } from '../../../../src/domain/hostMemory.ts';
import type { Job } from '../../../../src/domain/job.ts';
import { toDollars, usd, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../../src/domain/offer.ts';
import { chanceInOneGo, finishCost, finishInsight, planOf } from '../../../../src/estimate/advice/finishCost.ts';
import { prospectsOf } from '../../../../src/estimate/advice/prospects.ts';
import { offer } from '../../../fakes/offers.ts';

const job = (change: Partial<Job> = {}): Job => ({ hours: 8, use: 'batch', dataGb: 0, sensitive: false, ...change });
const incident = (trouble: HostTrouble): HostIncident => ({ trouble, at: 0, until: 1 });
const record = (change: Partial<HostRecord> = {}): HostRecord => ({ host: 'vast:machine-7', ready: 0, hours: 0, incidents: [], ...change });
const dollars = (one: Offer, of: Job, lived?: HostRecord): number => toDollars(finishCost(one, of, lived && (() => lived))?.usd ?? usd(NaN));
const unpublished = (change: Partial<Offer> = {}): Offer => {
  const { reliability: _, ...rest } = offer(change);
  return rest;
};

describe('what is expected of a machine', () => {
  it('is what is published while nothing was lived through', () => {
    const { startChance, meanHoursBetween, networkShare, assumptions } = prospectsOf(offer({ reliability: 0.99 }), undefined);
    assert.equal(startChance, 0.99);
    assert.ok(Math.abs(meanHoursBetween - 396) < 1e-6, 'up 99 % of the time, with outages of four hours');
    assert.deepEqual([networkShare, assumptions], [1, []]);
  });

  it('is better after good experience and worse after bad, each by what it was', () => {
    const plain = prospectsOf(offer(), undefined);
    const good = prospectsOf(offer(), record({ ready: 10, hours: 400 }));
    assert.ok(good.startChance > plain.startChance && good.meanHoursBetween > plain.meanHoursBetween);
    for (const trouble of ['neverReady', 'noSsh', 'otherGpu'] as const) {
      const bad = prospectsOf(offer(), record({ incidents: [incident(trouble)] }));
      assert.ok(bad.startChance < plain.startChance - 0.03 && bad.startChance > 0.9);
      assert.equal(bad.meanHoursBetween, plain.meanHoursBetween);
    }
    const lost = prospectsOf(offer(), record({ incidents: [incident('lost')] }));
    assert.ok(lost.meanHoursBetween < plain.meanHoursBetween * 0.9 && lost.meanHoursBetween > plain.meanHoursBetween / 10);
    assert.equal(lost.startChance, plain.startChance);
    assert.ok(prospectsOf(offer(), record({ incidents: [incident('slowLink')] })).networkShare < 1);
  });

  it('stays a chance and a time, whatever was lived through', () => {
    const troubles = fc.array(fc.constantFrom<HostTrouble>('neverReady', 'noSsh', 'lost', 'otherGpu', 'slowLink'), { maxLength: 50 });
    const reliabilities = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(reliabilities, fc.nat(500), fc.double({ min: 0, max: 1e5, noNaN: true }), troubles, fc.constantFrom('on-demand', 'interruptible'), (reliability, ready, hours, all, kind) => {
      const { startChance, meanHoursBetween } = prospectsOf(offer({ reliability, kind }), record({ ready, hours, incidents: all.map(incident) }));
      assert.ok(startChance > 0 && startChance <= 1 && meanHoursBetween > 0, `${startChance} ${meanHoursBetween}`);
      if (kind === 'interruptible') assert.ok(meanHoursBetween <= 6 + 1e-9, 'nobody keeps a good host from being outbid');
    }));
  });

  it('says what it takes for granted where nobody publishes a figure', () => {
    assert.deepEqual(prospectsOf(unpublished(), undefined).assumptions, [{ code: 'usualReliability', detail: '98' }]);
    assert.deepEqual(prospectsOf(unpublished({ tier: 'datacentre' }), undefined).assumptions, []);
    assert.ok(prospectsOf(unpublished({ tier: 'datacentre' }), undefined).meanHoursBetween > 10_000);
  });
});

describe('the cost of finishing', () => {
  const steady = offer({ reliability: 1, details: { downMbps: 1000 } });

  it('is the hours at the all-in price, with boot and image, where nothing goes wrong', () => {
    const told = finishCost(steady, job());
    assert.ok(told !== undefined && told.hours > 8.06 && told.hours < 8.15 && told.lostHours < 0.01);
    assert.equal(told.usd, usd(Number((told.hours * toDollars(allIn(steady))).toFixed(6))));
  });

  it('counts the data at megabits a second, and its traffic by the gigabyte', () => {
    const { moveHours, trafficUsd } = planOf(offer({ details: { downMbps: 1000, downUsdPerGb: 0.01 } }), job({ dataGb: 100 }), prospectsOf(steady, undefined));
    // 100 GB are 800,000 megabits, of which a line of 1,000 Mb/s brings 700 a second: 1,143 s. By megabytes it would be 143 s.
    assert.ok(Math.abs(moveHours * 3600 - 800_000 / 700) < 1);
    assert.equal(trafficUsd, usd(1.07), 'the image is traffic as well');
    const slow = offer({ reliability: 1, details: { downMbps: 50 } });
    assert.ok(dollars(slow, job({ dataGb: 100 })) > dollars(steady, job({ dataGb: 100 })) + 1.5);
  });

  it('grows with hours, data, price and unreliability, and never falls below the bare work', () => {
    const hours = fc.double({ min: 0.1, max: 60, noNaN: true });
    const shares = fc.double({ min: 0.9, max: 1, noNaN: true });
    const intervals = fc.option(fc.double({ min: 0.1, max: 5, noNaN: true }), { nil: undefined });
    const kinds = fc.constantFrom('on-demand', 'interruptible');
    fc.assert(fc.property(hours, shares, shares, intervals, kinds, (work, one, other, checkpointHours, kind) => {
      const [worse, better] = one < other ? [one, other] : [other, one];
      const wanted = job({ hours: work, ...(checkpointHours === undefined ? {} : { checkpointHours }) });
      const cost = (change: Partial<Offer>, of: Job = wanted): number => finishCost(offer({ kind, ...change }), of)?.usd ?? Infinity;
      assert.ok(cost({ reliability: worse }) >= cost({ reliability: better }));
      assert.ok(cost({ reliability: better }) >= work * allIn(offer()) * 0.999);
      assert.ok(cost({ reliability: better }, { ...wanted, hours: work * 1.5 }) > cost({ reliability: better }) || cost({ reliability: better }) === Infinity);
      assert.ok(cost({ reliability: better }, { ...wanted, dataGb: 50 }) > cost({ reliability: better }) || cost({ reliability: better }) === Infinity);
    }));
  });

  it('loses all that was done without checkpoints, and little with them', () => {
    const taken = offer({ kind: 'interruptible', details: { downMbps: 1000 } });
    const [bare, saved] = [finishCost(taken, job({ hours: 12 })), finishCost(taken, job({ hours: 12, checkpointHours: 0.5 }))];
    assert.ok(bare !== undefined && saved !== undefined);
    assert.ok(bare.lostHours > 20 && saved.lostHours < 1.5, `${bare.lostHours} ${saved.lostHours}`);
  });

  it('keeps a half-price machine cheaper when it is interrupted every six hours for ten minutes', () => {
    // The example of an A100 at $0.90 against $1.80: serving, the interruptions cost about 3 %.
    const cheap = offer({ gpuUsd: 0.9, diskUsd: 0, kind: 'interruptible', reliability: 1, details: { downMbps: 10_000 } });
    const told = finishCost(cheap, job({ hours: 240, use: 'production' }));
    assert.ok(told !== undefined && told.lostHours / 240 > 0.025 && told.lostHours / 240 < 0.04, String(told?.lostHours));
    assert.ok(toDollars(told.usd) < 0.55 * 1.8 * 240);
  });

  it('ranks the four ways to train a LoRA for two hours as their prices do: so short a job hardly feels reliability', () => {
    const at = (gpuUsd: number, change: Partial<Offer>): Offer => offer({ gpuUsd, diskUsd: 0, details: { downMbps: 1000 }, ...change });
    const ways = [at(0.38, { reliability: 0.97 }), at(0.49, { reliability: 0.98 }), at(0.52, { reliability: 0.99 }), at(0.59, { tier: 'datacentre', reliability: 0.995 })];
    const costs = ways.map((one) => dollars(one, job({ hours: 2 })));
    assert.deepEqual(costs.toSorted((a, b) => a - b), costs);
    for (const [index, table] of [0.76, 0.98, 1.04, 1.18].entries()) {
      const more = (costs[index] ?? 0) / table - 1;
      assert.ok(more > 0 && more < 0.08, `${costs[index]} against ${table}: boot, image and risk on top of the bare hours`);
    }
  });

  it('is unknown where the job cannot be finished', () => {
    const until = (hours: number): Offer => offer({ details: { downMbps: 1000, availableUntil: offer().readAt + hours * 3_600_000 } });
    assert.equal(finishCost(until(8), job()), undefined, 'setting up is not counted in the eight hours');
    assert.ok(finishCost(until(10), job()));
    assert.equal(finishCost(offer(), job({ vramGb: 48 })), undefined);
    assert.ok(finishCost(offer(), job({ vramGb: 24 })));
    assert.equal(finishCost(offer({ kind: 'interruptible' }), job({ hours: 100 })), undefined, 'nobody has a hundred hours between two interruptions');
    assert.equal(finishCost(offer({ reliability: 0 }), job({ hours: 40 })), undefined);
  });

  it('is told only of the machine that the hours are of', () => {
    const on = { gpu: 'RTX 4090', gpuCount: 1 };
    const told = finishInsight(job({ on }));
    assert.ok(told(offer()));
    assert.equal(told(offer({ gpu: 'H100 SXM' })), undefined);
    assert.equal(told(offer({ gpuCount: 2 })), undefined);
  });

  it('goes by what was lived through with the host', () => {
    const lived = { good: record({ ready: 9, hours: 300 }), dead: record({ incidents: [incident('neverReady'), incident('noSsh')] }), lost: record({ incidents: [incident('lost')] }) };
    assert.ok(dollars(offer(), job(), lived.good) < dollars(offer(), job()));
    assert.ok(dollars(offer(), job(), lived.dead) > dollars(offer(), job()));
    assert.ok(dollars(offer(), job(), lived.lost) > dollars(offer(), job()));
    assert.deepEqual(finishCost(offer(), job(), () => lived.good)?.record, lived.good);
  });

  it('has a chance to end in one go that falls with the hours', () => {
    const of = (hours: number): number => {
      const told = finishCost(offer(), job({ hours }));
      return told === undefined ? 0 : chanceInOneGo(told);
    };
    assert.ok(of(1) > of(10) && of(10) > of(100) && of(1) < 1);
  });

  it('has whole micro-dollars, at any price', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 50, noNaN: true }), (gpuUsd) => {
      const told = finishCost(offer({ price: { gpu: usdPerHour(gpuUsd), disk: usdPerHour(0), stoppedDisk: usdPerHour(0) } }), job());
      assert.ok(told !== undefined && Number.isSafeInteger(told.usd));
    }));
  });
});
