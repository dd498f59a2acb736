/** Endpoints on the practice market: made once, counted by its workers, held to limits, ended, with the market's ledger for a witness. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isRentError } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { toDollars, usd, zeroRate } from '../../../src/domain/money.ts';
import type { Offer } from '../../../src/domain/offer.ts';
import { worstRate, type ServerlessTerms } from '../../../src/domain/serverless.ts';
import { startMarket, type Market } from '../../../src/practice/market.ts';
import { createCore, publicOrigins, type Core } from '../../../src/wiring.ts';
import { fakePods } from '../practice/fakePods.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { quickClock } from '../../fakes/quickClock.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const signal = new AbortController().signal;

describe('an endpoint on the practice market', function () {
  this.timeout(120_000);
  let market: Market;
  let core: Core;
  let folder: ReturnType<typeof temporaryFolder>;

  const open = (state = 'state'): Promise<Core> => {
    const keys = new Map<string, string>([['runpod', market.runpod.apiKey]]);
    return createCore({
      stateFolder: join(folder.path, state), origins: { ...publicOrigins, vast: market.vast.url, runpod: market.runpod.url }, clock: quickClock(20), log: new FakeLog(), version: 'test',
      keys: { get: (provider) => Promise.resolve(keys.get(provider)), set: () => Promise.reject(new Error('no')), delete: () => Promise.reject(new Error('no')) },
    });
  };
  beforeEach(async () => {
    folder = temporaryFolder();
    market = await startMarket({ seed: 5, offers: 10, bootScale: 0, rateLimits: false, podMaker: fakePods() });
    core = await open();
    await core.accounts.load();
  });
  afterEach(async () => {
    core.dispose();
    await market.close();
    folder[Symbol.dispose]();
  });

  const terms = async (): Promise<ServerlessTerms> => {
    const pools = (await core.providers.get('runpod')?.serverless?.pools(signal)) ?? [];
    const pool = pools.find((one) => one.gpus.includes('RTX 4090')) ?? assert.fail('no pool');
    assert.ok(pools.every(({ each }, index) => each >= (pools[index - 1]?.each ?? 0)));
    return { pool: pool.pool, gpuCount: 1, workersMin: 0, workersMax: 2, idleSeconds: 10, each: pool.each };
  };
  const make = async () => {
    const serverless = await terms();
    const offer: Offer = { id: `runpod:serverless/${serverless.pool}`, provider: 'runpod', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, price: { gpu: zeroRate, disk: zeroRate, stoppedDisk: zeroRate }, diskGb: 0, kind: 'on-demand', tier: 'datacentre', place: '', readAt: Date.now(), details: {} };
    return core.rentals.createEndpoint({ offer, image: 'owner/worker:1', name: 'chat', limits: { budget: usd(5), leaseEndsAt: Date.now() + 8 * 3_600_000 }, serverless }, signal);
  };
  const ask = (id: InstanceId, seconds: number) => fetch(`${market.runpod.url}/v2/${id.slice('runpod:serverless-'.length)}/run`, {
    method: 'POST', headers: { authorization: `Bearer ${market.runpod.apiKey}`, 'user-agent': 'test/1', 'content-type': 'application/json' }, body: JSON.stringify({ input: { seconds } }),
  });
  const see = async (id: InstanceId) => {
    await core.fleet.refresh(signal, true);
    return core.fleet.find(id);
  };
  const creates = async () => ((await (await fetch(market.ledger.url)).json()) as { requests: { runpod: Record<string, number> } }).requests.runpod['POST /v2/serverless'];

  it('costs what its workers do, is counted, stopped, started and ended like a machine', async () => {
    const id = await make();
    const { each } = await terms();
    const fresh = await see(id);
    assert.deepEqual([fresh?.name, fresh?.state, fresh?.burn, fresh?.alias, fresh?.guard], ['chat', 'ready', zeroRate, undefined, undefined]);
    assert.deepEqual(core.store.launchOf(id)?.quote.rates.running, worstRate({ workersMax: 2, each }), 'the most that it can cost is what was agreed to');
    await Promise.all([ask(id, 36_000), ask(id, 36_000)]);
    const busy = await see(id);
    assert.deepEqual([busy?.workers, busy?.burn], [{ active: 2, most: 2 }, worstRate({ workersMax: 2, each })]);
    assert.equal(toDollars(busy?.burn ?? zeroRate), market.world.ledger.burnUsdPerHour('runpod'));

    market.clock.advance(3_600_000);
    await see(id);
    const charged = market.world.ledger.chargedMicros('runpod', id.slice('runpod:serverless-'.length), market.clock.now());
    const metered = core.meter.spentOn(id);
    assert.ok(metered >= charged * 0.99 && metered <= charged * 1.02, `${metered} for ${charged}`);

    await core.rentals.stop(id);
    assert.deepEqual([(await see(id))?.state, (await see(id))?.burn, market.world.ledger.burnUsdPerHour('runpod')], ['stopped', zeroRate, 0]);
    await core.rentals.startEndpoint(id);
    assert.deepEqual((await see(id))?.workers, { active: 0, most: 2 });
    await core.rentals.destroy(id);
    assert.equal(await see(id), undefined);
    assert.equal(core.store.launchOf(id)?.state, 'gone');
    const books = await core.providers.get('runpod')?.charges?.(market.clock.now() - 6 * 3_600_000, market.clock.now() + 3_600_000, signal);
    assert.ok(Array.isArray(books));
  });

  it('is charged in the provider’s books under its own name', async () => {
    const id = await make();
    await ask(id, 36_000);
    market.clock.advance(6 * 3_600_000);
    const now = market.clock.now();
    const charges = (await core.providers.get('runpod')?.charges?.(now - 12 * 3_600_000, now, signal)) ?? [];
    assert.ok(charges.length >= 3 && charges.every(({ instanceKey }) => `runpod:${instanceKey}` === id));
  });

  for (const fault of ['create-timeout-after', 'create-500-after'] as const) {
    it(`is made once and found by its name after ${fault}`, async () => {
      market.faults.force(fault);
      const id = await make();
      assert.match(id, /^runpod:serverless-/);
      assert.equal(await creates(), 1);
      assert.equal((await see(id))?.name, 'chat');
      assert.equal(core.store.launchOf(id)?.state, 'ready');
    });
  }

  it('that was refused is nothing', async () => {
    market.faults.force('no-credit');
    await assert.rejects(make(), (error) => isRentError(error, 'noCredit'));
    await core.fleet.refresh(signal, true);
    assert.deepEqual([core.fleet.instances, core.store.launches()[0]?.state], [[], 'refused']);
  });

  it('that a window left in the middle is there for the next one, and nobody tries to log in', async () => {
    const id = await make();
    const launch = core.store.launchOf(id)?.id ?? '';
    // As it was when the window closed before it wrote down the rest.
    core.store.mark(launch, 'created');
    const stop = new AbortController();
    core.dispose();
    core = await open();
    await core.accounts.load();
    await core.fleet.refresh(signal, true);
    core.rentals.resume(() => assert.fail('nobody can log in to it'), stop.signal);
    for (let looks = 0; core.store.launch(launch)?.state !== 'ready'; looks++) {
      assert.ok(looks < 200);
      await core.fleet.refresh(signal, true);
      await wait(50);
    }
    stop.abort();
  });

  it('is held to its budget by the editor', async () => {
    const id = await make();
    await ask(id, 360_000);
    core.rentals.setBudget(id, usd(0.5));
    await see(id);
    market.clock.advance(3_600_000);
    await see(id);
    await core.guard.check();
    assert.equal((await see(id))?.state, 'stopped');
    assert.equal(market.world.ledger.burnUsdPerHour('runpod'), 0);
  });

  it('proves no absence while the list of endpoints is not heard', async () => {
    const id = await make();
    await see(id);
    market.faults.set('runpod.server-error', 1);
    assert.equal((await see(id))?.state, 'ready', 'as it was seen last');
    market.faults.clear();
    assert.equal((await see(id))?.state, 'ready');
  });
});
