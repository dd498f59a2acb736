import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GuardStatus } from '../../../src/domain/guard.ts';
import { guardTermsOf, renewalOf, type RenewalInput } from '../../../src/domain/guardTerms.ts';
import type { Limits } from '../../../src/domain/launch.ts';
import { usd, usdPerHour, type Usd, type UsdPerHour } from '../../../src/domain/money.ts';
import { launch, now } from '../ui/support/machines.ts';

const hour = 3_600_000;
const limits: Limits = { budget: usd(5), leaseEndsAt: now + 8 * hour, idleMs: 30 * 60_000, atLimit: 'destroy' };
const status = (change: Partial<GuardStatus> = {}): GuardStatus => ({
  phase: 'watching', armed: true, ageMs: 4000, usedMs: 2 * hour, spent: usd(1), idleMs: 0, sshConnections: 1, tries: 0, ...change,
});
const renewal = (change: Partial<RenewalInput> = {}) =>
  renewalOf({ limits, begunAt: now, spent: usd(1), active: false, now: now + 2 * hour, status: status(), ...change });

describe('the terms of a guard', () => {
  it('are what was agreed to', () => {
    assert.deepEqual(guardTermsOf(launch({ limits }), { rate: usdPerHour(0.33), at: now }), {
      label: 'gpu-rental-abcdef-01', rate: usdPerHour(0.33), offRate: usdPerHour(0.02), budget: usd(5), useMs: 8 * hour, deadlineAt: now + 8 * hour, idleMs: 30 * 60_000, action: 'destroy',
    });
  });

  it('stop and leave idleness out unless something else was agreed to', () => {
    const { idleMs, action } = guardTermsOf(launch({ limits: { budget: usd(5), leaseEndsAt: now + hour } }), { rate: usdPerHour(0.33), at: now });
    assert.deepEqual([idleMs, action], [0, 'stop']);
  });

  it('count use from when it was agreed to by the provider’s clock, whatever ours says', () => {
    const days = 48 * hour;
    const { useMs, deadlineAt } = guardTermsOf(launch({ limits: { ...limits, leaseEndsAt: now - days + 8 * hour } }), { rate: usdPerHour(0.33), at: now - days });
    assert.deepEqual([useMs, deadlineAt], [8 * hour, now - days + 8 * hour]);
  });

  it('never give use that is less than nothing', () => {
    assert.equal(guardTermsOf(launch({ limits: { budget: usd(5), leaseEndsAt: now - hour } }), { rate: usdPerHour(1), at: now }).useMs, 0);
  });
});

describe('a renewal', () => {
  it('carries the limits of now, in use that is counted on', () => {
    assert.deepEqual(renewal({ active: true }), { ttlMs: 300_000, active: true, budget: usd(5), useMs: 8 * hour + 60_000, deadlineAt: now + 8 * hour });
    assert.equal(renewal({ holdMs: 1000 }).holdMs, 1000);
  });

  it('of a guard that never answered gives it the whole lease', () => {
    assert.equal(renewal({ status: undefined }).useMs, 8 * hour + 60_000);
    assert.equal(renewal({ status: undefined, spent: usd(4) }).budget, usd(5));
  });

  it('takes off the budget what the guard cannot see', () => {
    assert.equal(renewal({ spent: usd(1.5) }).budget, usd(4.5));
    assert.equal(renewal({ spent: usd(0.2) }).budget, usd(5), 'what it counts too much of is not given back');
    assert.equal(renewal({ spent: usd(900) }).budget, 1 as Usd);
  });

  it('makes it act exactly when all of the budget is used, by whichever count is higher', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 1e9 }), fc.integer({ min: 0, max: 2e9 }), fc.integer({ min: 0, max: 2e9 }), (budget, spent, seen) => {
      const { budget: told = usd(0) } = renewal({ limits: { ...limits, budget: budget as Usd }, spent: spent as Usd, status: status({ spent: seen as Usd }) });
      assert.ok(told >= 1 && told <= budget);
      const acts = seen >= told;
      if (seen >= 1) assert.equal(acts, Math.max(spent, seen) >= budget);
    }));
  });

  it('gives a guard that counts at an older, lower rate so much less that the budget holds at the real one', () => {
    const rates = { told: usdPerHour(0.2), real: usdPerHour(0.4) };
    assert.equal(renewal({ rates }).budget, usd(3), 'the four dollars that are left last as long as two would');
    assert.equal(renewal({ rates, status: undefined }).budget, usd(2.5));
    assert.equal(renewal({ rates: { told: usdPerHour(0.4), real: usdPerHour(0.2) } }).budget, usd(5), 'one that counts too much is left to');
    fc.assert(fc.property(fc.integer({ min: 1000, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1000, max: 1e7 }), fc.integer({ min: 1000, max: 1e7 }), (budget, spent, told, real) => {
      const { budget: given = usd(0) } = renewal({ limits: { ...limits, budget: budget as Usd }, spent: spent as Usd, status: status({ spent: spent as Usd }), rates: { told: told as UsdPerHour, real: real as UsdPerHour } });
      const hoursMore = Math.max(0, given - spent) / told;
      assert.ok(given >= 1 && given <= Math.max(1, budget));
      assert.ok(spent + hoursMore * real <= Math.max(budget, spent) + real / 1000 + 1, 'what it lets run costs no more than the budget');
    }));
  });

  it('never lets it run past the lease, and never ends it before by the cap on use', () => {
    fc.assert(fc.property(fc.integer({ min: -hour, max: 9 * hour }), fc.integer({ min: 0, max: 20 * hour }), (later, usedMs) => {
      const at = now + later;
      const { useMs = 0, deadlineAt } = renewal({ now: at, status: status({ usedMs }) });
      assert.equal(deadlineAt, limits.leaseEndsAt);
      const lasts = useMs - usedMs;
      assert.ok(lasts > Math.max(0, limits.leaseEndsAt - at) && lasts <= Math.max(0, limits.leaseEndsAt - at) + 60_000);
    }));
  });
});
