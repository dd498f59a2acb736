/** The table's own elements, which are never drawn again: one has the focus, the other the scroll bar. */
import { cellId } from './grid.ts';
import type { Cell } from './gridKeys.ts';
import { topShowing } from './rowWindow.ts';

const em = parseFloat(getComputedStyle(document.body).fontSize) || 13;
/** A button of 24 pixels fits into a row, at any size of the letters. */
const rowHeight = Math.max(28, Math.round(em * 2.15));
/** As the style sheet has it. */
const headHeight = Math.round(em * 3.4);
export const letters = { em, rowHeight };

/** No row and no head: nothing was chosen yet, or what was chosen is gone. */
export const nowhere = -2;

export const element = (id: string): HTMLElement | null => document.getElementById(id);
const scroller = (): HTMLElement | null => element('scroller');

/** Of the rows that are seen, in pixels. */
export const seenHeight = (): number => (scroller()?.clientHeight ?? 0) - headHeight;

export function scrollTo(top: number): void {
  const place = scroller();
  if (place !== null) place.scrollTop = top;
}

/** Where the table has to be scrolled to for the row to be seen. */
export const topFor = (row: number): number => topShowing(row, { top: scroller()?.scrollTop ?? 0, height: seenHeight(), rowHeight });

export const bringIntoSight = (cell: Cell): void => element(cellId(cell))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

export function dress({ rows, columns, busy, active }: { readonly rows: number; readonly columns: number; readonly busy: boolean; readonly active: Cell }): void {
  const grid = element('grid');
  if (grid === null) return;
  grid.setAttribute('aria-rowcount', String(rows + 1));
  grid.setAttribute('aria-colcount', String(columns));
  grid.setAttribute('aria-busy', String(busy));
  if (active.row !== nowhere) grid.setAttribute('aria-activedescendant', cellId(active));
  else grid.removeAttribute('aria-activedescendant');
}
