/** The adapter through the real door against the practice market: whole rentals, and every way in which they go wrong. */
import assert from 'node:assert/strict';
import { isDefiniteRefusal, isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import type { InstanceState, SeenInstance } from '../../../../src/domain/instance.ts';
import { allIn, type Offer } from '../../../../src/domain/offer.ts';
import { lacksOf, quotedRates, type CreateOrder, type Provider } from '../../../../src/domain/provider.ts';
import { startMarket, type Market } from '../../../../src/practice/market.ts';
import type { PodMaker } from '../../../../src/practice/podKeeper.ts';
import { createHttp } from '../../../../src/providers/http/http.ts';
import { createLambda } from '../../../../src/providers/lambda/lambda.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { until } from '../../practice/until.ts';
import { collect, never, withCode } from './support.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOurs gpu-rental';
let labels = 0;

/** Nothing logs in here, so an address is machine enough. */
const noMachines: PodMaker = { startPod: async () => ({ port: 9, hostKeyFingerprint: 'SHA256:none', stop: async () => {} }), removePod: async () => {} };

const open: Market[] = [];
async function session(key: (market: Market) => string | undefined = (market) => market.lambda.apiKey) {
  const market = await startMarket({ seed: 11, startAt: Date.UTC(2026, 10, 22, 12), bootScale: 0, rateLimits: false, podMaker: noMachines });
  open.push(market);
  const log = new FakeLog();
  const clock = new FakeClock();
  const http = createHttp({ origin: market.lambda.url, key: async () => key(market), clock, log, userAgent: 'gpu-rental/test', random: () => 0 });
  return { market, log, clock, lambda: createLambda(http, { signedIn: async () => key(market) !== undefined }) as Provider };
}

async function offers(lambda: Provider): Promise<Offer[]> {
  const { items, error } = await collect(lambda.search({ diskGb: 40 }, never()));
  assert.equal(error, undefined);
  return items.flatMap((page) => page.offers);
}

async function order(lambda: Provider, change: Partial<CreateOrder> = {}): Promise<CreateOrder> {
  const [cheapest] = (await offers(lambda)).toSorted((a, b) => allIn(a) - allIn(b));
  return { offer: cheapest ?? assert.fail('there is no offer'), label: `gpu-rental-abcdef-${labels++}`, image: lambda.traits.defaultImage, publicKey, env: {}, ...change };
}

const becomes = (lambda: Provider, key: string, state: InstanceState): Promise<SeenInstance> =>
  until(`${key} ${state}`, async () => {
    const seen = await lambda.get(key, never());
    return seen?.instance.state === state ? seen.instance : undefined;
  });

interface Ledger {
  readonly requests: { readonly lambda: Readonly<Record<string, number>> };
  readonly createsAccepted: number;
}
const ledger = async ({ ledger: { url } }: Market): Promise<Ledger> => (await fetch(url)).json() as Promise<Ledger>;
const launches = 'POST /api/v1/instance-operations/launch';
const failure = async (work: Promise<unknown>): Promise<unknown> => work.then(() => assert.fail('it went well'), (error: unknown) => error);

describe('Lambda’s adapter against the practice market', () => {
  afterEach(async () => {
    for (const market of open.splice(0)) await market.close();
  });

  it('finds every offer again by its id', async () => {
    const { lambda } = await session();
    const all = await offers(lambda);
    assert.ok(all.length > 15 && new Set(all.map(({ id }) => id)).size === all.length);
    for (const offer of all) {
      const { readAt: _, ...again } = (await lambda.findOffer(offer.id, 40, never())) ?? offer;
      const { readAt: __, ...first } = offer;
      assert.deepEqual(again, first);
    }
  });

  it('rents what was offered, which lives its whole life and cannot be stopped', async () => {
    const { market, lambda, log } = await session();
    const wanted = await order(lambda);
    const key = await lambda.create(wanted);
    const ready = await becomes(lambda, key, 'ready');
    assert.deepEqual(
      [ready.label, ready.gpu, ready.gpuCount, ready.vramGb, ready.place, ready.diskGb],
      [wanted.label, wanted.offer.gpu, wanted.offer.gpuCount, wanted.offer.vramGb, wanted.offer.place, wanted.offer.diskGb],
    );
    assert.deepEqual({ ...ready.rates, starting: undefined }, { ...quotedRates(wanted.offer), starting: undefined });
    assert.deepEqual(ready.endpoints.map(({ host, user, viaProxy }) => [host, user, viaProxy]), [['127.0.0.1', 'ubuntu', false]]);
    const { instances, complete } = await lambda.list(never());
    assert.deepEqual([complete, instances.map((instance) => instance.key)], [true, [key]]);

    for (const act of [lambda.stop, lambda.start]) assert.ok(withCode('notAllowed')(await failure(act(key))));
    assert.deepEqual([lacksOf(lambda), lambda.logs, lambda.charges, lambda.traits.carriesGuard('any')], [['stop', 'logs'], undefined, undefined, false]);
    await lambda.reboot(key);
    await becomes(lambda, key, 'ready');

    await lambda.destroy(key);
    await until('it is gone', async () => (await lambda.get(key, never())) === undefined);
    await lambda.destroy(key);
    assert.deepEqual((await lambda.list(never())).instances, []);
    assert.ok(withCode('gone')(await failure(lambda.reboot(key))));
    const { createsAccepted, requests } = await ledger(market);
    assert.deepEqual([createsAccepted, requests.lambda[launches], requests.lambda['POST /api/v1/ssh-keys']], [1, 1, 1]);
    assert.ok(!JSON.stringify(log).includes(market.lambda.apiKey));
  });

  it('gives its key to the account once', async () => {
    const { market, lambda } = await session();
    await lambda.create(await order(lambda));
    await lambda.create(await order(lambda));
    assert.deepEqual((({ requests }) => [requests.lambda['POST /api/v1/ssh-keys'], requests.lambda[launches]])(await ledger(market)), [1, 2]);
  });

  it('keeps to a request a second and a launch in twelve, together', async () => {
    const { lambda, clock } = await session();
    const began = clock.now();
    await lambda.create(await order(lambda));
    const [first, offer] = [clock.now(), await order(lambda)];
    await lambda.create(offer);
    assert.ok(first - began >= 3_000 && clock.now() - first >= 12_000, `${first - began} and ${clock.now() - first} ms`);
  });

  it('closes every door to a bad key, and asks nothing without one', async () => {
    const { lambda } = await session(() => 'secret_wrong.0123456789');
    const wanted = await order((await session()).lambda);
    for (const ask of [() => lambda.account(never()), () => lambda.list(never()), () => lambda.get('abc', never()), () => lambda.destroy('abc'), () => lambda.create(wanted), () => lambda.findOffer(wanted.offer.id, 40, never())]) {
      assert.ok(withCode('auth')(await failure(ask())));
    }
    assert.ok(withCode('auth')((await collect(lambda.search({ diskGb: 40 }, never()))).error));
    const stranger = await session(() => undefined);
    assert.deepEqual(await offers(stranger.lambda), []);
    assert.deepEqual((await ledger(stranger.market)).requests.lambda, {});
  });

  const creates: readonly (readonly [string, ErrorCode, number])[] = [
    ['no-capacity', 'noCapacity', 0], ['offer-gone', 'noCapacity', 0], ['no-credit', 'accountInactive', 0],
    ['create-timeout-before', 'network', 0], ['create-timeout-after', 'network', 1], ['create-500-after', 'serverError', 1],
  ];
  for (const [fault, code, made] of creates) {
    it(`${fault} at a launch: ${code}, one request, ${made === 0 ? 'nothing made' : 'and the machine is found by its label'}`, async () => {
      const { market, lambda } = await session();
      const wanted = await order(lambda);
      market.faults.force(fault, 9);
      const error = await failure(lambda.create(wanted));
      market.faults.clear();
      assert.ok(isRentError(error, code), String(error));
      const { createsAccepted, requests } = await ledger(market);
      assert.deepEqual([createsAccepted, requests.lambda[launches]], [made, 1]);
      assert.ok(made === 0 || !isDefiniteRefusal(error));
      const { instances, complete } = await lambda.list(never());
      assert.deepEqual([instances.map(({ label }) => label), complete], [made === 0 ? [] : [wanted.label], true]);
    });
  }

  it('a phantom is an id that nobody knows, and a dearer machine shows its real rate', async () => {
    const { market, lambda } = await session();
    market.faults.force('phantom-create');
    assert.equal(await lambda.get(await lambda.create(await order(lambda)), never()), undefined);
    const wanted = await order(lambda);
    market.faults.force('price-higher');
    const key = await lambda.create(wanted);
    assert.ok(((await lambda.get(key, never()))?.instance.rates.running ?? 0) > allIn(wanted.offer) * 1.4);
  });

  it('reads outlast a server that stumbles, and a half answer is no list', async () => {
    const { market, lambda } = await session();
    const key = await lambda.create(await order(lambda));
    for (const fault of ['server-error', 'rate-limit']) {
      market.faults.force(fault, 2);
      assert.equal((await lambda.list(never())).instances[0]?.key, key);
    }
    market.faults.force('half-json');
    assert.ok(withCode('badResponse')(await failure(lambda.list(never()))));
  });
});
