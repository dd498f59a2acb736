/** Of ten thousand rows those are drawn that can be seen, and room is left for the others. All in pixels. */
export interface Scrolled {
  readonly top: number;
  /** Of what is seen, without the heads that stay above it. */
  readonly height: number;
  readonly rowHeight: number;
  readonly rows: number;
}

export interface RowWindow {
  readonly first: number;
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

/** Drawn on both sides as well, so that a quick hand meets no gap. */
const spare = 8;
/** The window moves by so many rows at once: most of scrolling draws nothing. */
const step = 4;

export function rowWindow({ top, height, rowHeight, rows }: Scrolled): RowWindow {
  const count = Math.min(rows, Math.ceil(Math.max(0, height) / rowHeight) + 1 + 2 * spare);
  const wanted = Math.floor(Math.max(0, top) / rowHeight / step) * step - spare;
  const first = Math.max(0, Math.min(wanted, rows - count));
  return { first, count, before: first * rowHeight, after: (rows - first - count) * rowHeight };
}

/** How far to scroll so that the row is seen whole: no further than needed. */
export function topShowing(row: number, { top, height, rowHeight }: Omit<Scrolled, 'rows'>): number {
  const from = row * rowHeight;
  if (from < top) return from;
  return Math.max(top, from + rowHeight - height);
}
