import assert from 'node:assert/strict';
import fc from 'fast-check';
import { estimateCsv, estimateMarkdown } from '../../../../src/ui/estimate/estimateText.ts';
import { english } from '../support/english.ts';
import { estimate, estimates, reading, state, unfit } from './support/estimates.ts';

/** Rows of a CSV text as a spreadsheet reads them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

const all = estimates([estimate({ id: 'vast:1', gpuUsd: 0.31 }), estimate({ id: 'vast:2', gpuUsd: 0.4 }), estimate({ id: 'vast:3', gpu: 'A|B', gpuUsd: 0.5 }), { ...estimate({ id: 'vast:4', vramGb: 12, gpuUsd: 0.01 }), ...unfit({ id: 'vast:4', vramGb: 12 }) }]);

describe('an estimate as Markdown', () => {
  const text = estimateMarkdown('train_lora.py', state({ estimates: all }), english);

  it('says figure, facts with their places, machines and what is taken for granted', () => {
    assert.match(text, /^## train\\_lora\.py\n\n\*\*\$0\.66 \(\$0\.53 – \$0\.82\) · 2\.0 h \(1\.6 h – 2\.5 h\) · RTX 4090\*\* \(8 of 10 runs\)\n\n/);
    assert.match(text, /\n3 offers fit · 1 does not · as read at 14:03:20\n/);
    assert.match(text, /\| Epochs \| 3 \| script · L15 \|/);
    assert.match(text, /\| Gradient accumulation \| 2 \| configuration, computed · train\.yaml:12 \|/);
    assert.match(text, /\n- The code runs as fast as this code base usually does\./);
  });

  it('has one line for each machine, the cheapest', () => {
    assert.equal(text.match(/^\| RTX 4090 .*$/gm)?.length, 1);
    assert.match(text, /^\| RTX 4090 \(Cheapest\) \(Fastest\) \(Safest\) \(Best value\) \| \$0\.66 .* \| \$0\.33\/h \| fits · 1× 24 GB · Norway · Vast\.ai \|$/m);
  });

  it('keeps a stranger’s text text, in one cell', () => {
    assert.match(text, /^\| A\\\|B \|/m);
    const hostile = estimateMarkdown('x', state({ reading: reading({ facts: [{ name: 'model', value: '<img src=x> @team [a](b) `c`\n# d', source: 'script', certainty: 'stated' }] }) }), english);
    assert.match(hostile, /^\| Model \| \\<img src=x\\> &#64;team \\\[a\\\] \(b\) \\`c\\` \\# d \| script \|$/m);
  });

  it('is nothing while nothing is known', () => {
    assert.equal(estimateMarkdown('x', state({ estimates: undefined }), english), '');
  });
});

describe('an estimate as CSV', () => {
  it('has a row for every offer, those that do not fit last and without figures', () => {
    const [head = [], ...rows] = parseCsv(estimateCsv({ estimates: all }));
    assert.deepEqual(rows.map(([offer]) => offer), ['vast:1', 'vast:2', 'vast:3', 'vast:4']);
    assert.ok(rows.every((row) => row.length === head.length));
    const cell = (row: number, name: string): string | undefined => rows[row]?.[head.indexOf(name)];
    assert.deepEqual(['gpu', 'fits', 'all_in_usd_per_hour', 'hours', 'usd', 'memory_gb'].map((name) => cell(0, name)), ['RTX 4090', 'fits', '0.3300', '2', '0.6600', '17']);
    assert.deepEqual(['fits', 'hours', 'usd', 'memory_gb'].map((name) => cell(3, name)), ['no', '', '', '31']);
  });

  it('never begins a cell of text like a formula, and reads back as it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (place) => {
      const [head = [], row = []] = parseCsv(estimateCsv({ estimates: estimates([estimate({ place })]) }));
      assert.equal(row.length, head.length);
      const read = row[head.indexOf('place')] ?? '';
      assert.doesNotMatch(read, /^[=+\-@|]/);
      assert.equal(read.replace(/^'(?=[=+\-@|])/, ''), place.replace(/[\r\n\t]+/g, ' '));
    }));
  });

  it('is nothing without an estimate', () => assert.equal(estimateCsv({ estimates: undefined }), ''));
});
