import assert from 'node:assert/strict';
import { distrust } from '../../../../src/estimate/time/distrust.ts';
import { cholesky } from '../../../../src/estimate/time/matrix.ts';

/** Three groups of four rows; rows share a factor of variance 1 with all and one of 0.25 with their group, and have 0.01 of their own. */
const groups = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]];
const size = 12;
const factor = cholesky(Float64Array.from({ length: size * size }, (_, at) => {
  const [i, j] = [Math.floor(at / size), at % size];
  return 1 + (Math.floor(i / 4) === Math.floor(j / 4) ? 0.25 : 0) + (i === j ? 0.01 : 0);
}), size);
const flat = [0.05, -0.05, 0.02, -0.02];
const doubted = (deviations: readonly number[]) => {
  const { rows, groups: shared } = distrust(factor, Float64Array.from(deviations), groups);
  return { rows: [...rows.keys()].filter((row) => (rows[row] ?? 0) > 0), groups: [...shared.keys()].filter((group) => (shared[group] ?? 0) > 0) };
};

describe('what is believed less', () => {
  it('is nothing where rows and groups differ as they should', () => {
    assert.deepEqual(doubted([...flat, ...flat.map((each) => each + 0.4), ...flat.map((each) => each - 0.3)]), { rows: [], groups: [] });
  });

  it('is a row that its own group contradicts', () => {
    const { rows, groups: shared } = doubted([...flat, ...flat, 0.05, 1.5, 0.02, -0.02]);
    assert.ok(rows.includes(9) && !rows.some((row) => row < 8), rows.join());
    assert.deepEqual(shared, []);
  });

  it('is a group that the others contradict, but not its rows', () => {
    const { rows, groups: shared } = doubted([...flat, ...flat, ...flat.map((each) => each + 3)]);
    assert.ok(shared.includes(2), shared.join());
    assert.deepEqual(rows, []);
  });

  it('is as wide as it is off', () => {
    const { groups: shared } = distrust(factor, Float64Array.from([...flat, ...flat, ...flat.map((each) => each + 3)]), groups);
    assert.ok(Math.abs(Math.sqrt(shared[2] ?? 0) - 3) < 0.5, String(shared[2]));
    assert.ok((shared[2] ?? 0) > 2 * Math.max(shared[0] ?? 0, shared[1] ?? 0));
  });

  it('is nothing where there is nothing', () => {
    const none = distrust(cholesky(new Float64Array(), 0), new Float64Array(), []);
    assert.deepEqual([none.rows.length, none.groups.length], [0, 0]);
  });
});
