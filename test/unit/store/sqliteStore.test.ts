import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import type { Launch, LaunchState } from '../../../src/domain/launch.ts';
import { usd, usdPerHour, type Usd, type UsdPerHour } from '../../../src/domain/money.ts';
import { noStore } from '../../../src/store/noStore.ts';
import { openStore } from '../../../src/store/sqliteStore.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

let now = Date.UTC(2026, 10, 22);
const open = (folder: string) => openStore(folder, () => now);

function launch(change: Partial<Launch> = {}): Launch {
  return {
    id: 'gpu-rental-a-1', provider: 'vast', offerId: 'vast:1', state: 'intent', createdAt: now, changedAt: now,
    quote: {
      name: "it's \"mine\"", gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: 'Norway', kind: 'on-demand', tier: 'community', diskGb: 40,
      rates: { running: usdPerHour(0.33), stopped: usdPerHour(0.02) }, image: 'i', limits: { budget: usd(5), leaseEndsAt: now + 1000 },
    },
    ...change,
  };
}

describe('store', () => {
  it('gives back what was written, in the next life too', async () => {
    using folder = temporaryFolder();
    const first = await open(folder.path);
    first.intend(launch());
    first.mark('gpu-rental-a-1', 'sent');
    first.mark('gpu-rental-a-1', 'created', 'vast:7');
    first.setLimits('gpu-rental-a-1', { budget: usd(9), leaseEndsAt: 5 });
    first.close();
    const second = await open(folder.path);
    assert.deepEqual(second.launch('gpu-rental-a-1'), {
      ...launch(), state: 'created', instanceId: 'vast:7', quote: { ...launch().quote, limits: { budget: usd(9), leaseEndsAt: 5 } },
    });
    assert.equal(second.launchOf('vast:7')?.id, 'gpu-rental-a-1');
    assert.equal(second.install, first.install);
    second.close();
  });

  it('refuses a second launch of the same offer while the first has no answer', async () => {
    using folder = temporaryFolder();
    const one = await open(folder.path);
    const other = await open(folder.path);
    one.intend(launch());
    assert.throws(() => other.intend(launch({ id: 'gpu-rental-a-2' })), (error) => isRentError(error, 'inFlight'));
    other.intend(launch({ id: 'gpu-rental-a-3', offerId: 'vast:2' }));
    one.mark('gpu-rental-a-1', 'sent');
    one.mark('gpu-rental-a-1', 'refused');
    other.intend(launch({ id: 'gpu-rental-a-4' }));
    assert.deepEqual(one.launches().map((row) => row.id).toSorted(), ['gpu-rental-a-1', 'gpu-rental-a-3', 'gpu-rental-a-4']);
    one.close();
    other.close();
  });

  it('forgets a blocked offer after a while', async () => {
    using folder = temporaryFolder();
    const store = await open(folder.path);
    store.intend(launch());
    now += 6 * 60_000;
    store.intend(launch({ id: 'gpu-rental-a-2', createdAt: now, changedAt: now }));
    assert.deepEqual(store.launches(['intent']).map((row) => row.id), ['gpu-rental-a-2', 'gpu-rental-a-1']);
    store.close();
  });

  it('takes what was asked for before another launch was settled for the same wish, wherever the clock has gone since', async () => {
    const fates: readonly (readonly LaunchState[])[] = [
      ['created'], ['created', 'ready'], ['created', 'stopping', 'stopped'], ['created', 'ready', 'stopping'], ['uncertain'], ['ending'], ['created', 'ready', 'ending', 'gone'],
    ];
    for (const fate of fates) {
      for (const set of [-3_600_000, 0, 3_600_000]) {
        using folder = temporaryFolder();
        const store = await open(folder.path);
        const other = await open(folder.path);
        const asked = [store.place('vast:1')];
        store.intend(launch({ createdAt: now, changedAt: now }), store.place('vast:1'));
        store.mark('gpu-rental-a-1', 'sent');
        // Asked for while the first is on its way.
        asked.push(other.place('vast:1'));
        now += set;
        for (const state of fate) assert.ok(store.mark('gpu-rental-a-1', state, 'vast:7'));
        for (const place of asked) {
          assert.throws(() => other.intend(launch({ id: 'gpu-rental-a-2' }), place), (error) => isRentError(error, 'inFlight'), `${fate.join()} ${set}`);
        }
        other.intend(launch({ id: 'gpu-rental-a-3', offerId: 'vast:2' }), asked[0]);
        store.close();
        other.close();
      }
    }
  });

  it('lets work move to one machine at a time, whoever moves it', async () => {
    using folder = temporaryFolder();
    const store = await open(folder.path);
    const other = await open(folder.path);
    const moved = (id: string, offerId: Launch['offerId'], movedFrom = 'gpu-rental-a-0'): Launch => launch({ id, offerId, quote: { ...launch().quote, movedFrom } });
    store.intend(moved('gpu-rental-a-1', 'vast:1'));
    for (const state of [undefined, 'sent', 'created', 'ready', 'stopping', 'stopped'] as const) {
      if (state !== undefined) assert.ok(store.mark('gpu-rental-a-1', state, 'vast:7'));
      assert.throws(() => other.intend(moved('gpu-rental-a-2', 'vast:2')), (error) => isRentError(error, 'inFlight'), state ?? 'intent');
    }
    other.intend(moved('gpu-rental-a-3', 'vast:3', 'gpu-rental-a-9'));
    // The first is on its way out: the work may go on elsewhere.
    assert.ok(store.mark('gpu-rental-a-1', 'ending'));
    other.intend(moved('gpu-rental-a-2', 'vast:2'));
    store.close();
    other.close();
  });

  it('lets an offer be rented again by whoever knows what became of the first, or was told no', async () => {
    for (const fate of [['created', 'ready'], ['created', 'stopping'], ['ending'], ['ending', 'gone'], ['uncertain', 'notCreated'], ['refused']] as const) {
      using folder = temporaryFolder();
      const store = await open(folder.path);
      const before = store.place('vast:1');
      store.intend(launch(), before);
      for (const state of ['sent', ...fate] as const) assert.ok(store.mark('gpu-rental-a-1', state, 'vast:7'));
      const toldNo = ['refused', 'notCreated'].includes(fate.at(-1) ?? '');
      store.intend(launch({ id: 'gpu-rental-a-2' }), toldNo ? before : store.place('vast:1'));
      store.close();
    }
  });

  it('lets an offer be rented again that is in use or was given up, however soon, where nobody asked for a price', async () => {
    for (const states of [['created', 'ready'], ['created', 'ready', 'stopping'], ['ending'], ['ending', 'gone'], ['refused']] as const) {
      using folder = temporaryFolder();
      const store = await open(folder.path);
      store.intend(launch());
      for (const state of ['sent', ...states] as const) assert.ok(store.mark('gpu-rental-a-1', state, 'vast:7'));
      store.intend(launch({ id: 'gpu-rental-a-2' }));
      store.close();
    }
  });

  it('lets one of many processes rent an offer', async () => {
    using folder = temporaryFolder();
    (await open(folder.path)).close();
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../../src/store/sqliteStore.ts', import.meta.url).href)};
      const store = await openStore(process.argv[1], Date.now);
      const base = JSON.parse(process.argv[2]);
      let won = 0;
      for (let i = 0; i < 20; i++) {
        try { store.intend({ ...base, id: process.pid + '-' + i, offerId: 'vast:' + i, createdAt: Date.now(), changedAt: Date.now() }); won++; } catch (error) { if (error.code !== 'inFlight') throw error; }
      }
      console.log(won);`;
    const children = await Promise.all([1, 2, 3].map(async () => {
      const { execFile } = await import('node:child_process');
      return new Promise<number>((resolve, reject) => {
        execFile(process.execPath, ['--input-type=module', '-e', script, folder.path, JSON.stringify(launch())], (error, out) => (error ? reject(error) : resolve(Number(out))));
      });
    }));
    assert.equal(children.reduce((sum, won) => sum + won, 0), 20);
  });

  it('keeps what was written when the process is killed right after', async () => {
    using folder = temporaryFolder();
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../../src/store/sqliteStore.ts', import.meta.url).href)};
      const store = await openStore(process.argv[1], Date.now);
      store.intend(JSON.parse(process.argv[2]));
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script, folder.path, JSON.stringify(launch())]);
    assert.equal(signal, 'SIGKILL');
    const store = await open(folder.path);
    assert.equal(store.launches()[0]?.state, 'intent');
    store.close();
  });

  it('carries intervals and charges without changing a micro-dollar', async () => {
    using folder = temporaryFolder();
    const store = await open(folder.path);
    let n = 0;
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 1e9 }), (rate, from, length) => {
      const instanceId = `vast:${++n}` as const;
      const interval = { instanceId, from, to: from + length, rate: rate as UsdPerHour };
      store.append({ ...interval, to: from });
      store.amend(interval);
      store.settle([{ instanceId, from, to: from + 1, amount: 1 as Usd }]);
      store.settle([{ instanceId, from, to: from + length, amount: rate as Usd }]);
      assert.deepEqual([store.last(instanceId), store.intervals(instanceId), store.settled(instanceId)], [
        interval, [interval], [{ instanceId, from, to: from + length, amount: rate }],
      ]);
    }), { numRuns: 50 });
    store.close();
  });

  it('remembers the session', async () => {
    using folder = temporaryFolder();
    const store = await open(folder.path);
    assert.equal(store.session(), undefined);
    store.setSession({ startedAt: 5, seenAt: 9 });
    assert.deepEqual(store.session(), { startedAt: 5, seenAt: 9 });
    store.close();
  });

  it('keeps the highest mark under a name, and says who raised it', async () => {
    using folder = temporaryFolder();
    const one = await open(folder.path);
    const other = await open(folder.path);
    assert.deepEqual([one.highest('a'), one.raise('a', 50), other.raise('a', 50), other.raise('a', 80), one.raise('a', 50), one.raise('b', 1)], [undefined, true, false, true, false, true]);
    one.close();
    other.close();
    const again = await open(folder.path);
    assert.deepEqual([again.highest('a'), again.highest('b'), again.raise('a', 80)], [80, 1, false]);
    again.close();
  });

  it('is readable by its owner alone', async function () {
    if (process.platform === 'win32') this.skip();
    using folder = temporaryFolder();
    const inner = join(folder.path, 'state');
    (await open(inner)).close();
    assert.equal(statSync(inner).mode & 0o777, 0o700);
    assert.equal(statSync(join(inner, 'store.db')).mode & 0o777, 0o600);
  });

  it('refuses a torn file, a newer file and a folder that cannot be written, and leaves the file as it was', async function () {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'store.db'), 'not a database, just text that is long enough to be looked at by sqlite'.repeat(20));
    const before = readFileSync(join(folder.path, 'store.db'));
    await assert.rejects(open(folder.path), (error) => isRentError(error, 'noJournal'));
    assert.deepEqual(readFileSync(join(folder.path, 'store.db')), before);

    using newer = temporaryFolder();
    const db = new DatabaseSync(join(newer.path, 'store.db'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    await assert.rejects(open(newer.path), (error) => isRentError(error, 'noJournal') && /newer/.test(error.detail ?? ''));

    using blocked = temporaryFolder();
    writeFileSync(join(blocked.path, 'state'), 'a file where the folder should be');
    await assert.rejects(open(join(blocked.path, 'state')), (error) => isRentError(error, 'noJournal'));
  });
});

describe('no store', () => {
  it('refuses every intent with the reason, and still keeps figures while it lives', () => {
    const store = noStore(new RentError('noJournal', { detail: 'disk full' }));
    assert.throws(() => store.intend(launch()), (error) => isRentError(error, 'noJournal') && error.detail === 'disk full');
    store.append({ instanceId: 'vast:1', from: 0, to: 1, rate: usdPerHour(1) });
    store.amend({ instanceId: 'vast:1', from: 0, to: 5, rate: usdPerHour(1) });
    assert.equal(store.last('vast:1')?.to, 5);
    for (const amount of [usd(1), usd(2)]) store.settle([{ instanceId: 'vast:1', from: 0, to: 5, amount }]);
    assert.deepEqual(store.settled().map(({ amount }) => amount), [usd(2)], 'a bucket that is told again is the same bucket');
    assert.deepEqual([store.raise('a', 2), store.raise('a', 1), store.highest('a')], [true, false, 2]);
  });
});
