import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createClock } from '../../../src/practice/clock.ts';

describe('the market clock', () => {
  it('runs at its rate from its start', () => {
    let real = 500;
    const clock = createClock({ rate: 60, startAt: 1_000_000, realNow: () => real });
    assert.equal(clock.now(), 1_000_000);
    real += 1000;
    assert.equal(clock.now(), 1_060_000);
    assert.equal(clock.realMsUntil(1_120_000), 1000);
    assert.equal(clock.realMsUntil(0), 0);
  });

  it('never goes back and always tells whole milliseconds', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 5000, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 30 }),
        (rate, steps) => {
          let real = 0;
          const clock = createClock({ rate, startAt: 1e12, realNow: () => real });
          let before = clock.now();
          for (const step of steps) {
            real += step;
            const now = clock.now();
            assert.ok(Number.isInteger(now) && now >= before);
            before = now;
          }
        },
      ),
    );
  });

  it('jumps ahead and tells those who wait', () => {
    const clock = createClock({ startAt: 0, realNow: () => 0 });
    const heard: number[] = [];
    clock.onJump(() => heard.push(clock.now()));
    clock.advance(3_600_000);
    assert.deepEqual(heard, [3_600_000]);
    assert.throws(() => clock.advance(-1), RangeError);
  });

  it('refuses a rate that time cannot have', () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => createClock({ rate }), RangeError);
  });
});
