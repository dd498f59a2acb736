import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { dayMs, hourMs, type MarketRead } from '../../../src/domain/sample.ts';
import type { Samples } from '../../../src/domain/store.ts';
import { MarketMemory } from '../../../src/services/marketMemory.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { offer } from '../../fakes/offers.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly log: FakeLog;
  readonly memory: MarketMemory;
  readonly samples: Samples;
  readonly read: (offers: readonly Offer[], change?: Partial<MarketRead>) => MarketRead;
  /** A reading in each hour, for so many. */
  readonly watch: (hours: number, offers: readonly Offer[]) => void;
}

async function bench(work: (bench: Bench) => Promise<void> | void): Promise<void> {
  using folder = temporaryFolder();
  const [clock, log] = [new FakeClock(), new FakeLog()];
  const store = await openStore(folder.path, () => clock.now());
  const samples = await store.samples();
  const memory = new MarketMemory({ samples, clock, log });
  const read: Bench['read'] = (offers, change) => ({
    provider: 'vast', filter: { diskGb: 40 }, offers: offers.map((one) => ({ ...one, readAt: clock.now() })), more: false, at: clock.now(), ...change,
  });
  const watch: Bench['watch'] = (hours, offers) => {
    for (let i = 0; i < hours; i++) {
      memory.take(read(offers));
      clock.advance(hourMs);
    }
  };
  await work({ clock, log, memory, samples, read, watch });
  store.close();
}

const cheap = offer({ gpuUsd: 0.2 });
const usual = offer({ gpuUsd: 0.3, id: 'vast:2' as OfferId });
const dear = offer({ gpuUsd: 0.9, id: 'vast:3' as OfferId });
const middle = offer({ gpuUsd: 0.4, id: 'vast:4' as OfferId });

describe('what the market showed', () => {
  it('says of an offer whether it is cheap, once enough was seen and learned', () => bench(async ({ memory, read, watch }) => {
    const standings = (): unknown[] => [cheap, usual, dear].map((one) => memory.standingOf(one));
    watch(23, [usual, middle, dear]);
    await memory.learn(read([usual]));
    assert.deepEqual(standings(), [undefined, undefined, undefined], 'too little to say anything');
    watch(60, [usual, middle, dear]);
    assert.deepEqual(standings(), [undefined, undefined, undefined], 'nobody waits for the learning');
    await memory.learn(read([usual]));
    assert.deepEqual(standings(), ['cheap', 'usual', 'dear']);
    assert.equal(memory.standingOf(offer({ gpuUsd: 0.8, gpuCount: 4 })), undefined, 'larger machines are another market');
    assert.equal(memory.standingOf(offer({ gpuUsd: 0.2, tier: 'datacentre' })), undefined, 'and so are datacentres');
  }));

  it('says of a model whether its cheapest is cheap today', () => bench(async ({ memory, read, watch }) => {
    watch(80, [usual, dear]);
    await memory.learn(read([usual]));
    const said = (...offers: Offer[]): unknown => memory.standingOfModel(offers);
    assert.deepEqual([said(usual, dear), said(dear, cheap), said(dear), said()], ['usual', 'cheap', 'dear', undefined]);
    assert.equal(said(offer({ gpuUsd: 0.01, kind: 'interruptible' }), usual), 'usual', 'what can be taken away is no bargain');
    assert.equal(said(offer({ gpuUsd: 0.1, gpuCount: 2 })), undefined);
  }));

  it('learns again after an hour, and not before', () => bench(async ({ clock, memory, samples, read, watch }) => {
    watch(80, [usual]);
    let asked = 0;
    const ask = samples.samplesOf;
    Object.assign(samples, { samplesOf: (...args: Parameters<typeof ask>) => (asked++, ask(...args)) });
    for (const minutes of [0, 30, 29, 2]) {
      clock.advance(minutes * 60_000);
      await memory.learn(read([usual, dear]));
    }
    assert.equal(asked, 2);
  }));

  it('tells days and hours from what was seen here alone', () => bench(({ memory, watch }) => {
    assert.deepEqual([memory.days('RTX 4090', 24), memory.hoursSeen('RTX 4090', 24)], [[], []]);
    watch(50, [usual, offer({ gpuUsd: 0.01, kind: 'interruptible' })]);
    const days = memory.days('RTX 4090', 24);
    assert.ok(days.length >= 3 && days.every(({ low }) => low === usdPerHour(0.3)));
    const hours = memory.hoursSeen('RTX 4090', 24);
    assert.equal(hours.reduce((sum, { seen }) => sum + seen, 0), 50);
    assert.ok(hours.every(({ price }) => price === usdPerHour(0.3)));
    assert.deepEqual(memory.hoursSeen('L4', 24), []);
  }));

  it('takes the hours of the series that was seen most', () => bench(({ memory, watch }) => {
    watch(10, [offer({ gpuUsd: 0.9, tier: 'datacentre' })]);
    watch(20, [usual]);
    assert.ok(memory.hoursSeen('RTX 4090', 24).every(({ price }) => price === usdPerHour(0.3)));
  }));

  it('remembers what a machine asked before', () => bench(({ clock, memory, read }) => {
    const its = (gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ gpuUsd, details: { machineId: '7' }, ...change });
    memory.take(read([its(0.4)]));
    const before = clock.now();
    clock.advance(hourMs);
    memory.take(read([its(0.3)]));
    assert.deepEqual(memory.askedBefore(its(0.3)), { host: 'vast:machine-7', gpuCount: 1, at: before, rate: usdPerHour(0.4) });
    assert.deepEqual([memory.askedBefore(its(0.4))?.rate, memory.askedBefore(its(0.3, { gpuCount: 2 })), memory.askedBefore(offer()), memory.askedBefore(its(0.3, { kind: 'interruptible' }))], [usdPerHour(0.3), undefined, undefined, undefined]);
  }));

  it('writes the prices of ten thousand machines in parts, and in the end all of them', () => bench(({ clock, memory, samples, read }) => {
    const offers = Array.from({ length: 1200 }, (_, index) => offer({ id: `vast:${index}` as OfferId, details: { machineId: String(index) } }));
    const kept = (): number => offers.filter((_, index) => samples.pricesOf(`vast:machine-${index}`, 1).length > 0).length;
    const counts = [0, 1, 2].map(() => {
      memory.take(read(offers));
      clock.advance(60_000);
      return kept();
    });
    assert.deepEqual(counts, [500, 1000, 1200]);
  }));

  it('thins what is old as it goes on', () => bench(({ samples, watch }) => {
    watch(24 * 5, [usual]);
    const rows = samples.samplesOf('RTX 4090', 24);
    assert.ok(rows.some(({ spanMs }) => spanMs === hourMs) && rows.length === 24 * 5);
    watch(24 * 40, [usual]);
    assert.ok(samples.samplesOf('RTX 4090', 24).some(({ spanMs }) => spanMs === dayMs));
  }));

  it('is lost and nothing else when the disk is full or the file is closed', () => bench(async ({ log, memory, samples, read }) => {
    const full = (): never => { throw new RentError('noJournal', { detail: 'disk full' }); };
    Object.assign(samples, { keep: full, thin: full, samplesOf: full, pricesOf: full });
    memory.take(read([usual]));
    await memory.learn(read([usual]));
    assert.deepEqual([memory.standingOf(usual), memory.days('RTX 4090', 24), memory.askedBefore(offer({ details: { machineId: '7' } }))], [undefined, [], undefined]);
    assert.ok(log.lines.every((line) => line.startsWith('warn')) && log.lines.length >= 3);
  }));
});
