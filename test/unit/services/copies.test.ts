import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CopyPlan } from '../../../src/domain/copyPlan.ts';
import { usd } from '../../../src/domain/money.ts';
import type { RunRecord } from '../../../src/domain/run.ts';
import { Copies } from '../../../src/services/copies.ts';
import { copiesNote } from '../../../src/services/leftNotes.ts';
import { testCore } from '../../fakes/core.ts';
import { FakeFolderSync } from '../../fakes/fakeFolderSync.ts';
import { FakeMachineLink } from '../../fakes/fakeMachineLink.ts';
import { offer } from '../../fakes/offers.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { record, runSeen } from '../ui/support/runs.ts';

const never = new AbortController().signal;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };
const minute = 60_000;

async function world() {
  const temporary = temporaryFolder();
  const core = await testCore();
  const { instanceId, launch } = await core.rentals.rent({ offer: offer({ kind: 'interruptible' }), image: 'i', name: 'm', limits }, () => undefined, never);
  const link = new FakeMachineLink(launch.id);
  const there = join(temporary.path, 'there/out');
  const here = join(temporary.path, 'copies');
  mkdirSync(there, { recursive: true });
  const save = (name: string, text: string, secondsOld = 60): void => {
    const path = join(there, name);
    writeFileSync(path, text);
    utimesSync(path, Date.now() / 1000 - secondsOld, Date.now() / 1000 - secondsOld);
  };
  const sync = new FakeFolderSync();
  const records: RunRecord[] = [{ ...record(runSeen()), launchId: launch.id }];
  const [pushed, keys] = [[] as string[], new Map<string, object>()];
  const transfers = {
    tools: () => Promise.resolve({ folder: '/', rclone: '1.70', hubPush: false }),
    install: () => Promise.resolve(undefined),
    copy: (order: { direction: string; folder: string; stillSeconds?: number }) => {
      pushed.push(`${order.direction} ${order.folder} after ${order.stillSeconds} s`);
      return Promise.resolve({ files: 1, bytes: 1, same: 0 });
    },
  };
  const window = () => new Copies({
    store: core.store, fleet: core.fleet, runs: { of: () => records }, links: { of: () => link }, sync, transfers: transfers as never,
    credentials: (place) => Promise.resolve(keys.get(place.path)), clock: core.clock, log: core.log,
  });
  const plan: CopyPlan = { launchId: launch.id, instanceId, run: records[0]?.run.id ?? '', folder: 'out', remoteFolder: there, everyMs: 10 * minute, to: { kind: 'here', localFolder: here } };
  return { core, link, sync, records, pushed, keys, plan, there, here, save, window, copies: window(), [Symbol.dispose]: () => { core[Symbol.dispose](); temporary[Symbol.dispose](); } };
}

describe('copies of checkpoints', () => {
  it('are made at once, and again when they are due, of what is whole', async () => {
    using it = await world();
    it.copies.set(it.plan);
    it.save('one.pt', 'one');
    it.save('two.pt', 'half', 1);
    await it.copies.check(never);
    assert.equal(readFileSync(join(it.here, 'one.pt'), 'utf8'), 'one');
    assert.equal(it.copies.of(it.plan.launchId)?.copiedAt, it.core.clock.now());
    await it.copies.check(never);
    assert.equal(it.sync.asked.length, 1, 'it is not due');
    it.core.clock.advance(10 * minute);
    await it.copies.check(never);
    assert.equal(it.sync.asked.length, 2);
  });

  it('begin when there is something to copy', async () => {
    using it = await world();
    it.copies.set(it.plan);
    await it.copies.check(never);
    assert.deepEqual([it.sync.asked.length, it.copies.of(it.plan.launchId)?.copiedAt], [0, undefined]);
  });

  it('are none where everything was replaced while it was read', async () => {
    using it = await world();
    it.save('one.pt', 'one');
    it.copies.set(it.plan);
    const { down } = it.sync;
    it.sync.down = async (order) => ({ ...(await down.call(it.sync, order)), skipped: [{ path: 'one.pt', why: 'It changed.' }] });
    await it.copies.check(never);
    assert.equal(it.copies.of(it.plan.launchId)?.copiedAt, undefined);
  });

  it('are made by one of all windows', async () => {
    using it = await world();
    it.save('one.pt', 'one');
    it.copies.set(it.plan);
    await Promise.all([it.copies, it.window(), it.window()].map((copies) => copies.check(never)));
    assert.equal(it.sync.asked.length, 1);
  });

  it('rest while the machine does, outlive that, and end with it', async () => {
    using it = await world();
    it.save('one.pt', 'one');
    it.copies.set(it.plan);
    it.core.provider.set('1', { state: 'stopped', outbid: true });
    await it.core.fleet.refresh();
    await it.copies.check(never);
    assert.deepEqual([it.sync.asked.length, it.window().plans.length], [0, 1]);
    await it.core.rentals.destroy(it.plan.instanceId);
    await it.copies.check(never);
    assert.equal(it.core.store.note(copiesNote), '');
    assert.equal(it.copies.everyMs, undefined);
  });

  it('come to an end after the run, when what it saved last is whole', async () => {
    using it = await world();
    it.save('last.pt', 'last');
    it.copies.set(it.plan);
    it.records[0] = { ...(it.records[0] as RunRecord), run: runSeen({ state: 'ended', exitCode: 0 }), at: it.core.clock.now() };
    await it.copies.check(never);
    assert.equal(it.copies.of(it.plan.launchId)?.over, undefined);
    it.core.clock.advance(10 * minute);
    await it.copies.check(never);
    assert.deepEqual([it.copies.of(it.plan.launchId)?.over, it.copies.everyMs], [true, undefined]);
    it.core.clock.advance(10 * minute);
    await it.copies.check(never);
    assert.equal(it.sync.asked.length, 2);
  });

  it('go to a bucket with keys that are kept here alone, and say when there are none', async () => {
    using it = await world();
    const failed: string[] = [];
    it.copies.onDidFail(({ problem }) => failed.push(problem ?? ''));
    it.copies.set({ ...it.plan, to: { kind: 'bucket', place: { store: { kind: 'b2' }, path: 'bucket/run' } } });
    for (let times = 0; times < 2; times++) {
      await it.copies.check(never);
      it.core.clock.advance(10 * minute);
    }
    assert.deepEqual(failed, ['the keys of that bucket are not kept here'], 'once');
    it.keys.set('bucket/run', { keyId: 'secret-key' });
    await it.copies.check(never);
    assert.deepEqual(it.pushed, [`push ${it.there} after 15 s`]);
    assert.equal(it.copies.of(it.plan.launchId)?.problem, undefined);
    assert.doesNotMatch(it.core.store.note(copiesNote) ?? '', /secret-key/);
  });

  it('that failed are tried again, and what was copied before stays known', async () => {
    using it = await world();
    it.save('one.pt', 'one');
    it.copies.set(it.plan);
    await it.copies.check(never);
    const copiedAt = it.copies.of(it.plan.launchId)?.copiedAt;
    it.core.clock.advance(10 * minute);
    it.sync.fails = new Error('the line went');
    await it.copies.check(never);
    assert.deepEqual([it.copies.of(it.plan.launchId)?.problem, it.copies.of(it.plan.launchId)?.copiedAt], ['the line went', copiedAt]);
    assert.ok(existsSync(join(it.here, 'one.pt')));
  });

  it('stay dropped, or where they were changed to, when one was on its way meanwhile', async () => {
    using it = await world();
    it.save('one.pt', 'one');
    for (const change of ['drop', 'elsewhere'] as const) {
      it.copies.set(it.plan);
      const elsewhere: CopyPlan = { ...it.plan, to: { kind: 'here', localFolder: `${it.here}-2` } };
      it.sync.onDown = () => (change === 'drop' ? it.window().drop(it.plan) : it.window().set(elsewhere));
      await it.copies.check(never);
      assert.deepEqual(it.copies.plans, change === 'drop' ? [] : [elsewhere]);
    }
  });

  it('read nothing from what is no plan', async () => {
    using it = await world();
    for (const text of ['{', '[{}]', JSON.stringify([{ ...it.plan, everyMs: 1 }]), JSON.stringify([{ ...it.plan, to: { kind: 'elsewhere' } }])]) {
      it.core.store.setNote(copiesNote, text);
      assert.deepEqual(it.copies.plans, []);
    }
  });
});
