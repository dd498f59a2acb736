/**
 * RFC 4180 and what people really save: CR, LF or both, a byte-order mark, a last line without an end, a quote
 * that nobody closed. Rows come as objects by their header, so that the order of columns does not matter.
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = cells(text.replace(/^\uFEFF/, ''));
  const names = header.map((name) => name.trim().toLowerCase());
  return rows
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => Object.fromEntries(names.map((name, column) => [name, (row[column] ?? '').trim()])));
}

function cells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // One cell and what ends it; a quoted cell may hold separators, line ends and doubled quotes.
  const cell = /(?:"((?:[^"]|"")*)(?:"|$)|([^",\r\n]*))([^,\r\n]*)(,|\r\n?|\n|$)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [whole, quoted, plain = '', rest = '', end = ''] = match;
    row.push((quoted?.replaceAll('""', '"') ?? plain) + rest);
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
    if (cell.lastIndex >= text.length && end !== ',') break;
    if (whole === '') break;
  }
  return rows;
}
