import fc from 'fast-check';
import { explorerLabels } from '../../../../src/ui/explorer/explorerLabels.ts';
import { firstState } from '../../../../src/webview/explorer/localState.ts';
import { createPage, type Room } from '../../../../src/webview/explorer/page.ts';
import type { Cell } from '../../../../src/webview/explorer/gridKeys.ts';
import type { LocalState } from '../../../../src/webview/explorer/localState.ts';
import type { ColumnView, ExplorerView, OfferTable } from '../../../../src/webview/explorer/messages.ts';
import { english } from '../../ui/support/english.ts';

type Value = string | number | undefined;

/** A column as the extension makes it, of values as they are. */
export function column(id: string, values: readonly Value[], text: (value: string | number) => string = String): ColumnView {
  const distinct = [...new Set(values)].filter((value) => value !== undefined).toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1));
  const kind = distinct.every((value) => typeof value === 'number') ? 'figure' : 'word';
  return {
    id, label: id, kind, texts: distinct.map(text), ranks: Int32Array.from(values, (value) => (value === undefined ? -1 : distinct.indexOf(value))),
    ...(kind === 'figure' ? { figures: Float64Array.from(distinct.map(Number)) } : {}),
  };
}

export interface Row {
  readonly gpu: string;
  readonly vram: number;
  readonly count: number;
  readonly price: number;
  readonly reliability: number | undefined;
  readonly place: string | undefined;
}

export const row = (change: Partial<Row> = {}): Row => ({ gpu: 'RTX 4090', vram: 24, count: 1, price: 0.33, reliability: 0.99, place: 'Norway', ...change });

export function table(rows: readonly Row[], more: readonly ColumnView[] = []): OfferTable {
  const sorted = rows.toSorted((a, b) => a.price - b.price);
  const of = (id: string, value: (row: Row) => Value, text?: (value: string | number) => string): ColumnView => column(id, sorted.map(value), text);
  return {
    offers: sorted.map((_, index) => `vast:${index}`),
    columns: [
      of('gpu', ({ gpu }) => gpu), of('gpuCount', ({ count }) => count, (count) => `${count}×`), of('vramGb', ({ vram }) => vram, (vram) => `${vram} GB`), of('allInUsdPerHour', ({ price }) => price, (price) => `$${price}/h`),
      of('allInUsdPerGpuHour', ({ price, count }) => price / count, (price) => `$${price}/h`), of('reliability', ({ reliability }) => reliability, (share) => `${Number(share) * 100} %`), of('location', ({ place }) => place), ...more,
    ].filter(({ texts }) => texts.length > 0),
  };
}

export const rows: fc.Arbitrary<readonly Row[]> = fc.array(fc.record({
  gpu: fc.constantFrom('RTX 4090', 'H100 SXM', 'L4'), vram: fc.constantFrom(24, 80), count: fc.constantFrom(1, 2, 8), price: fc.integer({ min: 1, max: 60 }).map((n) => n / 20),
  reliability: fc.option(fc.constantFrom(0, 0.9, 0.98, 0.999, 1), { nil: undefined }), place: fc.option(fc.constantFrom('Norway', 'Texas, US', 'Spain'), { nil: undefined }),
}), { maxLength: 40 });

export const view = (of: OfferTable, change: Partial<ExplorerView> = {}): ExplorerView => ({
  labels: explorerLabels(english.t), busy: false, practice: false, summary: '3 offers · read at 14:03:20', problems: [], narrowed: '', hidden: '', ranges: [],
  filter: [
    { kind: 'choice', name: 'provider', label: 'Provider', value: '', options: [{ value: '', label: 'any' }, { value: 'vast', label: 'Vast.ai' }] },
    { kind: 'typed', name: 'maxPrice', label: 'Highest price', value: '', hint: 'Dollars an hour' },
  ],
  columns: of.columns.map(({ id, label }) => ({ id, label, shown: id !== 'allInUsdPerGpuHour' })), comparison: { offers: [], lines: [] }, ...change,
});

export const room: Room = { plotWidth: 500, wide: true, em: 13, rowHeight: 28, top: 0, height: 280 };
export const nowhere: Cell = { row: -2, column: 1 };

export function drawn(of: OfferTable, change: { readonly view?: Partial<ExplorerView>; readonly state?: Partial<LocalState>; readonly room?: Partial<Room>; readonly active?: Cell } = {}): ReadonlyMap<string, string> {
  const { shown, parts } = createPage();
  const [now, state, here] = [view(of, change.view), { ...firstState, ...change.state }, { ...room, ...change.room }];
  return parts(now, of, state, shown(now, of, state, here), change.active ?? nowhere, here);
}
