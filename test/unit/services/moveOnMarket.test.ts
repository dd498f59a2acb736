/** A move on a machine of the practice market that really runs the work, with the market's own ledger for a witness. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { atBid } from '../../../src/domain/bid.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { timesRate, usd } from '../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../src/domain/offer.ts';
import { startMarket, type Market } from '../../../src/practice/market.ts';
import { Copies } from '../../../src/services/copies.ts';
import { DataTransfers } from '../../../src/services/dataTransfers.ts';
import { MoveBook } from '../../../src/services/moveBook.ts';
import { Mover } from '../../../src/services/mover.ts';
import { newRunId } from '../../../src/services/runLaunch.ts';
import { nextOffer } from '../../../src/ui/instances/nextOffer.ts';
import { createCore, publicOrigins, type Core } from '../../../src/wiring.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { quickClock } from '../../fakes/quickClock.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const signal = new AbortController().signal;
/** What a provider rations, and what a machine is given time for, is waited for in a fraction of it. */
const clock = quickClock(6);

/** Saves every step, says where it began, and goes on until it is told to end. */
const training = `
import json, os, sys, time
os.makedirs("checkpoints", exist_ok=True)
saved = "checkpoints/last.json"
step = json.load(open(saved))["step"] if os.path.exists(saved) else 0
print("began at step", step, flush=True)
while step < 1000 and not os.path.exists("enough"):
    step += 1
    print("step %d/1000" % step, flush=True)
    if step % 5 == 0:
        json.dump({"step": step}, open(saved + ".part", "w"))
        os.utime(saved + ".part", (time.time() - 60, time.time() - 60))
        os.replace(saved + ".part", saved)
    time.sleep(0.05)
`;

describe('work that was outbid on the practice market', function () {
  this.timeout(180_000);
  let market: Market;
  let core: Core;
  let folder: ReturnType<typeof temporaryFolder>;

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    folder = temporaryFolder();
    market = await startMarket({ seed: 5, offers: 120, bootScale: 0.05, credit: 500, rateLimits: false });
    const keys = new Map<string, string>([['vast', market.vast.apiKey], ['runpod', market.runpod.apiKey]]);
    core = await createCore({
      stateFolder: join(folder.path, 'state'), origins: { ...publicOrigins, vast: market.vast.url, runpod: market.runpod.url }, clock, log: new FakeLog(), version: 'test',
      keys: { get: (provider) => Promise.resolve(keys.get(provider)), set: () => Promise.reject(new Error('no')), delete: () => Promise.reject(new Error('no')) },
    });
    await core.accounts.load();
  });
  after(async () => {
    core?.dispose();
    await market?.close();
    folder?.[Symbol.dispose]();
  });

  async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
    for (const end = performance.now() + 60_000; ; await wait(250)) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      assert.ok(performance.now() < end, `never came: ${what}`);
    }
  }
  const seen = async (id: InstanceId) => {
    await core.fleet.refresh(signal, true);
    return core.fleet.find(id);
  };
  const limits = () => ({ budget: usd(5), leaseEndsAt: Date.now() + 8 * 3_600_000 });
  const rental = (id: string) => market.world.rentals.all().find((one) => `vast:${one.id}` === id) ?? assert.fail(id);
  const gpuHours = (id: string) => (market.world.ledger.bill('vast', id.slice(5))?.stretches ?? []).filter(({ kind }) => kind === 'gpu');
  const search = async (): Promise<readonly Offer[]> => {
    await core.market.refresh({ diskGb: 20, provider: 'vast' });
    return core.market.view.offers;
  };

  it('goes on at its last checkpoint on another machine, and no two of them ever ran', async () => {
    const offers = await search();
    const spots = offers.filter(({ kind, gpuCount }) => kind === 'interruptible' && gpuCount === 1);
    const first = spots.find((offer) => spots.some((other) => other.gpu === offer.gpu && other.id !== offer.id && allIn(other) >= allIn(offer))) ?? assert.fail('no two alike');
    const quote = (await core.rentals.quote(first, 20, signal)) ?? assert.fail('gone');
    const offer = atBid(quote, timesRate(quote.price.gpu, 1.3));
    const old = await core.rentals.rent({ offer, image: 'vastai/pytorch:@vastai-automatic-tag', name: 'train', limits: limits() }, () => undefined, signal);
    assert.equal(core.fleet.find(old.instanceId)?.rates.running, old.launch.quote.rates.running, 'what it costs is the bid and its disk, as agreed');

    const project = join(folder.path, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'train.py'), training);
    const remote = await core.runs.remoteFolder(old.instanceId, 'project', signal);
    const run = await core.runs.start({ instance: old.instanceId, words: ['python3', 'train.py'], folder: remote, afterwards: 'keep', from: project, signal });
    await until('a checkpoint', () => existsSync(join(remote, 'checkpoints/last.json')) || undefined);

    // Copies to this computer, as they are made every few minutes while an editor is open.
    const transfers = new DataTransfers(core.links);
    const copies = new Copies({ ...core, clock, transfers, credentials: () => Promise.resolve(undefined) });
    const copied = join(folder.path, 'copies');
    copies.set({ launchId: old.alias, instanceId: old.instanceId, run, folder: 'checkpoints', remoteFolder: join(remote, 'checkpoints'), everyMs: 300_000, to: { kind: 'here', localFolder: copied } });
    await copies.check(signal);
    const saved = (JSON.parse(readFileSync(join(copied, 'last.json'), 'utf8')) as { step: number }).step;
    assert.ok(saved >= 5 && copies.of(old.alias)?.copiedAt !== undefined);

    assert.ok(market.outbid(old.instanceId.slice(5)));
    const outbid = await until('the outbid', async () => {
      const one = await seen(old.instanceId);
      return one?.outbid === true && one.state === 'stopped' ? one : undefined;
    });
    assert.equal(outbid.burn, outbid.rates.stopped);
    assert.ok((outbid.floor ?? 0) > offer.price.gpu, 'what wins now is told');

    const book = new MoveBook(core.store, clock);
    const mover = new Mover({ ...core, book, clock, transfers, workspaceOf: () => '/workspace' });
    const record = core.runs.of(old.alias)[0] ?? assert.fail('no run is remembered');
    const move = book.begin({
      launchId: old.alias, instanceId: old.instanceId, run: newRunId(Date.now(), (bytes) => randomBytes(bytes)),
      work: { ...record.run.about, afterwards: record.run.afterwards, from: record.from ?? '' },
      checkpoints: { kind: 'here', localFolder: copied, folder: 'checkpoints', at: Date.now() },
    });
    assert.equal(await mover.next(move, signal), 'rent');
    const next = nextOffer(await search(), core.store.launch(old.alias) ?? assert.fail()) ?? assert.fail('nothing like it');
    assert.deepEqual([next.gpu, next.kind], [first.gpu, 'interruptible']);
    const priced = (await core.rentals.quote(next, 20, signal)) ?? assert.fail('gone');
    const fresh = await mover.rent(move, { offer: priced, image: 'vastai/pytorch:@vastai-automatic-tag', name: 'train-2', limits: limits() }, () => undefined, signal);
    assert.equal(await mover.next(book.of(old.alias) ?? move, signal), 'restore');
    assert.equal((await mover.carryOn(book.of(old.alias) ?? move, { signal, onStage: () => undefined })).step, 'going');

    const resumed = await until('its first words', async () => {
      const [one] = await core.runs.refresh(fresh.instanceId, signal);
      return one !== undefined && /step/.test(one.run.tail) ? one : undefined;
    });
    let text = '';
    for await (const chunk of core.runs.follow(fresh.instanceId, resumed.run.id, { signal, once: true })) text += Buffer.from(chunk.bytes).toString();
    assert.match(text, new RegExp(`^began at step ${saved}\n`), text.slice(0, 200));
    assert.deepEqual(resumed.run.about.words, ['python3', 'train.py']);

    // Market time goes on: a machine that still waited for its bid would have come back by now.
    market.clock.advance(3_600_000);
    assert.equal(rental(old.instanceId).state, 'stopped');
    assert.equal(await mover.next(book.of(old.alias) ?? move, signal), 'offerEnd');
    await core.rentals.destroy(old.instanceId);
    mover.close(book.of(old.alias) ?? move);
    assert.deepEqual(book.unfinished, []);

    const [before, after] = [gpuHours(old.instanceId), gpuHours(fresh.instanceId)];
    assert.ok(before.length > 0 && after.length > 0 && before.every(({ to }) => to !== null));
    const lastOfOld = Math.max(...before.map(({ to }) => to ?? Infinity));
    assert.ok(after.every(({ from }) => from >= lastOfOld), 'the ledger shows two that ran at once');
    assert.ok(rental(old.instanceId).endedAt !== null);
    assert.deepEqual(market.world.rentals.list('vast').map(({ id }) => `vast:${id}`), [fresh.instanceId], 'nothing else is left that bills');
    await core.rentals.destroy(fresh.instanceId);
    assert.equal(market.world.ledger.burnUsdPerHour('vast'), 0);
  });
});
