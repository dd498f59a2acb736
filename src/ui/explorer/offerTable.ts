/**
 * Ten thousand offers as columns of small whole numbers. Whatever a column holds, its values are told apart, worded
 * and brought into order once each; what is left for every offer is a rank, which is cheap to send, sort and search.
 */
import type { Insight, OfferInsight } from '../../domain/insight.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import type { ColumnView } from '../../webview/explorer/messages.ts';
import type { Voice } from '../voice.ts';
import { figureOf, wordOf, wordText, type FigureColumn, type KnownOffer, type OfferColumn, type WordColumn } from './column.ts';
import type { ShownOffer } from './listedOffers.ts';

/** The cheapest first; equals by their ids, so that the order never flickers. */
export function byPrice(offers: readonly Offer[], insight: Insight, listed: readonly ShownOffer[] = []): readonly KnownOffer[] {
  const known = sorted(offers).map((offer) => ({ offer, insight: insight(offer) }));
  if (listed.length === 0) return known;
  const insights = new Map<ShownOffer, OfferInsight>(known.map((one) => [one.offer, one.insight]));
  return sorted<ShownOffer>([...offers, ...listed]).map((offer) => ({ offer, insight: insights.get(offer) ?? {} }));
}

function sorted<Row extends ShownOffer>(rows: readonly Row[]): readonly Row[] {
  const priced = rows.map((row) => ({ row, price: allIn(row) }));
  return priced.toSorted((a, b) => a.price - b.price || (a.row.id < b.row.id ? -1 : 1)).map(({ row }) => row);
}

/** A column without a text holds nothing. */
export const columnView = (column: OfferColumn, known: readonly KnownOffer[], voice: Voice): ColumnView =>
  (column.figure === undefined ? words(column, known, voice) : figures(column, known, voice));

function figures(column: FigureColumn, known: readonly KnownOffer[], voice: Voice): ColumnView {
  const values = new Float64Array(known.length);
  known.forEach((one, row) => (values[row] = figureOf(column, one) ?? NaN));
  const distinct = distinctOf(values);
  const ranks = new Int32Array(known.length);
  values.forEach((value, row) => (ranks[row] = rankOf(distinct, value)));
  return {
    id: column.id, label: column.label(voice.t), kind: 'figure', ranks, figures: distinct,
    texts: Array.from({ length: distinct.length }, (_, rank) => column.text(distinct[rank] ?? NaN, voice)),
  };
}

/** Typed arrays and no hashing: this is done for every figure of every offer. */
function distinctOf(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  let count = 0;
  // What is unknown is NaN and sorted to the end.
  for (let index = 0; index < sorted.length; index++) {
    const value = sorted[index] ?? NaN;
    if (!Number.isNaN(value) && (count === 0 || value !== sorted[count - 1])) sorted[count++] = value;
  }
  return sorted.slice(0, count);
}

function rankOf(distinct: Float64Array, value: number): number {
  if (Number.isNaN(value)) return -1;
  let [low, high] = [0, distinct.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((distinct[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function words(column: WordColumn, known: readonly KnownOffer[], voice: Voice): ColumnView {
  const { id, label, order, exact } = column;
  const values = known.map((one) => wordOf(column, one));
  const shown = new Map([...new Set(values)].flatMap((word) => (word === undefined ? [] : [[word, wordText(column, word, voice)]])));
  const bySound = (a: string, b: string): number => collator.compare(shown.get(a) ?? '', shown.get(b) ?? '') || byLength(a, b);
  const distinct = [...shown.keys()].toSorted(order !== undefined ? (a, b) => order.indexOf(a) - order.indexOf(b) : exact ? byLength : bySound);
  const rank = new Map<string | undefined, number>(distinct.map((word, index) => [word, index]));
  return { id, label: label(voice.t), kind: 'word', texts: distinct.map((word) => shown.get(word) ?? ''), ranks: Int32Array.from(values.map((word) => rank.get(word) ?? -1)) };
}

const collator = new Intl.Collator(undefined, { numeric: true });
/** Numbers that are written without leading zeros come out in order. */
const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b));
