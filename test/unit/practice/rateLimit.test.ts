import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createIntervalLimiter, createWindowLimiter } from '../../../src/practice/rateLimit.ts';

describe('rate limits', () => {
  it('lets a caller through once per interval, each caller alone', () => {
    let now = 0;
    const limiter = createIntervalLimiter(() => now);
    assert.equal(limiter.call('a', 1000).allowed, true);
    assert.deepEqual(limiter.call('a', 1000), { allowed: false, retryAfterMs: 1000 });
    assert.equal(limiter.call('b', 1000).allowed, true);
    now = 1000;
    assert.equal(limiter.call('a', 1000).allowed, true);
  });

  it('makes an impatient caller wait longer where there is a penalty', () => {
    let now = 0;
    const limiter = createIntervalLimiter(() => now);
    limiter.call('a', 4500, 12_000);
    now = 1000;
    assert.equal(limiter.call('a', 4500, 12_000).retryAfterMs, 12_000);
    now = 4500;
    assert.equal(limiter.call('a', 4500, 12_000).allowed, false);
    now = 16_500;
    assert.equal(limiter.call('a', 4500, 12_000).allowed, true);
  });

  it('never lets more than the limit into any window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 200 }), (waits) => {
        let now = 0;
        const limiter = createWindowLimiter(5, 100, () => now);
        const through: number[] = [];
        for (const wait of waits) {
          now += wait;
          const peeked = limiter.peek('a');
          const verdict = limiter.call('a');
          assert.equal(verdict.allowed, peeked.allowed);
          if (verdict.allowed) through.push(now);
          else assert.ok(verdict.retryAfterMs > 0 && verdict.retryAfterMs <= 100);
          assert.ok(through.filter((time) => time > now - 100).length <= 5);
        }
      }),
    );
  });

  it('opens again after exactly the time it names', () => {
    let now = 0;
    const limiter = createWindowLimiter(2, 60_000, () => now);
    limiter.call('a');
    now = 10_000;
    assert.equal(limiter.call('a').remaining, 0);
    now = 20_000;
    const refused = limiter.call('a');
    assert.equal(refused.retryAfterMs, 40_000);
    now += refused.retryAfterMs;
    assert.equal(limiter.call('a').allowed, true);
    assert.equal(limiter.call('b').allowed, true);
  });
});
