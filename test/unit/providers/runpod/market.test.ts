/** The adapter through the real door against the practice market: whole rentals, and every way in which they go wrong. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { isDefiniteRefusal, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { OfferFilter } from '../../../../src/domain/filter.ts';
import type { InstanceState, SeenInstance } from '../../../../src/domain/instance.ts';
import { sumUsd, toDollars, usd } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferPage } from '../../../../src/domain/offer.ts';
import { quotedRates, type CreateOrder, type Provider } from '../../../../src/domain/provider.ts';
import { startMarket, type Market } from '../../../../src/practice/market.ts';
import type { PodMaker } from '../../../../src/practice/podKeeper.ts';
import { createHttp } from '../../../../src/providers/http/http.ts';
import { createRunpod } from '../../../../src/providers/runpod/runpod.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { collect, never, withCode } from './support.ts';

const filter: OfferFilter = { diskGb: 40 };
const hourMs = 3_600_000;

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
  readonly runpod: ReturnType<typeof createRunpod>;
  readonly log: FakeLog;
}

const open: Market[] = [];
async function session(key: (market: Market) => string | undefined = (market) => market.runpod.apiKey): Promise<Session> {
  const market = await startMarket({ seed: 11, startAt: Date.UTC(2026, 10, 22, 12), bootScale: 0, rateLimits: false, credit: 500, podMaker: noMachines });
  open.push(market);
  const log = new FakeLog();
  return { market, log, runpod: adapter(market, key(market), log) };
}

function adapter(market: Market, key: string | undefined, log = new FakeLog()) {
  const http = createHttp({ origin: market.runpod.url, key: async () => key, clock: new FakeClock(), log, userAgent: 'gpu-rental/test', random: () => 0 });
  return createRunpod(http, { signedIn: async () => key !== undefined });
}

const offersOf = (pages: readonly OfferPage[]): Offer[] => pages.flatMap((page) => page.offers);

async function offers(runpod: Provider, wanted: OfferFilter = filter): Promise<Offer[]> {
  const { items, error } = await collect(runpod.search(wanted, never()));
  assert.equal(error, undefined);
  return offersOf(items);
}

/** Secure machines always get a public address; the cheapest leaves credit for many hours. */
async function anOffer(runpod: Provider): Promise<Offer> {
  const [cheapest] = (await offers(runpod, { ...filter, datacentreOnly: true })).toSorted((a, b) => allIn(a) - allIn(b));
  assert.ok(cheapest);
  return cheapest;
}

let labels = 0;
async function order(runpod: Provider, change: Partial<CreateOrder> = {}): Promise<CreateOrder> {
  const label = `gpu-rental-test00-${String(labels++).padStart(26, '0')}`;
  return { offer: await anOffer(runpod), label, image: runpod.traits.defaultImage, publicKey: 'ssh-ed25519 AAAA test', env: {}, ...change };
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `never came: ${what}`);
    await wait(5);
  }
}

const becomes = (runpod: Provider, key: string, state: InstanceState): Promise<SeenInstance> =>
  until(`${key} ${state}`, async () => {
    const seen = await runpod.get(key, never());
    return seen?.instance.state === state ? seen.instance : undefined;
  });

interface Ledger {
  readonly requests: { readonly runpod: Readonly<Record<string, number>> };
  readonly createsAccepted: number;
  readonly instances: readonly { id: string; label: string | null; state: string; chargedUsd: number }[];
}
const ledger = async ({ ledger: { url } }: Market): Promise<Ledger> => (await fetch(url)).json() as Promise<Ledger>;

const failure = async (work: Promise<unknown>): Promise<unknown> => work.then(() => assert.fail('it went well'), (error: unknown) => error);

describe('RunPod’s adapter against the practice market', () => {
  afterEach(async () => {
    for (const market of open.splice(0)) await market.close();
  });

  describe('offers', () => {
    it('come with and without a key, at the same prices', async () => {
      const { market, runpod } = await session();
      const signedIn = await offers(runpod);
      const signedOut = await offers(adapter(market, undefined));
      assert.ok(signedIn.length > 20 && signedOut.length > 10);
      assert.ok(signedIn.some(({ place }) => place !== '') && signedOut.every(({ place }) => place === ''));
      const price = ({ gpu, tier, price: parts }: Offer): string => `${gpu} ${tier} ${parts.gpu}`;
      assert.deepEqual(new Set(signedIn.map(price)), new Set(signedOut.map(price)));
      for (const offer of signedIn) assert.ok(offer.price.gpu > 0 && offer.vramGb > 0 && offer.reliability === undefined && offer.diskGb === 40);
    });

    it('have distinct ids and are found again by them', async () => {
      const { runpod } = await session();
      const all = await offers(runpod, { ...filter, count: 2 });
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      for (const offer of all.filter((_, index) => index % 7 === 0)) {
        const { readAt: _, ...again } = (await runpod.findOffer(offer.id, 40, never())) ?? offer;
        const { readAt: __, ...first } = offer;
        assert.deepEqual(again, first);
      }
    });

    it('stay on screen when the key is no good, which is said afterwards', async () => {
      const { runpod } = await session(() => 'rpa_WRONG');
      const { items, error } = await collect(runpod.search(filter, never()));
      assert.ok(offersOf(items).length > 10);
      assert.ok(withCode('auth')(error));
    });
  });

  describe('a rental', () => {
    it('is created as it was offered, and lives its whole life', async () => {
      const { market, runpod, log } = await session();
      const wanted = await order(runpod, { env: { WORD: 'canary-in-the-environment' } });
      const key = await runpod.create(wanted);
      const ready = await becomes(runpod, key, 'ready');
      assert.equal(ready.label, wanted.label);
      assert.deepEqual([ready.gpu, ready.gpuCount, ready.vramGb, ready.place], [wanted.offer.gpu, wanted.offer.gpuCount, wanted.offer.vramGb, wanted.offer.place]);
      assert.equal(ready.diskGb, wanted.offer.diskGb);
      assert.deepEqual(ready.rates, quotedRates(wanted.offer));
      assert.deepEqual(ready.endpoints.map(({ host, user, viaProxy }) => [host, user, viaProxy]), [['127.0.0.1', 'root', false]]);

      const listing = await runpod.list(never());
      assert.deepEqual([listing.complete, listing.instances.map((instance) => instance.key)], [true, [key]]);
      assert.match(await runpod.logs(key, never()), /practice machine is up/);

      await runpod.stop(key);
      const stopped = await becomes(runpod, key, 'stopped');
      assert.deepEqual([stopped.endpoints, stopped.rates.stopped], [[], wanted.offer.price.stoppedDisk]);
      await runpod.stop(key);
      await runpod.start(key);
      await becomes(runpod, key, 'ready');
      await runpod.reboot(key);
      await becomes(runpod, key, 'ready');

      await runpod.destroy(key);
      assert.equal(await runpod.get(key, never()), undefined);
      assert.deepEqual((await runpod.list(never())).instances, []);
      await runpod.destroy(key);
      for (const act of [runpod.stop, runpod.start, runpod.reboot]) assert.ok(withCode('gone')(await failure(act(key))));

      const { createsAccepted, requests } = await ledger(market);
      assert.deepEqual([createsAccepted, requests.runpod['POST /v2/pods']], [1, 1]);
      const written = JSON.stringify(log);
      assert.ok(written.includes('/v2/pods') && !written.includes(market.runpod.apiKey) && !written.includes('canary'));
    });

    it('is charged as its rates say, hour by hour, once an hour is final', async () => {
      const { market, runpod } = await session();
      const wanted = await order(runpod);
      const key = await runpod.create(wanted);
      await becomes(runpod, key, 'ready');
      const from = market.clock.startedAt;
      assert.deepEqual(await runpod.charges(from - hourMs, from + hourMs, never()), []);
      market.clock.advance(6 * hourMs);
      const charges = await runpod.charges(from, from + 6 * hourMs, never());
      assert.deepEqual(charges.map((charge) => [charge.instanceKey, (charge.from - from) / hourMs]), [0, 1, 2, 3].map((hour) => [key, hour]));
      const perHour = toDollars(allIn(wanted.offer));
      for (const charge of charges.slice(1)) assert.ok(Math.abs(toDollars(charge.amount) - perHour) < 0.0005, `${toDollars(charge.amount)} is near ${perHour}`);
      assert.ok(toDollars(sumUsd(charges.map(({ amount }) => amount))) < 4 * perHour + 0.001);
    });
  });

  describe('the account', () => {
    it('shows the balance and the burn, with the key alone', async () => {
      const { market, runpod } = await session();
      const { id, ...rest } = await runpod.account(never());
      assert.match(id ?? '', /^user_\w+$/);
      assert.deepEqual(rest, { balance: usd(500), burn: usd(0) });
      for (const bad of ['rpa_WRONG', undefined]) assert.ok(withCode('auth')(await failure(adapter(market, bad).account(never()))));
    });

    it('closes every door to a bad key', async () => {
      const { runpod } = await session(() => 'rpa_WRONG');
      for (const work of [runpod.list(never()), runpod.get('abc', never()), runpod.destroy('abc'), runpod.logs('abc', never()), runpod.charges(0, hourMs, never())]) {
        assert.ok(withCode('auth')(await failure(work)));
      }
    });
  });

  describe('faults', () => {
    const creates: readonly (readonly [string, ErrorCode, number])[] = [
      ['no-capacity', 'noCapacity', 0],
      ['no-credit', 'noCredit', 0],
      ['rate-limit', 'rateLimited', 0],
      ['create-timeout-before', 'network', 0],
      ['create-timeout-after', 'network', 1],
      ['create-500-after', 'serverError', 1],
      ['server-error', 'serverError', 0],
      ['half-json', 'badResponse', 1],
    ];
    for (const [fault, code, made] of creates) {
      it(`${fault} at a create: ${code}, one request, ${made === 0 ? 'nothing made' : 'and the pod is found by its label'}`, async () => {
        const { market, runpod } = await session();
        const wanted = await order(runpod);
        market.faults.force(fault, 9);
        const error = await failure(runpod.create(wanted));
        market.faults.clear();
        assert.ok(isRentError(error, code), String(error));
        const { createsAccepted, requests } = await ledger(market);
        assert.deepEqual([createsAccepted, requests.runpod['POST /v2/pods']], [made, 1]);
        assert.ok(made === 0 || !isDefiniteRefusal(error));
        const { instances, complete } = await runpod.list(never());
        assert.deepEqual([instances.map(({ label }) => label), complete], [made === 0 ? [] : [wanted.label], true]);
      });
    }

    it('html at a create leaves open what happened', async () => {
      const { market, runpod } = await session();
      for (let round = 0; round < 4; round++) {
        const wanted = await order(runpod);
        market.faults.force('html');
        assert.equal(isDefiniteRefusal(await failure(runpod.create(wanted))), false);
        assert.equal((await runpod.list(never())).instances.filter(({ label }) => label === wanted.label).length, 1);
      }
    });

    it('an image that does not exist is the image’s fault', async () => {
      const { runpod } = await session();
      assert.ok(withCode('badImage')(await failure(runpod.create(await order(runpod, { image: 'runpod/pytorch:no-such-tag' })))));
    });

    it('a dearer machine shows its real rate', async () => {
      const { market, runpod } = await session();
      const wanted = await order(runpod);
      market.faults.force('price-higher');
      const key = await runpod.create(wanted);
      const { instance } = (await runpod.get(key, never())) ?? {};
      assert.equal(instance?.rates.running, wanted.offer.price.gpu * 1.5 + wanted.offer.price.disk);
    });

    it('reads outlast a server that stumbles', async () => {
      const { market, runpod } = await session();
      const key = await runpod.create(await order(runpod));
      for (const fault of ['server-error', 'rate-limit']) {
        market.faults.force(fault, 2);
        assert.equal((await runpod.list(never())).instances[0]?.key, key);
        assert.ok((market.faults.counts.get(`runpod.${fault}`) ?? 0) >= 2);
      }
    });

    it('a list that breaks off or is a page of a gateway is no list', async () => {
      const { market, runpod } = await session();
      await runpod.create(await order(runpod));
      market.faults.force('half-json', 4);
      assert.ok(withCode('badResponse')(await failure(runpod.list(never()))));
      market.faults.clear();
      market.faults.set('html', 1);
      assert.ok(isRentError(await failure(runpod.list(never())), 'badResponse', 'serverError'));
    });

    it('a destroy that lies is seen through by looking again', async () => {
      const { market, runpod } = await session();
      const key = await runpod.create(await order(runpod));
      market.faults.force('destroy-lies');
      await runpod.destroy(key);
      assert.equal((await runpod.get(key, never()))?.instance.key, key);
    });

    it('a pod that never was does not exist', async () => {
      const { market, runpod } = await session();
      const wanted = await order(runpod);
      market.faults.force('phantom-create');
      const key = await runpod.create(wanted);
      assert.equal(await runpod.get(key, never()), undefined);
      assert.equal((await ledger(market)).createsAccepted, 0);
    });
  });
});
