import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  chargeFor, formatRate, formatUsd, lastsMs, perMonth, sumUsd, toDollars, usd, usdPerHour, zeroRate, type Usd,
} from '../../../src/domain/money.ts';

describe('money', () => {
  it('prints totals with two decimals and no rate', () => {
    for (const [dollars, text] of [[0, '$0.00'], [1.005, '$1.01'], [1.24, '$1.24'], [0.004, '$0.00'], [1234.5, '$1234.50'], [-0.5, '-$0.50']] as const) {
      assert.equal(formatUsd(usd(dollars)), text);
    }
  });

  it('prints rates per hour, with three decimals under ten cents', () => {
    for (const [dollars, text] of [[0.31, '$0.31/h'], [0.022, '$0.022/h'], [0.0994, '$0.099/h'], [0.0996, '$0.10/h'], [0, '$0.00/h'], [12.345, '$12.35/h']] as const) {
      assert.equal(formatRate(usdPerHour(dollars)), text);
    }
  });

  it('never shows a rate of a tenth of a cent or more as free', () => {
    fc.assert(fc.property(fc.integer({ min: 500, max: 1e9 }), (micro) => !/\$0\.0+\/h/.test(formatRate(usdPerHour(micro / 1e6)))));
  });

  it('charges a whole hour its rate exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1000 }), (micro, hours) => {
      assert.equal(chargeFor(usdPerHour(micro / 1e6), hours * 3_600_000), micro * hours);
    }));
  });

  it('splits an hour without losing more than half a micro-dollar a piece', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 50_000_000 }), fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 30 }), (micro, parts) => {
      const rate = usdPerHour(micro / 1e6);
      const whole = chargeFor(rate, parts.reduce((sum, ms) => sum + ms, 0));
      const pieces = sumUsd(parts.map((ms) => chargeFor(rate, ms)));
      assert.ok(Math.abs(whole - pieces) <= (parts.length + 1) / 2);
    }));
  });

  it('brings dollars in and out unchanged to the micro-dollar', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (micro) => usd(toDollars(micro as Usd)) === micro));
  });

  it('says how long a balance lasts', () => {
    assert.equal(lastsMs(usd(1), usdPerHour(0.5)), 2 * 3_600_000);
    assert.equal(lastsMs(usd(1), zeroRate), Infinity);
    assert.equal(lastsMs(usd(-1), usdPerHour(1)), 0);
  });

  it('shows a month of 730 hours', () => assert.equal(formatUsd(perMonth(usdPerHour(0.02))), '$14.60'));
});
