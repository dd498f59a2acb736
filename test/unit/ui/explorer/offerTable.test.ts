import assert from 'node:assert/strict';
import fc from 'fast-check';
import { usd } from '../../../../src/domain/money.ts';
import { allIn, type Offer } from '../../../../src/domain/offer.ts';
import type { Insight } from '../../../../src/domain/insight.ts';
import { comparison } from '../../../../src/ui/explorer/comparison.ts';
import { figureOf, textOf, wordOf } from '../../../../src/ui/explorer/column.ts';
import { offerColumns, usualColumns } from '../../../../src/ui/explorer/offerColumns.ts';
import { offersCsv } from '../../../../src/ui/explorer/offersCsv.ts';
import { OfferSheet } from '../../../../src/ui/explorer/offerSheet.ts';
import { byPrice, columnView } from '../../../../src/ui/explorer/offerTable.ts';
import { offer } from '../../../fakes/offers.ts';
import { english } from '../support/english.ts';

const nothing: Insight = () => ({});
const everyId = offerColumns.map(({ id }) => id);
const known = (change: Parameters<typeof offer>[0] = {}, insight: ReturnType<Insight> = {}) => ({ offer: offer(change), insight });
const columnOf = (id: string) => offerColumns.find((column) => column.id === id) ?? assert.fail(id);
const shows = (id: string, one = known()): string | undefined => textOf(columnOf(id), one, english);

/** Offers that have little or much, alike or not, and what strangers write. */
const offers: fc.Arbitrary<readonly Offer[]> = fc.uniqueArray(fc.record({
  n: fc.nat(500), gpu: fc.constantFrom('RTX 4090', 'H100 SXM', 'L4', '\u202eevil <b>', ''), gpuCount: fc.constantFrom(1, 2, 8), vramGb: fc.constantFrom(24, 80), gpuUsd: fc.integer({ min: 1, max: 40 }).map((n) => n / 10),
  reliability: fc.option(fc.constantFrom(0, 0.9, 0.99, 1), { nil: undefined }), place: fc.constantFrom('', 'Norway', 'x'.repeat(300)), kind: fc.constantFrom('on-demand' as const, 'interruptible' as const),
  hostId: fc.option(fc.constantFrom('9', '10', '100'), { nil: undefined }), downMbps: fc.option(fc.constantFrom(0, 850.4, NaN, Infinity), { nil: undefined }), stock: fc.option(fc.constantFrom('low' as const, 'medium' as const, 'high' as const), { nil: undefined }),
}), { selector: ({ n }) => n, maxLength: 30 }).map((all) => all.map(({ n, reliability, hostId, downMbps, stock, ...change }): Offer => {
  const { reliability: _usual, ...made } = offer({ ...change, id: `vast:${n}`, details: { ...(hostId === undefined ? {} : { hostId }), ...(downMbps === undefined ? {} : { downMbps }) } });
  return { ...made, ...(reliability === undefined ? {} : { reliability }), ...(stock === undefined ? {} : { stock }) };
}));

describe('the columns of the explorer', () => {
  it('have names of their own', () => {
    assert.equal(new Set(everyId).size, everyId.length);
    assert.equal(new Set(offerColumns.map(({ label }) => label(english.t))).size, everyId.length, 'and labels');
  });

  it('write figures as the whole product does', () => {
    const one = known({
      gpuUsd: 0.61, diskUsd: 0.01, gpuCount: 2, vramGb: 24, reliability: 0.99949,
      details: { downMbps: 1250.4, upMbps: 80, downUsdPerGb: 0.003, diskMbPerS: 3400, ramGb: 64, cpuCores: 12.5, pcieGbPerS: 24.96, maxDiskGb: 1200, availableUntil: Date.UTC(2027, 0, 5, 12), verified: true, directSsh: false },
    }, { standing: 'cheap', finish: usd(1.04), incident: { trouble: 'lost', at: Date.UTC(2026, 10, 20, 12), until: 0 } });
    for (const [id, text] of [
      ['gpuCount', '2×'], ['vramGb', '24 GB'], ['allInUsdPerHour', '$0.62/h'], ['allInUsdPerGpuHour', '$0.31/h'], ['gpuUsdPerHour', '$0.61/h'], ['diskUsdPerHour', '$0.010/h'], ['reliability', '99.9 %'],
      ['downMbps', '1,250 Mb/s'], ['upMbps', '80 Mb/s'], ['downUsdPerGb', '$3.00 per TB'], ['diskMbPerS', '3,400 MB/s'], ['ramGb', '64 GB'], ['cpuCores', '12.5'], ['pcieGbPerS', '25.0 GB/s'], ['maxDiskGb', '1,200 GB'],
      ['availableUntil', '2027-01-05'], ['verified', 'yes'], ['directSsh', 'no'], ['standing', 'cheap'], ['finishUsd', '$1.04'], ['trouble', 'was lost under work'], ['troubleAt', '2026-11-20'], ['provider', 'Vast.ai'], ['kind', 'on demand'], ['tier', 'private host'],
    ] as const) assert.equal(shows(id, one), text, id);
  });

  it('tell bandwidth in megabits: never in bytes', () => {
    for (const id of ['downMbps', 'upMbps']) assert.match(shows(id, known({ details: { downMbps: 8, upMbps: 8 } })) ?? '', /^8 Mb\/s$/);
  });

  it('say nothing of what nobody knows', () => {
    const { reliability: _none, ...bare } = offer({ place: '' });
    for (const id of ['reliability', 'location', 'stock', 'hostId', 'downMbps', 'availableUntil', 'standing', 'trouble', 'finishUsd']) assert.equal(textOf(columnOf(id), { offer: bare, insight: {} }, english), undefined, id);
    assert.equal(shows('availableUntil', known({ details: { availableUntil: 9e15 } })), undefined, 'a date that there is not');
  });

  it('know zero from nothing', () => {
    assert.equal(shows('reliability', known({ reliability: 0 })), '0.0 %');
    assert.equal(shows('downUsdPerGb', known({ details: { downUsdPerGb: 0 } })), 'free');
  });
});

describe('the table of offers', () => {
  it('holds of every offer exactly what its columns say of it', () => {
    fc.assert(fc.property(offers, (all) => {
      const sheet = new OfferSheet(all, nothing, english);
      const table = sheet.table(everyId);
      assert.deepEqual(table.offers.toSorted(), all.map(({ id }) => id).toSorted());
      for (const [row, id] of table.offers.entries()) {
        const one = { offer: all.find((each) => each.id === id) ?? assert.fail(id), insight: {} };
        for (const column of offerColumns) {
          const view = table.columns.find((each) => each.id === column.id);
          assert.equal(view?.texts[view.ranks[row] ?? -1], textOf(column, one, english), column.id);
        }
      }
    }));
  });

  it('ranks: the smaller the figure or the earlier the word, the smaller the rank, and alike is alike', () => {
    fc.assert(fc.property(offers, fc.constantFrom(...offerColumns), (all, column) => {
      const list = byPrice(all, nothing);
      const { ranks } = columnView(column, list, english);
      for (const [a, one] of list.entries()) for (const [b, other] of list.entries()) {
        const [x, y] = column.figure === undefined ? [wordOf(column, one), wordOf(column, other)] : [figureOf(column, one), figureOf(column, other)];
        if (x === undefined) assert.equal(ranks[a], -1);
        else if (y !== undefined && typeof x === 'number' && typeof y === 'number') assert.equal(Math.sign((ranks[a] ?? 0) - (ranks[b] ?? 0)), Math.sign(x - y));
        else if (y !== undefined) assert.equal(ranks[a] === ranks[b], x === y);
      }
    }));
  });

  it('stands from cheap to dear, equals by their ids', () => {
    fc.assert(fc.property(offers, (all) => {
      const list = byPrice(all, nothing).map(({ offer: one }) => one);
      list.slice(1).forEach((one, index) => {
        const before = list[index] ?? assert.fail();
        assert.ok(allIn(before) < allIn(one) || (allIn(before) === allIn(one) && before.id < one.id));
      });
    }));
  });

  it('orders stock by how much there is, hosts by number and the rest by the alphabet', () => {
    const texts = (id: string, ...changes: Parameters<typeof offer>[0][]): readonly string[] => columnView(columnOf(id), byPrice(changes.map((change, n) => offer({ id: `vast:${n}`, ...change })), nothing), english).texts;
    assert.deepEqual(texts('stock', { stock: 'high' }, { stock: 'low' }, { stock: 'medium' }), ['low stock', 'medium stock', 'high stock']);
    assert.deepEqual(texts('hostId', { details: { hostId: '100' } }, { details: { hostId: '9' } }, { details: { hostId: '20' } }), ['9', '20', '100']);
    assert.deepEqual(texts('gpu', { gpu: 'RTX 4090' }, { gpu: 'RTX 5090' }, { gpu: 'RTX 980' }, { gpu: 'L4' }), ['L4', 'RTX 980', 'RTX 4090', 'RTX 5090']);
  });

  it('offers no column that holds nothing anywhere, and makes only those that are shown or drawn', () => {
    const sheet = new OfferSheet([offer({ details: { cpuName: 'EPYC' } })], nothing, english);
    const offered = sheet.offered.map(({ id }) => id);
    assert.ok(offered.includes('cpu') && !offered.includes('stock') && !offered.includes('finishUsd') && !offered.includes('standing'));
    const ids = (shown: readonly string[]): readonly string[] => sheet.table(shown).columns.map(({ id }) => id);
    assert.ok(!ids([]).includes('cpu') && ids(['cpu']).includes('cpu'));
    assert.ok(ids([]).includes('reliability'), 'drawn, whether it is shown or not');
    const told = new OfferSheet([offer(), offer({ id: 'vast:2' })], (one) => (one.id === 'vast:2' ? { standing: 'dear', finish: usd(2) } : {}), english);
    assert.ok(told.offered.some(({ id }) => id === 'finishUsd') && told.offered.some(({ id }) => id === 'standing'));
  });

  it('is the same object until it says something else', () => {
    const sheet = new OfferSheet([offer({ details: { cpuName: 'EPYC' } })], nothing, english);
    const table = sheet.table(usualColumns);
    assert.equal(sheet.table(usualColumns), table);
    assert.equal(sheet.table([...usualColumns, 'nonsense']), table);
    const more = sheet.table([...usualColumns, 'cpu']);
    assert.notEqual(more, table);
    assert.equal(more.columns.find(({ id }) => id === 'gpu'), table.columns.find(({ id }) => id === 'gpu'), 'no column is made twice');
  });

  it('lets no stranger hide or reorder text, or fill a line', () => {
    const { texts } = columnView(columnOf('gpu'), byPrice([offer({ gpu: '\u202eRTX\u0000 4090\n$(zap) [a](command:b)' }), offer({ id: 'vast:2', gpu: 'y'.repeat(5000) })], nothing), english);
    for (const text of texts) assert.ok(text.length <= 62 && !/[\p{Cc}\p{Cf}]/u.test(text) && !text.includes('$(') && !text.includes(']('), text);
  });

  it('of no offers is empty', () => {
    const sheet = new OfferSheet([], nothing, english);
    assert.deepEqual(sheet.table(usualColumns), { offers: [], columns: [] });
  });
});

describe('the comparison', () => {
  it('marks what is best on each line, both when two share it, and nothing where all are alike', () => {
    const { offers: heads, lines } = comparison([
      known({ gpuUsd: 0.3, reliability: 0.9, details: { downMbps: 100 } }), known({ id: 'vast:2', gpuUsd: 0.5, reliability: 0.99, details: { downMbps: 900 } }), known({ id: 'vast:3', gpuUsd: 0.3, reliability: 0.95 }),
    ], english);
    assert.deepEqual(heads, [{ id: 'vast:1001', name: '1× RTX 4090', price: '$0.32/h' }, { id: 'vast:2', name: '1× RTX 4090', price: '$0.52/h' }, { id: 'vast:3', name: '1× RTX 4090', price: '$0.32/h' }]);
    const line = (label: string) => lines.find((one) => one.label === label)?.cells;
    assert.deepEqual(line('All in')?.map(({ best }) => best), [true, false, true]);
    assert.deepEqual(line('Reliability')?.map(({ best }) => best), [false, true, false]);
    assert.deepEqual(line('Network in'), [{ text: '100 Mb/s', best: false }, { text: '900 Mb/s', best: true }, { text: '', best: false }]);
    assert.ok(line('Memory per GPU')?.every(({ best }) => !best), 'alike');
    assert.ok(line('Place')?.every(({ best }) => !best), 'no place is better');
    assert.equal(line('Stock'), undefined, 'a line of unknowns');
  });

  it('of one marks nothing', () => {
    assert.ok(comparison([known()], english).lines.every(({ cells }) => cells.every(({ best }) => !best)));
  });
});

describe('offers as CSV', () => {
  it('have a line each and a cell for every column, in plain units', () => {
    const text = offersCsv([known({ gpuUsd: 0.31, diskUsd: 0.02, details: { downMbps: 850.5, listedSince: Date.UTC(2026, 0, 2) } }, { finish: usd(1.5) }), known({ id: 'vast:2', place: 'Texas, US' })]);
    const [head = '', first = '', second = '', ...rest] = text.split('\r\n');
    assert.deepEqual([head.split(','), rest], [everyId, ['']]);
    const cell = (row: string, id: string): string | undefined => row.split(',')[everyId.indexOf(id)];
    assert.deepEqual(['allInUsdPerHour', 'reliability', 'downMbps', 'finishUsd', 'listedSince', 'kind', 'stock'].map((id) => cell(first, id)), ['0.33', '0.995', '850.5', '1.5', '2026-01-02T00:00:00.000Z', 'on-demand', '']);
    assert.match(second, /"Texas, US"/);
  });

  it('run nothing in a spreadsheet, whatever a host calls itself', () => {
    const evil = fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t=', '\r\n=', '"=', ' |'), fc.string()).map(([begin, rest]) => begin + rest);
    fc.assert(fc.property(evil, evil, (gpu, place) => {
      const text = offersCsv([known({ gpu, place, details: { cpuName: gpu, diskName: place, driver: gpu } })]);
      assert.equal(text.split('\r\n').length, 3, 'no line of its own');
      for (const cell of text.split('\r\n')[1]?.match(/"(?:[^"]|"")*"|[^,]+/g) ?? []) assert.doesNotMatch(cell, /^"?\s*[=+@|]|^"?\s*-(?!\d)/, cell);
    }));
  });
});
