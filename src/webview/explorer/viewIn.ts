import { isRecord, viewWith } from '../shared/viewIn.ts';
import type { ColumnView, ExplorerView, OfferTable } from './messages.ts';

const withLists = viewWith<ExplorerView>(['problems', 'filter', 'columns', 'ranges']);
const texts = ['summary', 'narrowed', 'hidden'] as const satisfies readonly (keyof ExplorerView)[];

/** The view in a message of the extension; undefined for anything else that reaches the page. */
export function viewIn(message: unknown): ExplorerView | undefined {
  const view = withLists(message);
  if (view === undefined || !isRecord(view) || !texts.every((name) => typeof view[name] === 'string')) return undefined;
  const { comparison } = view;
  return isRecord(comparison) && Array.isArray(comparison['offers']) && Array.isArray(comparison['lines']) ? view : undefined;
}

/** The table in a message; undefined for anything whose columns are not as long as it has offers. */
export function tableIn(message: unknown): OfferTable | undefined {
  if (!isRecord(message) || message['type'] !== 'bulk' || !isRecord(message['bulk'])) return undefined;
  const { offers, columns } = message['bulk'];
  if (!isTexts(offers) || !Array.isArray(columns)) return undefined;
  return columns.every((column) => isColumn(column, offers.length)) ? { offers, columns: columns as readonly ColumnView[] } : undefined;
}

function isColumn(column: unknown, rows: number): boolean {
  if (!isRecord(column)) return false;
  const { id, label, texts: cells, ranks, figures } = column;
  return typeof id === 'string' && typeof label === 'string' && isTexts(cells) &&
    ranks instanceof Int32Array && ranks.length === rows && ranks.every((rank) => rank >= -1 && rank < cells.length) &&
    (figures === undefined || (figures instanceof Float64Array && figures.length === cells.length));
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');
