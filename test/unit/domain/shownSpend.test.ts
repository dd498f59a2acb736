import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd, type Usd } from '../../../src/domain/money.ts';
import { shownSpend, type ShownSpend } from '../../../src/domain/shownSpend.ts';

const series = (figures: readonly number[], session = 1): (ShownSpend | undefined)[] => {
  let shown: ShownSpend | undefined;
  return figures.map((figure, at) => (shown = shownSpend(shown, session, figure as Usd, at)));
};

describe('the figure of a session', () => {
  it('never falls, never lags behind the truth, and is the highest so far', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1 }), (figures) => {
      series(figures).forEach((at, i) => assert.equal(at?.shown, Math.max(...figures.slice(0, i + 1))));
    }));
  });

  it('says by how much and when it was corrected, until spending has caught up', () => {
    const [, corrected, still, caught] = series([usd(1.24), usd(1.21), usd(1.22), usd(1.25)]);
    assert.deepEqual(corrected, { session: 1, shown: usd(1.24), correction: { amount: usd(-0.03), at: 1 } });
    assert.deepEqual(still, corrected);
    assert.deepEqual(caught, { session: 1, shown: usd(1.25) });
  });

  it('says a further correction, and none that shows in no figure', () => {
    const [, , second] = series([usd(1.24), usd(1.21), usd(1.11)]);
    assert.deepEqual(second?.correction, { amount: usd(-0.13), at: 2 });
    assert.equal(series([usd(1.24), (usd(1.24) - 4_000) as Usd])[1]?.correction, undefined);
  });

  it('adds up corrections that are each too small to show', () => {
    const steps = Array.from({ length: 10 }, (_, i) => usd(1) - i * 2_000);
    assert.equal(series(steps).at(-1)?.correction?.amount, -18_000);
  });

  it('begins anew with another session', () => {
    const before = shownSpend(undefined, 1, usd(9), 0);
    assert.deepEqual(shownSpend(before, 2, usd(0.01), 1), { session: 2, shown: usd(0.01) });
  });
});
