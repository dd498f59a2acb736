/** Chosen columns of a CSV text as RFC 4180 has it, by the names of its head. */
import { RentError } from '../../domain/errors.ts';

export interface Columns {
  /** Without one of these the text is refused. */
  readonly needed: readonly string[];
  readonly wanted?: readonly string[];
}

export type CsvRow = Readonly<Record<string, string>>;

/** A last line without an end, or a line with more or fewer cells than the head, was cut: then the whole text is refused. */
export function* csvRows(text: string, { needed, wanted = [] }: Columns): Generator<CsvRow> {
  if (!text.endsWith('\n')) throw cut();
  const lines = linesOf(text);
  const head = lines.next().value ?? [];
  const absent = needed.filter((name) => !head.includes(name));
  if (absent.length > 0) throw new RentError('badResponse', { detail: `the table has no column ${absent.join(', ')}` });
  const places = [...needed, ...wanted].map((name) => [name, head.indexOf(name)] as const).filter(([, at]) => at >= 0);
  for (const cells of lines) {
    if (cells.length !== head.length) throw cut();
    yield Object.fromEntries(places.map(([name, at]) => [name, cells[at] ?? '']));
  }
}

function* linesOf(text: string): Generator<string[], undefined> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end);
    // Nearly all lines: many times faster than looking at each cell.
    const { cells, next } = line.includes('"') ? quotedLine(text, at) : { cells: line.replace(/\r$/, '').split(','), next: end + 1 };
    at = next;
    if (cells.length > 1 || cells[0] !== '') yield cells;
  }
}

/** A quoted cell may hold commas, doubled quotes and ends of lines. */
function quotedLine(text: string, from: number): { readonly cells: string[]; readonly next: number } {
  const cell = /"((?:[^"]|"")*)"(,|\r?\n)|([^",\r\n]*)(,|\r?\n)/y;
  cell.lastIndex = from;
  for (const cells: string[] = [];;) {
    const [, quoted, afterQuoted, bare, afterBare] = cell.exec(text) ?? [];
    const after = afterQuoted ?? afterBare;
    if (after === undefined) throw cut();
    cells.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (after !== ',') return { cells, next: cell.lastIndex };
  }
}

const cut = (): RentError => new RentError('badResponse', { detail: 'the table is not whole' });
