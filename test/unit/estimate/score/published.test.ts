import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../host/paths.ts';

/** The rows of a Markdown table as cells; everything else in the text is no row. */
const rowsOf = (text: string): string[][] => text.split('\n').filter((line) => line.startsWith('| '))
  .map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()));
const numbersOf = (cell: string): number[] => [...cell.matchAll(/\d+(?:\.\d+)?/g)].map(([figure]) => Number(figure));

describe('the published score', () => {
  // Some hundred fits of every model: the figures of the README are computed here, not believed.
  it('is what the command prints', function score() {
    this.timeout(300_000);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'test', 'host', 'bootstrap.mjs'), 'score'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const printed = rowsOf(stdout);
    const [, readme = ''] = /## How good the estimates are\n([\s\S]*?)\n## /.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const published = rowsOf(readme);
    assert.ok(published.length > 10);
    assert.deepEqual(published.map(([name]) => name), printed.map(([name]) => name));
    for (const [at, row] of published.entries()) for (const [column, cell] of row.entries()) {
      const [own, now] = [numbersOf(cell), numbersOf(printed[at]?.[column] ?? '')];
      assert.equal(own.length, now.length, `${row[0]}: ${cell}`);
      // Other machines round logarithms another way in the last place, and one run may change sides.
      own.forEach((figure, each) => assert.ok(Math.abs(figure - (now[each] ?? NaN)) <= Math.max(1, figure * 0.02), `${row[0]}: ${cell} is ${printed[at]?.[column]} now`));
    }
  });
});
