/** Reading the table: what a cell says, which offers match, and in which order they stand. */
import { isListed, type ColumnView, type ExplorerView, type OfferTable } from './messages.ts';

export const emptyTable: OfferTable = { offers: [], columns: [] };

export const columnOf = (table: OfferTable, id: string): ColumnView | undefined => table.columns.find((column) => column.id === id);

/** Undefined where nothing is known. */
export const cellText = (column: ColumnView | undefined, row: number): string | undefined => column?.texts[column.ranks[row] ?? -1];
export const cellFigure = (column: ColumnView | undefined, row: number): number | undefined => column?.figures?.[column.ranks[row] ?? -1];

/** Rows of offers; the drawings are of these alone. */
export const liveRows = (table: OfferTable, order: Int32Array): Int32Array =>
  (columnOf(table, 'listedOn') === undefined ? order : order.filter((row) => !isListed(table.offers[row] ?? '')));

/** The first is always there: it says what the offer is. */
export const nameColumn = 'gpu';

/** `shown` are ids in one text, so that it is plain whether they are the same as before. */
export function shownColumns(table: OfferTable, shown: string): readonly ColumnView[] {
  const ids = new Set([nameColumn, ...shown.split(' ')]);
  return table.columns.filter(({ id }) => ids.has(id));
}

export const shownIds = (columns: ExplorerView['columns']): string => columns.filter(({ shown }) => shown).map(({ id }) => id).join(' ');

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows that match, sorted; what is unknown stands at the end both ways, and equals stay in order of their price. */
export function orderOf(table: OfferTable, columns: readonly ColumnView[], { column, descending }: Sorting, search: string): Int32Array {
  const matches = matcher(columns, search);
  const rows = Int32Array.from(table.offers.keys()).filter(matches);
  const by = columnOf(table, column)?.ranks;
  if (by === undefined) return rows;
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const x = by[a] ?? -1;
    const y = by[b] ?? -1;
    if (x === y) return a - b;
    if (x < 0 || y < 0) return y - x;
    return sign * (x - y);
  });
}

/** Every word has to stand in some cell that is shown. Each text is looked at once, however many offers say it. */
function matcher(columns: readonly ColumnView[], search: string): (row: number) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = words.map((word) => columns.map(({ ranks, texts }) => ({ ranks, has: texts.map((text) => text.toLowerCase().includes(word)) })));
  return (row) => found.every((cells) => cells.some(({ ranks, has }) => has[ranks[row] ?? -1] === true));
}
