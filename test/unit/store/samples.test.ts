import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { incidentAt } from '../../../src/domain/hostMemory.ts';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import { usdPerHour, type UsdPerHour } from '../../../src/domain/money.ts';
import { dayMs, hourMs, quarterMs, sampleBounds, type HostPrice, type PriceSample } from '../../../src/domain/sample.ts';
import type { Samples, Store } from '../../../src/domain/store.ts';
import { noStore } from '../../../src/store/noStore.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const now = Date.UTC(2026, 10, 22, 12);
const sample = (at: number, low: number, change: Partial<PriceSample> = {}): PriceSample =>
  ({ gpu: 'RTX 4090', vramGb: 24, provider: 'vast', kind: 'on-demand', tier: 'community', at, spanMs: quarterMs, low: low as UsdPerHour, offers: 4, ...change });

async function withSamples(work: (samples: Samples, store: Store, folder: string) => Promise<void> | void): Promise<void> {
  using folder = temporaryFolder();
  const store = await openStore(folder.path, () => now);
  try {
    await work(await store.samples(), store, folder.path);
  } finally {
    store.close();
  }
}

describe('samples', () => {
  it('come back as they were, a model at a time, oldest first', () => withSamples((samples) => {
    const [a, b, c] = [sample(now, 300_000, { median: 400_000 as UsdPerHour }), sample(now - hourMs, 310_000), sample(now, 1, { gpu: 'L4' })];
    samples.keep([a, b, c], []);
    assert.deepEqual([samples.samplesOf('RTX 4090', 24), samples.samplesOf('L4', 24), samples.samplesOf('RTX 4090', 48)], [[b, a], [c], []]);
  }));

  it('are one for each quarter of an hour, however many windows read it', () => withSamples(async (samples, _, folder) => {
    const other = await openStore(folder, () => now);
    const theirs = await other.samples();
    samples.keep([sample(now, 300_000, { median: 350_000 as UsdPerHour, offers: 9 })], []);
    theirs.keep([sample(now, 290_000, { median: 340_000 as UsdPerHour, offers: 8 })], []);
    samples.keep([sample(now, 320_000, { offers: 7 })], []);
    assert.deepEqual(samples.samplesOf('RTX 4090', 24), [sample(now, 290_000, { median: 340_000 as UsdPerHour, offers: 9 })], 'what was cut short takes nothing away');
    other.close();
  }));

  it('age into hours and days: bounded, none doubled, and no price that was not seen', async () => {
    const ages = fc.uniqueArray(fc.record({ quarters: fc.integer({ min: 0, max: 100 * 96 }), low: fc.integer({ min: 1, max: 9_000_000 }) }), { maxLength: 120, selector: ({ quarters }) => quarters });
    await fc.assert(fc.asyncProperty(ages, fc.integer({ min: 0, max: 3 * dayMs }), (seen, later) => withSamples((samples) => {
      const kept = seen.map(({ quarters, low }) => sample(now - quarters * quarterMs, low, { median: low as UsdPerHour }));
      samples.keep(kept, []);
      samples.thin(now);
      const once = samples.samplesOf('RTX 4090', 24);
      samples.thin(now);
      assert.deepEqual(samples.samplesOf('RTX 4090', 24), once, 'thinning twice is thinning once');
      samples.thin(now + later);
      const rows = samples.samplesOf('RTX 4090', 24);
      const { quartersMs, hoursMs, keptMs } = sampleBounds;
      for (const { at, spanMs, low, median } of rows) {
        const age = now + later - at;
        assert.ok(age <= keptMs);
        if (age >= quartersMs + hourMs) assert.ok(spanMs >= hourMs);
        if (age >= hoursMs + dayMs) assert.equal(spanMs, dayMs);
        assert.equal(at % spanMs, 0);
        const within = kept.filter((one) => one.at >= at && one.at < at + spanMs).map((one) => one.low);
        assert.ok(within.length > 0 && low >= Math.min(...within) && low <= Math.max(...within) && median === low);
      }
      const slots = rows.map(({ at, spanMs }) => `${at} ${spanMs}`);
      assert.equal(new Set(slots).size, slots.length);
      for (const one of kept) if (now + later - one.at <= keptMs - dayMs) assert.ok(rows.some(({ at, spanMs }) => one.at >= at && one.at < at + spanMs), 'nothing young is lost');
    })), { numRuns: 15 });
  });

  it('of a series that was watched day and night for a quarter of a year are less than a thousand', () => withSamples((samples) => {
    const all = Array.from({ length: 90 * 96 }, (_, index) => sample(now - index * quarterMs, 300_000));
    samples.keep(all, []);
    samples.thin(now);
    const bySpan = Map.groupBy(samples.samplesOf('RTX 4090', 24), ({ spanMs }) => spanMs);
    const counts = [quarterMs, hourMs, dayMs].map((span) => bySpan.get(span)?.length ?? 0);
    assert.ok(counts.every((count) => count > 0) && counts.reduce((sum, count) => sum + count, 0) < 1000, counts.join());
    assert.ok(samples.samplesOf('RTX 4090', 24).every(({ low, offers }) => low === 300_000 && offers === 4));
  }));

  it('that are too many in all go, the oldest first', () => withSamples((samples) => {
    const models = 500;
    const each = Math.ceil(sampleBounds.rows / models) + 20;
    const rows = Array.from({ length: models }, (_, model) => Array.from({ length: each }, (_, index) => sample(now - index * hourMs, 1, { gpu: `GPU ${model}`, spanMs: hourMs }))).flat();
    samples.keep(rows, []);
    samples.thin(now);
    const left = Array.from({ length: models }, (_, model) => samples.samplesOf(`GPU ${model}`, 24));
    assert.ok(left.reduce((sum, own) => sum + own.length, 0) <= sampleBounds.rows);
    assert.ok(left.every((own) => own.length > 0 && own.at(-1)?.at === now));
  })).timeout(60_000);
});

describe('prices of a host', () => {
  const price = (at: number, rate: number, host: HostPrice['host'] = 'vast:machine-7', gpuCount = 1): HostPrice => ({ host, gpuCount, at, rate: usdPerHour(rate) });

  it('are kept when they change, whichever window sees it', () => withSamples(async (samples, _, folder) => {
    const other = await openStore(folder, () => now);
    const theirs = await other.samples();
    samples.keep([], [price(now - 3, 0.3), price(now - 3, 0.9, 'vast:machine-8')]);
    theirs.keep([], [price(now - 2, 0.3)]);
    theirs.keep([], [price(now - 1, 0.4), price(now - 1, 1.1, 'vast:machine-7', 4)]);
    samples.keep([], [price(now, 0.4)]);
    assert.deepEqual(samples.pricesOf('vast:machine-7', 1), [price(now - 1, 0.4), price(now - 3, 0.3)]);
    assert.deepEqual([samples.pricesOf('vast:machine-7', 4).length, samples.pricesOf('vast:machine-8', 1).length, samples.pricesOf('vast:machine-9', 1).length], [1, 1, 0]);
    other.close();
  }));

  it('are forgotten after a month', () => withSamples((samples) => {
    samples.keep([], [price(now - 31 * dayMs, 0.2), price(now - dayMs, 0.3)]);
    samples.thin(now);
    assert.deepEqual(samples.pricesOf('vast:machine-7', 1), [price(now - dayMs, 0.3)]);
  }));
});

describe('incidents', () => {
  const blamed = (launchId: string, ago: number) => ({ launchId, host: 'vast:machine-7' as const, ...incidentAt('noSsh', now - ago) });

  it('are one for each launch and trouble, newest first, and go when they are forgiven', () => withSamples((_, store) => {
    store.blame(blamed('a', dayMs));
    store.blame(blamed('b', 0));
    store.blame({ ...blamed('a', 0), host: 'vast:machine-8' });
    store.blame({ ...blamed('a', 0), ...incidentAt('otherGpu', now - 1) });
    assert.deepEqual(store.incidents().map(({ launchId, trouble }) => [launchId, trouble]), [['b', 'noSsh'], ['a', 'otherGpu'], ['a', 'noSsh']]);
    store.forgive('vast:machine-7');
    assert.deepEqual(store.incidents(), []);
  }));

  it('whose time is over are swept away when there is a new one', () => withSamples((_, store) => {
    store.blame(blamed('old', 30 * dayMs));
    assert.equal(store.incidents().length, 1);
    store.blame(blamed('new', 0));
    assert.deepEqual(store.incidents().map(({ launchId }) => launchId), ['new']);
  }));

  it('and samples are refused where there is no store, and nothing is known', async () => {
    const store = noStore(new RentError('noJournal'));
    const samples = await store.samples();
    assert.throws(() => store.blame(blamed('a', 0)), (error) => isRentError(error, 'noJournal'));
    assert.throws(() => samples.keep([], []), (error) => isRentError(error, 'noJournal'));
    assert.deepEqual([store.incidents(), samples.samplesOf('RTX 4090', 24), samples.pricesOf('vast:machine-7', 1)], [[], [], []]);
  });
});

describe('a store of an earlier version', () => {
  /** As the version before samples left it, with a machine that runs. */
  const earlier = `
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE launch (id TEXT PRIMARY KEY, provider TEXT NOT NULL, offer_id TEXT NOT NULL, state TEXT NOT NULL,
      instance_id TEXT, quote TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;
    CREATE INDEX launch_state ON launch (state);
    CREATE INDEX launch_instance ON launch (instance_id);
    CREATE TABLE interval (instance_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, rate_micro INTEGER NOT NULL) STRICT;
    CREATE INDEX interval_instance ON interval (instance_id, start_ms);
    CREATE TABLE settled (instance_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, amount_micro INTEGER NOT NULL, PRIMARY KEY (instance_id, start_ms)) STRICT;
    ALTER TABLE launch ADD COLUMN ready_at INTEGER;
    CREATE TABLE sighting (instance_id TEXT PRIMARY KEY, seen TEXT, at_ms INTEGER NOT NULL, departed INTEGER NOT NULL) STRICT;
    CREATE TABLE absence (launch_id TEXT PRIMARY KEY, looks INTEGER NOT NULL, since_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE errand (instance_id TEXT PRIMARY KEY, wish TEXT NOT NULL) STRICT;
    CREATE TABLE turn (instance_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE hearing (provider TEXT PRIMARY KEY, heard_ms INTEGER NOT NULL, problem TEXT) STRICT;
    CREATE TABLE holder (provider TEXT PRIMARY KEY, owner TEXT NOT NULL, generation INTEGER NOT NULL, seen_ms INTEGER NOT NULL) STRICT;
    CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    INSERT INTO meta VALUES ('install', 'abcdef');
    INSERT INTO launch VALUES ('gpu-rental-abcdef-1', 'vast', 'vast:1', 'ready', 'vast:7', '{"name":"mine","gpu":"RTX 4090"}', 1, 2, 3);
    INSERT INTO interval VALUES ('vast:7', 1, 2, 330000);
    PRAGMA user_version = 3;`;

  it('keeps its journal and ledger, and can remember from then on', async () => {
    using folder = temporaryFolder();
    const db = new DatabaseSync(join(folder.path, 'store.db'));
    db.exec(earlier);
    db.close();
    for (const life of ['first', 'second']) {
      const store = await openStore(folder.path, () => now);
      assert.equal(store.install, 'abcdef', life);
      assert.deepEqual([store.launch('gpu-rental-abcdef-1')?.state, store.launchOf('vast:7')?.quote.name, store.launchOf('vast:7')?.quote.host], ['ready', 'mine', undefined]);
      assert.deepEqual(store.intervals().map(({ rate }) => rate), [330_000]);
      const samples = await store.samples();
      samples.keep([sample(now, 300_000)], [{ host: 'vast:machine-7', gpuCount: 1, at: now, rate: 300_000 as UsdPerHour }]);
      store.blame({ launchId: 'gpu-rental-abcdef-1', host: 'vast:machine-7', ...incidentAt('lost', now) });
      assert.deepEqual([samples.samplesOf('RTX 4090', 24).length, samples.pricesOf('vast:machine-7', 1).length, store.incidents().length], [1, 1, 1]);
      store.close();
    }
  });
});
