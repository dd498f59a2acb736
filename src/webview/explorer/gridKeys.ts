/** What a key does in the table. Cells are counted from the box before an offer to the button behind it; the heads are row -1. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

export type GridDeed = { readonly move: Cell } | { readonly sort: number } | { readonly compare: number } | { readonly rent: number };

/** Undefined for a key that means nothing here, which is then the editor's. */
export function gridDeed(key: string, whole: boolean, { row, column }: Cell, { rows, columns, page }: GridSize): GridDeed | undefined {
  const to = (r: number, c: number): GridDeed => ({ move: { row: Math.max(-1, Math.min(r, rows - 1)), column: Math.max(0, Math.min(c, columns - 1)) } });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'PageUp':
      return to(row < 0 ? row : Math.max(0, row - page), column);
    case 'PageDown':
      return to(row + page, column);
    case 'Home':
      return whole ? to(0, 0) : to(row, 0);
    case 'End':
      return whole ? to(rows - 1, columns - 1) : to(row, columns - 1);
    case 'Enter':
      return row < 0 ? { sort: column } : { rent: row };
    case ' ':
      return row < 0 ? { sort: column } : { compare: row };
    default:
      return undefined;
  }
}
