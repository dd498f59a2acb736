import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explorerLabels } from '../../../../src/ui/explorer/explorerLabels.ts';
import { deedOfChange, deedOfClick } from '../../../../src/webview/explorer/deeds.ts';
import { comparedWith, firstState, isOpen, restored, sortedBy, turned } from '../../../../src/webview/explorer/localState.ts';
import type { OfferTable } from '../../../../src/webview/explorer/messages.ts';
import { createPage, frame } from '../../../../src/webview/explorer/page.ts';
import { tableIn, viewIn } from '../../../../src/webview/explorer/viewIn.ts';
import { english } from '../../ui/support/english.ts';
import { attribute, tags } from '../estimate/support.ts';
import { column, drawn, room, row, rows, table, view } from './support.ts';

const labels = explorerLabels(english.t);
const text = (parts: ReadonlyMap<string, string>): string => [...parts.values()].join('');
const part = (parts: ReadonlyMap<string, string>, name: string): string => parts.get(name) ?? assert.fail(name);
const offerRows = (html: string): string[] => tags(html, 'tr').filter((tag) => attribute(tag, 'data-offer') !== undefined);
const many = table(Array.from({ length: 500 }, (_, n) => row({ price: 0.1 + n / 100 })));

describe('list prices on the explorer’s page', () => {
  const id = 'list:aws/p5.48xlarge/us-east-1';
  const live = table([row({ price: 1 }), row({ price: 2, reliability: 0.999 })]);
  const both = table([row({ price: 0.5, reliability: 1 }), row({ price: 1 }), row({ price: 2, reliability: 0.999 })], [column('listedOn', ['2026-07-20', undefined, undefined])]);
  const mixed: OfferTable = { ...both, offers: [id, 'vast:0', 'vast:1'] };
  const about = 'List price of 2026-07-20, without disk: it cannot be rented here.';

  it('stand among the offers without a button to rent', () => {
    const body = part(drawn(mixed), 'rows');
    assert.equal(offerRows(body).length, 3);
    assert.deepEqual(tags(body, 'button').map((tag) => attribute(tag, 'data-rent')), ['vast:0', 'vast:1']);
    assert.ok(body.includes(`<span class="unseen">${about}</span>`));
  });

  it('can be compared, and nothing else', () => {
    const chosen = part(drawn(mixed, { state: { offer: id } }), 'chosen');
    assert.deepEqual(tags(chosen, 'button').map((tag) => attribute(tag, 'data-compare')), [id]);
    assert.ok(chosen.includes(about));
    const comparison = { offers: [{ id, name: '8× H100 SXM', price: '$55.04/h' }, { id: 'vast:0', name: '1× RTX 4090', price: '$1/h' }], lines: [] };
    const beside = part(drawn(mixed, { state: { compared: [id, 'vast:0'] }, view: { comparison } }), 'comparison');
    assert.deepEqual(tags(beside, 'button').flatMap((tag) => attribute(tag, 'data-rent') ?? []), ['vast:0']);
  });

  it('change neither the front nor what each GPU costs', () => {
    const [of, without] = [drawn(mixed), drawn(live)];
    for (const name of ['front', 'models', 'plot']) assert.equal(part(of, name), part(without, name), name);
    assert.match(part(of, 'front'), /data-choose="vast:0"/);
  });
});

describe('the explorer’s page', () => {
  it('has a place for every part, and each part fits one', () => {
    const places = [...frame(labels).text.matchAll(/data-part="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(places.toSorted(), [...drawn(many).keys()].toSorted());
  });

  it('draws a screen of ten thousand rows, and leaves room for the others', () => {
    const body = part(drawn(many, { room: { top: 2800 } }), 'rows');
    const indices = offerRows(body).map((tag) => Number(attribute(tag, 'aria-rowindex')));
    assert.ok(indices.length < 40);
    assert.deepEqual([indices[0], indices.length], [94, indices.at(-1) === undefined ? 0 : (indices.at(-1) ?? 0) - 93]);
    const spacers = tags(body, 'td').filter((tag) => attribute(tag, 'class') === 'spacer').map((tag) => Number(attribute(tag, 'height')));
    assert.equal(spacers.reduce((sum, height) => sum + height, 0) + indices.length * 28, 500 * 28);
    assert.ok(tags(body, 'tr').filter((tag) => attribute(tag, 'data-offer') === undefined).every((tag) => attribute(tag, 'aria-hidden') === 'true'));
  });

  it('numbers rows and columns as the whole table has them, and says how it is sorted', () => {
    const parts = drawn(many, { state: { sort: { column: 'reliability', descending: true } } });
    const heads = tags(part(parts, 'head'), 'th');
    assert.deepEqual(heads.map((tag) => attribute(tag, 'aria-colindex')), heads.map((_, index) => String(index + 1)));
    assert.ok(heads.every((tag) => attribute(tag, 'role') === 'columnheader'));
    assert.deepEqual(heads.flatMap((tag) => (attribute(tag, 'aria-sort') === 'none' ? [] : [attribute(tag, 'aria-sort')])).filter((sort) => sort !== undefined), ['descending']);
    const [first = ''] = part(parts, 'rows').match(/<tr role="row"[\s\S]*?<\/tr>/) ?? [];
    const cells = [...first.matchAll(/<t[dh] role="(\w+)"[^>]*>/g)];
    assert.deepEqual(cells.map(([tag]) => attribute(tag, 'aria-colindex')), heads.map((_, index) => String(index + 1)));
    assert.deepEqual([...new Set(cells.map(([, role]) => role))].toSorted(), ['gridcell', 'rowheader']);
    assert.ok(tags(first, 'button').every((tag) => attribute(tag, 'tabindex') === '-1'), 'one way in, and the arrows from there');
  });

  it('marks where the keyboard is by an id that is there', () => {
    const parts = drawn(many, { active: { row: 2, column: 3 }, state: { offer: 'vast:2' } });
    assert.match(part(parts, 'rows'), /id="cell-2-3"[^>]*class="active /);
    assert.match(part(parts, 'rows'), /data-offer="vast:2"[^>]* class="chosen"/);
    assert.match(part(drawn(many, { active: { row: -1, column: 2 } }), 'head'), /id="cell-head-2"[^>]*class="active"/);
    const ids = [...text(parts).matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, 'no id twice');
  });

  it('says in words what is compared, and never only by a colour', () => {
    const parts = drawn(many, { state: { compared: ['vast:1'] } });
    const selected = offerRows(part(parts, 'rows')).filter((tag) => attribute(tag, 'aria-selected') === 'true');
    assert.deepEqual(selected.map((tag) => attribute(tag, 'data-offer')), ['vast:1']);
    assert.equal(part(parts, 'rows').match(/in comparison/g)?.length, 1);
  });

  it('shows only the columns that were chosen, and what the offer is in any case', () => {
    const shown = (ids: readonly string[]): (string | undefined)[] => tags(part(drawn(many, { view: { columns: many.columns.map(({ id }) => ({ id, label: id, shown: ids.includes(id) })) } }), 'head'), 'th').flatMap((tag) => attribute(tag, 'data-sort') ?? []);
    assert.deepEqual(shown(['location', 'reliability']), ['gpu', 'reliability', 'location']);
    assert.deepEqual(shown([]), ['gpu']);
  });

  it('rents by a button that names the machine and its price', () => {
    const buttons = tags(part(drawn(table([row({ count: 2, price: 0.66 })]), { state: { offer: 'vast:0' } }), 'chosen'), 'button');
    assert.equal(attribute(buttons.find((tag) => attribute(tag, 'data-rent') !== undefined) ?? '', 'aria-label'), 'Rent 2× RTX 4090 for $0.66/h');
  });

  it('offers to hide a host only where there is one to name, and a console only of a real market', () => {
    const withHost = table([row()], [column('hostId', ['9'])]);
    const chosen = (of: OfferTable, practice = false): string => part(drawn(of, { state: { offer: 'vast:0' }, view: { practice } }), 'chosen');
    assert.match(chosen(withHost), /data-hide="vast:0"/);
    assert.doesNotMatch(chosen(table([row()])), /data-hide/);
    assert.doesNotMatch(chosen(withHost, true), /data-console/);
    assert.doesNotMatch(part(drawn(many, { state: { offer: 'vast:gone' } }), 'chosen'), /<button/);
  });

  it('tells apart that nothing was read, that it is being read and that nothing matches', () => {
    const count = (of: OfferTable, busy: boolean, search = ''): string => part(drawn(of, { view: { busy }, state: { search } }), 'count');
    assert.deepEqual([count(table([]), false), count(table([]), true), count(many, false, 'no such thing'), count(many, false)], ['No offers have been read yet.', 'Reading offers', 'No offer matches.', '500 of 500 shown']);
  });

  it('says which provider could not be heard, beside all other offers, with a way to try again', () => {
    const parts = drawn(many, { view: { problems: ['RunPod could not be reached.'] } });
    assert.match(part(parts, 'problems'), /RunPod could not be reached\. <button[^>]*data-tell="refresh">Try again/);
    assert.ok(offerRows(part(parts, 'rows')).length > 10);
  });

  it('says what is left out, each with its way back, and nothing where all is shown', () => {
    const told = (view: Parameters<typeof drawn>[1]): (string | undefined)[] => [...part(drawn(many, view), 'filter').matchAll(/data-tell="(\w+)"/g)].map(([, deed]) => deed);
    assert.deepEqual(told({ view: { narrowed: '24 GB+', hidden: '1 host hidden', failed: { text: '2 offers: left out', deed: 'show them' } } }), ['clear', 'showHidden', 'showFailed']);
    assert.deepEqual(told({ view: { failed: { text: '2 offers: left out', deed: 'show them' } } }), ['showFailed']);
    assert.deepEqual(told({}), []);
  });

  it('puts a table behind every drawing', () => {
    const parts = drawn(table([row({ reliability: 0.9 }), row({ price: 0.5, reliability: 0.999 }), row({ price: 0.7, reliability: 0.5 })]), { view: { ranges: [{ gpu: 'RTX 4090', vramGb: 24, low: 0.29, high: 0.78, text: '$0.29/h – $0.78/h', about: 'Articles of 2026-02-12' }] } });
    assert.deepEqual([...part(parts, 'front').matchAll(/data-choose="([^"]*)"/g)].map(([, offer]) => offer), ['vast:0', 'vast:1']);
    assert.match(part(parts, 'models'), /<th scope="row">[\s\S]*RTX 4090[\s\S]*\$0\.33\/h[\s\S]*\$0\.29\/h – \$0\.78\/h[\s\S]*class="articles"/);
    for (const svg of tags(text(parts), 'svg')) assert.ok(attribute(svg, 'aria-hidden') === 'true' || (attribute(svg, 'role') === 'img' && attribute(svg, 'aria-labelledby') !== undefined), svg);
  });

  it('draws no scatter of one offer', () => {
    assert.equal(part(drawn(table([row()])), 'plot'), '');
  });

  it('compares side by side, with what is best in words, and says what is gone', () => {
    const comparison = { offers: [{ id: 'vast:0', name: '1× L4', price: '$0.20/h' }, { id: 'vast:1', name: '1× RTX 4090', price: '$0.33/h' }], lines: [{ label: 'Reliability', cells: [{ text: '99.0 %', best: true }, { text: '', best: false }] }] };
    const html = part(drawn(many, { view: { comparison }, state: { compared: ['vast:0', 'vast:1', 'vast:gone'] } }), 'comparison');
    assert.match(html, /<th scope="row">Reliability<\/th><td><strong>99\.0 %<\/strong> <span class="muted">best<\/span><\/td><td class="muted">unknown<\/td>/);
    assert.match(html, /Compared offers that are gone: 1\./);
    assert.equal(html.match(/data-rent=/g)?.length, 2);
    assert.equal(part(drawn(many, { view: { comparison } }), 'comparison'), '', 'nothing is compared');
  });

  it('lets no stranger write into it', () => {
    fc.assert(fc.property(fc.constantFrom('<img src=x onerror=alert(1)>', '"><script>', '\'"`<b onclick=x>', '</table></svg>', '\u202e{0}{1}'), rows, (evil, some) => {
      const of = table([...some, row({ gpu: evil, place: evil })], [column('hostId', [...some.map(() => undefined), evil])]);
      const parts = drawn(of, {
        view: {
          summary: evil, problems: [evil], narrowed: evil, hidden: evil, failed: { text: evil, deed: evil }, said: evil, filter: [{ kind: 'choice', name: 'gpu', label: evil, value: evil, options: [{ value: evil, label: evil }] }, { kind: 'typed', name: 'region', label: evil, value: evil, hint: evil }],
          columns: [...of.columns.map(({ id }) => ({ id, label: evil, shown: true }))], ranges: [{ gpu: evil, vramGb: 24, low: 0.1, high: 1, text: evil, about: evil }],
          comparison: { offers: [{ id: evil, name: evil, price: evil }], lines: [{ label: evil, cells: [{ text: evil, best: true }] }] },
        },
        state: { offer: of.offers[0] ?? '', compared: [evil], turned: ['columns', 'front', 'models'] },
      });
      assert.deepEqual(['img', 'script', 'b'].map((name) => tags(text(parts), name)), [[], [], []]);
      assert.doesNotMatch(text(parts).replace(/"[^"]*"/g, '""'), /<[^>]*\s(?:onerror|onclick|style)=/);
      assert.doesNotMatch(text(parts), /\u202e/);
      for (const name of ['table', 'svg']) assert.equal(tags(text(parts), name).length, (text(parts).match(new RegExp(`</${name}>`, 'g')) ?? []).length);
    }));
  });

  it('sorts and draws nothing anew when only its words have changed', () => {
    const { shown } = createPage();
    const first = shown(view(many), many, firstState, room);
    const again = shown(view(many, { summary: 'other words' }), many, { ...firstState, offer: 'vast:7', top: 900 }, room);
    assert.deepEqual([again.columns === first.columns, again.order === first.order, again.scatter === first.scatter], [true, true, true]);
    const narrower = shown(view(many, { columns: [] }), many, firstState, room);
    assert.notEqual(narrower.columns, first.columns);
    assert.notEqual(shown(view(many), many, { ...firstState, search: 'nowhere' }, room).order.length, first.order.length);
  });

  it('needs no style in its HTML, which its policy would refuse', () => {
    assert.doesNotMatch(text(drawn(many)) + frame(labels).text, /\sstyle=|<style/);
  });
});

describe('what the page keeps while it is hidden', () => {
  it('is taken back as it was, and only that', () => {
    const kept = { sort: { column: 'reliability', descending: true }, search: 'norway', offer: 'vast:1', compared: ['vast:1', 'vast:2'], against: 'allInUsdPerGpuHour', turned: ['columns'], top: 2800, scroll: 10 };
    assert.deepEqual(restored(structuredClone(kept)), kept);
    for (const odd of [undefined, null, 'x', [], {}, { sort: 7, search: {}, offer: 1, compared: 'x', against: 'money', turned: [1], top: -1, scroll: NaN }]) assert.deepEqual(restored(odd), firstState);
    assert.equal(restored({ compared: ['a', 'b', 'c', 'd', 'e'] }).compared.length, 4);
  });

  it('sorts upwards first, and the other way round when it is asked again', () => {
    const once = { ...firstState, ...sortedBy(firstState, 'reliability') };
    assert.deepEqual(once.sort, { column: 'reliability', descending: false });
    assert.deepEqual(sortedBy(once, 'reliability').sort, { column: 'reliability', descending: true });
    assert.deepEqual(sortedBy({ ...firstState, sort: { column: 'reliability', descending: true } }, 'gpu').sort, { column: 'gpu', descending: false });
  });

  it('compares four at most, and takes each out again', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 30 }), (asked) => {
      let state = firstState;
      for (const offer of asked) {
        const next = comparedWith(state, offer);
        if (next === undefined) assert.ok(state.compared.length === 4 && !state.compared.includes(offer));
        else {
          assert.notEqual(next.compared.includes(offer), state.compared.includes(offer));
          state = { ...state, ...next };
        }
      }
      assert.equal(new Set(state.compared).size, state.compared.length);
    }));
  });

  it('folds each part for itself', () => {
    const open = { ...firstState, ...turned(firstState, 'columns') };
    assert.deepEqual([isOpen(open, 'columns'), isOpen(open, 'filter', true), isOpen({ ...open, ...turned(open, 'filter') }, 'filter', true), isOpen({ ...open, ...turned(open, 'columns') }, 'columns')], [true, true, false, false]);
  });
});

describe('messages to the explorer’s page', () => {
  it('are a view with all its lists, or nothing', () => {
    const good = view(many);
    assert.deepEqual(viewIn({ type: 'view', view: good }), good);
    for (const change of [{ problems: undefined }, { filter: 'x' }, { summary: 7 }, { comparison: undefined }, { comparison: { offers: [] } }, { labels: undefined }]) assert.equal(viewIn({ type: 'view', view: { ...good, ...change } }), undefined, JSON.stringify(change));
    for (const odd of [undefined, null, 'view', { type: 'bulk', bulk: good }, { view: good }]) assert.equal(viewIn(odd), undefined);
  });

  it('are a table whose columns are as long as it has offers, with ranks that exist', () => {
    assert.deepEqual(tableIn({ type: 'bulk', bulk: many }), many);
    const bulk = (change: object): unknown => ({ type: 'bulk', bulk: { offers: ['a', 'b'], columns: [{ id: 'x', label: 'X', kind: 'figure', texts: ['1'], ranks: Int32Array.of(0, -1), figures: Float64Array.of(1), ...change }] } });
    assert.ok(tableIn(bulk({})) !== undefined);
    for (const change of [{ ranks: Int32Array.of(0) }, { ranks: Int32Array.of(0, 1) }, { ranks: Int32Array.of(0, -2) }, { ranks: [0, 0] }, { texts: [1] }, { figures: Float64Array.of(1, 2) }, { figures: [1] }, { id: 7 }]) assert.equal(tableIn(bulk(change)), undefined, JSON.stringify(change));
    for (const odd of [undefined, { type: 'view', view: many }, { type: 'bulk', bulk: { offers: [1], columns: [] } }, { type: 'bulk', bulk: { offers: [] } }]) assert.equal(tableIn(odd), undefined);
  });
});

describe('what a click asks for', () => {
  it('is something of the extension by an id, or something of the page', () => {
    assert.deepEqual(['rent', 'estimate', 'copy', 'console', 'hide'].map((name) => deedOfClick({ [name]: 'vast:1' })), ['rent', 'estimate', 'copy', 'console', 'hideHost'].map((type) => ({ tell: { type, offer: 'vast:1' } })));
    const plain = ['refresh', 'clear', 'showHidden', 'showFailed', 'usualColumns'];
    assert.deepEqual(plain.map((tell) => deedOfClick({ tell })), plain.map((type) => ({ tell: { type } })));
    assert.deepEqual([deedOfClick({ sort: 'gpu' }), deedOfClick({ choose: 'vast:1' }), deedOfClick({ compare: 'vast:1' }), deedOfClick({ turn: 'models' }), deedOfClick({ forget: 'true' }), deedOfClick({ export: 'true' })], [{ sort: 'gpu' }, { choose: 'vast:1' }, { compare: 'vast:1' }, { turn: 'models' }, { forget: true }, { export: true }]);
    assert.deepEqual(deedOfClick({ only: 'L4' }), { tell: { type: 'filter', name: 'gpu', value: 'L4' } });
    for (const data of [{}, { tell: 'rent' }, { tell: 'constructor' }, { other: 'x' }]) assert.equal(deedOfClick(data), undefined);
  });

  it('is of a field its name and what stands in it', () => {
    assert.deepEqual(deedOfChange({ filter: 'maxPrice' }, ' 0.5 ', false), { tell: { type: 'filter', name: 'maxPrice', value: '0.5' } });
    assert.deepEqual(deedOfChange({ column: 'cpu' }, 'on', true), { tell: { type: 'column', name: 'cpu', value: true } });
    assert.deepEqual(deedOfChange({ against: 'true' }, 'finishUsd', false), { against: 'finishUsd' });
    assert.equal(deedOfChange({}, 'x', true), undefined);
  });
});
