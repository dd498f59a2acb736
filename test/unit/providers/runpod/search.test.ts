import assert from 'node:assert/strict';
import { RentError } from '../../../../src/domain/errors.ts';
import type { OfferFilter } from '../../../../src/domain/filter.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import { allIn, type Offer, type OfferPage } from '../../../../src/domain/offer.ts';
import { createRunpod } from '../../../../src/providers/runpod/runpod.ts';
import { aborted, answer, at, collect, fakeHttp, fixture, never, ok, problem, withCode, type Asked, type FakeHttp, type Reply } from './support.ts';

const filter: OfferFilter = { diskGb: 40 };
const signedIn = { signedIn: async () => true };
const signedOut = { signedIn: async () => false };

const isFloors = (call: Asked): boolean => JSON.stringify(call.body ?? '').includes('minVcpu');

function market(call: Asked): Answer {
  if (call.path === '/graphql') return ok(fixture(isFloors(call) ? 'floors.json' : 'prices.json'));
  return ok(fixture(call.query?.['cloud'] === 'COMMUNITY' ? 'catalogueCommunity.json' : 'catalogueSecure.json'));
}

const pricesAsked = ({ asked }: FakeHttp): { query: string; variables: Record<string, unknown> } => {
  const call = asked.find((each) => !isFloors(each));
  assert.ok(call);
  return call.body as { query: string; variables: Record<string, unknown> };
};

const offersOf = (pages: readonly OfferPage[]): Offer[] => pages.flatMap((page) => page.offers);
const keys = (pages: readonly OfferPage[]): string[] => offersOf(pages).map((offer) => offer.id).toSorted();
const find = (pages: readonly OfferPage[], id: string): Offer => {
  const offer = offersOf(pages).find((each) => each.id === id);
  assert.ok(offer, `${id} is among ${keys(pages).join(', ')}`);
  return offer;
};

describe('searching signed in', () => {
  const run = (wanted: OfferFilter = filter, reply: (call: Asked) => Reply = market) => {
    const http = fakeHttp(reply);
    return { http, done: collect(createRunpod(http, signedIn).search(wanted, never())) };
  };

  it('asks the catalogue for each cloud, with the count and the product', async () => {
    const { http, done } = run({ ...filter, count: 4 });
    await done;
    assert.deepEqual(http.asked.map(({ method, path, query, key, retry }) => ({ method, path, query, key, retry })), ['SECURE', 'COMMUNITY'].map((cloud) => ({
      method: 'GET', path: '/v2/catalog/gpus', query: { include: 'AVAILABILITY', product: 'POD', count: '4', cloud }, key: 'required', retry: 'safe',
    })));
  });

  it('offers Secure where there is stock and Community once', async () => {
    const { items, error } = await run().done;
    assert.equal(error, undefined);
    assert.deepEqual(keys(items), [
      'runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%203070',
      'runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~1~EU-RO-1~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~1~US-KS-2~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~1~US-TX-3~NVIDIA%20H100%2080GB%20HBM3',
    ]);
    assert.deepEqual(items.map(({ dropped, more }) => [dropped, more]).toSorted(), [[0, false], [1, false]]);
  });

  it('says everything about an offer and guesses nothing', async () => {
    const { items } = await run().done;
    const offer = find(items, 'runpod:SECURE~1~US-KS-2~NVIDIA%20GeForce%20RTX%204090');
    assert.deepEqual(offer, {
      id: 'runpod:SECURE~1~US-KS-2~NVIDIA%20GeForce%20RTX%204090',
      provider: 'runpod',
      gpu: 'RTX 4090',
      gpuCount: 1,
      vramGb: 24,
      price: { gpu: usdPerHour(0.69), disk: usdPerHour(0.005479), stoppedDisk: usdPerHour(0.008219) },
      diskGb: 40,
      kind: 'on-demand',
      tier: 'datacentre',
      tierName: 'Secure',
      stock: 'low',
      place: 'US-KS-2',
      readAt: at,
      details: {},
    });
    const community = find(items, 'runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%204090');
    assert.deepEqual([community.tier, community.tierName, community.place, community.stock], ['community', 'Community', '', 'low']);
    assert.equal(find(items, 'runpod:SECURE~1~US-TX-3~NVIDIA%20H100%2080GB%20HBM3').gpu, 'H100 SXM');
  });

  it('prices all the GPUs of an offer, and the disk it would really get', async () => {
    const { items } = await run({ diskGb: 1, count: 3 }).done;
    const offer = find(items, 'runpod:SECURE~3~EU-RO-1~NVIDIA%20GeForce%20RTX%204090');
    assert.equal(offer.gpuCount, 3);
    assert.equal(toDollars(offer.price.gpu), 2.07);
    assert.equal(offer.diskGb, 15);
    assert.equal(toDollars(allIn(offer)), 2.072055);
  });

  it('leaves out what no machine of the cloud can hold', async () => {
    const { items } = await run({ ...filter, count: 8 }).done;
    assert.deepEqual(keys(items), [
      'runpod:SECURE~8~EU-RO-1~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~8~US-KS-2~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~8~US-TX-3~NVIDIA%20H100%2080GB%20HBM3',
    ]);
  });

  it('offers Secure anywhere when the catalogue names no data centres', async () => {
    const [gpu] = fixture('catalogueSecure.json')['gpus'] as Record<string, unknown>[];
    const { items } = await run(filter, () => ok({ gpus: [{ ...gpu, dataCenters: undefined }] })).done;
    assert.deepEqual(keys(items), ['runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%204090', 'runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090']);
  });

  it('checks the filter on what came', async () => {
    assert.deepEqual(keys((await run({ ...filter, gpu: 'h100' }).done).items), ['runpod:SECURE~1~US-TX-3~NVIDIA%20H100%2080GB%20HBM3']);
    assert.deepEqual(keys((await run({ ...filter, maxPrice: usdPerHour(0.14) }).done).items), ['runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%203070']);
    assert.equal(keys((await run({ ...filter, region: 'EU' }).done).items).length, 1);
  });

  it('asks for Secure alone when only datacentres will do', async () => {
    const { http, done } = run({ ...filter, datacentreOnly: true });
    assert.ok(offersOf((await done).items).every((offer) => offer.tier === 'datacentre'));
    assert.equal(http.asked.length, 1);
  });

  it('asks for nothing when nothing here can match', async () => {
    for (const hopeless of [{ kind: 'interruptible' }, { minReliability: 0.5 }, { provider: 'vast' }] as const) {
      const { http, done } = run({ ...filter, ...hopeless });
      assert.deepEqual(await done, { items: [], error: undefined });
      assert.equal(http.asked.length, 0);
    }
  });

  it('shows the cloud that came before it says that the other failed', async () => {
    const failing = (cloud: string) => (call: Asked): Reply => (call.query?.['cloud'] === cloud ? answer(503, '') : market(call));
    const { items, error } = await run(filter, failing('SECURE')).done;
    assert.ok(keys(items).every((key) => key.startsWith('runpod:COMMUNITY')) && keys(items).length === 2);
    assert.ok(withCode('serverError')(error));
    assert.equal(keys((await run(filter, failing('COMMUNITY')).done).items).length, 3);
  });

  it('does not hold the first cloud back for the second', async () => {
    const gate = Promise.withResolvers<Answer>();
    const http = fakeHttp((call) => (call.query?.['cloud'] === 'SECURE' ? gate.promise : market(call)));
    const pages = createRunpod(http, signedIn).search(filter, never())[Symbol.asyncIterator]();
    const first = await pages.next();
    assert.ok(!first.done && first.value.offers.every((offer) => offer.tier === 'community'));
    gate.resolve(ok(fixture('catalogueSecure.json')));
    const second = await pages.next();
    assert.ok(!second.done && second.value.offers.every((offer) => offer.tier === 'datacentre'));
  });

  for (const [name, code] of [['unauthorized', 'auth'], ['forbidden', 'forbidden']] as const) {
    it(`shows public prices and then says ${code} when the key is no good`, async () => {
      const { http, done } = run(filter, (call) => (call.path === '/graphql' ? market(call) : problem(name)));
      const { items, error } = await done;
      assert.ok(keys(items).includes('runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090'));
      assert.ok(withCode(code)(error));
      assert.ok(http.asked.filter((call) => call.path === '/graphql').every((call) => call.key === 'none'));
    });
  }

  it('says that the key is no good even when public prices fail too', async () => {
    const { items, error } = await run(filter, (call) => (call.path === '/graphql' ? answer(410, '') : problem('unauthorized'))).done;
    assert.deepEqual(items, []);
    assert.ok(withCode('auth')(error));
  });

  it('asks for no public prices when the server is at fault and not the key', async () => {
    const { http, done } = run(filter, () => answer(500, { error: 'Something went wrong.' }));
    assert.ok(withCode('serverError')((await done).error));
    assert.ok(http.asked.every((call) => call.path !== '/graphql'));
  });

  it('stops when it is cancelled', async () => {
    const control = new AbortController();
    control.abort();
    const { error } = await collect(createRunpod(fakeHttp(market), signedIn).search(filter, control.signal));
    assert.ok(aborted(error));
  });

  it('refuses an answer that is no catalogue', async () => {
    for (const text of ['<html>', '{"gpus":', '[]', '{"gpus":null}']) {
      assert.ok(withCode('badResponse')((await run(filter, () => answer(200, text)).done).error), text);
    }
  });
});

describe('searching signed out', () => {
  const run = (wanted: OfferFilter = filter, reply: (call: Asked) => Reply = market) => {
    const http = fakeHttp(reply);
    return { http, done: collect(createRunpod(http, signedOut).search(wanted, never())) };
  };

  it('asks without a key, with each cloud under its own alias at the count', async () => {
    const { http, done } = run({ ...filter, count: 2 });
    await done;
    assert.ok(http.asked.every(({ key, path, method }) => key === 'none' && path === '/graphql' && method === 'POST'));
    const prices = pricesAsked(http);
    assert.deepEqual(prices.variables, { secure: { gpuCount: 2, secureCloud: true }, community: { gpuCount: 2, secureCloud: false } });
    assert.match(prices.query, /secure: lowestPrice\(input: \$secure\) \{ stockStatus \} community: lowestPrice\(input: \$community\)/);
  });

  it('offers each type once per cloud that has stock and a price', async () => {
    const { items, error } = await run().done;
    assert.equal(error, undefined);
    assert.deepEqual(keys(items), [
      'runpod:COMMUNITY~1~~NVIDIA%20GeForce%20RTX%204090',
      'runpod:SECURE~1~~AMD%20Instinct%20MI300X%20OAM',
      'runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090',
    ]);
    assert.equal(items[0]?.dropped, 1);
    const amd = find(items, 'runpod:SECURE~1~~AMD%20Instinct%20MI300X%20OAM');
    assert.deepEqual([amd.gpu, amd.vramGb, amd.stock, amd.place, amd.tierName], ['MI300X', 192, 'medium', '', 'Secure']);
    assert.deepEqual(find(items, 'runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090').details, { cpuCores: 6, ramGb: 41 });
  });

  it('multiplies the price of one GPU by the count', async () => {
    const offer = find((await run({ ...filter, count: 4 }).done).items, 'runpod:COMMUNITY~4~~NVIDIA%20GeForce%20RTX%204090');
    assert.equal(toDollars(offer.price.gpu), 1.36);
  });

  it('keeps the prices when the optional fields are refused, and does not repeat that question', async () => {
    const gone = { errors: [{ message: 'Cannot query field "minVcpu" on type "LowestPrice".' }] };
    const { http, done } = run(filter, (call) => (isFloors(call) ? answer(400, gone) : market(call)));
    const { items, error } = await done;
    assert.equal(error, undefined);
    assert.deepEqual(find(items, 'runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090').details, {});
    assert.equal(http.asked.find(isFloors)?.retry, 'never');
  });

  it('takes data that comes with errors, and says what errors without data mean', async () => {
    const partial = { ...fixture('prices.json'), errors: [{ message: 'one field failed' }] };
    assert.equal(keys((await run(filter, () => ok(partial)).done).items).length, 3);
    const { error } = await run(filter, () => ok({ errors: [{ message: 'Something went wrong. Try again later.' }] })).done;
    assert.ok(withCode('badResponse')(error) && error instanceof RentError && error.detail === 'Something went wrong. Try again later.');
  });
});

describe('reading one offer again', () => {
  const [gpu] = fixture('catalogueSecure.json')['gpus'] as Record<string, unknown>[];
  const find = (id: string, deps: typeof signedIn, reply: (call: Asked) => Reply) => {
    const http = fakeHttp(reply);
    return { http, offer: createRunpod(http, deps).findOffer(id, 40, never()) };
  };

  it('asks for its type with the same wish and finds the same offer', async () => {
    const { items } = await collect(createRunpod(fakeHttp(market), signedIn).search({ ...filter, count: 2 }, never()));
    for (const seen of offersOf(items).filter((each) => each.gpu === 'RTX 4090' && each.tier === 'datacentre')) {
      const { http, offer } = find(seen.id, signedIn, () => ok(gpu));
      assert.deepEqual(await offer, seen);
      assert.equal(http.asked[0]?.path, '/v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090');
      assert.deepEqual(http.asked[0]?.query, { include: 'AVAILABILITY', product: 'POD', count: '2', cloud: 'SECURE' });
    }
  });

  it('finds an offer of no place by the stock of the whole cloud', async () => {
    const offer = await find('runpod:SECURE~1~~NVIDIA%20GeForce%20RTX%204090', signedIn, () => ok(gpu)).offer;
    assert.deepEqual([offer?.place, offer?.stock], ['', 'high']);
  });

  it('finds nothing where the stock has gone, the type has, or the id is none', async () => {
    const key = 'NVIDIA%20GeForce%20RTX%204090';
    assert.equal(await find(`runpod:SECURE~1~EU-SE-1~${key}`, signedIn, () => ok(gpu)).offer, undefined);
    assert.equal(await find(`runpod:SECURE~1~AP-JP-1~${key}`, signedIn, () => ok(gpu)).offer, undefined);
    assert.equal(await find(`runpod:SECURE~1~~${key}`, signedIn, () => ok({ ...gpu, availability: 'NONE' })).offer, undefined);
    assert.equal(await find(`runpod:SECURE~1~~${key}`, signedIn, () => problem('notFound')).offer, undefined);
    const odd = find('runpod:whatever', signedIn, market);
    assert.equal(await odd.offer, undefined);
    assert.equal(odd.http.asked.length, 0);
  });

  it('is not taken for gone when a gateway answers 404 or the key is bad', async () => {
    const key = 'runpod:SECURE~1~~NVIDIA%20L4';
    await assert.rejects(find(key, signedIn, () => answer(404, '<html>')).offer, withCode('badResponse'));
    await assert.rejects(find(key, signedIn, () => problem('unauthorized')).offer, withCode('auth'));
  });

  it('asks the public list for that type and place when signed out', async () => {
    const { http, offer } = find('runpod:SECURE~1~EU-RO-1~NVIDIA%20GeForce%20RTX%204090', signedOut, market);
    assert.equal((await offer)?.id, 'runpod:SECURE~1~EU-RO-1~NVIDIA%20GeForce%20RTX%204090');
    const { variables } = pricesAsked(http);
    assert.deepEqual(variables['type'], { id: 'NVIDIA GeForce RTX 4090' });
    assert.deepEqual(variables['secure'], { gpuCount: 1, secureCloud: true, dataCenterId: 'EU-RO-1' });
    assert.equal(await find('runpod:SECURE~1~~NVIDIA%20A40', signedOut, market).offer, undefined);
    assert.equal(await find('runpod:SECURE~1~~NVIDIA%20T9', signedOut, market).offer, undefined);
  });
});
