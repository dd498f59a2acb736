import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InstanceId } from '../../../src/domain/instance.ts';
import { sumUsd, usd, usdPerHour, zeroUsd, type Usd, type UsdPerHour } from '../../../src/domain/money.ts';
import { countedBetween, spentBetween } from '../../../src/domain/spend.ts';
import { lastDays, nextDay, spendByDay, sumCells } from '../../../src/domain/spendDays.ts';
import { bill, endOf, hour, metered, minute, truth, type Life } from './biller.ts';

const id: InstanceId = 'vast:1';
const start = Date.UTC(2026, 10, 22);
const day = 24 * hour;
/** A multiple of sixty micro-dollars: a minute of it is a whole number of them. */
const rate = fc.integer({ min: 0, max: 50_000 }).map((micro) => (micro * 60) as UsdPerHour);
const life = (key: InstanceId = id): fc.Arbitrary<Life> => fc.record({
  id: fc.constant(key),
  from: fc.integer({ min: 0, max: 40 * 60 }).map((minutes) => start + minutes * minute),
  stretches: fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 900 }), rate }), { minLength: 1, maxLength: 5 }),
});
const lives = fc.tuple(life(), life('runpod:2'), life('vast:3'));
const bucket = fc.constantFrom(hour, day);
const moment = fc.integer({ min: 0, max: 100 * 60 }).map((minutes) => start + minutes * minute);
const close = (a: number, b: number, slack: number, what?: string): void => assert.ok(Math.abs(a - b) <= slack, `${what ?? ''} ${a} against ${b}`);

describe('spend', () => {
  it('is what a biller charges who goes minute by minute', () => {
    fc.assert(fc.property(lives, moment, moment, (all, a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const expected = sumUsd(all.map((one) => truth(one, from, to)));
      close(spentBetween(all.flatMap((one) => metered(one)), [], from, to), expected, all.length * 5);
    }));
  });

  it('agrees with the books to the micro-dollar where they are closed, however wrong the meter was', () => {
    fc.assert(fc.property(lives, bucket, fc.double({ min: 0.2, max: 3, noNaN: true }), (all, size, skew) => {
      const end = Math.ceil(Math.max(...all.map(endOf)) / size) * size;
      const settled = all.flatMap((one) => bill(one, size, end));
      assert.equal(spentBetween(all.flatMap((one) => metered(one, skew)), settled, 0, Infinity), sumUsd(all.map((one) => truth(one, 0, Infinity))));
    }));
  });

  it('meters what the books have not closed yet, and nothing twice', () => {
    fc.assert(fc.property(life(), bucket, moment, (one, size, until) => {
      const total = spentBetween(metered(one), bill(one, size, until), 0, Infinity);
      close(total, truth(one, 0, Infinity), one.stretches.length);
    }));
  });

  it('gives a part of a bucket what the machine cost in that part, not what the clock says', () => {
    fc.assert(fc.property(life(), bucket, moment, fc.constantFrom(0.5, 1, 2), (one, size, at, skew) => {
      const settled = bill(one, size, Infinity);
      // A meter that is wrong by the same factor everywhere still knows when the money went.
      close(spentBetween(metered(one, skew), settled, at, Infinity), truth(one, at, Infinity), 2 + one.stretches.length);
    }));
    const evening = { id, from: start + 18 * hour, stretches: [{ minutes: 360, rate: usdPerHour(1.2) }] };
    assert.equal(spentBetween(metered(evening), bill(evening, day, Infinity), start + 20 * hour, Infinity), usd(4.8));
  });

  it('counts a charge for time that nobody metered by time', () => {
    const charge = { instanceId: id, from: start, to: start + day, amount: usd(2.4) };
    assert.equal(spentBetween([], [charge], start + 12 * hour, Infinity), usd(1.2));
    assert.equal(spentBetween([], [charge], 0, Infinity), usd(2.4));
    assert.equal(spentBetween([], [{ ...charge, to: start }], 0, Infinity), zeroUsd);
  });

  it('drifts by no more than half a micro-dollar a row over a year of hours', () => {
    const odd = { id, from: start, stretches: [{ minutes: 365 * 24 * 60, rate: usdPerHour(0.333) }] };
    const settled = Array.from({ length: 365 * 24 }, (_, i) => ({ instanceId: id, from: start + i * hour, to: start + (i + 1) * hour, amount: usd(0.333) }));
    assert.equal(spentBetween(metered(odd), settled, 0, Infinity), usd(0.333 * 365 * 24));
  });

  it('leaves other machines alone', () => {
    fc.assert(fc.property(lives, bucket, ([a, b, c], size) => {
      const rows = [a, b, c].flatMap((one) => metered(one));
      const settled = bill(b, size, Infinity);
      const apart = sumUsd([a, b, c].map((one) => spentBetween(metered(one), one === b ? settled : [], 0, Infinity)));
      assert.equal(spentBetween(rows, settled, 0, Infinity), apart);
    }));
  });
});

describe('what budgets are held to', () => {
  it('is never less than our metering, nor than the charges with the rest metered', () => {
    fc.assert(fc.property(lives, bucket, moment, fc.double({ min: 0.3, max: 3, noNaN: true }), (all, size, from, skew) => {
      const rows = all.flatMap((one) => metered(one, skew));
      const settled = all.flatMap((one) => bill(one, size, start + 40 * hour));
      const counted = countedBetween(rows, settled, from, Infinity);
      const [ours, theirs] = [spentBetween(rows, [], from, Infinity), spentBetween(rows, settled, from, Infinity)];
      assert.ok(counted === Math.max(ours, theirs));
      // Books that are empty, or say nothing but zero, stretch no budget.
      assert.ok(countedBetween(rows, settled.map((charge) => ({ ...charge, amount: zeroUsd })), from, Infinity) >= ours);
      assert.equal(countedBetween(rows, [], from, Infinity), ours);
    }));
  });

  it('is at least the truth while the meter is right, whatever part of the books is there', () => {
    fc.assert(fc.property(life(), bucket, moment, (one, size, until) => {
      assert.ok(countedBetween(metered(one), bill(one, size, until), 0, Infinity) >= truth(one, 0, Infinity) - one.stretches.length);
    }));
  });
});

describe('spend by day', () => {
  it('adds up to the total to the micro-dollar', () => {
    fc.assert(fc.property(lives, bucket, moment, fc.double({ min: 0.3, max: 3, noNaN: true }), (all, size, until, skew) => {
      const rows = all.flatMap((one) => metered(one, skew));
      const settled = all.flatMap((one) => bill(one, size, until));
      const cells = spendByDay(rows, settled);
      assert.equal(sumCells(cells), spentBetween(rows, settled, 0, Infinity));
      for (const one of all) {
        const own = cells.filter(({ instanceId }) => instanceId === one.id);
        assert.equal(sumCells(own), spentBetween(rows.filter(({ instanceId }) => instanceId === one.id), settled.filter(({ instanceId }) => instanceId === one.id), 0, Infinity));
        assert.equal(new Set(own.map((cell) => cell.day)).size, own.length, 'one cell a day');
      }
      assert.ok(cells.every(({ spent }) => spent > 0));
    }));
  });

  it('gives each local day what was spent on it', () => {
    fc.assert(fc.property(life(), bucket, (one, size) => {
      for (const cell of spendByDay(metered(one), bill(one, size, Infinity))) {
        close(cell.spent, truth(one, cell.day, nextDay(cell.day)), 2 + 2 * one.stretches.length, new Date(cell.day).toISOString());
      }
    }));
  });

  it('knows nothing of what never ran', () => {
    assert.deepEqual(spendByDay([], []), []);
    assert.deepEqual(spendByDay([{ instanceId: id, from: start, to: start, rate: usdPerHour(1) }], []), []);
  });

  it('names days by their local midnight, the last one today', () => {
    const now = new Date(2026, 10, 22, 16, 30).getTime();
    const days = lastDays(now, 30);
    assert.equal(days.length, 30);
    assert.equal(days.at(-1), new Date(2026, 10, 22).getTime());
    days.slice(1).forEach((one, i) => assert.equal(one, nextDay(days[i] ?? 0)));
    assert.ok(days.every((one) => new Date(one).getHours() === 0));
  });
});

describe('amounts', () => {
  it('of a negative charge, a credit, are taken off', () => {
    const rows = [{ instanceId: id, from: start, to: start + hour, rate: usdPerHour(1) }];
    const credit = { instanceId: id, from: start + hour, to: start + 2 * hour, amount: -250_000 as Usd };
    assert.equal(spentBetween(rows, [credit], 0, Infinity), usd(0.75));
    assert.equal(sumCells(spendByDay(rows, [credit])), usd(0.75));
  });
});
