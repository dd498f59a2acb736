import { markdown } from './escape.ts';

/** A row without a figure is left out. */
export type TableRow = readonly [string, string | undefined];

/** Two columns, every cell escaped. */
export function markdownTable(head: readonly [string, string], rows: readonly TableRow[]): string {
  const cells = rows.flatMap(([name, figure]) => (figure === undefined || figure === '' ? [] : [[name, figure]]));
  return markdownColumns(head, cells);
}

/** Any number of columns, every cell escaped. */
export function markdownColumns(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => markdown(cell)).join(' | ')} |`;
  return [row(head), `| ${head.map(() => ':---').join(' | ')} |`, ...rows.map(row)].join('\n');
}
