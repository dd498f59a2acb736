import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toDollars } from '../../../../src/domain/money.ts';
import { allIn } from '../../../../src/domain/offer.ts';
import { gpuOf } from '../../../../src/providers/lambda/hardware.ts';
import { decodeOfferKey, encodeOfferKey } from '../../../../src/providers/lambda/offerKey.ts';
import { placeOf } from '../../../../src/providers/lambda/place.ts';
import { findOffer, search } from '../../../../src/providers/lambda/search.ts';
import { readTypes } from '../../../../src/providers/lambda/typesCall.ts';
import { answer, anyText, collect, codeThrown, data, fakeHttp, instanceType, item, never, readAt, texas } from './support.ts';

const virginia = { name: 'us-east-1', description: 'Virginia, USA' };
const read = (items: Record<string, unknown>) => readTypes().read(data(items));

describe("Lambda's offers", () => {
  it('are a type in a region that has one free, whole and with the disk that it has', () => {
    const { offers, dropped } = read({ a: item(instanceType({ name: 'gpu_8x_h100_sxm5', gpu_description: 'H100 (80 GB SXM5)', price_cents_per_hour: 2392 }, { gpus: 8, vcpus: 208, memory_gib: 1800, storage_gib: 22_528 }), texas, virginia) });
    assert.equal(dropped, 0);
    assert.deepEqual(offers[1], {
      id: 'lambda:gpu_8x_h100_sxm5~us-east-1', provider: 'lambda', gpu: 'H100 SXM', vramGb: 80, gpuCount: 8,
      price: { gpu: 23_920_000, disk: 0, stoppedDisk: 0 }, diskGb: 24_189, kind: 'on-demand', tier: 'datacentre', place: 'Virginia, US', country: 'US', readAt,
      details: { cpuCores: 208, ramGb: 1800, maxDiskGb: 24_189, directSsh: true, noStop: true, billedEveryMs: 60_000 },
    });
    assert.deepEqual(offers.map(({ place }) => place), ['Texas, US', 'Virginia, US']);
  });

  it('are none of what nobody can have, and none without a GPU', () => {
    const cpu = item(instanceType({ gpu_description: 'N/A' }, { gpus: 0 }));
    const full = { instance_type: instanceType(), regions_with_capacity_available: [] };
    assert.deepEqual(read({ cpu, full }), { offers: [], dropped: 0 });
  });

  it('leave out what cannot be read, and count it', () => {
    const bad = [
      item(instanceType({ price_cents_per_hour: 0 })), item(instanceType({ price_cents_per_hour: -75 })), item(instanceType({ price_cents_per_hour: 0.75 })), item(instanceType({ price_cents_per_hour: '75' })),
      item(instanceType({ gpu_description: 'A10' })), item(instanceType({}, { gpus: 1.5 })), item(instanceType({}, { storage_gib: -1 })), item(instanceType({ name: 'a~b' })),
      item(instanceType(), { name: '../x', description: '' }), { instance_type: instanceType() }, null, 5,
    ];
    assert.deepEqual(read({ good: item(), ...Object.fromEntries(bad.map((one, index) => [`bad${index}`, one])) }).dropped, bad.length);
    assert.equal(codeThrown(() => readTypes().read(data([]))), 'badResponse');
    assert.equal(codeThrown(() => readTypes().read(answer(200, {}))), 'badResponse');
    assert.equal(codeThrown(() => readTypes().read(answer(200, '<html>'))), 'badResponse');
  });

  it('cost what Lambda says in cents, for the whole machine however many GPUs it has', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 100_000 }), (cents, gpus, gib) => {
      const [found] = read({ a: item(instanceType({ price_cents_per_hour: cents }, { gpus, storage_gib: gib })) }).offers;
      assert.ok(found);
      assert.equal(allIn(found), cents * 10_000);
      assert.equal(toDollars(allIn(found)), cents / 100);
      assert.ok(found.diskGb <= (gib * 2 ** 30) / 1e9 && found.diskGb > (gib * 2 ** 30) / 1e9 - 1);
    }));
  });

  it('never come of an answer that throws something else', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constant(item()), anyText)), (items) => {
      const { offers, dropped } = read(items);
      assert.ok(dropped >= 0 && offers.every((offer) => allIn(offer) > 0 && offer.gpuCount >= 1 && offer.vramGb > 0));
    }));
  });
});

describe("the name of one of Lambda's GPUs", () => {
  for (const [text, gpu, vramGb] of [
    ['H100 (80 GB SXM5)', 'H100 SXM', 80], ['H100 (80 GB PCIe)', 'H100 PCIe', 80], ['A100 (40 GB SXM4)', 'A100 SXM', 40], ['A100 (40 GB PCIe)', 'A100 PCIe', 40],
    ['A10 (24 GB PCIe)', 'A10', 24], ['A6000 (48 GB)', 'RTX A6000', 48], ['RTX 6000 (24 GB)', 'Quadro RTX 6000', 24], ['Tesla V100 (16 GB)', 'V100', 16],
    ['GH200 (96 GB)', 'GH200', 96], ['B200 (180 GB SXM6)', 'B200', 180], ['H200 (141 GB SXM5)', 'H200', 141],
  ] as const) it(`${text} is the ${gpu} of others`, () => assert.deepEqual(gpuOf(text), { gpu, vramGb }));

  it('is none in what says no memory', () => {
    for (const text of ['N/A', '', 'A10', 'A10 (24 TB)', 'A10 (0 GB)', '(24 GB)']) assert.equal(gpuOf(text), undefined, text);
    fc.assert(fc.property(anyText, (text) => void gpuOf(text)));
  });
});

describe("the place of one of Lambda's regions", () => {
  it('is a country, or a part of one, as everywhere', () => {
    const places = ['Texas, USA', 'North Texas, USA', 'Germany', 'Osaka, Japan', 'Israel', 'Sydney, Australia', 'Somewhere', ''].map((description) => placeOf({ name: 'x-1', description }));
    assert.deepEqual(places, [
      { place: 'Texas, US', country: 'US' }, { place: 'North Texas, US', country: 'US' }, { place: 'Germany', country: 'DE' }, { place: 'Osaka, JP', country: 'JP' },
      { place: 'Israel', country: 'IL' }, { place: 'Sydney, AU', country: 'AU' }, { place: 'Somewhere' }, { place: 'x-1' },
    ]);
  });
});

describe("a search of Lambda's", () => {
  const all = { a: item(), b: item(instanceType({ name: 'gpu_1x_a6000', gpu_description: 'A6000 (48 GB)', price_cents_per_hour: 80 }, { storage_gib: 200 })) };
  const run = (filter: object, signedIn = true, reply = data(all)) => {
    const http = fakeHttp(() => reply);
    return { http, done: collect(search({ http, signedIn: () => Promise.resolve(signedIn) }, { diskGb: 40, ...filter }, never())) };
  };

  it('is one request with a key, and one page', async () => {
    const { http, done } = run({});
    const { items, error } = await done;
    assert.deepEqual([items.map((page) => page.offers.map(({ id }) => id)), items[0]?.more, error], [[['lambda:gpu_1x_a10~us-south-1', 'lambda:gpu_1x_a6000~us-south-1']], false, undefined]);
    assert.deepEqual(http.asked.map(({ method, path, key, retry }) => [method, path, key, retry]), [['GET', '/api/v1/instance-types', 'required', 'safe']]);
  });

  it('has what is wanted, and no disk that is too small', async () => {
    const found = async (filter: object) => (await run(filter).done).items.flatMap(({ offers }) => offers.map(({ gpu }) => gpu));
    assert.deepEqual(await found({ gpu: 'A10' }), ['A10']);
    assert.deepEqual(await found({ diskGb: 215 }), ['A10']);
    assert.deepEqual(await found({ diskGb: 214 }), ['A10', 'RTX A6000']);
    assert.deepEqual(await found({ region: 'us', minVramGb: 48 }), ['RTX A6000']);
  });

  it('asks nothing where it could have no answer', async () => {
    for (const filter of [{ provider: 'vast' }, { kind: 'interruptible' }, { minReliability: 0.5 }]) {
      const { http, done } = run(filter);
      assert.deepEqual([await done, http.asked], [{ items: [], error: undefined }, []]);
    }
  });

  it('without a key is silent, unless it is Lambda that somebody wants', async () => {
    const { http, done } = run({}, false);
    assert.deepEqual([await done, http.asked], [{ items: [], error: undefined }, []]);
  });

  it('says that there is no key to who wants Lambda alone', async () => {
    const { items, error } = await run({ provider: 'lambda' }, false).done;
    assert.deepEqual([items, (error as { code?: string }).code], [[], 'noKey']);
  });

  it('reads one offer again: there, gone, or with too small a disk', async () => {
    const find = (key: string, diskGb: number) => findOffer(fakeHttp(() => data(all)), key, diskGb, never());
    assert.equal((await find('gpu_1x_a10~us-south-1', 40))?.id, 'lambda:gpu_1x_a10~us-south-1');
    assert.equal(await find('gpu_1x_a10~us-east-1', 40), undefined);
    assert.equal(await find('gpu_1x_a6000~us-south-1', 500), undefined);
    const asked = fakeHttp(() => data(all));
    assert.deepEqual([await findOffer(asked, 'nonsense', 40, never()), asked.asked], [undefined, []]);
  });
});

describe("the key of one of Lambda's offers", () => {
  it('spells out type and region, and nothing else is one', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9_]{0,30}$/), fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/), (type, region) => {
      assert.deepEqual(decodeOfferKey(encodeOfferKey({ type, region })), { type, region });
    }));
    for (const key of ['', '~', 'a~', '~b', 'a', 'a~b~c', 'a~../b', 'a b~c', 'a~B']) assert.equal(decodeOfferKey(key), undefined, key);
  });
});
