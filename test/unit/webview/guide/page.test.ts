import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listPrices } from '../../../../src/estimate/catalogue/prices.ts';
import { guidePage } from '../../../../src/ui/guide/guidePage.ts';
import { firstAsked } from '../../../../src/ui/guide/sameWorkRows.ts';
import { frame, parts } from '../../../../src/webview/guide/page.ts';
import type { GuidePage } from '../../../../src/webview/guide/messages.ts';
import { viewWith } from '../../../../src/webview/shared/viewIn.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../../ui/support/english.ts';
import { attribute, tags } from '../estimate/support.ts';

const view = (change: Partial<GuidePage> = {}): GuidePage =>
  ({ ...guidePage({ asked: firstAsked, offers: [offer()], prices: listPrices, typed: {}, reading: [], busy: false }, english), ...change });
const drawn = (change: Partial<GuidePage> = {}): string => frame(view(change)).text + [...parts(view(change)).values()].join('');

describe('the page of the guide', () => {
  it('has a place for every part, and each part fits one', () => {
    const places = [...frame(view()).text.matchAll(/data-part="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(places.toSorted(), [...parts(view()).keys()].toSorted());
  });

  it('leads to every section by a link that is there', () => {
    const ids = [...drawn().matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, 'each id once');
    const links = [...drawn().matchAll(/href="#([\w-]+)"/g)].map(([, id = '']) => id);
    assert.deepEqual(links.filter((id) => !ids.includes(id)), []);
    assert.equal(links.length, 4);
    assert.doesNotMatch(drawn(), /href="(?!#)/, 'and nowhere else');
  });

  it('draws tables that are read as tables, whatever becomes of them in a narrow panel', () => {
    const tables = drawn().match(/<table[\s\S]*?<\/table>/g) ?? [];
    assert.equal(tables.length, 4);
    for (const table of tables) {
      assert.match(table, /^<table class="[\w ]+" role="table" aria-labelledby="[\w-]+">/);
      const heads = tags(table, 'th').filter((tag) => attribute(tag, 'scope') === 'col');
      for (const row of table.match(/<tr role="row"><th role="rowheader" scope="row">[\s\S]*?<\/tr>/g) ?? []) assert.equal(tags(row, 'td').length + 1, heads.length);
      assert.ok(tags(table, 'tr').every((tag) => attribute(tag, 'role') === 'row') && tags(table, 'td').every((tag) => attribute(tag, 'role') === 'cell'));
    }
  });

  it('says in every cell of the guide whose it is, where it comes from and of which day', () => {
    const text = [...parts(view())].find(([name]) => name === 'topics')?.[1] ?? '';
    const cells = text.match(/<td[\s\S]*?<\/td>/g) ?? [];
    assert.ok(cells.length > 60);
    for (const cell of cells) {
      assert.match(cell, /^<td role="cell" data-column="[^"]+">/);
      assert.match(cell, /class="muted unknown"|<span class="source">[^<]+<span class="runs">20\d\d/, cell);
    }
    assert.match(text, /<span class="said">An article says: Neither crypto nor invoices\.<\/span>/);
  });

  it('gives every field and choice its label, and ties what was refused to its field', () => {
    const text = drawn({ fields: [{ name: 'card', label: 'Card', value: 'x', unit: '$', refused: 'A number is needed.' }] });
    for (const tag of [...tags(text, 'input'), ...tags(text, 'select')]) assert.ok(text.includes(`<label for="${attribute(tag, 'id')}"`), tag);
    const [input = ''] = tags(text, 'input');
    assert.deepEqual([attribute(input, 'aria-invalid'), attribute(input, 'aria-describedby'), attribute(input, 'data-set')], ['true', 'refused-card', 'card']);
    assert.match(text, /id="refused-card">A number is needed\./);
    assert.equal(tags(text, 'option').filter((tag) => tag.includes(' selected')).length, 3);
  });

  it('cannot be asked twice for the same lists', () => {
    const button = (text: string): string => tags(text, 'button').find((tag) => attribute(tag, 'id') === 'refresh') ?? '';
    assert.match(button(drawn({ busy: true })), / disabled/);
    assert.doesNotMatch(button(drawn()), / disabled/);
    assert.match(drawn({ reading: ['AWS: 87 prices were read.'] }), /<p>AWS: 87 prices were read\.<\/p>/);
  });

  it('lets no stranger write into it', () => {
    fc.assert(fc.property(fc.constantFrom('<img src=x onerror=alert(1)>', '"><script>', '\'"`<b>', '</table>', '</select>'), (evil) => {
      const text = drawn({
        columns: [evil], topics: [{ name: evil, cells: [{ text: evil, source: evil, asOf: evil, said: evil }] }], abilities: [{ name: evil, cells: [evil] }],
        choices: [{ name: 'gpu', label: evil, chosen: evil, options: [{ value: evil, text: evil }] }], work: [{ where: evil, machine: evil, price: evil, spot: evil, notes: [evil], source: evil, asOf: evil }],
        reading: [evil], fields: [{ name: 'card', label: evil, value: evil, unit: evil, refused: evil }], results: [{ label: evil, figure: evil, about: evil }],
        claims: [{ what: evil, said: evil, today: evil, verdict: evil, source: evil, asOf: evil }],
      });
      assert.deepEqual([tags(text, 'img'), tags(text, 'script'), tags(text, 'b')], [[], [], []]);
      assert.equal(tags(text, 'table').length, (text.match(/<\/table>/g) ?? []).length);
      assert.doesNotMatch(text.replace(/"[^"]*"/g, '""'), /<[^>]*\sonerror=/);
    }));
  });

  it('takes a view that is whole, and nothing else', () => {
    const viewIn = viewWith<GuidePage>(['columns', 'topics', 'abilities', 'choices', 'work', 'reading', 'fields', 'results', 'claims']);
    assert.deepEqual(viewIn({ type: 'view', view: view() }), view());
    for (const message of [undefined, { type: 'view' }, { type: 'view', view: { ...view(), work: undefined } }, { type: 'other', view: view() }]) assert.equal(viewIn(message), undefined);
  });
});
