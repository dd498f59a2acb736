import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { awayMs, awaySpend } from '../../../src/services/away.ts';
import { ShownSession } from '../../../src/services/shownSession.ts';
import type { Marks } from '../../../src/domain/store.ts';
import { noStore } from '../../../src/store/noStore.ts';
import { FakeLog } from '../../fakes/fakeLog.ts';

const hour = 3_600_000;

/** Marks that count how often they are written. */
function counting(): Marks & { written: number } {
  const store = noStore(new RentError('noJournal'));
  const marks = {
    written: 0,
    raise: (name: string, value: number) => (marks.written++, store.raise(name, value)),
    highest: (name: string) => store.highest(name),
  };
  return marks;
}

describe('the session as it is shown', () => {
  it('stands still in every window alike while the books take something back', () => {
    const marks = counting();
    const [one, other] = [new ShownSession(marks, new FakeLog()), new ShownSession(marks, new FakeLog())];
    assert.equal(one.show(1, usd(1.24), 0).shown, usd(1.24));
    assert.deepEqual(one.show(1, usd(1.21), 1), { session: 1, shown: usd(1.24), correction: { amount: usd(-0.03), at: 1 } });
    assert.deepEqual(other.show(1, usd(1.21), 2), { session: 1, shown: usd(1.24), correction: { amount: usd(-0.03), at: 2 } });
    assert.deepEqual(new ShownSession(marks, new FakeLog()).show(1, usd(1.3), 3), { session: 1, shown: usd(1.3) });
    assert.equal(one.show(2, usd(0.01), 4).shown, usd(0.01));
  });

  it('writes nothing while spend only grows, and once for what it holds', () => {
    const marks = counting();
    const shown = new ShownSession(marks, new FakeLog());
    for (let i = 0; i < 100; i++) shown.show(1, usd(i / 100), i);
    assert.equal(marks.written, 0);
    for (let i = 0; i < 100; i++) shown.show(1, usd(0.5 + i / 1000), i);
    assert.equal(marks.written, 1);
  });

  it('still shows when the store fails', () => {
    const broken = (): never => {
      throw new RentError('noJournal');
    };
    const log = new FakeLog();
    const shown = new ShownSession({ raise: broken, highest: broken }, log);
    shown.show(1, usd(1), 0);
    assert.equal(shown.show(1, usd(0.5), 1).shown, usd(1));
    assert.ok(log.lines.length > 0);
  });
});

describe('what went on while nobody looked', () => {
  const books = {
    intervals: [
      { instanceId: 'vast:1' as const, from: 0, to: 10 * hour, rate: usdPerHour(1) },
      { instanceId: 'vast:2' as const, from: 0, to: 2 * hour, rate: usdPerHour(1) },
      { instanceId: 'runpod:3' as const, from: 5 * hour, to: 6 * hour, rate: usdPerHour(0) },
    ],
    settled: [{ instanceId: 'vast:1' as const, from: 4 * hour, to: 5 * hour, amount: usd(0.5) }], sessionFrom: 0, now: 10 * hour,
  };

  it('is what each machine cost in that time, as the books have it', () => {
    assert.deepEqual(awaySpend(books, 3 * hour, 6 * hour), [{ instanceId: 'vast:1', spent: usd(2.5), ms: 3 * hour }]);
  });

  it('is nothing for a reload of the window', () => {
    assert.deepEqual(awaySpend(books, 3 * hour, 3 * hour + awayMs - 1), []);
    assert.equal(awaySpend(books, 3 * hour, 3 * hour + awayMs).length, 1);
  });
});
