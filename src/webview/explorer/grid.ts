/** The table as HTML: heads, the rows that can be seen, and spacers in place of all others. */
import { html, type Html } from '../shared/html.ts';
import { fill } from './fill.ts';
import type { Cell } from './gridKeys.ts';
import { isListed, type ColumnView, type ExplorerLabels, type OfferTable } from './messages.ts';
import type { RowWindow } from './rowWindow.ts';
import { cellText, columnOf, nameColumn, type Sorting } from './table.ts';

export interface Grid {
  readonly table: OfferTable;
  readonly columns: readonly ColumnView[];
  /** Rows of the table in the order in which they stand. */
  readonly order: Int32Array;
  readonly compared: readonly string[];
  /** Where the keyboard is. */
  readonly active: Cell;
  readonly rowHeight: number;
  readonly labels: ExplorerLabels;
}

/** The box before an offer and the button behind it. */
export const extraColumns = 2;

export const cellId = ({ row, column }: Cell): string => `cell-${row < 0 ? 'head' : row}-${column}`;

/** A style sheet cannot know them, and the page's policy lets no style into its HTML: columns say their widths themselves. */
export function widths({ columns, labels }: Pick<Grid, 'columns' | 'labels'>, em: number): Html {
  const own = columns.map((column) => widthOf(column, em));
  const rent = Math.round(em * (labels.rent.length * 0.6 + 3.2));
  return html`<col width="${Math.round(em * 2.4)}">${own.map((width) => html`<col width="${width}">`)}<col width="${rent}">`;
}

const known = new WeakMap<ColumnView, number>();

/** Wide enough for all but the longest of what it says; the head may break into two lines. */
function widthOf(column: ColumnView, em: number): number {
  const letters = known.get(column) ?? column.texts.reduce((most, { length }) => Math.max(most, length), 0);
  known.set(column, letters);
  const head = Math.max(...column.label.split(' ').map(({ length }) => length)) + 2;
  return Math.round(em * (Math.min(column.id === nameColumn ? 18 : 26, Math.max(letters, head, column.label.length / 2)) * 0.56 + 1.4));
}

export function head({ columns, active, labels }: Pick<Grid, 'columns' | 'active' | 'labels'>, sort: Sorting): Html {
  const mark = (column: number): Html | false => active.row < 0 && active.column === column && html` class="active"`;
  return html`<tr role="row" aria-rowindex="1"><th role="columnheader" scope="col" id="cell-head-0" aria-colindex="1"${mark(0)}><span class="unseen">${labels.compare}</span></th>
    ${columns.map(({ id, label, kind }, index) => {
      const sorted = id === sort.column;
      return html`<th role="columnheader" scope="col" id="cell-head-${index + 1}" aria-colindex="${index + 2}" data-sort="${id}" data-kind="${kind}" aria-sort="${sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}"${mark(index + 1)}>${label}${sorted && html`<span aria-hidden="true">${sort.descending ? '\u00a0↓' : '\u00a0↑'}</span>`}</th>`;
    })}
    <th role="columnheader" scope="col" id="cell-head-${columns.length + 1}" aria-colindex="${columns.length + extraColumns}"${mark(columns.length + 1)}><span class="unseen">${labels.rent}</span></th></tr>`;
}

export function rows(grid: Grid, { first, count, before, after }: RowWindow): Html {
  const span = grid.columns.length + extraColumns;
  const drawn = [...grid.order.subarray(first, first + count)];
  return html`${spacer(before, span)}${drawn.map((index, at) => row(grid, index, first + at))}${spacer(after, span)}`;
}

const spacer = (height: number, span: number): Html => (height === 0 ? html`` : html`<tr role="presentation" aria-hidden="true"><td class="spacer" colspan="${span}" height="${height}"></td></tr>`);

function row({ table, columns, compared, active, rowHeight, labels }: Grid, index: number, row: number): Html {
  const offer = table.offers[index] ?? '';
  const isCompared = compared.includes(offer);
  const isActive = row === active.row;
  const mark = (column: number, and = ''): Html => html`class="${isActive && active.column === column ? `active ${and}` : and}"`;
  const what = offerName(table, index);
  const last = columns.length + 1;
  return html`<tr role="row" aria-rowindex="${row + 2}" aria-selected="${String(isCompared)}" data-offer="${offer}" height="${rowHeight}"${isActive && html` class="chosen"`}>
    <td role="gridcell" id="cell-${row}-0" aria-colindex="1" data-compare="${offer}" ${mark(0, 'box')}><span aria-hidden="true">${isCompared ? '☑' : '☐'}</span>${isCompared && html`<span class="unseen">${labels.compared}</span>`}</td>
    ${columns.map((column, at) => {
      const text = cellText(column, index);
      const about = html`id="cell-${row}-${at + 1}" aria-colindex="${at + 2}" data-kind="${column.kind}"${text !== undefined && html` title="${text}"`}`;
      return at === 0 ? html`<th role="rowheader" scope="row" ${about} ${mark(1)}>${text}</th>` : html`<td role="gridcell" ${about} ${mark(at + 1)}>${text}</td>`;
    })}
    <td role="gridcell" id="cell-${row}-${last}" aria-colindex="${last + 1}" ${mark(last, 'deed')}>${isListed(offer) ? html`<span class="muted" aria-hidden="true" title="${listPriceAbout(table, index, labels)}">${labels.listPrice}</span><span class="unseen">${listPriceAbout(table, index, labels)}</span>` : html`<button tabindex="-1" data-rent="${offer}" aria-label="${fill(labels.rentWhat, what, priceOf(table, index))}">${labels.rent}</button>`}</td></tr>`;
}

/** What stands where an offer is rented. */
export const listPriceAbout = (table: OfferTable, row: number, labels: ExplorerLabels): string => fill(labels.listPriceAbout, cellText(columnOf(table, 'listedOn'), row) ?? '');

/** `1× RTX 4090` */
export const offerName = (table: OfferTable, row: number): string =>
  [cellText(columnOf(table, 'gpuCount'), row), cellText(columnOf(table, nameColumn), row)].filter((text) => text !== undefined).join(' ');

export const priceOf = (table: OfferTable, row: number): string => cellText(columnOf(table, 'allInUsdPerHour'), row) ?? '';
