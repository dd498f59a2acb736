import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandAround, exactly } from '../../../../src/estimate/band.ts';
import { byCategory, figuresOf, missesOf, type Scored } from '../../../../src/estimate/score/figures.ts';

const row = (predicted: number | undefined, measured: number, category = 'a'): Scored =>
  ({ id: `${category} ${predicted}`, category, measured, predicted: predicted === undefined ? undefined : bandAround(predicted, 0.1) });

describe('the figures of a score', () => {
  it('are medians and shares of what was predicted', () => {
    assert.deepEqual(figuresOf([row(1, 1), row(1.2, 1), row(0.6, 1), row(2, 1), row(undefined, 1)]), {
      rows: 5, predicted: 4, medianAbsErrorPct: 30, within25Pct: 50, within50Pct: 75, bandCoveragePct: 25,
    });
  });

  it('are empty where nothing was predicted', () => {
    const none = { medianAbsErrorPct: null, within25Pct: null, within50Pct: null, bandCoveragePct: null };
    assert.deepEqual(figuresOf([]), { rows: 0, predicted: 0, ...none });
    assert.deepEqual(figuresOf([row(undefined, 1)]), { rows: 1, predicted: 0, ...none });
  });

  it('count the ends of a band as inside', () => {
    assert.equal(figuresOf([{ id: '', category: '', measured: 2, predicted: exactly(2) }]).bandCoveragePct, 100);
    assert.equal(figuresOf([{ id: '', category: '', measured: 2.01, predicted: exactly(2) }]).bandCoveragePct, 0);
  });

  it('do not depend on the unit of time', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })), { minLength: 1 });
    fc.assert(fc.property(rows, (pairs) => {
      const { bandCoveragePct: _, ...figures } = figuresOf(pairs.map(([predicted, measured]) => row(predicted, measured)));
      const { bandCoveragePct: __, ...doubled } = figuresOf(pairs.map(([predicted, measured]) => row(predicted * 2, measured * 2)));
      assert.deepEqual(doubled, figures);
    }));
  });

  it('are given for each category, in the order of their names', () => {
    const each = byCategory([row(1, 1, 'b'), row(2, 1, 'a'), row(1, 1, 'b')]);
    assert.deepEqual(Object.entries(each).map(([name, { rows, medianAbsErrorPct }]) => [name, rows, medianAbsErrorPct]), [['a', 1, 100], ['b', 2, 0]]);
  });

  it('name what is off by more than half, either way', () => {
    assert.deepEqual(missesOf([row(1, 1), row(1.5, 1), row(1.6, 1), row(0.4, 1), row(undefined, 1)]), [
      { id: 'a 1.6', predicted: 1.6, measured: 1 }, { id: 'a 0.4', predicted: 0.4, measured: 1 },
    ]);
  });
});
