import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toDollars, usdPerHour } from '../../../../src/domain/money.ts';
import { bandAround, exactly } from '../../../../src/estimate/band.ts';
import { serverlessBreakEven, usdPerMillionTokens } from '../../../../src/estimate/inference/costs.ts';

const rate = fc.double({ min: 0.05, max: 40, noNaN: true });
const speed = fc.double({ min: 1, max: 50_000, noNaN: true });
const share = fc.double({ min: 0.01, max: 1, noNaN: true });

describe('usdPerMillionTokens', () => {
  it('spreads an hour over its tokens: 1.80 dollars an hour at 35 tokens a second are 14.29 a million', () => {
    const cost = usdPerMillionTokens(usdPerHour(1.8), exactly(35), 1);
    assert.ok(cost);
    assert.ok(Math.abs(toDollars(cost.likely) - 14.2857) < 0.001);
  });

  it('costs twice as much at half the use', () => {
    fc.assert(fc.property(rate, speed, share, (dollars, perSecond, used) => {
      const whole = usdPerMillionTokens(usdPerHour(dollars), exactly(perSecond), used);
      const half = usdPerMillionTokens(usdPerHour(dollars), exactly(perSecond), used / 2);
      assert.ok(whole && half && Math.abs(half.likely - 2 * whole.likely) <= 2);
    }));
  });

  it('costs least where the speed is highest', () => {
    fc.assert(fc.property(rate, speed, share, (dollars, perSecond, used) => {
      const cost = usdPerMillionTokens(usdPerHour(dollars), bandAround(perSecond, 0.3), used);
      assert.ok(cost && cost.low <= cost.likely && cost.likely <= cost.high);
    }));
  });

  it('takes no more use than there is, and has no price for nothing', () => {
    assert.deepEqual(usdPerMillionTokens(usdPerHour(1), exactly(10), 3), usdPerMillionTokens(usdPerHour(1), exactly(10), 1));
    assert.equal(usdPerMillionTokens(usdPerHour(1), exactly(10), 0), undefined);
    assert.equal(usdPerMillionTokens(usdPerHour(1), exactly(10), -1), undefined);
    assert.equal(usdPerMillionTokens(usdPerHour(1), exactly(10), NaN), undefined);
    assert.equal(usdPerMillionTokens(usdPerHour(1), exactly(0), 1), undefined);
  });
});

describe('serverlessBreakEven', () => {
  const terms = { rented: usdPerHour(2), serverless: usdPerHour(8), secondsPerRequest: 6 };

  it('is where both cost the same', () => {
    const { requestsPerHour, utilisation } = serverlessBreakEven(terms);
    assert.ok(Math.abs(requestsPerHour - 150) < 1e-9);
    assert.ok(Math.abs(utilisation - 0.25) < 1e-9);
  });

  it('costs the same on both sides, for any terms under which renting ever wins', () => {
    fc.assert(fc.property(rate, rate, fc.double({ min: 0.1, max: 600, noNaN: true }), fc.double({ min: 0, max: 120, noNaN: true }), share, (rented, serverless, seconds, cold, coldShare) => {
      const { requestsPerHour, utilisation } = serverlessBreakEven({
        rented: usdPerHour(rented), serverless: usdPerHour(serverless), secondsPerRequest: seconds, coldStartSeconds: cold, coldShare,
      });
      if (!Number.isFinite(requestsPerHour)) return assert.ok(utilisation > 1);
      assert.ok(utilisation <= 1);
      const billed = requestsPerHour * (seconds + cold * coldShare) / 3600 * serverless;
      assert.ok(Math.abs(billed / rented - 1) < 1e-4, `${billed} against ${rented}`);
    }));
  });

  it('comes sooner with cold starts, for they are billed too', () => {
    const cold = serverlessBreakEven({ ...terms, coldStartSeconds: 30, coldShare: 0.2 });
    assert.ok(Math.abs(cold.requestsPerHour - 75) < 1e-9);
  });

  it('never comes where a second of work is cheaper than a second of rent', () => {
    assert.equal(serverlessBreakEven({ ...terms, serverless: usdPerHour(1) }).requestsPerHour, Infinity);
    assert.equal(serverlessBreakEven({ ...terms, serverless: usdPerHour(0) }).requestsPerHour, Infinity);
    assert.equal(serverlessBreakEven({ ...terms, secondsPerRequest: 0 }).requestsPerHour, Infinity);
  });
});
