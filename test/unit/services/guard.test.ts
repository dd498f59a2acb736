import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { Guard, type GuardEvent } from '../../../src/services/guard.ts';
import { runJob } from '../../../src/services/runner.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { FakeClock } from '../../fakes/fakeClock.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';
import { offer } from '../../fakes/offers.ts';

const hour = 3_600_000;
const never = new AbortController().signal;

async function guarded(core: TestCore, budgetUsd: number, leaseHours: number) {
  const leaseEndsAt = core.clock.now() + leaseHours * hour;
  await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(budgetUsd), leaseEndsAt } }, () => undefined, never);
  await core.fleet.refresh();
  const guard = new Guard({ fleet: core.fleet, meter: core.meter, clock: core.clock, log: core.log, stop: (id) => core.rentals.stop(id) });
  const events: [string, GuardEvent['judgement']][] = [];
  guard.onDidWarn(({ judgement }) => events.push(['warn', judgement]));
  guard.onDidEnd(({ judgement }) => events.push(['end', judgement]));
  return { guard, events };
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
    assert.deepEqual(events, [['warn', { verdict: 'warn', because: 'budget' }]]);
    core.clock.advance(0.2 * hour);
    await guard.check();
    assert.deepEqual(events.at(-1), ['end', { verdict: 'end', because: 'budget' }]);
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
