import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linePath } from '../../../../src/webview/gpu/lines.ts';
import { firstState, restored } from '../../../../src/webview/shared/tableState.ts';
import type { DetailView } from '../../../../src/webview/gpu/messages.ts';
import { frame, parts } from '../../../../src/webview/gpu/page.ts';

const view = (change: Partial<DetailView> = {}): DetailView => ({
  labels: { now: 'Now', charts: 'The last 10 minutes', chartsAbout: 'Lines over time.', from: '10 minutes ago', to: 'now', history: 'As a table', programs: 'Programs', noPrograms: 'None' },
  name: 'sdxl-lora', about: '1× RTX 4090 · Vast.ai · ready', notices: [], figures: [{ label: 'GPU', figure: '63 %' }],
  charts: [
    { id: 'gpu', title: 'GPU', now: '63 % · 10 %', top: '100 %', lines: [{ name: '0 · RTX 4090', values: [null, 0.5, 0.63] }, { name: '1 · RTX 4090', values: [0.1, null, 0.1] }] },
    { id: 'cpu', title: 'Processors', now: '50 %', top: '100 %', lines: [{ name: 'Processors', values: [0.5, 0.5, 0.5] }] },
  ],
  history: { columns: ['Time', 'GPU'], rows: [['16:30:00', '63 %']] },
  programs: { columns: ['Program', 'Process'], rows: [['python', '4321']] },
  ...change,
});
const drawn = (change: Partial<DetailView> = {}, state = firstState, room = 600): string => [...parts(view(change), state, room).values()].join('');

describe('the line of a chart', () => {
  it('is broken where nobody looked, and a lone point is a dot', () => {
    const room = { width: 100, height: 50 };
    assert.equal(linePath([0, 1, null, 0.5], room), 'M0.0 50.0l0 0L33.3 0.0M100.0 25.0l0 0');
    assert.equal(linePath([null, null], room), '');
    assert.equal(linePath([], room), '');
    assert.equal(linePath([0.5], room), 'M0.0 25.0l0 0');
  });

  it('stays inside the chart', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.double({ noNaN: true })), { maxLength: 130 }), fc.integer({ min: 220, max: 1100 }), (values, width) => {
      for (const [, x, y] of linePath(values, { width, height: 56 }).matchAll(/[ML](\S+) ([\d.]+)/g)) assert.ok(Number(x) >= 0 && Number(x) <= width + 0.1 && Number(y) >= 0 && Number(y) <= 56);
    }));
  });
});

describe('the page of a machine', () => {
  it('has a place for every part, and each part fits one', () => {
    const places = [...frame(view()).text.matchAll(/data-part="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(places.filter((name) => name !== 'room').toSorted(), [...parts(view(), firstState, 600).keys()].toSorted());
  });

  it('says every chart in words: a title with the figure of now, what it is about, and the table behind', () => {
    const text = drawn();
    assert.equal(text.match(/role="img" aria-labelledby="chart-\w+" aria-describedby="charts-about"/g)?.length, 2);
    assert.match(frame(view()).text, /id="charts-about"/);
    assert.match(text, /<figcaption id="chart-gpu"><span>GPU<\/span> <strong>63 % · 10 %<\/strong>/);
    assert.match(text, /<details data-fold="history"><summary/);
    assert.match(drawn({}, { ...firstState, table: true }), /<details data-fold="history" open>/);
    assert.equal(text.match(/class="legend"/g)?.length, 1, 'a single line needs no legend');
  });

  it('puts two charts in a row only where there is room', () => {
    assert.match(drawn({}, firstState, 600), /<svg width="290"/);
    assert.match(drawn({}, firstState, 268), /<svg width="268"/);
  });

  it('says that there is nothing, where there is nothing', () => {
    const text = drawn({ charts: [], programs: { columns: ['Program'], rows: [] }, notices: ['The machine does not answer.'] });
    assert.match(text, /<p class="muted">None<\/p>/);
    assert.match(text, /<p class="notice">The machine does not answer\.<\/p>/);
    assert.doesNotMatch(text, /<details|<svg/);
  });

  it('draws no element that a machine has named', () => {
    const evil = '"><img src=x onerror=alert(1)><script>';
    const text = drawn({ about: evil, notices: [evil], figures: [{ label: evil, figure: evil }], charts: [{ id: 'gpu', title: evil, now: evil, top: evil, lines: [{ name: evil, values: [1] }, { name: evil, values: [1] }] }], history: { columns: [evil, evil], rows: [[evil, evil]] }, programs: { columns: [evil], rows: [[evil]] } });
    assert.doesNotMatch(text, /<(?:img|script)/);
  });

  it('keeps what it kept, and nothing of another version', () => {
    assert.deepEqual(restored({ table: true, scroll: 40 }), { table: true, scroll: 40 });
    fc.assert(fc.property(fc.anything(), (kept) => {
      const { table, scroll } = restored(kept);
      assert.ok(typeof table === 'boolean' && Number.isFinite(scroll) && scroll >= 0);
    }));
  });
});
