/**
 * A table that becomes blocks where it has no room. Roles are written out, because browsers then forget that it is a
 * table; and each cell can say to which column it belongs.
 */
import { html, type Html } from '../shared/html.ts';

export interface Head {
  readonly text: string;
  readonly number?: boolean;
  /** A cell of this column says so itself where there is no head. */
  readonly told?: boolean;
}

export interface BlockTable {
  /** `guide` needs much room for each column, `short` little of it in each cell. */
  readonly kind: 'guide' | 'guide short' | 'blocks';
  /** The heading that names it. */
  readonly labelledBy: string;
  readonly heads: readonly Head[];
  /** The first cell of each is its head. */
  readonly rows: readonly (readonly [string, ...(string | Html)[]])[];
}

export const blockTable = ({ kind, labelledBy, heads, rows }: BlockTable): Html => html`<table class="${kind}" role="table" aria-labelledby="${labelledBy}">
  <thead role="rowgroup"><tr role="row">${heads.map(({ text, number }) => html`<th role="columnheader" scope="col"${number === true && html` class="number"`}>${text}</th>`)}</tr></thead>
  <tbody role="rowgroup">${rows.map(([first, ...cells]) => html`<tr role="row"><th role="rowheader" scope="row">${first}</th>${cells.map((cell, at) => cellOf(cell, heads[at + 1]))}</tr>`)}</tbody></table>`;

const cellOf = (cell: string | Html, head: Head | undefined): Html =>
  html`<td role="cell"${head?.number === true && html` class="number"`}${head?.told === true && html` data-column="${head.text}"`}>${cell}</td>`;
