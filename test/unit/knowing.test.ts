/** What is known of the market, as the extension puts it together: a real market and a real store. */
import assert from 'node:assert/strict';
import { alertEveryMs } from '../../src/domain/alertPace.ts';
import { usdPerHour } from '../../src/domain/money.ts';
import type { Offer, OfferId, ProviderId } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/domain/provider.ts';
import { createKnowing } from '../../src/knowing.ts';
import type { Appeared } from '../../src/services/alertWatch.ts';
import { Market } from '../../src/services/market.ts';
import { Once } from '../../src/services/once.ts';
import { openStore } from '../../src/store/sqliteStore.ts';
import { FakeClock } from '../fakes/fakeClock.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { FakeProvider } from '../fakes/fakeProvider.ts';
import { offer } from '../fakes/offers.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

async function bench(work: (parts: Awaited<ReturnType<typeof partsIn>>) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  const parts = await partsIn(folder.path);
  await work(parts);
  parts.knowing.dispose();
  parts.store.close();
}

async function partsIn(folder: string) {
  const [clock, log] = [new FakeClock(), new FakeLog()];
  const store = await openStore(folder, () => clock.now());
  const vast = new FakeProvider(clock);
  const providers = new Map<ProviderId, Provider>([['vast', vast]]);
  const market = new Market(providers, { diskGb: 40 }, clock, log);
  const knowing = createKnowing({ store, market, providers, clock, log, once: new Once(store, log), isLeftOut: () => false });
  const told: Appeared[] = [];
  const changes: number[] = [];
  knowing.onDidAppear((one) => told.push(one));
  knowing.onDidChange(() => changes.push(clock.now()));
  const offers = (...gpuUsd: number[]): void => {
    vast.offers = gpuUsd.map((price, index) => offer({ id: `vast:${index}` as OfferId, gpuUsd: price, readAt: clock.now() }));
  };
  const known = async (count: number): Promise<void> => {
    while (changes.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, log, store, vast, market, knowing, told, offers, known, looks: () => changes.length };
}

describe('what is known of the market', () => {
  it('is nothing, and not even read, before there is something to know', () => bench(async ({ knowing, store }) => {
    assert.deepEqual([knowing.made, knowing.pending()], [undefined, false]);
    assert.deepEqual((await store.samples()).samplesOf('RTX 4090', 24), []);
  }));

  it('comes from what is read anyway, and says after some days what is cheap', () => bench(async ({ clock, market, knowing, offers, known }) => {
    for (let hour = 1; hour <= 80; hour++) {
      offers(0.3, 0.4);
      await market.refresh();
      await known(hour);
      clock.advance(3_600_000);
    }
    const memory = knowing.made?.memory;
    assert.deepEqual([0.2, 0.35].map((gpuUsd) => memory?.standingOf(offer({ gpuUsd }))), ['cheap', 'usual']);
    assert.ok((memory?.days('RTX 4090', 24).length ?? 0) >= 3);
  })).timeout(40_000);

  it('finds what somebody waits for in the list on show, and asks for it by itself', () => bench(async ({ clock, vast, market, knowing, told, offers, known }) => {
    const { wishes } = await knowing.use();
    wishes.add({ id: 'a', madeAt: clock.now(), filter: { diskGb: 40, maxPrice: usdPerHour(0.3) } });
    assert.ok(knowing.pending());
    offers(0.5);
    await market.refresh();
    await known(1);
    await knowing.check(new AbortController().signal);
    assert.equal(told.length, 0);
    offers(0.5, 0.25);
    clock.advance(alertEveryMs);
    const searches = vast.calls.length;
    await knowing.check(new AbortController().signal);
    assert.equal(vast.calls.length, searches + 1);
    assert.deepEqual(told.map(({ offer: one }): Offer['price']['gpu'] => one.price.gpu), [usdPerHour(0.25)]);
    assert.equal(market.view.offers.length, 1, 'the list on show is as it was');
    await market.refresh();
    await known(2);
    assert.equal(told.length, 1);
  }));

  it('ends with its window: what is still read then is not taken in', () => bench(async ({ market, knowing, offers, log, looks }) => {
    offers(0.3);
    const reading = market.refresh();
    knowing.dispose();
    await reading;
    await knowing.use();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual([looks(), log.lines], [0, []]);
  }));
});
