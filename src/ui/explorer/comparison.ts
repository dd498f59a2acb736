/** Offers beside each other, line by line, with what is best on each. */
import { formatRate } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { ComparedLine, ComparisonView } from '../../webview/explorer/messages.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { gpus } from '../words.ts';
import { figureOf, textOf, type KnownOffer, type OfferColumn } from './column.ts';
import { offerColumns } from './offerColumns.ts';

/** Only what tells the offers something: a line of unknowns is left out. */
export const comparison = (all: readonly KnownOffer[], voice: Voice): ComparisonView => ({
  offers: all.map(({ offer }) => ({ id: offer.id, name: gpus(offer.gpuCount, plain(offer.gpu, 60)), price: formatRate(allIn(offer)) })),
  lines: offerColumns.map((column) => lineOf(column, all, voice)).filter(({ cells }) => cells.some(({ text }) => text !== '')),
});

function lineOf(column: OfferColumn, all: readonly KnownOffer[], voice: Voice): ComparedLine {
  const best = bestOf(column, all);
  return { label: column.label(voice.t), cells: all.map((known) => ({ text: textOf(column, known, voice) ?? '', best: best.has(known) })) };
}

/** None where there is no better end, or where all that is known is alike. */
export function bestOf(column: OfferColumn, all: readonly KnownOffer[]): ReadonlySet<KnownOffer> {
  if (column.figure === undefined || column.better === undefined) return new Set();
  const figures = all.map((known) => figureOf(column, known)).filter((figure) => figure !== undefined);
  const best = column.better === 'less' ? Math.min(...figures) : Math.max(...figures);
  return figures.every((figure) => figure === best) ? new Set() : new Set(all.filter((known) => figureOf(column, known) === best));
}
