/** The adapter through the real door against the practice market: whole rentals, and every way in which they go wrong. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { isDefiniteRefusal, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { matches, type OfferFilter } from '../../../../src/domain/filter.ts';
import type { InstanceState, SeenInstance } from '../../../../src/domain/instance.ts';
import { sumUsd, toDollars, usd, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferPage } from '../../../../src/domain/offer.ts';
import { quotedRates, type CreateOrder, type Provider } from '../../../../src/domain/provider.ts';
import { startMarket, type Market, type MarketOptions } from '../../../../src/practice/market.ts';
import type { PodMaker } from '../../../../src/practice/podKeeper.ts';
import { createHttp } from '../../../../src/providers/http/http.ts';
import { createVast } from '../../../../src/providers/vast/vast.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { never, withCode } from './support.ts';

const filter: OfferFilter = { diskGb: 40 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Nothing logs in here, so an address is machine enough. */
const noMachines: PodMaker = {
  startPod: async ({ log }) => {
    log('practice machine is up');
    return { port: 9, hostKeyFingerprint: 'SHA256:none', stop: async () => {} };
  },
  removePod: async () => {},
};

interface Session {
  readonly market: Market;
  readonly vast: ReturnType<typeof createVast>;
  readonly log: FakeLog;
}

const open: Market[] = [];
async function session(options: MarketOptions = {}, key: (market: Market) => string | undefined = (market) => market.vast.apiKey): Promise<Session> {
  const market = await startMarket({ seed: 11, offers: 60, startAt: Date.UTC(2026, 10, 22, 12), bootScale: 0, rateLimits: false, credit: 500, podMaker: noMachines, ...options });
  open.push(market);
  const log = new FakeLog();
  return { market, log, vast: adapter(market, key(market), log) };
}

function adapter(market: Market, key: string | undefined, log = new FakeLog()) {
  const clock = new FakeClock();
  const http = createHttp({ origin: market.vast.url, key: async () => key, clock, log, userAgent: 'gpu-rental/test', random: () => 0 });
  return createVast(http, { clock, log });
}

async function pagesOf(vast: Provider, wanted: OfferFilter = filter): Promise<OfferPage[]> {
  const pages: OfferPage[] = [];
  for await (const page of vast.search(wanted, never())) pages.push(page);
  return pages;
}
const offers = async (vast: Provider, wanted: OfferFilter = filter): Promise<Offer[]> => (await pagesOf(vast, wanted)).flatMap((page) => page.offers);

async function anOffer(vast: Provider, kind: Offer['kind'] = 'on-demand'): Promise<Offer> {
  const [cheapest] = await offers(vast, { ...filter, kind });
  return cheapest ?? assert.fail('no offers');
}

let labels = 0;
async function order(vast: Provider, change: Partial<CreateOrder> = {}): Promise<CreateOrder> {
  const label = `gpu-rental-test00-${String(labels++).padStart(26, '0')}`;
  return { offer: change.offer ?? (await anOffer(vast)), label, image: vast.traits.defaultImage, publicKey: 'ssh-ed25519 AAAA test', env: {}, ...change };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `never came: ${what}`);
    await wait(5);
  }
}

const becomes = (vast: Provider, key: string, state: InstanceState): Promise<SeenInstance> =>
  until(`${key} ${state}`, async () => {
    const seen = await vast.get(key, never());
    return seen?.instance.state === state ? seen.instance : undefined;
  });

interface Ledger {
  readonly requests: { readonly vast: Readonly<Record<string, number>> };
  readonly createsAccepted: number;
  readonly instances: readonly { id: string; provider: string; label: string | null; state: string; chargedUsd: number }[];
}
const ledger = async ({ ledger: { url } }: Market): Promise<Ledger> => (await fetch(url)).json() as Promise<Ledger>;
const createName = 'PUT /api/v0/asks/{id}/';

const failure = async (work: Promise<unknown>): Promise<unknown> => work.then(() => assert.fail('it went well'), (error: unknown) => error);

describe('Vast\'s adapter against the practice market', () => {
  afterEach(async () => {
    for (const market of open.splice(0)) await market.close();
  });

  describe('offers', () => {
    it('come without a key, both kinds, cheaper as interruptible', async () => {
      const { vast } = await session({ offers: 40 }, () => undefined);
      const all = await offers(vast);
      assert.ok(all.length > 40);
      const asked = new Map(all.map((offer) => [offer.id, offer]));
      assert.equal(asked.size, all.length);
      for (const offer of all.filter(({ kind }) => kind === 'interruptible')) {
        const onDemand = asked.get(`vast:${offer.id.replace(/^vast:|-bid$/g, '')}`);
        assert.ok(onDemand === undefined || allIn(offer) <= allIn(onDemand), offer.id);
      }
      assert.ok(all.some(({ kind }) => kind === 'interruptible') && all.every(({ details }) => details.verified === true));
    });

    for (const searchCap of [64, 3_000, Number.MAX_SAFE_INTEGER]) {
      it(`are the same ones with a cap of ${searchCap} rows`, async () => {
        const { vast } = await session({ offers: 200, searchCap });
        const pages = await pagesOf(vast, { ...filter, kind: 'on-demand' });
        const { vast: whole } = await session({ offers: 200, searchCap: 100_000 });
        const ids = (all: readonly Offer[]): string[] => all.map(({ id }) => id).toSorted();
        assert.deepEqual(ids(pages.flatMap((page) => page.offers)), ids(await offers(whole, { ...filter, kind: 'on-demand' })));
        assert.equal(pages.at(-1)?.more, false);
      });
    }

    it('say that there are more than a minute\'s searches can read', async () => {
      const { vast } = await session({ offers: 1_500 });
      const pages = await pagesOf(vast);
      assert.equal(pages.at(-1)?.more, true);
      assert.ok(pages.flatMap((page) => page.offers).length > 250);
    });

    it('are what was asked for, also where Vast ignores its filters', async () => {
      const { market, vast } = await session({ offers: 600 });
      const wanted: OfferFilter = { diskGb: 100, gpu: '4090', minVramGb: 20, maxPrice: usdPerHour(0.7), minReliability: 0.95, region: 'US' };
      const honoured = await offers(vast, wanted);
      assert.ok(honoured.length > 0);
      market.faults.set('filters-ignored', 1);
      const ignored = await offers(adapter(market, undefined), wanted);
      for (const offer of [...honoured, ...ignored]) assert.ok(matches(offer, wanted) && offer.diskGb === 100 && offer.gpu === 'RTX 4090' && offer.country === 'US', offer.id);
    });

    it('are found again by their ids, for another disk, and are gone once they are rented', async () => {
      const { vast } = await session({ offers: 30 });
      for (const kind of ['on-demand', 'interruptible'] as const) {
        const offer = await anOffer(vast, kind);
        const again = await vast.findOffer(offer.id, 200, never());
        assert.deepEqual([again?.id, again?.price.gpu, again?.diskGb], [offer.id, offer.price.gpu, 200]);
        assert.ok((again?.price.disk ?? 0) > offer.price.disk);
        await vast.create(await order(vast, { offer }));
        assert.equal(await vast.findOffer(offer.id, 40, never()), undefined);
      }
      assert.equal(await vast.findOffer('vast:1', 40, never()), undefined);
    });

    it('wait for nothing and say so when the day\'s searches are used up', async () => {
      const { market, vast } = await session();
      market.faults.set('search-quota', 1);
      const error = await failure(offers(vast));
      assert.ok(isRentError(error, 'rateLimited') && (error.retryAfterMs ?? 0) > hourMs, String(error));
    });
  });

  describe('a rental', () => {
    it('is created as it was offered, and lives its whole life', async () => {
      const { market, vast, log } = await session();
      const wanted = await order(vast, { env: { WORD: 'canary-in-the-environment' } });
      const key = await vast.create(wanted);
      const ready = await becomes(vast, key, 'ready');
      assert.equal(ready.label, wanted.label);
      assert.deepEqual([ready.gpu, ready.gpuCount, ready.vramGb, ready.place, ready.kind], [wanted.offer.gpu, wanted.offer.gpuCount, wanted.offer.vramGb, wanted.offer.place, 'on-demand']);
      assert.equal(ready.diskGb, wanted.offer.diskGb);
      const quoted = quotedRates(wanted.offer);
      assert.ok(Math.abs(ready.rates.running - quoted.running) <= 1 && Math.abs(ready.rates.stopped - quoted.stopped) <= 1, 'costs what was quoted');
      assert.ok(ready.endpoints.length > 0 && ready.endpoints.every(({ host, user }) => host === '127.0.0.1' && user === 'root'));
      assert.equal(ready.endpoints.at(-1)?.viaProxy, true);

      const listing = await vast.list(never());
      assert.deepEqual([listing.complete, listing.instances.map((instance) => instance.key)], [true, [key]]);
      await vast.admitKey(key, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtest me', never());
      await vast.admitKey(key, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtest me', never());
      assert.match(await vast.logs(key, never()), /practice machine is up/);

      await vast.stop(key);
      const stopped = await becomes(vast, key, 'stopped');
      assert.deepEqual([stopped.endpoints, stopped.outbid, stopped.rates], [[], false, ready.rates]);
      await vast.stop(key);
      await vast.start(key);
      await becomes(vast, key, 'ready');
      await vast.reboot(key);
      await becomes(vast, key, 'ready');

      await vast.destroy(key);
      assert.equal(await vast.get(key, never()), undefined);
      assert.deepEqual((await vast.list(never())).instances, []);
      await vast.destroy(key);
      for (const act of [vast.stop, vast.start, vast.reboot]) assert.ok(withCode('gone')(await failure(act(key))));

      const { createsAccepted, requests } = await ledger(market);
      assert.deepEqual([createsAccepted, requests.vast[createName]], [1, 1]);
      const written = JSON.stringify(log);
      assert.ok(written.includes('/api/v0/asks/') && !written.includes(market.vast.apiKey) && !written.includes('canary'));
    });

    it('of an interruptible offer is one, at the bid that was shown, which can be raised', async () => {
      const { market, vast } = await session();
      const offer = await anOffer(vast, 'interruptible');
      const key = await vast.create(await order(vast, { offer }));
      const ready = await becomes(vast, key, 'ready');
      assert.equal(ready.kind, 'interruptible');
      assert.ok(Math.abs(ready.rates.running - allIn(offer)) <= 1);
      await vast.changeBid?.(key, usdPerHour(toDollars(offer.price.gpu) + 0.1));
      const dearer = (await vast.get(key, never()))?.instance;
      assert.ok(dearer && Math.abs(dearer.rates.running - ready.rates.running - 100_000) <= 1);
      // The market looks at bids every minute, and resumes what it stopped when it wins again.
      market.faults.force('outbid');
      market.clock.advance(61_000);
      const outbid = await becomes(vast, key, 'stopped');
      assert.equal(outbid.outbid, true);
      market.clock.advance(60_000);
      await becomes(vast, key, 'ready');
    });

    it('is charged as its rates say, day by day, once a day is final', async () => {
      const { market, vast } = await session();
      const wanted = await order(vast);
      const key = await vast.create(wanted);
      await becomes(vast, key, 'ready');
      const from = Math.floor(market.clock.startedAt / dayMs) * dayMs;
      assert.deepEqual(await vast.charges(from, from + 2 * dayMs, never()), []);
      market.clock.advance(4 * dayMs);
      const charges = await vast.charges(from, from + 4 * dayMs, never());
      assert.deepEqual(charges.map((charge) => [charge.instanceKey, (charge.from - from) / dayMs, (charge.to - charge.from) / dayMs]), [[key, 0, 1], [key, 1, 1], [key, 2, 1]]);
      const perHour = toDollars(allIn(wanted.offer));
      for (const charge of charges.slice(1)) assert.ok(Math.abs(toDollars(charge.amount) - 24 * perHour) < 0.003, `${toDollars(charge.amount)} is near ${24 * perHour}`);
      assert.ok(toDollars(sumUsd(charges.slice(0, 1).map(({ amount }) => amount))) <= 12 * perHour + 0.003);
    });

    it('is among all of many, over all pages', async () => {
      const { vast } = await session({ offers: 400 });
      const all = (await offers(vast, { ...filter, kind: 'on-demand' })).filter(({ price }) => price.gpu < 500_000);
      const keys: string[] = [];
      for (const offer of all) {
        if (keys.length === 30) break;
        const key = await vast.create(await order(vast, { offer })).catch((error: unknown) => {
          assert.ok(isRentError(error, 'offerGone'), String(error));
        });
        if (key !== undefined) keys.push(key);
      }
      const { instances, complete } = await vast.list(never());
      assert.deepEqual([instances.map(({ key }) => key).toSorted(), complete], [keys.toSorted(), true]);
      assert.equal(keys.length, 30);
    });
  });

  describe('the account', () => {
    it('shows the credit, with the key alone', async () => {
      const { market, vast } = await session();
      const { balance } = await vast.account(never());
      assert.equal(balance, usd(500));
      for (const bad of ['0'.repeat(64), undefined]) assert.ok(withCode('auth')(await failure(adapter(market, bad).account(never()))));
      market.faults.set('two-factor', 1);
      assert.ok(withCode('twoFactor')(await failure(vast.account(never()))));
    });

    it('closes every door to a bad key, and none reads as gone', async () => {
      const { vast } = await session({}, () => '0'.repeat(64));
      for (const work of [vast.list(never()), vast.get('24000001', never()), vast.destroy('24000001'), vast.stop('24000001'), vast.logs('24000001', never()), vast.charges(0, 9 * dayMs, never())]) {
        assert.ok(withCode('auth')(await failure(work)));
      }
    });
  });

  describe('faults', () => {
    const creates: readonly (readonly [string, ErrorCode, number])[] = [
      ['offer-gone', 'offerGone', 0],
      ['no-capacity', 'offerGone', 0],
      ['no-credit', 'noCredit', 0],
      ['rate-limit', 'rateLimited', 0],
      ['two-factor', 'twoFactor', 0],
      ['create-timeout-before', 'network', 0],
      ['create-timeout-after', 'network', 1],
      ['create-500-after', 'serverError', 1],
      ['server-error', 'serverError', 0],
      ['half-json', 'badResponse', 1],
    ];
    for (const [fault, code, made] of creates) {
      it(`${fault} at a create: ${code}, one request, ${made === 0 ? 'nothing made' : 'and the instance is found by its label'}`, async () => {
        const { market, vast } = await session();
        const wanted = await order(vast);
        market.faults.force(fault, 9);
        const error = await failure(vast.create(wanted));
        market.faults.clear();
        assert.ok(isRentError(error, code), String(error));
        const { createsAccepted, requests } = await ledger(market);
        assert.deepEqual([createsAccepted, requests.vast[createName]], [made, 1]);
        assert.ok(made === 0 || !isDefiniteRefusal(error));
        const { instances, complete } = await vast.list(never());
        assert.deepEqual([instances.map(({ label }) => label), complete], [made === 0 ? [] : [wanted.label], true]);
      });
    }

    it('new-contract-error at a create names the machine that bills its disk', async () => {
      const { market, vast } = await session();
      const wanted = await order(vast);
      market.faults.force('new-contract-error');
      const error = await failure(vast.create(wanted));
      assert.ok(isRentError(error, 'offerGone') && error.instanceKey !== undefined && !isDefiniteRefusal(error));
      assert.equal((await vast.get(error.instanceKey, never()))?.instance.label, wanted.label);
      await vast.destroy(error.instanceKey);
      assert.equal(await vast.get(error.instanceKey, never()), undefined);
    });

    it('html at a create leaves open what happened', async () => {
      const { market, vast } = await session();
      for (let round = 0; round < 4; round++) {
        const wanted = await order(vast);
        market.faults.force('html');
        assert.equal(isDefiniteRefusal(await failure(vast.create(wanted))), false);
        assert.equal((await vast.list(never())).instances.filter(({ label }) => label === wanted.label).length, 1);
      }
    });

    it('an image that does not exist shows in the instance', async () => {
      const { vast } = await session();
      const key = await vast.create(await order(vast, { image: 'nobody/no-such-image:latest' }));
      assert.match((await becomes(vast, key, 'failed')).statusText, /pull access denied|manifest unknown/);
    });

    it('a dearer machine shows its real rate', async () => {
      const { market, vast } = await session();
      const wanted = await order(vast);
      market.faults.force('price-higher');
      const key = await vast.create(wanted);
      const { instance } = (await vast.get(key, never())) ?? {};
      assert.ok(instance && instance.rates.running > allIn(wanted.offer) * 1.3);
    });

    it('a start that is queued is taken back, and nothing starts later', async () => {
      const { market, vast } = await session();
      const key = await vast.create(await order(vast));
      await becomes(vast, key, 'ready');
      await vast.stop(key);
      await becomes(vast, key, 'stopped');
      market.faults.force('start-queued');
      assert.ok(withCode('startQueued')(await failure(vast.start(key))));
      market.clock.advance(6 * hourMs);
      assert.equal((await vast.get(key, never()))?.instance.state, 'stopped');
    });

    it('reads outlast a server that stumbles', async () => {
      const { market, vast } = await session();
      const key = await vast.create(await order(vast));
      for (const fault of ['server-error', 'rate-limit']) {
        market.faults.force(fault, 2);
        assert.equal((await vast.list(never())).instances[0]?.key, key);
        assert.ok((market.faults.counts.get(`vast.${fault}`) ?? 0) >= 2);
      }
    });

    it('a list that breaks off or is a page of a gateway is no list', async () => {
      const { market, vast } = await session();
      await vast.create(await order(vast));
      market.faults.force('half-json', 4);
      assert.ok(withCode('badResponse')(await failure(vast.list(never()))));
      market.faults.clear();
      market.faults.set('html', 1);
      assert.ok(isRentError(await failure(vast.list(never())), 'badResponse', 'serverError'));
      assert.ok(isRentError(await failure(vast.get('24000001', never())), 'badResponse', 'serverError'));
    });

    it('a destroy that lies is seen through by looking again', async () => {
      const { market, vast } = await session();
      const key = await vast.create(await order(vast));
      market.faults.force('destroy-lies');
      await vast.destroy(key);
      assert.equal((await vast.get(key, never()))?.instance.key, key);
    });

    it('an instance that never was does not exist', async () => {
      const { market, vast } = await session();
      const wanted = await order(vast);
      market.faults.force('phantom-create');
      const key = await vast.create(wanted);
      assert.equal(await vast.get(key, never()), undefined);
      assert.equal((await ledger(market)).createsAccepted, 0);
    });
  });
});
