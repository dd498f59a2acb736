import assert from 'node:assert/strict';
import fc from 'fast-check';
import { guardStaleMs, type GuardStatus } from '../../../src/domain/guard.ts';
import { usd } from '../../../src/domain/money.ts';
import { guardView, vouchMs, type GuardRecord } from '../../../src/domain/protection.ts';

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;

const status = (change: Partial<GuardStatus> = {}): GuardStatus => ({
  phase: 'watching', armed: true, ageMs: 4000, usedMs: 0, spent: usd(0), idleMs: 0, sshConnections: 1, tries: 0, ...change,
});
const heard = (change: Partial<GuardStatus> = {}, at = now): GuardRecord => ({ heard: { status: status(change), at } });
const said = (record: GuardRecord | undefined, at = now, selfStop = true): string => {
  const { protection, why } = guardView(record, selfStop, at);
  return why === undefined ? protection : `${protection}: ${why}`;
};

describe('protection', () => {
  it('is what a guard that works, is armed and was heard lately gives', () => {
    assert.equal(said(heard()), 'protected');
    assert.equal(said(heard({ phase: 'grace', reason: 'idle' })), 'protected');
    assert.equal(said(heard({}, now - vouchMs)), 'protected');
  });

  it('claims nothing before anybody could find out', () => {
    assert.equal(said(undefined), 'checking');
    assert.equal(said({}), 'checking');
    assert.equal(said({ missing: { since: now - minute, why: 'unreachable' } }), 'checking');
    assert.equal(said({ missing: { since: now - minute, why: 'absent' } }), 'checking', 'SSH may be up before the guard is');
  });

  it('does not wait for ever', () => {
    assert.equal(said({ missing: { since: now - 2 * minute, why: 'absent' } }), 'unprotected: absent');
    assert.equal(said({ missing: { since: now - vouchMs, why: 'unreachable' } }), 'unprotected: unreachable');
  });

  it('gives a guard that has only begun two minutes to try its key', () => {
    const young: GuardRecord = { ...heard({ armed: false }), unarmedSince: now - minute };
    assert.equal(said(young), 'checking');
    assert.equal(said(young, now + 60 * minute), 'checking', 'nobody has asked again');
    assert.equal(said({ ...young, ...heard({ armed: false }, now + minute) }, now + minute), 'unprotected: notArmed');
  });

  it('says why there is none', () => {
    assert.equal(said(heard({ armed: false })), 'unprotected: notArmed');
    assert.equal(said(heard({ ageMs: guardStaleMs + 1 })), 'unprotected: stale');
    assert.equal(said({ ...heard(), missing: { since: now, why: 'absent' } }), 'unprotected: absent', 'one that was there and is not is gone');
    assert.equal(said(heard(), now, false), 'unprotected: noSelfStop');
  });

  it('vouches for a guard that cannot be reached for a few minutes', () => {
    const record: GuardRecord = { ...heard({}, now - minute), missing: { since: now, why: 'unreachable' } };
    assert.equal(said(record), 'protected');
    assert.equal(said(record, now + vouchMs), 'unprotected: unreachable');
    assert.equal(said(heard(), now + 8 * 60 * minute), 'checking', 'a laptop that slept has not failed yet');
  });

  it('shows what it rests on', () => {
    const record: GuardRecord = { ...heard({}, now - 20_000), missing: { since: now - 1, why: 'unreachable' } };
    assert.deepEqual(guardView(record, true, now), { protection: 'protected', status: status(), checkedMs: 20_000, missingSince: now - 1 });
  });

  it('is never said of a guard that is stale, absent, not armed, long unheard or without a key', () => {
    const figure = fc.oneof(fc.integer({ min: -1e13, max: 1e13 }), fc.constantFrom(NaN, Infinity, -Infinity, 0));
    const anyStatus = fc.record({
      phase: fc.constantFrom('watching', 'grace', 'acting'), armed: fc.boolean(), ageMs: figure,
      usedMs: figure, spent: figure, idleMs: figure, sshConnections: figure, tries: figure,
    }) as unknown as fc.Arbitrary<GuardStatus>;
    const anyRecord: fc.Arbitrary<GuardRecord> = fc.record({
      heard: fc.record({ status: anyStatus, at: fc.integer({ min: now - 1e9, max: now + 1e9 }) }),
      unarmedSince: fc.integer({ min: now - 1e9, max: now + 1e9 }),
      missing: fc.record({ since: fc.integer({ min: now - 1e9, max: now + 1e9 }), why: fc.constantFrom('absent' as const, 'unreachable' as const) }),
    }, { requiredKeys: [] });
    let good = 0;
    fc.assert(fc.property(fc.option(anyRecord, { nil: undefined }), fc.boolean(), fc.integer({ min: -2e9, max: 2e9 }), (record, selfStop, later) => {
      const at = now + later;
      const { protection, why } = guardView(record, selfStop, at);
      assert.equal(why === undefined, protection !== 'unprotected');
      if (protection !== 'protected') return;
      good++;
      assert.ok(selfStop && record?.heard);
      const { armed, ageMs } = record.heard.status;
      assert.ok(armed && ageMs <= guardStaleMs && Math.abs(at - record.heard.at) <= vouchMs);
      assert.notEqual(record.missing?.why, 'absent');
    }), { numRuns: 2000 });
    fc.assert(fc.property(fc.integer({ min: 0, max: guardStaleMs }), fc.integer({ min: 0, max: vouchMs }), (ageMs, later) => {
      good += Number(said(heard({ ageMs }), now + later) === 'protected');
    }));
    assert.ok(good >= 100, 'and is said of one that is none of these');
  });
});
