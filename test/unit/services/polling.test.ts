import assert from 'node:assert/strict';
import { createEmitter } from '../../../src/domain/emitter.ts';
import { usd } from '../../../src/domain/money.ts';
import type { ProviderId } from '../../../src/domain/offer.ts';
import type { Clock } from '../../../src/domain/ports.ts';
import { Accounts } from '../../../src/services/accounts.ts';
import { aborted } from '../../../src/services/clock.ts';
import { Guard } from '../../../src/services/guard.ts';
import { Market } from '../../../src/services/market.ts';
import { Once } from '../../../src/services/once.ts';
import { type PollingDeps, startPolling } from '../../../src/services/polling.ts';
import { noRuns } from '../../fakes/noRuns.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

/** Lets work that is ready run to its end. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** Sleepers wake when the test says how much time has passed, the earliest first. */
class SteppedClock implements Clock {
  #now = Date.UTC(2026, 10, 22, 12);
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now = (): number => this.#now;
  elapsed = (): number => this.#now;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => this.#sleepers.delete(sleeper) && reject(aborted()), { once: true });
    });
  }

  async pass(ms: number): Promise<void> {
    await settle();
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#now = end;
  }
}

async function polled(core: TestCore, signedIn: boolean, loaded = true, runs: PollingDeps['runs'] = noRuns, alerts?: PollingDeps['alerts']) {
  const clock = new SteppedClock();
  const keys = new Map<ProviderId, string>(signedIn ? [['vast', 'key']] : []);
  const accounts = new Accounts(
    {
      get: (id) => Promise.resolve(keys.get(id)),
      set: (id, key) => Promise.resolve(void keys.set(id, key)),
      delete: (id) => Promise.resolve(void keys.delete(id)),
    },
    core.providers, () => core.provider, core.log,
  );
  if (loaded) await accounts.load();
  const market = new Market(core.providers, { diskGb: 40 }, clock, core.log);
  const guard = new Guard({ fleet: core.fleet, meter: core.meter, once: new Once(core.store, core.log), log: core.log, stop: (id) => core.rentals.stop(id) });
  const visible = { offers: false, instances: false };
  const polling = startPolling({
    providers: core.providers, market, accounts, fleet: core.fleet, meter: core.meter, store: core.store, guard, protection: core.protection, guardEnds: core.guardEnds, runs, clock, log: core.log, ...(alerts === undefined ? {} : { alerts }),
    visible: { offers: () => visible.offers, instances: () => visible.instances },
  });
  const count = (call: string): number => core.provider.calls.filter((one) => one === call).length;
  return { clock, accounts, polling, visible, count };
}

describe('polling', () => {
  it('asks nothing while nobody looks and nothing bills', async () => {
    using core = await testCore();
    const { clock, polling } = await polled(core, true);
    await clock.pass(3_600_000);
    assert.deepEqual(core.provider.calls, []);
    polling.dispose();
  });

  it('reads offers once a minute while they are looked at, and not after', async () => {
    using core = await testCore();
    const { clock, polling, visible, count } = await polled(core, false);
    visible.offers = true;
    await clock.pass(10 * 60_000);
    const while_ = count('search');
    assert.ok(while_ >= 8 && while_ <= 10, String(while_));
    visible.offers = false;
    await clock.pass(10 * 60_000);
    assert.ok(count('search') - while_ <= 1);
    assert.equal(count('list'), 0);
    polling.dispose();
  });

  it('looks for what somebody waits for every five minutes, with nobody looking, and only while somebody waits', async () => {
    using core = await testCore();
    let [waiting, looks] = [false, 0];
    const { clock, polling } = await polled(core, false, true, noRuns, { pending: () => waiting, check: () => Promise.resolve(void looks++) });
    await clock.pass(3_600_000);
    assert.equal(looks, 0);
    waiting = true;
    await clock.pass(3_600_000);
    assert.ok(looks >= 10 && looks <= 12, String(looks));
    waiting = false;
    const before = looks;
    await clock.pass(3_600_000);
    assert.ok(looks - before <= 1);
    polling.dispose();
  });

  it('watches machines as soon as one bills, with nobody looking, and until it is gone', async () => {
    using core = await testCore();
    const { clock, polling, count } = await polled(core, true);
    await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(100), leaseEndsAt: Date.UTC(2027, 0, 1) } }, () => undefined, new AbortController().signal);
    await clock.pass(60_000);
    const first = count('list');
    assert.ok(first >= 4, String(first));
    await core.rentals.destroy('vast:1');
    await clock.pass(60_000);
    const after = count('list');
    // What ended might still show up: it is looked for now and then, for an hour.
    await clock.pass(3_600_000);
    const watched = count('list');
    assert.ok(watched - after >= 20 && watched - after <= 32, String(watched - after));
    core.clock.advance(3_600_000);
    await clock.pass(3_600_000);
    assert.ok(count('list') - watched <= 1);
    polling.dispose();
  });

  it('renews a lease as soon as a machine is ready, then once a minute, and not when it is stopped', async () => {
    using core = await testCore();
    const { clock, polling } = await polled(core, true);
    const renewed = (): number => core.link.heard.length;
    await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(100), leaseEndsAt: Date.UTC(2027, 0, 1) } }, () => undefined, new AbortController().signal);
    await clock.pass(0);
    assert.equal(renewed(), 2, 'at first once more, with what the guard turned out not to see');
    await clock.pass(10 * 60_000);
    assert.ok(renewed() >= 11 && renewed() <= 13, String(renewed()));
    core.link.says = { phase: 'grace', reason: 'idle', graceLeftMs: 170_000 };
    await clock.pass(60_000);
    const before = renewed();
    await clock.pass(60_000);
    assert.ok(renewed() - before >= 3, 'a guard that is about to act is watched closely');
    core.link.says = {};
    await core.rentals.stop('vast:1');
    await clock.pass(0);
    const stopped = renewed();
    await clock.pass(10 * 60_000);
    assert.equal(renewed(), stopped);
    polling.dispose();
  });

  it('explains at once what a guard did', async () => {
    using core = await testCore();
    const { clock, polling } = await polled(core, true);
    const found: string[] = [];
    core.guardEnds.onDidFind(({ id, end }) => found.push(`${id} ${end.reason}`));
    await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(100), leaseEndsAt: Date.UTC(2027, 0, 1) } }, () => undefined, new AbortController().signal);
    core.link.says = { phase: 'acting', reason: 'budget' };
    await clock.pass(60_000);
    core.provider.set('1', { state: 'stopped' });
    await clock.pass(16_000);
    assert.deepEqual(found, ['vast:1 budget']);
    polling.dispose();
  });

  it('watches a run from its start, and lets what goes on as before wait its turn', async () => {
    using core = await testCore();
    const changed = createEmitter<void>();
    const runs = { everyMs: 300_000, asked: 0, onDidChange: changed.event, check: async () => void runs.asked++ };
    const { clock, polling } = await polled(core, true, true, runs);
    await clock.pass(60_000);
    assert.equal(runs.asked, 0);
    runs.everyMs = 10_000;
    changed.fire();
    await clock.pass(30_000);
    assert.equal(runs.asked, 4);
    changed.fire();
    await clock.pass(0);
    assert.equal(runs.asked, 4);
    polling.dispose();
  });

  it('becomes the one that asks when a person turns to this window', async () => {
    using core = await testCore();
    using other = await testCore(core);
    core.provider.add({ key: '50', state: 'ready' });
    await other.fleet.refresh();
    const { clock, polling } = await polled(core, true);
    await clock.pass(0);
    assert.deepEqual([core.fleet.acts('vast'), other.fleet.acts('vast')], [true, false]);
    await other.fleet.refresh(undefined, true);
    await clock.pass(60_000);
    assert.equal(core.fleet.acts('vast'), false, 'nobody turned to it since');
    polling.wakeInstances();
    await clock.pass(0);
    assert.ok(core.fleet.acts('vast'));
    polling.dispose();
  });

  it('looks at once when the keys of an earlier day have been read, and only where there is something to look at', async () => {
    for (const looked of [true, false]) {
      using core = await testCore();
      const { clock, accounts, polling, visible, count } = await polled(core, true, false);
      visible.instances = looked;
      await clock.pass(30_000);
      assert.equal(count('list'), 0);
      await accounts.load();
      await clock.pass(0);
      assert.equal(count('list'), looked ? 1 : 0);
      polling.dispose();
    }
  });

  it('looks at once when somebody signs in', async () => {
    using core = await testCore();
    const { clock, accounts, polling, count } = await polled(core, false);
    await clock.pass(60_000);
    assert.equal(count('list'), 0);
    await accounts.signIn('vast', 'key', new AbortController().signal);
    await clock.pass(0);
    assert.equal(count('list'), 1);
    polling.dispose();
  });

  it('holds limits although nothing can be written any more', async () => {
    using core = await testCore();
    await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(0.01), leaseEndsAt: core.clock.now() + 3_600_000 } }, () => undefined, new AbortController().signal);
    const { clock, polling } = await polled(core, true);
    await clock.pass(15_000);
    const full = (): never => {
      throw new Error('the disk is full');
    };
    Object.assign(core.store, { setSession: full, hear: full, keep: full, append: full, amend: full, mark: full, raise: full, hold: full, setNote: full });
    core.clock.advance(1_800_000);
    await clock.pass(120_000);
    assert.equal(core.provider.machines.get('1')?.seen.state, 'stopped');
    polling.dispose();
  });

  it('is silent once disposed', async () => {
    using core = await testCore();
    const { clock, polling, visible } = await polled(core, true);
    visible.offers = true;
    visible.instances = true;
    polling.dispose();
    await clock.pass(3_600_000);
    assert.deepEqual(core.provider.calls, []);
  });
});
