import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Caps } from '../../../src/domain/caps.ts';
import { RentError } from '../../../src/domain/errors.ts';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import type { OfferId } from '../../../src/domain/offer.ts';
import type { Marks } from '../../../src/domain/store.ts';
import { Guard, type GuardEvent } from '../../../src/services/guard.ts';
import { Once } from '../../../src/services/once.ts';
import { runJob } from '../../../src/services/runner.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { offer } from '../../fakes/offers.ts';

const hour = 3_600_000;
const never = new AbortController().signal;

interface Circumstances {
  readonly caps?: () => Caps;
  readonly marks?: Marks;
}

/** A guard as each window has one; the caps and the marks may be the test's own. */
function guardOf(core: TestCore, { caps, marks = core.store }: Circumstances = {}) {
  const guard = new Guard({
    fleet: core.fleet, meter: core.meter, once: new Once(marks, core.log), log: core.log, stop: (id) => core.rentals.stop(id), ...(caps === undefined ? {} : { caps }),
  });
  const events: [string, GuardEvent['judgement']][] = [];
  const capEvents: string[] = [];
  guard.onDidWarn(({ judgement }) => events.push(['warn', judgement]));
  guard.onDidEnd(({ judgement }) => events.push(['end', judgement]));
  guard.onDidNearCap(({ use, step, stopped, failed }) => capEvents.push([use.kind, step, stopped.length, failed.length].join(' ')));
  return { guard, events, capEvents };
}

async function guarded(core: TestCore, budgetUsd: number, leaseHours: number, circumstances: Circumstances = {}) {
  const leaseEndsAt = core.clock.now() + leaseHours * hour;
  await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(budgetUsd), leaseEndsAt } }, () => undefined, never);
  // The window that polls is the one that acts.
  await core.fleet.refresh();
  return guardOf(core, circumstances);
}

describe('guard', () => {
  it('warns once before a limit and stops at it, keeping the disk', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 0.33, 100);
    await guard.check();
    assert.deepEqual(events, []);
    core.clock.advance(0.85 * hour);
    await guard.check();
    await guard.check();
    assert.deepEqual(events, [['warn', { verdict: 'warn', because: 'budget', step: 80 }]]);
    core.clock.advance(0.2 * hour);
    await guard.check();
    assert.deepEqual(events.at(-1), ['end', { verdict: 'end', because: 'budget', step: 100 }]);
    assert.equal(core.fleet.find('vast:1')?.state, 'stopped');
    assert.deepEqual(core.provider.destroyed, []);
    await guard.check();
    assert.equal(events.length, 2);
  });

  it('stops at the end of the lease, and a renewed lease lets it live', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 100, 1);
    core.clock.advance(0.95 * hour);
    await guard.check();
    assert.equal(events.length, 1);
    core.rentals.renew('vast:1', core.clock.now() + hour);
    core.clock.advance(0.5 * hour);
    await guard.check();
    assert.equal(core.fleet.find('vast:1')?.state, 'ready');
    core.clock.advance(hour);
    await guard.check();
    assert.deepEqual(events.at(-1), ['end', { verdict: 'end', because: 'lease' }]);
  });

  it('stops what bills in a state that nobody can read, and leaves alone what may not exist', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 100, 1);
    core.provider.set('1', { state: 'unknown' });
    const { instanceId: _, ...launch } = core.store.launches()[0] ?? assert.fail();
    core.store.intend({ ...launch, id: 'gpu-rental-x-1', offerId: 'vast:2', state: 'uncertain' });
    core.clock.advance(2 * hour);
    await core.fleet.refresh();
    assert.deepEqual(core.fleet.instances.map(({ state }) => state).toSorted(), ['unknown', 'unknown']);
    await guard.check();
    assert.deepEqual(core.provider.calls.filter((call) => call === 'stop'), ['stop']);
    assert.deepEqual(events.map(([what]) => what), ['end']);
  });

  it('stops at the limit although nothing can be written any more', async () => {
    using core = await testCore();
    const { guard } = await guarded(core, 100, 1);
    await core.fleet.refresh();
    core.clock.advance(2 * hour);
    const writers = ['hear', 'keep', 'depart', 'setNote', 'setTurn', 'append', 'amend', 'settle', 'mark', 'setAbsence', 'setErrand', 'setSession', 'hold', 'raise'] as const;
    const full = (): never => {
      throw new RentError('noJournal', { detail: 'the disk is full' });
    };
    Object.assign(core.store, Object.fromEntries(writers.map((name) => [name, full])));
    core.provider.accountToTell = { id: 'a' };
    await core.fleet.refresh();
    await guard.check();
    assert.ok(core.provider.calls.includes('stop'));
    assert.equal(core.provider.machines.get('1')?.seen.state, 'stopped');
  });

  it('goes on trying when a stop fails, and tells once', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 100, 1);
    core.clock.advance(2 * hour);
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = () => Promise.reject(new RentError('serverError'));
    await guard.check();
    await guard.check();
    assert.deepEqual(events.map(([what]) => what), ['warn']);
    core.provider.stop = stop;
    await guard.check();
    assert.deepEqual(events.map(([what]) => what), ['warn', 'end']);
  });

  it('warns at 50 and at 80 percent, each once, over windows and restarts', async () => {
    using core = await testCore();
    const first = await guarded(core, 0.33, 100);
    const second = guardOf(core);
    const steps = (): unknown[] => [...first.events, ...second.events].map(([, { step }]) => step);
    core.clock.advance(0.52 * hour);
    await first.guard.check();
    await second.guard.check();
    assert.deepEqual(steps(), [50]);
    core.clock.advance(0.3 * hour);
    await second.guard.check();
    await first.guard.check();
    assert.deepEqual(steps(), [50, 80]);
    const reloaded = guardOf(core);
    await reloaded.guard.check();
    assert.equal(reloaded.events.length, 0);
    core.rentals.setBudget('vast:1', usd(0.5));
    await reloaded.guard.check();
    assert.deepEqual(reloaded.events.map(([, { step }]) => step), [50], 'a raised budget is a new limit');
  });

  it('says the highest step that was passed unseen, and not those below', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 0.33, 100);
    core.clock.advance(0.9 * hour);
    await guard.check();
    core.clock.advance(-0.3 * hour);
    await guard.check();
    assert.deepEqual(events.map(([, { step }]) => step), [80]);
  });

  it('says that a lease ends although the budget nears its end as well', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 0.33, 0.95);
    core.clock.advance(0.85 * hour);
    await guard.check();
    assert.deepEqual(events.map(([, { because }]) => because), ['budget', 'lease']);
  });

  it('holds a budget to the provider’s charges where they are more than we metered, and to our figure where they are less', async () => {
    for (const [charged, ended] of [[0.35, true], [0, true], [0.2, false]] as const) {
      using core = await testCore();
      const start = core.clock.now();
      const { guard, events } = await guarded(core, 0.33, 100);
      core.clock.advance(charged === 0 ? 1.1 * hour : 0.7 * hour);
      core.store.settle([{ instanceId: 'vast:1', from: start - hour, to: start + 0.6 * hour, amount: usd(charged) }]);
      await guard.check();
      assert.equal(events.at(-1)?.[0] === 'end', ended, `${charged}`);
    }
  });

  it('warns although the store fails, and once', async () => {
    using core = await testCore();
    const marks: Marks = {
      raise: () => {
        throw new RentError('noJournal');
      },
      highest: () => undefined,
    };
    const { guard, events } = await guarded(core, 0.33, 100, { marks });
    core.clock.advance(0.85 * hour);
    await guard.check();
    await guard.check();
    assert.equal(events.length, 1);
  });

  it('leaves alone what was not rented here', async () => {
    using core = await testCore();
    const { guard, events } = await guarded(core, 100, 100);
    core.provider.add({ key: '50', label: 'theirs', state: 'ready', rates: { running: usdPerHour(900), stopped: usdPerHour(0) } });
    await core.fleet.refresh();
    core.clock.advance(50 * hour);
    await guard.check();
    assert.deepEqual(events, []);
  });
});

describe('caps', () => {
  const caps = (sessionUsd: number, monthUsd: number) => () => ({ session: usd(sessionUsd), month: usd(monthUsd) });

  it('warn at each step once, then stop every machine of ours and destroy none', async () => {
    using core = await testCore();
    core.meter.touchSession(true);
    const { guard, events, capEvents } = await guarded(core, 100, 100, { caps: caps(0, 0.66) });
    await core.rentals.rent({ offer: offer({ id: 'vast:2' as OfferId }), image: 'i', name: '', limits: { budget: usd(100), leaseEndsAt: core.clock.now() + 100 * hour } }, () => undefined, never);
    core.provider.add({ key: '50', label: 'theirs', state: 'ready', rates: { running: usdPerHour(0), stopped: usdPerHour(0) } });
    await core.fleet.refresh();
    for (const hours of [0.52, 0.3, 0.01]) {
      core.clock.advance(hours * hour);
      await guard.check();
    }
    assert.deepEqual(capEvents, ['month 50 0 0', 'month 80 0 0']);
    core.clock.advance(0.2 * hour);
    await guard.check();
    assert.deepEqual(capEvents.at(-1), 'month 100 2 0');
    assert.deepEqual(['vast:1', 'vast:2', 'vast:50'].map((id) => core.fleet.find(id as InstanceId)?.state), ['stopped', 'stopped', 'ready']);
    assert.deepEqual([core.provider.destroyed, events], [[], []]);
    await guard.check();
    assert.equal(capEvents.length, 3);
  });

  it('stop again what is started past them, until they are raised', async () => {
    using core = await testCore();
    core.meter.touchSession(true);
    let limit = 0.33;
    const { guard, capEvents } = await guarded(core, 100, 100, { caps: () => ({ session: usd(limit), month: usd(0) }) });
    core.clock.advance(1.1 * hour);
    await guard.check();
    core.provider.set('1', { state: 'ready' });
    await core.fleet.refresh();
    await guard.check();
    assert.deepEqual(capEvents, ['session 100 1 0', 'session 100 1 0']);
    limit = 5;
    core.provider.set('1', { state: 'ready' });
    await core.fleet.refresh();
    await guard.check();
    assert.equal(core.fleet.find('vast:1')?.state, 'ready');
  });

  it('say once what cannot be stopped, and go on trying', async () => {
    using core = await testCore();
    core.meter.touchSession(true);
    const { guard, capEvents } = await guarded(core, 100, 100, { caps: caps(0.33, 0) });
    core.clock.advance(1.1 * hour);
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = () => Promise.reject(new RentError('serverError'));
    await guard.check();
    await guard.check();
    assert.deepEqual(capEvents, ['session 100 0 1']);
    core.provider.stop = stop;
    await guard.check();
    assert.deepEqual(capEvents, ['session 100 0 1', 'session 100 1 0']);
  });

  it('are none unless set', async () => {
    using core = await testCore();
    const { guard, capEvents } = await guarded(core, 10_000, 10_000);
    core.clock.advance(500 * hour);
    await guard.check();
    assert.deepEqual([capEvents, guard.capUses()], [[], []]);
  });

  it('never let spending go on past them, whatever the rates and the times of checks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 5, max: 200 }), async (pauses, cents) => {
      using core = await testCore();
      core.meter.touchSession(true);
      const { guard } = await guarded(core, 1000, 1000, { caps: caps(cents / 100, 0) });
      for (const minutes of pauses) {
        core.clock.advance(minutes * 60_000);
        await core.fleet.refresh();
        await guard.check();
        const [use] = guard.capUses();
        assert.ok(use);
        if (use.counted >= use.limit) assert.notEqual(core.fleet.find('vast:1')?.state, 'ready');
        else assert.equal(core.fleet.find('vast:1')?.state, 'ready');
      }
    }), { numRuns: 20 });
  });
});

describe('runner', () => {
  it('runs again and again, survives failures, never overlaps, and ends', async () => {
    const clock = new FakeClock();
    const log = new FakeLog();
    let runs = 0;
    let inside = 0;
    await new Promise<void>((resolve) => {
      const job = runJob({
        name: 'poll', everyMs: () => 1000,
        run: async () => {
          assert.equal(inside++, 0);
          await clock.sleep(5000);
          inside--;
          if (++runs === 2) throw new Error('odd day');
          if (runs === 4) {
            job.dispose();
            resolve();
          }
        },
      }, clock, log);
    });
    assert.equal(runs, 4);
    assert.match(log.lines.join('\n'), /poll failed .*odd day/);
  });

  it('sleeps while there is nothing to do, and wakes when told', async () => {
    const clock = new FakeClock();
    let runs = 0;
    let asked = 0;
    const done = Promise.withResolvers<void>();
    const job = runJob({
      name: 'poll',
      everyMs: () => {
        if (++asked === 5) job.wake();
        return undefined;
      },
      run: () => {
        runs++;
        done.resolve();
        return Promise.resolve();
      },
    }, clock, new FakeLog());
    await done.promise;
    job.dispose();
    assert.equal(runs, 1);
    assert.ok(asked >= 5);
  });
});
