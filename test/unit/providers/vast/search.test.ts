import assert from 'node:assert/strict';
import { isAbort, RentError } from '../../../../src/domain/errors.ts';
import type { OfferFilter } from '../../../../src/domain/filter.ts';
import type { Answer, Http } from '../../../../src/domain/http.ts';
import { usdPerHour } from '../../../../src/domain/money.ts';
import type { Offer, OfferPage } from '../../../../src/domain/offer.ts';
import { createHttp } from '../../../../src/providers/http/http.ts';
import { createPacer } from '../../../../src/providers/http/pacer.ts';
import { GpuNames } from '../../../../src/providers/vast/gpuNames.ts';
import { findOffer, parseOfferKey, search } from '../../../../src/providers/vast/search.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { startServer, type LocalServer } from '../http/localServer.ts';
import { ManualClock } from '../http/manualClock.ts';
import { answer, never, recorded, scripted, withCode, type Asked, type ScriptedHttp } from './support.ts';

const row = recorded('offer');
const filter: OfferFilter = { diskGb: 40 };
const rowOf = (id: number, price: number, change: object = {}): Record<string, unknown> => ({ ...row, id, ask_contract_id: id, dph_base: price, dph_total: price + 0.008333, min_bid: price / 2, ...change });

type Body = Readonly<Record<string, unknown>>;
const bodyOf = (call: Asked): Body => call.body as Body;

function searching(http: ScriptedHttp, wanted: OfferFilter = filter, signal = never()): { pages: AsyncIterable<OfferPage>; log: FakeLog; clock: FakeClock } {
  const clock = new FakeClock();
  const log = new FakeLog();
  return { pages: search({ http, gpuNames: new GpuNames(http, clock), log }, wanted, signal), log, clock };
}
async function all(pages: AsyncIterable<OfferPage>): Promise<{ offers: Offer[]; dropped: number; more: boolean; pages: number }> {
  const read: OfferPage[] = [];
  for await (const page of pages) read.push(page);
  return { offers: read.flatMap((page) => page.offers), dropped: read.reduce((sum, page) => sum + page.dropped, 0), more: read.at(-1)?.more ?? false, pages: read.length };
}
const names = (call: Asked): Answer | undefined => (call.path.includes('gpu_names') ? answer({ gpu_names: ['RTX 4090', 'A100 PCIE', 'A100 SXM4', 'A100X'] }) : undefined);
const giving = (...rows: unknown[]) => scripted((call) => names(call) ?? answer({ offers: rows }));

describe('a search', () => {
  it('gives both kinds of rental, without a key', async () => {
    const http = giving(rowOf(1, 0.4), rowOf(2, 0.5));
    const { offers, more } = await all(searching(http).pages);
    assert.deepEqual(offers.map(({ id }) => id), ['vast:1', 'vast:2', 'vast:1-bid', 'vast:2-bid']);
    assert.equal(more, false);
    assert.deepEqual(http.asked.map((call) => [call.method, call.path, call.key, bodyOf(call)['type']]), [
      ['POST', '/api/v0/bundles/', 'none', 'on-demand'], ['POST', '/api/v0/bundles/', 'none', 'bid'],
    ]);
  });

  it('gives one kind when one is wanted, and nothing that another provider is wanted for', async () => {
    const http = giving(rowOf(1, 0.4));
    assert.deepEqual((await all(searching(http, { ...filter, kind: 'interruptible' }).pages)).offers.map(({ id }) => id), ['vast:1-bid']);
    assert.equal(http.asked.length, 1);
    assert.equal((await all(searching(http, { ...filter, provider: 'runpod' }).pages)).pages, 0);
    assert.equal(http.asked.length, 1);
  });

  it('checks again what Vast may not have honoured', async () => {
    const inCentre = { hosting_type: 1 };
    const http = giving(
      rowOf(1, 0.4, inCentre),
      rowOf(2, 0.9, inCentre),
      rowOf(3, 0.4, { ...inCentre, num_gpus: 2 }),
      rowOf(4, 0.4, { ...inCentre, gpu_ram: 12_288 }),
      rowOf(5, 0.4, { ...inCentre, reliability: 0.9 }),
      rowOf(6, 0.4, { ...inCentre, geolocation: 'Texas, US' }),
      rowOf(7, 0.4),
      rowOf(8, 0.4, { ...inCentre, gpu_name: 'RTX 3090' }),
      rowOf(9, 0.4, { ...inCentre, verification: 'unverified' }),
      rowOf(10, 0.4, { ...inCentre, rentable: false }),
      rowOf(11, 0.4, { ...inCentre, disk_space: 10 }),
      rowOf(12, 0.4, { ...inCentre, resource_type: 'disk' }),
    );
    const wanted: OfferFilter = { ...filter, gpu: '4090', count: 1, minVramGb: 24, maxPrice: usdPerHour(0.6), minReliability: 0.98, region: 'NO', datacentreOnly: true, kind: 'on-demand' };
    const { offers, dropped } = await all(searching(http, wanted).pages);
    assert.deepEqual([offers.map(({ id }) => id), dropped], [['vast:1'], 0]);
  });

  it('asks for the disk that will be rented, and prices it', async () => {
    const http = giving(rowOf(1, 0.4));
    const { offers } = await all(searching(http, { diskGb: 3, kind: 'on-demand' }).pages);
    assert.deepEqual([offers[0]?.diskGb, offers[0]?.price.disk], [8, 1_667]);
    const [asked] = http.asked;
    assert.equal(asked && bodyOf(asked)['allocated_storage'], 8);
  });

  it('counts what it cannot read, and logs why, without the row', async () => {
    const { pages, log } = searching(giving(rowOf(1, 0.4), rowOf(2, 0.4, { gpu_name: null, hostname: 'canary' })), { ...filter, kind: 'on-demand' });
    assert.equal((await all(pages)).dropped, 1);
    assert.match(log.lines.join(), /1 of Vast's on-demand offers could not be read: gpu_name/);
    assert.ok(!log.lines.join().includes('canary'));
  });

  it('fails for an answer that is no list', async () => {
    for (const body of [{}, { offers: null }, { offers: {} }, []]) await assert.rejects(all(searching(scripted(() => answer(body))).pages), withCode('badResponse'));
    await assert.rejects(all(searching(scripted(() => answer({ error: 'invalid_request', msg: 'unknown column' }, 400))).pages), withCode('badRequest'));
  });

  it('says that there is more of one kind, though it has all of the other', async () => {
    const unordered = Array.from({ length: 64 }, (_, index) => rowOf(1 + index, 0.4 + (index % 2) / 10));
    const http = scripted((call) => answer({ offers: bodyOf(call)['type'] === 'bid' ? [rowOf(1, 0.4)] : unordered }));
    const { offers, more } = await all(searching(http).pages);
    assert.deepEqual([offers.length, more, http.asked.length], [65, true, 2]);
  });

  it('keeps what it has given when a later answer fails', async () => {
    const given: Offer[] = [];
    const http = scripted((_, count) => (count === 1 ? answer({ offers: [rowOf(1, 0.4)] }) : answer('<html>', 502)));
    await assert.rejects(async () => {
      for await (const page of searching(http).pages) given.push(...page.offers);
    }, withCode('serverError'));
    assert.deepEqual(given.map(({ id }) => id), ['vast:1']);
  });

  it('ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const http = scripted(() => {
      cancel.abort();
      return answer({ offers: [] });
    });
    await assert.rejects(all(searching(http, filter, cancel.signal).pages), isAbort);
    assert.equal(http.asked.length, 1);
  });
});

describe('Vast\'s names of GPUs', () => {
  it('narrow a search to every form of what is wanted', async () => {
    const http = giving(rowOf(1, 0.4, { gpu_name: 'A100 PCIE' }));
    await all(searching(http, { ...filter, gpu: 'a100' }).pages);
    assert.deepEqual(http.asked.map((call) => call.path.includes('gpu_names') ? 'names' : bodyOf(call)['gpu_name']), ['names', { in: ['A100 PCIE', 'A100 SXM4'] }, { in: ['A100 PCIE', 'A100 SXM4'] }]);
    assert.equal(http.asked[0]?.key, 'none');
  });

  it('are not asked for when any GPU will do', async () => {
    const http = giving();
    await all(searching(http).pages);
    assert.ok(http.asked.every((call) => !call.path.includes('gpu_names')));
  });

  for (const [what, given] of [['unknown', answer({ gpu_names: ['RTX 3090'] })], ['unreadable', answer('<html>')], ['refused', answer('', 500)]] as const) {
    it(`are left to the check afterwards when they are ${what}`, async () => {
      const http = scripted((call) => (call.path.includes('gpu_names') ? given : answer({ offers: [rowOf(1, 0.4), rowOf(2, 0.4, { gpu_name: 'RTX 3090' })] })));
      const { offers } = await all(searching(http, { ...filter, gpu: '4090', kind: 'on-demand' }).pages);
      assert.deepEqual(offers.map(({ id }) => id), ['vast:1']);
      assert.equal(http.asked.length, 2);
      assert.equal(http.asked[1] && bodyOf(http.asked[1])['gpu_name'], undefined);
    });
  }

  it('are kept for a day, and asked for again a minute after a failure', async () => {
    const clock = new FakeClock();
    let fails = true;
    const http = scripted(() => (fails ? answer('', 500) : answer({ gpu_names: ['RTX 4090'] })));
    const gpuNames = new GpuNames(http, clock);
    const ask = () => gpuNames.of('4090', never());
    assert.deepEqual([await ask(), await ask(), http.asked.length], [undefined, undefined, 1]);
    fails = false;
    clock.advance(61_000);
    assert.deepEqual([await ask(), await ask(), http.asked.length], [['RTX 4090'], ['RTX 4090'], 2]);
    clock.advance(25 * 3_600_000);
    fails = true;
    // Old names are better than none.
    assert.deepEqual([await ask(), http.asked.length], [['RTX 4090'], 3]);
    assert.deepEqual(await gpuNames.of('B300', never()), undefined);
  });

  it('do not swallow that the search was cancelled', async () => {
    await assert.rejects(new GpuNames(giving(), new FakeClock()).of('4090', AbortSignal.abort(new DOMException('x', 'AbortError'))), isAbort);
  });
});

describe('one offer again', () => {
  it('is read by its id, for its kind and the disk asked', async () => {
    const http = giving(rowOf(7, 0.4));
    const offer = await findOffer(http, '7-bid', 100, never());
    assert.deepEqual([offer?.id, offer?.price.gpu, offer?.price.disk, offer?.diskGb], ['vast:7-bid', 200_000, 20_833, 100]);
    const [asked] = http.asked;
    assert.deepEqual(asked && [bodyOf(asked)['ask_contract_id'], bodyOf(asked)['type'], bodyOf(asked)['allocated_storage']], [{ eq: 7 }, 'bid', 100]);
    assert.equal((await findOffer(giving(rowOf(7, 0.4)), '7', 40, never()))?.id, 'vast:7');
  });

  it('is gone when Vast gives nothing, another one, a taken one or one with too small a disk', async () => {
    for (const rows of [[], [rowOf(8, 0.4)], [rowOf(7, 0.4, { rentable: false })], [rowOf(7, 0.4, { disk_space: 20 })]]) {
      assert.equal(await findOffer(giving(...rows), '7', 40, never()), undefined);
    }
  });

  it('is gone, without asking, when its key is none', async () => {
    const http = giving();
    for (const key of ['', 'x', '7-bids', '-7', '07', '7.5', '7 ', 'SECURE~1~~x']) assert.equal(await findOffer(http, key, 40, never()), undefined);
    assert.equal(http.asked.length, 0);
    assert.deepEqual(parseOfferKey('7-bid'), { ask: 7, kind: 'interruptible' });
  });

  it('is not gone when Vast does not answer', async () => {
    await assert.rejects(findOffer(scripted(() => {
      throw new RentError('network');
    }), '7', 40, never()), withCode('network'));
  });
});

describe('ten searches a minute', () => {
  /** A market of many offers that answers as Vast does, 64 rows at a time. */
  async function bigMarket(count: number): Promise<LocalServer> {
    const rows = Array.from({ length: count }, (_, index) => rowOf(1 + index, 0.1 + index / 1_000));
    return startServer((response, { body }) => {
      const query = JSON.parse(body) as { dph_total?: { gte?: number }; ask_contract_id?: { eq?: number } };
      const found = rows.filter((each) => Number(each['dph_total']) >= (query.dph_total?.gte ?? 0) && (query.ask_contract_id?.eq ?? each['id']) === each['id']);
      response.end(JSON.stringify({ offers: found.slice(0, 64) }));
    });
  }
  const door = (server: LocalServer, clock: FakeClock) => createHttp({ origin: server.origin, key: async () => undefined, clock, log: new FakeLog(), userAgent: 'test', random: () => 0 });

  it('end a long search with what it has, and say that there is more', async () => {
    await using server = await bigMarket(2_000);
    const clock = new FakeClock();
    const http = door(server, clock);
    const { offers, more } = await all(search({ http, gpuNames: new GpuNames(http, clock), log: new FakeLog() }, filter, never()));
    assert.deepEqual(clock.slept, []);
    assert.equal(more, true);
    assert.ok(server.received.length >= 4 && server.received.length < 10, String(server.received.length));
    // Both kinds, the first page of each first, and neither at the other's cost.
    const kinds = server.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
    assert.deepEqual(kinds.slice(0, 4), ['on-demand', 'bid', 'on-demand', 'bid']);
    assert.equal(new Set(offers.map(({ id }) => id)).size, offers.length);
    assert.ok(offers.length > 2 * 64);
  });

  it('are enough for all of a small market', async () => {
    await using server = await bigMarket(150);
    const clock = new FakeClock();
    const http = door(server, clock);
    const { offers, more } = await all(search({ http, gpuNames: new GpuNames(http, clock), log: new FakeLog() }, filter, never()));
    assert.deepEqual([offers.length, more], [300, false]);
  });

  it('keep one for whoever is about to rent', async () => {
    await using server = await bigMarket(2_000);
    const clock = new FakeClock();
    const http = door(server, clock);
    await all(search({ http, gpuNames: new GpuNames(http, clock), log: new FakeLog() }, filter, never()));
    assert.equal((await findOffer(http, '3', 40, never()))?.id, 'vast:3');
    assert.deepEqual(clock.slept, []);
  });

  it('are never exceeded, however much is asked at once', async () => {
    const clock = new ManualClock();
    const pacer = createPacer(clock);
    const times: number[] = [];
    const rows = Array.from({ length: 64 }, (_, index) => rowOf(1 + index, 0.1 + index / 1_000));
    const http: Http = {
      async send(call, signal) {
        await pacer.turn(call.pace, signal);
        times.push(clock.now());
        return call.read(answer({ offers: rows }));
      },
    };
    const start = clock.now();
    const searches = Array.from({ length: 6 }, () => all(search({ http, gpuNames: new GpuNames(http, clock), log: new FakeLog() }, filter, never())));
    const lookUps = Array.from({ length: 5 }, () => findOffer(http, '3', 40, never()));
    await clock.runUntil(Promise.all([...searches, ...lookUps]));
    for (const [index, time] of times.entries()) assert.ok((times[index + 10] ?? Infinity) - time >= 60_000);
    // Some had to wait for the next minute, and did.
    assert.ok(times.length >= 17 && times.some((time) => time > start), String(times.length));
  });
});
