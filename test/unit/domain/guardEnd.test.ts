import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guardGraceMs, type GuardStatus } from '../../../src/domain/guard.ts';
import { explainEnd, guardSaid, type EndEvidence } from '../../../src/domain/guardEnd.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';

const now = Date.UTC(2026, 10, 22, 23);
const minute = 60_000;
const hour = 60 * minute;
const status = (change: Partial<GuardStatus> = {}): GuardStatus => ({
  phase: 'watching', armed: true, ageMs: 4000, usedMs: hour, spent: usd(1), idleMs: 0, sshConnections: 1, tries: 0, ...change,
});

/** Read at `now`, found in the morning; ten hours of lease are left, and forty of budget. */
const explain = (said: Partial<GuardStatus> | undefined, change: Partial<EndEvidence> = {}) => explainEnd({
  how: 'stopped', heard: said && { status: status(said), at: now }, limits: { budget: usd(5), leaseEndsAt: now + 10 * hour, idleMs: 30 * minute },
  rate: usdPerHour(0.1), createdAt: now - hour, foundAt: now + 9 * hour, ...change,
});

describe('why a machine ended', () => {
  it('is what its guard said when it was about to act', () => {
    assert.deepEqual(explain({ phase: 'grace', reason: 'budget', graceLeftMs: 100_000 }), { how: 'stopped', reason: 'budget', sure: true, at: now + 100_000 });
    assert.deepEqual(explain({ phase: 'acting', reason: 'longIdle', tries: 3 }), { how: 'stopped', reason: 'longIdle', sure: true, at: now });
  });

  it('is the end of a run that was to end it, unless a limit was reached that nobody can work past', () => {
    assert.deepEqual(explain({ idleMs: 0 }, { afterRun: 'stop' }), { how: 'stopped', reason: 'run', sure: false, at: now + 9 * hour });
    assert.deepEqual(explain({ idleMs: 0 }, { afterRun: 'destroy', how: 'gone' }).reason, 'run');
    assert.equal(explain({ idleMs: 0 }, { afterRun: 'destroy' }).reason, 'idle', 'a run that destroys stops nothing');
    assert.equal(explain({ idleMs: 0 }, { afterRun: 'stop', rate: usdPerHour(1) }).reason, 'budget');
    assert.deepEqual(explain({ phase: 'grace', reason: 'run', graceLeftMs: 60_000 }), { how: 'stopped', reason: 'run', sure: true, at: now + 60_000 });
  });

  it('is idleness after the last window closed, thirty minutes later', () => {
    assert.deepEqual(explain({ idleMs: 10 * minute }), { how: 'stopped', reason: 'idle', sure: false, at: now + 20 * minute + guardGraceMs });
    assert.deepEqual(explain({ idleMs: 0 }), { how: 'stopped', reason: 'idle', sure: false, at: now + 30 * minute + guardGraceMs });
  });

  it('begins to count idleness when the lease has run out', () => {
    assert.equal(explain({ idleMs: 90 * minute }).at, now + 5 * minute + guardGraceMs);
  });

  it('is the limit that was reached while it worked', () => {
    assert.deepEqual(explain({}, { foundAt: now + 11 * hour }), { how: 'stopped', reason: 'deadline', sure: false, at: now + 10 * hour + guardGraceMs });
    assert.deepEqual(explain({}, { rate: usdPerHour(2) }), { how: 'stopped', reason: 'budget', sure: false, at: now + 2 * hour + guardGraceMs });
    assert.equal(explain({ idleMs: 5 * minute }, { rate: usdPerHour(2) }).reason, 'idle', 'it was idle already');
  });

  it('is never idleness where that was left out', () => {
    const limits = { budget: usd(5), leaseEndsAt: now + 10 * hour };
    assert.deepEqual(explain({ idleMs: hour }, { limits }), { how: 'stopped', sure: false, at: now + 9 * hour });
  });

  it('is that nobody ever came, where its guard never answered', () => {
    assert.deepEqual(explain(undefined, { how: 'gone' }), { how: 'gone', reason: 'unclaimed', sure: false, at: now - hour + 33 * minute });
    assert.deepEqual(explain(undefined, { createdAt: now, foundAt: now + 20 * minute }), { how: 'stopped', sure: false, at: now + 20 * minute });
  });

  it('is not known when nothing can have been reached', () => {
    assert.deepEqual(explain({}, { foundAt: now + minute }), { how: 'stopped', sure: false, at: now + minute });
  });

  it('is never a limit that lies in the future, nor a time after it was found', () => {
    const time = fc.integer({ min: 0, max: 20 * hour });
    fc.assert(fc.property(time, time, fc.integer({ min: 0, max: 2e7 }), fc.integer({ min: 0, max: 2e7 }), fc.constantFrom('watching', 'grace', 'acting' as const), (found, idleMs, spent, rate, phase) => {
      const foundAt = now + found;
      const end = explain({ idleMs, spent: spent as never, phase, ...(phase === 'watching' ? {} : { reason: 'idle', graceLeftMs: idleMs }) }, { foundAt, rate: rate as never });
      assert.ok(end.at <= foundAt && end.at >= now - hour);
      if (end.sure) assert.notEqual(phase, 'watching');
      if (end.reason === 'deadline') assert.ok(foundAt >= now + 10 * hour);
    }));
  });
});

describe('the log of a machine', () => {
  const label = 'gpu-rental-a-1';
  const said = (...lines: string[]) => guardSaid(lines.map((line) => `gpu-rental-guard ${label} ${line}`).join('\n'), label);

  it('tells why its guard acted, or was about to', () => {
    assert.equal(said('watches: stop, used 0 s', 'test: answer 200 by curl', 'will stop in 180 s: longIdle, used 9000 s, spent 12, idle 7200 s'), 'longIdle');
    assert.equal(said('will destroy in 180 s: budget, used 9000 s, spent 12, idle 7200 s', 'destroy: try 1, budget', 'destroy: answer 200 by curl'), 'budget');
  });

  it('forgets what came to nothing', () => {
    assert.equal(said('will stop in 180 s: idle, used 1 s, spent 0, idle 1800 s', 'keeps the machine'), undefined);
    assert.equal(said('stop: try 1, deadline', 'watches: stop, used 9 s'), undefined, 'it was started again');
  });

  it('listens to the guard of this label only, wherever its words stand in a line', () => {
    const log = `epoch 1 idle\n2026-11-22T03:10Z gpu-rental-guard ${label} stop: try 2, use\ngpu-rental-guard ${label}2 stop: try 1, idle\ngpu-rental-guard other destroy: try 1, budget`;
    assert.equal(guardSaid(log, label), 'use');
    assert.equal(guardSaid(log, 'gpu-rental-a'), undefined);
  });

  it('says nothing where nobody wrote anything of the kind', () => {
    for (const line of ['', 'stop: try 1, boredom', 'stop: try x, idle', 'idle', 'would stop in 3 s: idle']) assert.equal(said(line), undefined, line);
    fc.assert(fc.property(fc.string(), (text) => {
      guardSaid(text, label);
    }));
  });
});
