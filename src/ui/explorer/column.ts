/** What a column of the explorer is: one entry gives the page its cells, CSV its values and the comparison its lines. */
import type { OfferInsight } from '../../domain/insight.ts';
import { plain } from '../escape.ts';
import type { Translate, Voice } from '../voice.ts';
import type { ShownOffer } from './listedOffers.ts';

const longestText = 60;

/** An offer, and what is known of it beyond what its provider says. */
export interface KnownOffer {
  readonly offer: ShownOffer;
  readonly insight: OfferInsight;
}

interface Column {
  /** The head in CSV as well, so it is English and names the unit. */
  readonly id: string;
  readonly label: (t: Translate) => string;
  /** Shown until a person chooses. */
  readonly usual?: true;
}

export interface FigureColumn extends Column {
  readonly word?: never;
  readonly figure: (known: KnownOffer) => number | undefined;
  readonly text: (figure: number, voice: Voice) => string;
  readonly better?: 'less' | 'more';
  /** In CSV, where the figure itself is not what programs want. */
  readonly csv?: (figure: number) => string;
}

export interface WordColumn extends Column {
  readonly figure?: never;
  readonly word: (known: KnownOffer) => string | undefined;
  /** The word itself unless said; whatever it is, it is made plain. */
  readonly text?: (word: string, voice: Voice) => string;
  /** From least to most, where that is not the order of the alphabet. */
  readonly order?: readonly string[];
  /** Names of things: told apart by every character, and by the thousand. */
  readonly exact?: true;
}

export type OfferColumn = FigureColumn | WordColumn;

/** What no text tells: a figure that is none counts as unknown. */
export function figureOf(column: FigureColumn, known: KnownOffer): number | undefined {
  const figure = column.figure(known);
  return figure !== undefined && Number.isFinite(figure) ? figure : undefined;
}

export const wordOf = (column: WordColumn, known: KnownOffer): string | undefined => column.word(known) || undefined;

/** Whoever wrote it, it is one plain line of bounded length. */
export const wordText = ({ text }: WordColumn, word: string, voice: Voice): string => plain(text === undefined ? word : text(word, voice), longestText);

/** What the cell of an offer says; undefined where nothing is known. */
export function textOf(column: OfferColumn, known: KnownOffer, voice: Voice): string | undefined {
  if (column.figure === undefined) {
    const word = wordOf(column, known);
    return word === undefined ? undefined : wordText(column, word, voice);
  }
  const figure = figureOf(column, known);
  return figure === undefined ? undefined : column.text(figure, voice);
}

export const holdsSomething = (column: OfferColumn, all: readonly KnownOffer[]): boolean =>
  all.some((known) => (column.figure === undefined ? wordOf(column, known) : figureOf(column, known)) !== undefined);
