import assert from 'node:assert/strict';
import fc from 'fast-check';
import { capUses, leftOf, tightest } from '../../../src/domain/caps.ts';
import { usd, usdPerHour, zeroUsd, type Usd } from '../../../src/domain/money.ts';
import { countedBetween, monthStart, type Books } from '../../../src/domain/spend.ts';

const hour = 3_600_000;
const now = new Date(2026, 10, 22, 16, 30).getTime();
const books = (change: Partial<Books> = {}): Books => ({
  intervals: [{ instanceId: 'vast:1', from: monthStart(now) - 10 * hour, to: monthStart(now) + 10 * hour, rate: usdPerHour(1) }, { instanceId: 'runpod:2', from: now - 2 * hour, to: now, rate: usdPerHour(0.5) }],
  settled: [], sessionFrom: now - hour, now, ...change,
});

describe('caps', () => {
  it('count the session and the month each from its beginning', () => {
    const uses = capUses(books(), { session: usd(3), month: usd(20) });
    assert.deepEqual(uses.map(({ kind, counted, since }) => [kind, counted, since]), [['session', usd(0.5), now - hour], ['month', usd(11), monthStart(now)]]);
    assert.deepEqual(uses.map(leftOf), [usd(2.5), usd(9)]);
    assert.equal(tightest(uses)?.kind, 'session');
  });

  it('are none at zero', () => {
    assert.deepEqual(capUses(books(), { session: zeroUsd, month: zeroUsd }), []);
    assert.equal(tightest([]), undefined);
  });

  it('hold to the larger of our figure and the books', () => {
    const dearer = { instanceId: 'runpod:2' as const, from: now - 2 * hour, to: now, amount: usd(4) };
    const [use] = capUses(books({ settled: [dearer] }), { session: zeroUsd, month: usd(20) });
    assert.equal(use?.counted, usd(14));
    assert.equal(capUses(books({ settled: [{ ...dearer, amount: zeroUsd }] }), { session: zeroUsd, month: usd(20) })[0]?.counted, usd(11));
  });

  it('never leave less than nothing, and count what is counted anywhere else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (limit) => {
      const [use] = capUses(books(), { session: zeroUsd, month: limit as Usd });
      assert.ok(use);
      assert.equal(use.counted, countedBetween(books().intervals, [], monthStart(now), Infinity));
      assert.equal(leftOf(use), Math.max(0, limit - use.counted));
    }));
  });
});
