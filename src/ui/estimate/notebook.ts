/** A notebook as the file that it would be saved to: what is open may have changed since it was. */
export interface Cell {
  readonly code: boolean;
  readonly text: string;
}

/** Version 4 of the notebook format, with one line of each source a string of its own. */
export function notebookJson(cells: readonly Cell[]): string {
  return JSON.stringify({
    cells: cells.map(({ code, text }) => ({
      cell_type: code ? 'code' : 'markdown',
      metadata: {},
      ...(code ? { execution_count: null, outputs: [] } : {}),
      source: text.split('\n').map((line, index, lines) => (index < lines.length - 1 ? `${line}\n` : line)),
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  }, undefined, 1);
}

export interface CellPlace {
  /** Index of the cell. */
  readonly cell: number;
  /** Counts from 1 inside the cell. */
  readonly line: number;
}

/** Where a line of that file stands; undefined for lines that hold no source. */
export function cellAt(cells: readonly Cell[], line: number): CellPlace | undefined {
  let before = 2; // the two lines that open the file and its list of cells
  for (const [cell, { code, text }] of cells.entries()) {
    const first = before + (code ? 6 : 4);
    const lines = text.split('\n').length;
    if (line <= first) return undefined;
    if (line <= first + lines) return { cell, line: line - first };
    before = first + lines + 2;
  }
  return undefined;
}
