import { csv } from '../../domain/csv.ts';
import { figureOf, wordOf, type KnownOffer, type OfferColumn } from './column.ts';
import { offerColumns } from './offerColumns.ts';

/** Every column there is, in dollars, gigabytes and megabits, with English heads: it is for programs. */
export const offersCsv = (known: readonly KnownOffer[]): string =>
  csv([offerColumns.map(({ id }) => id), ...known.map((one) => offerColumns.map((column) => cell(column, one) ?? ''))]);

function cell(column: OfferColumn, known: KnownOffer): string | number | undefined {
  if (column.figure === undefined) return wordOf(column, known);
  const figure = figureOf(column, known);
  return figure === undefined || column.csv === undefined ? figure : column.csv(figure);
}
