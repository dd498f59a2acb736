import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandBar, costs } from '../../../../src/webview/estimate/costs.ts';
import { deedOfChange, deedOfClick } from '../../../../src/webview/estimate/deeds.ts';
import { firstState, pieceSize, restored, sortedBy, sortKeys, withMore, withOpen } from '../../../../src/webview/estimate/localState.ts';
import { offersTable, sortedRows } from '../../../../src/webview/estimate/offersTable.ts';
import { parts } from '../../../../src/webview/estimate/page.ts';
import { attribute, row, tags, view } from './support.ts';

describe('the table of offers', () => {
  const rows = [row('a', 3, 1, { riskShare: 0.3 }), row('b', 1, 3, { riskShare: 0.1 }), row('c', 2, 2, { riskShare: 0.1 })];
  const order = (text: string): (string | undefined)[] => tags(text, 'button').flatMap((tag) => attribute(tag, 'data-rent') ?? []);

  it('sorts by cost, time and risk, and tells equals apart by cost', () => {
    assert.deepEqual(sortKeys.map((key) => sortedRows(rows, key).map(({ offer }) => offer).join('')), ['bca', 'acb', 'bca']);
  });

  it('puts what may not fit last, however it is sorted', () => {
    const doubtful = [row('x', 0.1, 0.1, { risky: true, riskShare: 0 }), ...rows, row('y', 0.2, 0.2, { risky: true, riskShare: 0.01 })];
    for (const key of sortKeys) assert.deepEqual(sortedRows(doubtful, key).slice(-2).map(({ offer }) => offer), ['x', 'y'], key);
  });

  it('says to everybody how it is sorted', () => {
    const text = offersTable(view({ offers: rows }), sortedBy(firstState, 'time')).text;
    assert.deepEqual(tags(text, 'th').flatMap((tag) => attribute(tag, 'aria-sort') ?? []), ['none', 'ascending', 'none']);
    assert.deepEqual(order(text), ['a', 'c', 'b']);
  });

  it('has a rent button on every row that says what it rents', () => {
    const rent = tags(offersTable(view({ offers: rows }), firstState).text, 'button').filter((tag) => tag.includes('data-rent'));
    assert.equal(rent.length, 3);
    for (const tag of rent) assert.equal(attribute(tag, 'aria-label'), 'Rent RTX 4090, 1× 24 GB · Norway');
  });

  it('shows a piece, and more when asked', () => {
    const many = Array.from({ length: 200 }, (_, index) => row(String(index), index + 1, 1));
    const first = offersTable(view({ offers: many }), firstState).text;
    assert.equal(order(first).length, pieceSize);
    assert.match(first, new RegExp(`Show more \\(${200 - pieceSize}\\)`));
    const all = offersTable(view({ offers: many }), withMore(withMore(firstState))).text;
    assert.equal(order(all).length, 200);
    assert.ok(!all.includes('data-more'));
  });

  it('marks the chosen one in words too', () => {
    const pressed = tags(offersTable(view({ offers: rows, chosen: { offer: 'c', machine: '', about: '', parts: [] } }), firstState).text, 'button').filter((tag) => attribute(tag, 'aria-pressed') === 'true');
    assert.deepEqual(pressed.map((tag) => attribute(tag, 'data-choose')), ['c']);
  });

  it('keeps the roles of a table where rows are laid out as blocks', () => {
    const text = offersTable(view({ offers: rows }), firstState).text;
    for (const name of ['table', 'thead', 'tbody', 'tr', 'th', 'td']) for (const tag of tags(text, name)) assert.ok(attribute(tag, 'role'), tag);
  });

  it('says how many fit when none has a figure', () => {
    assert.equal(offersTable(view({ offers: [], count: '0 offers fit · 12 do not' }), firstState).text, '<p class="muted">0 offers fit · 12 do not</p>');
  });
});

describe('the figures', () => {
  const bar = (low: number, mid: number, high: number): (string | undefined)[] => {
    const [, band = '', mark = ''] = tags(bandBar({ likely: '', range: '', low, mid, high }).text, 'rect');
    return [attribute(band, 'x'), attribute(band, 'width'), attribute(mark, 'x')];
  };

  it('draw a band to scale', () => {
    assert.deepEqual(bar(1, 2, 4), ['20.00', '60.00', '39.40']);
    assert.deepEqual(bar(0, 0, 0), ['0.00', '0.00', '0.00']);
  });

  it('stay inside the bar whatever they are', () => {
    fc.assert(fc.property(fc.tuple(...Array.from({ length: 3 }, () => fc.double({ min: 0, max: 1e9, noNaN: true }))), (numbers) => {
      const [low = 0, mid = 0, high = 0] = numbers.toSorted((a, b) => a - b);
      const [x, width, mark] = bar(low, mid, high).map(Number);
      assert.ok(x !== undefined && width !== undefined && mark !== undefined && x >= 0 && width >= 0 && x + width <= 100.01 && mark >= 0 && mark <= 100);
    }));
  });

  it('stand as text beside every bar, with what a pick is for', () => {
    const text = costs(view(), firstState).text;
    assert.match(text, /<dt>Likely cost<\/dt>\s*<dd><strong>\$1\.04<\/strong>/);
    assert.match(text, /\$0\.86 – \$1\.31 <span class="runs">\(8 of 10 runs\)/);
    assert.match(text, /aria-pressed="true"><span class="pick">Cheapest<\/span> <span>RTX 4090/);
    for (const svg of tags(text, 'svg')) assert.equal(attribute(svg, 'aria-hidden'), 'true');
  });

  it('show memory beyond the card as beyond', () => {
    const memory = { text: '31 of 24 GB', verdict: 'does not fit', remedy: 'QLoRA would make it fit.', low: 1.2, likely: 1.3, high: 1.4, parts: [] };
    const text = costs(view({ chosen: { offer: 'x', machine: 'm', about: '', parts: [], memory } }), firstState).text;
    assert.match(text, /class="band over"/);
    assert.match(text, /31 of 24 GB<\/strong> <span class="muted">does not fit/);
    assert.match(text, /QLoRA would make it fit\./);
  });
});

describe('what a click asks for', () => {
  it('is told to the extension', () => {
    const cases: [Record<string, string>, unknown][] = [
      [{ answer: 'seqLen', value: '512' }, { type: 'set', name: 'seqLen', value: '512' }],
      [{ unset: 'epochs' }, { type: 'unset', name: 'epochs' }],
      [{ reveal: 'p7' }, { type: 'reveal', place: 'p7' }],
      [{ choose: 'vast:1' }, { type: 'choose', offer: 'vast:1' }],
      [{ rent: 'vast:1' }, { type: 'rent', offer: 'vast:1' }],
      [{ copy: 'csv' }, { type: 'copy', as: 'csv' }],
      [{ log: 'true' }, { type: 'log' }],
      [{ hub: 'true' }, { type: 'hub' }],
      [{ refresh: 'true' }, { type: 'refresh' }],
    ];
    for (const [data, tell] of cases) assert.deepEqual(deedOfClick(data), { tell });
  });

  it('or stays in the panel, or is nothing', () => {
    assert.deepEqual([deedOfClick({ sort: 'risk' }), deedOfClick({ more: 'true' })], [{ sort: 'risk' }, { more: true }]);
    assert.deepEqual([deedOfClick({}), deedOfClick({ sort: 'colour' }), deedOfClick({ copy: 'pdf' }), deedOfClick({ set: 'epochs' })], [undefined, undefined, undefined, undefined]);
  });

  it('an emptied field takes back what was said', () => {
    assert.deepEqual(deedOfChange({ set: 'epochs' }, ' 5 '), { tell: { type: 'set', name: 'epochs', value: '5' } });
    assert.deepEqual(deedOfChange({ set: 'epochs' }, '  '), { tell: { type: 'unset', name: 'epochs' } });
    assert.equal(deedOfChange({}, '5'), undefined);
  });
});

describe('what the panel remembers', () => {
  it('comes back as it was', () => {
    const state = { ...withOpen(withMore(sortedBy(firstState, 'risk')), 'unread', true), scroll: 120 };
    assert.deepEqual(restored(JSON.parse(JSON.stringify(state))), state);
  });

  it('survives what another version kept', () => {
    for (const kept of [undefined, null, 7, 'x', {}, { sort: 'colour', shown: -1, open: 'all', scroll: NaN }]) assert.deepEqual(restored(kept), firstState);
    assert.deepEqual(restored({ open: ['memory', 7] }).open, ['memory']);
    fc.assert(fc.property(fc.anything(), (kept) => sortKeys.includes(restored(kept).sort) && restored(kept).shown >= pieceSize));
  });

  it('folds and unfolds without doubles', () => {
    const twice = withOpen(withOpen(firstState, 'a', true), 'a', true);
    const closed = withOpen(twice, 'a', false);
    assert.deepEqual([twice.open, twice.closed, closed.open, closed.closed], [['a'], [], [], ['a']]);
  });
});

describe('what a run measured', () => {
  it('stands above the figures, and a log can be used where a script trains', () => {
    const all = parts(view({ measured: 'Measured on <b>: 1 s' }), firstState, { plotWidth: 400, wide: true });
    assert.match(all.get('costs') ?? '', /<p>Measured on &lt;b&gt;: 1 s<\/p>/);
    assert.match(all.get('deeds') ?? '', /data-log="true"/);
    assert.doesNotMatch(parts(view({ learns: false }), firstState, { plotWidth: 400, wide: true }).get('deeds') ?? '', /data-log/);
  });
});

describe('the row of what answers', () => {
  it('has its speed beside the time of an answer', () => {
    const all = parts(view({ offers: [row('vast:1', 1, 0.001, { speed: '410 tokens/s' })] }), firstState, { plotWidth: 400, wide: true });
    assert.match(all.get('offers') ?? '', /class="number time">0\.001 h <span class="muted">410 tokens\/s<\/span>/);
  });
});
