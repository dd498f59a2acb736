/** Chosen columns of a CSV text as RFC 4180 has it, by the names of its head. */
import { RentError } from '../../domain/errors.ts';

export interface Columns {
  /** Without one of these the text is refused. */
  readonly needed: readonly [string, ...string[]];
  readonly wanted?: readonly string[];
  /** Which values of the first needed column matter. A table of megabytes is mostly of others, which cost no time where that column is the first. */
  readonly only?: (value: string) => boolean;
}

export type CsvRow = Readonly<Record<string, string>>;

/** A last line without an end, or a line with more or fewer cells than the head, was cut: then the whole text is refused. */
export function* csvRows(text: string, { needed, wanted = [], only = () => true }: Columns): Generator<CsvRow> {
  if (!text.endsWith('\n')) throw cut();
  const records = recordsOf(text);
  const head = cellsOf(records.next().value ?? '');
  const absent = needed.filter((name) => !head.includes(name));
  if (absent.length > 0) throw new RentError('badResponse', { detail: `the table has no column ${absent.join(', ')}` });
  const places = [...needed, ...wanted].map((name) => [name, head.indexOf(name)] as const).filter(([, at]) => at >= 0);
  const [key] = needed;
  for (const record of records) {
    if (head[0] === key && !record.startsWith('"') && !only(record.slice(0, record.indexOf(',')))) continue;
    const cells = cellsOf(record);
    if (cells.length !== head.length) throw cut();
    const row = Object.fromEntries(places.map(([name, at]) => [name, cells[at] ?? '']));
    if (only(row[key] ?? '')) yield row;
  }
}

/** Lines without their ends; an end within quotes is none. Empty lines are left out. */
function* recordsOf(text: string): Generator<string, undefined> {
  for (let from = 0; from < text.length;) {
    let end = from - 1;
    for (let open = false; end < from || open;) {
      const next = text.indexOf('\n', end + 1);
      if (next < 0) throw cut();
      open = open !== hasOddQuotes(text.slice(end + 1, next));
      end = next;
    }
    const record = text.slice(from, end).replace(/\r$/, '');
    from = end + 1;
    if (record !== '') yield record;
  }
}

function hasOddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function cellsOf(record: string): string[] {
  if (!record.includes('"')) return record.split(',');
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (const cells: string[] = [];;) {
    const [, quoted, bare, after] = cell.exec(record) ?? [];
    if (after === undefined) throw cut();
    cells.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (after === '') return cells;
  }
}

const cut = (): RentError => new RentError('badResponse', { detail: 'the table is not whole' });
