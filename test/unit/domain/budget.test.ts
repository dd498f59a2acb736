import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judge, judgements, leaseWarningMs, stepReached } from '../../../src/domain/budget.ts';
import { usd, usdPerHour, type Usd } from '../../../src/domain/money.ts';

const hour = 3_600_000;
const limits = { budget: usd(5), leaseEndsAt: 10 * hour };

describe('budget', () => {
  it('is worth a word at 50, 80 and 100 percent, to the micro-dollar', () => {
    assert.equal(stepReached(usd(5), (usd(2.5) - 1) as Usd), undefined);
    assert.deepEqual([2.5, 3.99, 4, 4.99, 5, 99].map((spent) => stepReached(usd(5), usd(spent))), [50, 50, 80, 80, 100, 100]);
  });

  it('ends at its limit and not before, whatever the figures', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 2e12 }), (budget, spent) => {
      const { verdict } = judge({ budget: budget as Usd, leaseEndsAt: Infinity }, spent as Usd, usdPerHour(0), 0, 0);
      assert.equal(verdict === 'end', spent >= budget);
      assert.equal(verdict === 'warn', spent < budget && spent * 5 >= budget * 4);
    }));
  });

  it('counts what burned since the figure was computed', () => {
    assert.equal(judge(limits, usd(4.5), usdPerHour(1), 0, hour / 2).verdict, 'end');
    assert.equal(judge(limits, usd(4.5), usdPerHour(1), 0, 0).verdict, 'warn');
  });

  it('says a lease and a budget that end together each by itself, the end first', () => {
    const near = limits.leaseEndsAt - leaseWarningMs;
    assert.deepEqual(judgements(limits, usd(4), near).map(({ because, step }) => [because, step]), [['budget', 80], ['lease', undefined]]);
    assert.deepEqual(judgements(limits, usd(3), near).map(({ verdict, because }) => [verdict, because]), [['warn', 'lease'], ['fine', 'budget']]);
    assert.deepEqual(judgements(limits, usd(9), limits.leaseEndsAt)[0], { verdict: 'end', because: 'lease' });
    assert.deepEqual(judgements(limits, usd(1), 0), []);
  });
});
