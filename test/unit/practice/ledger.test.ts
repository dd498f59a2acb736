import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLedger, type ChargeLine } from '../../../src/practice/ledger.ts';

const hour = 3_600_000;
const line = (usdPerHour: number): ChargeLine => ({ kind: 'gpu', usdPerHour });
const rate = fc.integer({ min: 0, max: 40_000_000_000 }).map((nano) => nano / 1e9);
const step = fc.record({ wait: fc.integer({ min: 0, max: 40 * hour }), usd: rate });

/** The same sum in exact integers, written the slow way. */
function expected(steps: readonly { wait: number; usd: number }[], tail: number): bigint {
  return (
    steps.reduce((sum, { usd }, index) => sum + BigInt(Math.round(usd * 1e9)) * BigInt(steps[index + 1]?.wait ?? tail), 0n) /
    (3_600_000n * 1000n)
  );
}

describe('the ledger', () => {
  it('charges whole hours to the micro-dollar', () => {
    const ledger = createLedger();
    ledger.setLines('vast', '1', [line(0.45), { kind: 'disk', usdPerHour: 0.0083 }], 0);
    assert.equal(ledger.chargedMicros('vast', '1', hour), 458_300);
    assert.equal(ledger.chargedMicros('vast', '1', 24 * hour), 10_999_200);
  });

  it('is exact over any sequence of rates, however often it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 40 * hour }),
        fc.array(fc.nat(100), { maxLength: 5 }),
        (steps, tail, questions) => {
          const ledger = createLedger();
          let now = 0;
          for (const [index, { wait, usd }] of steps.entries()) {
            if (index > 0) now += wait;
            ledger.setLines('vast', '1', [line(usd)], now);
            for (const question of questions) ledger.chargedMicros('vast', '1', now + question);
          }
          assert.equal(BigInt(ledger.chargedMicros('vast', '1', now + tail)), expected(steps, tail));
        },
      ),
    );
  });

  it('loses nothing to rounding: the parts of a bill differ from the whole by less than a micro-dollar each', () => {
    fc.assert(
      fc.property(rate, fc.uniqueArray(fc.integer({ min: 1, max: 100 * hour }), { minLength: 1, maxLength: 20 }), (usd, cuts) => {
        const ledger = createLedger();
        ledger.setLines('runpod', 'p', [line(usd)], 0);
        const bill = ledger.bill('runpod', 'p');
        assert.ok(bill);
        const edges = [0, ...cuts.toSorted((one, other) => one - other)];
        const last = edges.at(-1) ?? 0;
        let parts = 0;
        for (const [index, edge] of edges.entries()) parts += ledger.amountMicros(bill, edge, edges[index + 1] ?? last);
        const whole = ledger.chargedMicros('runpod', 'p', last);
        assert.ok(whole - parts >= 0 && whole - parts < edges.length, `${whole} ${parts}`);
      }),
    );
  });

  it('only ever goes up', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
        const ledger = createLedger();
        let now = 0;
        let before = 0;
        for (const { wait, usd } of steps) {
          now += wait;
          const charged = ledger.chargedMicros('vast', '1', now);
          assert.ok(charged >= before);
          before = charged;
          ledger.setLines('vast', '1', [line(usd)], now);
        }
      }),
    );
  });

  it('takes every charge off the credit, and says when the credit ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000_000 }), fc.integer({ min: 100_000, max: 40_000_000_000 }), (micros, nano) => {
        const ledger = createLedger();
        ledger.addCredit('vast', micros / 1e6, 0);
        ledger.setLines('vast', '1', [line(nano / 1e9)], 0);
        const empty = ledger.emptyAt('vast', 0);
        assert.ok(empty !== null && empty > 0);
        assert.ok(ledger.creditMicros('vast', empty) <= 0);
        assert.ok(ledger.creditMicros('vast', empty - 1) >= 0);
        assert.equal(ledger.creditMicros('vast', 0), micros);
      }),
    );
  });

  it('keeps the accounts of the providers apart', () => {
    const ledger = createLedger();
    ledger.addCredit('vast', 10, 0);
    ledger.addCredit('runpod', 5, 0);
    ledger.setLines('vast', '1', [line(2)], 0);
    assert.equal(ledger.creditMicros('vast', hour), 8_000_000);
    assert.equal(ledger.creditMicros('runpod', hour), 5_000_000);
    assert.equal(ledger.burnUsdPerHour('vast'), 2);
    assert.equal(ledger.burnUsdPerHour('runpod'), 0);
    assert.equal(ledger.emptyAt('runpod', hour), null);
  });

  it('divides a bill by kind and by time, one-off charges included', () => {
    const ledger = createLedger();
    ledger.setLines('vast', '1', [line(1), { kind: 'disk', usdPerHour: 0.1 }], 0);
    ledger.setLines('vast', '1', [{ kind: 'disk', usdPerHour: 0.1 }], 2 * hour);
    ledger.chargeOnce('vast', '1', 'traffic-in', 0.25, hour, '12 GB');
    const bill = ledger.bill('vast', '1');
    assert.ok(bill);
    assert.equal(ledger.amountMicros(bill, 0, 10 * hour, 'gpu'), 2_000_000);
    assert.equal(ledger.amountMicros(bill, 0, 10 * hour, 'disk'), 1_000_000);
    assert.equal(ledger.amountMicros(bill, hour, 3 * hour, 'disk'), 200_000);
    assert.equal(ledger.amountMicros(bill, 0, hour, 'traffic-in'), 0);
    assert.equal(ledger.amountMicros(bill, hour, 2 * hour, 'traffic-in'), 250_000);
    assert.equal(ledger.chargedMicros('vast', '1', 10 * hour), 3_250_000);
  });

  it('refuses a charge that is none', () => {
    const ledger = createLedger();
    for (const usd of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.throws(() => ledger.setLines('vast', '1', [line(usd)], 0), RangeError);
  });
});
