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
