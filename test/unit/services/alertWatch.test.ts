import assert from 'node:assert/strict';
import { alertEveryMs } from '../../../src/domain/alertPace.ts';
import type { Alert } from '../../../src/domain/alert.ts';
import { RentError } from '../../../src/domain/errors.ts';
import type { OfferFilter } from '../../../src/domain/filter.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import type { Offer, OfferId } from '../../../src/domain/offer.ts';
import { AlertWatch, type Appeared } from '../../../src/services/alertWatch.ts';
import { Once } from '../../../src/services/once.ts';
import { createAlertMemory } from '../../../src/store/alertMemory.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { offer } from '../../fakes/offers.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const never = new AbortController().signal;
const under = (usd: number): Omit<Alert, 'id'> => ({ madeAt: 0, filter: { diskGb: 40, gpu: 'RTX 4090', maxPrice: usdPerHour(usd) } });
const at = (id: string, gpuUsd: number, change: Partial<Offer> = {}): Offer => offer({ id: `vast:${id}` as OfferId, gpuUsd, ...change });

interface Market {
  offers: readonly Offer[] | Error;
  readonly asked: OfferFilter[];
}

async function windowOn(folder: string, market: Market, clock: FakeClock, isLeftOut: (one: Offer) => boolean = () => false) {
  const [store, log] = [await openStore(folder, () => clock.now()), new FakeLog()];
  const told: Appeared[] = [];
  const memory = createAlertMemory(store);
  const watch = new AlertWatch({
    memory, isLeftOut, clock, log, once: new Once(store, log), tell: (one) => void told.push(one),
    read: (filter) => {
      market.asked.push(filter);
      return market.offers instanceof Error ? Promise.reject(market.offers) : Promise.resolve(market.offers);
    },
  });
  return { store, log, memory, watch, told };
}

async function bench(work: (folder: string, market: Market, clock: FakeClock) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  await work(folder.path, { offers: [], asked: [] }, new FakeClock());
}

describe('looking for what people wait for', () => {
  it('tells of the cheapest once, however long it stays, and again when it comes back', () => bench(async (folder, market, clock) => {
    const { store, memory, watch, told } = await windowOn(folder, market, clock);
    memory.add({ id: 'a', ...under(0.35) });
    const look = async (offers: readonly Offer[], count: number): Promise<number> => {
      market.offers = offers;
      for (let i = 0; i < count; i++) {
        await watch.check(never);
        clock.advance(alertEveryMs);
      }
      return told.length;
    };
    assert.equal(await look([at('1', 0.5)], 3), 0);
    assert.equal(await look([at('1', 0.5), at('2', 0.32), at('3', 0.3)], 5), 1);
    assert.deepEqual([told[0]?.offer.id, told[0]?.count, told[0]?.alert.id], ['vast:3', 2, 'a']);
    assert.equal(await look([at('4', 0.29)], 2), 1, 'it is still the same wish that is met');
    assert.equal(await look([], 1), 1);
    assert.equal(await look([at('4', 0.29)], 1), 1, 'gone for one look is not gone');
    assert.equal(await look([], 6), 1);
    assert.equal(await look([at('4', 0.29)], 1), 2);
    store.close();
  }));

  it('asks once for all windows, and is told in one of them', () => bench(async (folder, market, clock) => {
    const [one, other] = [await windowOn(folder, market, clock), await windowOn(folder, market, clock)];
    one.memory.add({ id: 'a', ...under(0.35) });
    market.offers = [at('1', 0.3)];
    for (let i = 0; i < 4; i++) {
      await one.watch.check(never);
      await other.watch.check(never);
      clock.advance(alertEveryMs);
    }
    assert.equal(market.asked.length, 4);
    // A window that reads the market anyway finds it too, and keeps silent.
    other.watch.see({ provider: 'vast', filter: { diskGb: 40 }, offers: [at('1', 0.3)], more: false, at: clock.now() });
    assert.equal(one.told.length + other.told.length, 1);
    one.store.close();
    other.store.close();
  }));

  it('is not told again in the next life, and finds what the list on show holds', () => bench(async (folder, market, clock) => {
    const first = await windowOn(folder, market, clock);
    first.memory.add({ id: 'a', ...under(0.35) });
    const read = (offers: readonly Offer[], filter: OfferFilter = { diskGb: 40 }) => ({ provider: 'vast', filter, offers, more: false, at: clock.now() }) as const;
    first.watch.see(read([at('1', 0.3, { diskGb: 20 })], { diskGb: 20 }));
    assert.equal(first.told.length, 0, 'a price with another disk is another price');
    first.watch.see(read([at('1', 0.3)]));
    assert.equal(first.told.length, 1);
    first.store.close();
    clock.advance(alertEveryMs);
    const next = await windowOn(folder, market, clock);
    next.watch.see(read([at('1', 0.3)]));
    assert.equal(next.told.length, 0);
    next.store.close();
  }));

  it('takes no notice of what is left out', () => bench(async (folder, market, clock) => {
    const { store, memory, watch, told } = await windowOn(folder, market, clock, ({ details }) => details.machineId === '7');
    memory.add({ id: 'a', ...under(0.35) });
    market.offers = [at('1', 0.3, { details: { machineId: '7' } })];
    await watch.check(never);
    assert.deepEqual([told, watch.met], [[], []]);
    market.offers = [...market.offers, at('2', 0.31)];
    clock.advance(alertEveryMs);
    await watch.check(never);
    assert.deepEqual([told[0]?.offer.id, told[0]?.count], ['vast:2', 1]);
    store.close();
  }));

  it('remembers what met an alert just now, for when the first of it is gone', () => bench(async (folder, market, clock) => {
    const { store, memory, watch } = await windowOn(folder, market, clock);
    memory.add({ id: 'a', ...under(0.35) });
    market.offers = [at('1', 0.3), at('2', 0.31), at('3', 0.9)];
    await watch.check(never);
    assert.deepEqual(watch.met.map(({ id }) => id), ['vast:1', 'vast:2']);
    clock.advance(20 * 60_000);
    assert.deepEqual(watch.met, []);
    store.close();
  }));

  it('asks for one alert after the other, at a distance', () => bench(async (folder, market, clock) => {
    const { store, memory, watch, told } = await windowOn(folder, market, clock);
    for (const [id, usd] of [['a', 0.35], ['b', 0.2], ['c', 0.5]] as const) memory.add({ id, ...under(usd) });
    market.offers = [at('1', 0.3)];
    await watch.check(never);
    assert.deepEqual([market.asked.map(({ maxPrice }) => maxPrice), clock.slept, told.map(({ alert }) => alert.id)], [[0.35, 0.2, 0.5].map((usd) => usdPerHour(usd)), [10_000, 10_000], ['a', 'c']]);
    store.close();
  }));

  it('asks nobody while there is no alert, and stops when the window closes', () => bench(async (folder, market, clock) => {
    const { store, memory, watch } = await windowOn(folder, market, clock);
    await watch.check(never);
    memory.add({ id: 'a', ...under(0.35) });
    await watch.check(AbortSignal.abort());
    assert.deepEqual(market.asked, []);
    store.close();
  }));

  it('still tells when the store cannot keep that it did, and fails when no provider answers', () => bench(async (folder, market, clock) => {
    const { store, memory, watch, told, log } = await windowOn(folder, market, clock);
    memory.add({ id: 'a', ...under(0.35) });
    const full = (): never => { throw new RentError('noJournal', { detail: 'disk full' }); };
    Object.assign(memory, { update: full });
    Object.assign(store, { raise: full });
    market.offers = [at('1', 0.3)];
    for (let i = 0; i < 3; i++) {
      watch.see({ provider: 'vast', filter: { diskGb: 40 }, offers: market.offers, more: false, at: clock.now() });
      clock.advance(60_000);
    }
    assert.equal(told.length, 1);
    assert.ok(log.lines.length > 0);
    market.offers = new RentError('network');
    clock.advance(alertEveryMs);
    await assert.rejects(watch.check(never));
    store.close();
  }));
});
