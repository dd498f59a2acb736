import assert from 'node:assert/strict';
import fc from 'fast-check';
import { barsModel, edge } from '../../../../src/webview/spend/bars.ts';
import { firstState, restored } from '../../../../src/webview/shared/tableState.ts';
import { frame, parts } from '../../../../src/webview/spend/page.ts';
import type { DayView } from '../../../../src/webview/spend/messages.ts';
import { attribute, tags } from '../estimate/support.ts';
import { day, page } from './support.ts';

const near = (a: number, b: number, what?: string): void => assert.ok(Math.abs(a - b) < 1e-6, `${what ?? ''} ${a} ${b}`);
const drawn = (change: Parameters<typeof page>[0] = {}, state = firstState): string => [...parts(page(change), state, 600).values()].join('');

describe('the bars of the days', () => {
  const days: fc.Arbitrary<DayView[]> = fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 500_000_000 }).map((micro) => micro / 1e6)), { maxLength: 6 }), { minLength: 1, maxLength: 30 })
    .map((all) => all.map((one, i) => day(`2026-11-${String(i + 1).padStart(2, '0')}`, ...one)));

  it('are as high as what was spent, stacked without a gap, and inside the picture', () => {
    fc.assert(fc.property(days, fc.integer({ min: 220, max: 1400 }), (all, width) => {
      const { segments, height, ticks } = barsModel(all, ['a', 'b', 'c', 'd', 'e', 'f'], width);
      const top = all.reduce((most, { usd }) => Math.max(most, usd), 0);
      const perDollar = segments.reduce((sum, one) => sum + one.height, 0) / Math.max(1e-300, all.reduce((sum, { usd }) => sum + usd, 0));
      let drawnSoFar = 0;
      for (const one of all) {
        const own = segments.slice(drawnSoFar, (drawnSoFar += one.parts.filter(({ usd }) => usd > 0).length));
        let bottom = height - edge.bottom;
        for (const segment of own) {
          near(segment.y + segment.height, bottom, 'no gap');
          bottom = segment.y;
          assert.ok(segment.x >= edge.left && segment.x + segment.width <= width && segment.y >= edge.top - 1e-6);
        }
        near(height - edge.bottom - bottom, one.usd * perDollar, 'the whole bar');
      }
      assert.equal(drawnSoFar, segments.length);
      assert.equal(ticks.length, top > 0 ? 3 : 0);
    }));
  });

  it('of twice the spend are twice as high', () => {
    const { segments } = barsModel([day('2026-11-21', [0, 1.5]), day('2026-11-22', [0, 3])], ['a'], 600);
    near((segments[0]?.height ?? 0) * 2, segments[1]?.height ?? 0);
  });

  it('always date today, and no two dates on top of each other', () => {
    fc.assert(fc.property(fc.integer({ min: 220, max: 1400 }), (width) => {
      const all = Array.from({ length: 30 }, (_, i) => day(`2026-11-${String(i + 1).padStart(2, '0')}`, [0, 1]));
      const { marks } = barsModel(all, ['a'], width);
      assert.equal(marks.at(-1)?.text, '30');
      marks.slice(1).forEach(({ at }, i) => assert.ok(at - (marks[i]?.at ?? 0) >= 20));
    }));
  });

  it('say what they are to a pointer that rests on them', () => {
    const { segments } = barsModel(page().days, page().series, 600);
    assert.deepEqual(segments.map(({ title }) => title), ['2026-11-21 · sdxl-lora · $1.50', '2026-11-21 · eval · $0.50', '2026-11-22 · sdxl-lora · $3.00']);
  });
});

describe('the spend page', () => {
  it('has a place for every part, and each part fits one', () => {
    const places = [...frame(page().labels).text.matchAll(/data-part="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(places.toSorted(), [...parts(page(), firstState, 600).keys()].toSorted());
  });

  it('puts a table with the same figures behind every chart', () => {
    const text = drawn();
    for (const figure of ['2026-11-21', '$2.00', '$1.50', '$0.50', '2026-11-22', '$3.00']) assert.ok(text.includes(`>${figure}<`), figure);
    assert.doesNotMatch(text, />2026-11-20</, 'a day without spend is no row');
    const charts = tags(text, 'svg').filter((tag) => attribute(tag, 'role') === 'img');
    assert.deepEqual(charts.map((tag) => attribute(tag, 'aria-labelledby')), ['days-title days-about']);
    assert.ok(tags(text, 'svg').every((tag) => attribute(tag, 'role') === 'img' || attribute(tag, 'aria-hidden') === 'true'), 'every other picture only repeats what is beside it');
    for (const table of text.match(/<table[\s\S]*?<\/table>/g) ?? []) assert.match(table, /<th scope="col"[\s\S]*<th scope="row"/);
  });

  it('keeps the table open where somebody opened it', () => {
    assert.match(drawn({}, { table: true, scroll: 0 }), /<details data-fold="days" open>/);
    assert.match(drawn(), /<details data-fold="days">/);
  });

  it('shows what is said before any figure, what a machine costs now, and what goes on', () => {
    const text = drawn({ notices: ['Most of this month’s $20.00 is used.'], notes: ['Closing the editor does not stop what runs.'] });
    assert.match(text, /<p class="notice">Most of this month/);
    assert.match(text, /\$0\.33\/h <span class="muted">2 h 10 m, lease<\/span>/);
    assert.match(text, /<strong>\$16\.10<\/strong> <span class="muted">of \$20\.00<\/span>/);
    assert.match(text, /<p>Closing the editor/);
  });

  it('leaves out what has nothing to tell', () => {
    assert.match(drawn({ days: [day('2026-11-22')] }), /Nothing was spent\./);
    assert.doesNotMatch(drawn({ instances: [] }), /By instance/);
    assert.doesNotMatch(drawn({ projects: [{ name: 'one', about: '', spent: '$1', usd: 1 }] }), /By folder/, 'one folder says no more than the total');
    assert.doesNotMatch(drawn({ instances: page().instances.map(({ now: _now, left: _left, ...one }) => one) }), /Now, and left/);
  });

  it('lets no stranger write into it', () => {
    fc.assert(fc.property(fc.constantFrom('<img src=x onerror=alert(1)>', '"><script>', '\'"`<b>', '</table>'), (evil) => {
      const text = drawn({
        notices: [evil], series: [evil, evil, evil], notes: [evil], projects: [{ name: evil, about: evil, spent: evil, usd: 1 }, { name: evil, about: '', spent: '', usd: 2 }],
        instances: [{ name: evil, about: evil, spent: evil, usd: 1, now: evil, left: evil }],
      }, { table: true, scroll: 0 });
      assert.deepEqual([tags(text, 'img'), tags(text, 'script'), tags(text, 'b')], [[], [], []]);
      assert.equal(tags(text, 'table').length, (text.match(/<\/table>/g) ?? []).length);
      assert.doesNotMatch(text, /<[^>]*\sonerror=/);
    }));
  });

  it('draws no bar backwards for a credit', () => {
    for (const rect of tags(drawn({ projects: [{ name: 'a', about: '', spent: '-$1.00', usd: -1 }, { name: 'b', about: '', spent: '$1.00', usd: 1 }] }), 'rect')) {
      assert.ok(Number(attribute(rect, 'width')) >= 0 && Number(attribute(rect, 'height')) >= 0, rect);
    }
  });

  it('takes back only what it kept itself', () => {
    assert.deepEqual([undefined, null, 'x', {}, { table: 'yes', scroll: -1 }, { table: true, scroll: NaN }].map(restored), [firstState, firstState, firstState, firstState, firstState, { table: true, scroll: 0 }]);
    assert.deepEqual(restored({ table: true, scroll: 120 }), { table: true, scroll: 120 });
  });
});
