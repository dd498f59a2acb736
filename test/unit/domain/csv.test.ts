import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csv, csvCell } from '../../../src/domain/csv.ts';

describe('csv', () => {
  it('lets no cell begin like a formula', () => {
    for (const hostile of ['=cmd|"/c calc"!A0', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '|x', '\u202e=1', '\u200b=1']) {
      assert.match(csvCell(hostile), /^"?'/, hostile);
    }
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.doesNotMatch(csvCell(text), /^"?\s*[=+\-@|]/)));
  });

  it('keeps one row on one line, with as many cells as it has', () => {
    fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
      const text = csv([cells]);
      assert.equal(text.split(/[\r\n]/).length, 3);
      assert.equal(parsed(text.slice(0, -2)).length, cells.length);
    }));
  });

  it('leaves numbers and plain words as they are', () => {
    assert.equal(csv([['day', 'usd'], ['2026-11-22', 1.24], ['x', -0.03]]), 'day,usd\r\n2026-11-22,1.24\r\nx,-0.03\r\n');
    assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  });
});

/** The cells of one line, read as RFC 4180 says. */
function parsed(line: string): string[] {
  const cells: string[] = [''];
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const mark = line[i] ?? '';
    if (mark === '"' && inside && line[i + 1] === '"') cells.push(`${cells.pop() ?? ''}${line[++i]}`);
    else if (mark === '"') inside = !inside;
    else if (mark === ',' && !inside) cells.push('');
    else cells.push(`${cells.pop() ?? ''}${mark}`);
  }
  return cells;
}
