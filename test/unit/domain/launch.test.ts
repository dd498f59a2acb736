import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { judge, leaseWarningMs } from '../../../src/domain/budget.ts';
import { allows, burnOf, type InstanceState } from '../../../src/domain/instance.ts';
import { dearerThanAgreed, isOurLabel, launchId, mayBill, predecessors, type LaunchState } from '../../../src/domain/launch.ts';
import { usd, usdPerHour, zeroRate } from '../../../src/domain/money.ts';
import { isDefiniteRefusal, isRentError, RentError } from '../../../src/domain/errors.ts';
import { spentBetween } from '../../../src/domain/spend.ts';

describe('launch id', () => {
  it('is a lower-case SSH alias that sorts by time and is ours', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 4e12 }), (now, later) => {
      const first = launchId('abc123', now, randomBytes);
      const second = launchId('abc123', now + later, randomBytes);
      assert.match(first, /^gpu-rental-abc123-[0-9a-hjkmnp-tv-z]{26}$/);
      assert.ok(first < second);
      assert.ok(isOurLabel(first, 'abc123') && !isOurLabel(first, 'abc12'));
    }));
  });
});

describe('the states of a launch', () => {
  const all: readonly LaunchState[] = ['intent', 'sent', 'refused', 'uncertain', 'notCreated', 'created', 'ready', 'stopping', 'stopped', 'ending', 'gone'];
  const next = (state: LaunchState): LaunchState[] => all.filter((one) => predecessors(one).includes(state));

  it('send an intent once: nothing leads back to before it was sent', () => {
    for (const state of all) assert.equal(next(state).includes('intent'), false);
    assert.deepEqual(predecessors('sent'), ['intent']);
  });

  it('never leave an end but for being gone or never made', () => {
    assert.deepEqual(new Set(next('ending')), new Set(['ending', 'gone', 'notCreated']));
    assert.deepEqual(new Set(next('gone')), new Set(['gone', 'ending']));
  });

  it('reach the end from every state in which something may bill', () => {
    for (const state of mayBill) {
      const seen = new Set<LaunchState>([state]);
      for (const one of seen) for (const after of next(one)) seen.add(after);
      assert.ok(seen.has('gone') || seen.has('notCreated'), state);
    }
  });
});

describe('price guard', () => {
  it('lets rounding pass and stops a real rise', () => {
    assert.equal(dearerThanAgreed(usdPerHour(0.33), usdPerHour(0.349)), false);
    assert.equal(dearerThanAgreed(usdPerHour(0.33), usdPerHour(0.351)), true);
    assert.equal(dearerThanAgreed(usdPerHour(3), usdPerHour(3.05)), false);
    assert.equal(dearerThanAgreed(usdPerHour(3), usdPerHour(3.07)), true);
  });
});

describe('limits', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  const limits = { budget: usd(5), leaseEndsAt: now + 3_600_000 };
  const burn = usdPerHour(0.5);
  it('says nothing while both are far', () => assert.equal(judge(limits, usd(1), burn, now, now).verdict, 'fine'));
  it('warns at four fifths of the budget', () => assert.deepEqual(judge(limits, usd(4), burn, now, now), { verdict: 'warn', because: 'budget', step: 80 }));
  it('ends at the budget', () => assert.deepEqual(judge(limits, usd(5), burn, now, now), { verdict: 'end', because: 'budget', step: 100 }));
  it('counts what burned since the figure was made', () => {
    assert.deepEqual(judge({ ...limits, leaseEndsAt: Infinity }, usd(4.9), burn, now - 3_600_000, now), { verdict: 'end', because: 'budget', step: 100 });
  });
  it('warns before the lease ends and ends with it', () => {
    assert.deepEqual(judge(limits, usd(0), burn, now, limits.leaseEndsAt - leaseWarningMs), { verdict: 'warn', because: 'lease' });
    assert.deepEqual(judge(limits, usd(0), burn, now, limits.leaseEndsAt), { verdict: 'end', because: 'lease' });
  });
});

describe('instance states', () => {
  const rates = { running: usdPerHour(1), stopped: usdPerHour(0.1), starting: usdPerHour(0.2) };
  const burns: Record<InstanceState, number> = {
    starting: 0.2, ready: 1, stopping: 1, ending: 1, unknown: 1, stopped: 0.1, failed: 1,
  };
  for (const [state, dollars] of Object.entries(burns)) {
    it(`${state} burns $${dollars}/h and can be destroyed`, () => {
      assert.equal(burnOf({ state: state as InstanceState, rates }), usdPerHour(dollars));
      assert.ok(allows(state as InstanceState, 'destroy'));
    });
  }
  it('opens only what is ready and starts only what is stopped', () => {
    assert.deepEqual((['ready', 'starting', 'stopped'] as const).map((state) => [allows(state, 'open'), allows(state, 'start')]), [[true, false], [false, false], [false, true]]);
  });
  it('has no burn without rates', () => assert.equal(burnOf({ state: 'stopped', rates: { running: zeroRate, stopped: zeroRate } }), 0));
});

describe('errors', () => {
  it('takes only a clear no for a refusal', () => {
    assert.ok(isDefiniteRefusal(new RentError('offerGone')));
    for (const code of ['network', 'serverError', 'badResponse'] as const) assert.ok(!isDefiniteRefusal(new RentError(code)));
    assert.ok(!isDefiniteRefusal(new RentError('bidTooLow', { instanceKey: '9' })));
    assert.ok(!isDefiniteRefusal(new Error('offerGone')));
  });
  it('keeps code, detail and cause', () => {
    const cause = new Error('socket');
    const error = new RentError('network', { cause, detail: 'reset' });
    assert.equal(error.cause, cause);
    assert.equal(error.message, 'network: reset');
    assert.deepEqual([isRentError(error, 'auth', 'network'), isRentError(error, 'auth'), isRentError(cause)], [true, false, false]);
  });
});

describe('spend from intervals', () => {
  const id = 'vast:1' as const;
  const hour = 3_600_000;
  it('replaces metering by charges where there are any, and only there', () => {
    const intervals = [{ instanceId: id, from: 0, to: 4 * hour, rate: usdPerHour(1) }];
    const settled = [{ instanceId: id, from: hour, to: 2 * hour, amount: usd(0.4) }];
    assert.equal(spentBetween(intervals, settled, 0, Infinity), usd(3.4));
    assert.equal(spentBetween(intervals, settled, 0, hour), usd(1));
    assert.equal(spentBetween(intervals, settled, hour, 1.5 * hour), usd(0.2));
  });
  it('never lets a charge of one machine cover another', () => {
    const intervals = [{ instanceId: 'vast:2' as const, from: 0, to: hour, rate: usdPerHour(1) }];
    assert.equal(spentBetween(intervals, [{ instanceId: id, from: 0, to: hour, amount: usd(0.1) }], 0, Infinity), usd(1.1));
  });
  it('adds up to the same however the time is cut', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 })), { maxLength: 6 }), fc.integer({ min: 0, max: 9000 }), (parts, cut) => {
      let at = 0;
      const intervals = parts.map(([gap, length]) => {
        const from = at + gap * 1000;
        at = from + length * 1000;
        return { instanceId: id, from, to: at, rate: usdPerHour(0.36) };
      });
      const whole = spentBetween(intervals, [], 0, Infinity);
      const halves = spentBetween(intervals, [], 0, cut * 100) + spentBetween(intervals, [], cut * 100, Infinity);
      assert.ok(Math.abs(whole - halves) <= 1);
    }));
  });
});
