/** What an estimate has to say in a note, whatever kind of work it is about. */
import type { Assumption, OfferEstimate } from '../../estimate/result.ts';
import { machineName } from './figures.ts';

const mostLines = 20;

/** What differs between a job that ends and a server that does not. */
export interface NoteText {
  readonly best: string | undefined;
  readonly count: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly assumptions: readonly Assumption[];
  /** What else there is to compare with. */
  readonly after: string | undefined;
}

/** One line a machine: twenty offers of one card say nothing new. */
export const cheapestOfEach = <Ranked extends Pick<OfferEstimate, 'offer'>>(ranked: readonly Ranked[]): readonly Ranked[] =>
  [...Map.groupBy(ranked, machineName).values()].flatMap(([first]) => first ?? []).slice(0, mostLines);

export const rounded = (value: number | undefined): number | undefined => (value === undefined ? undefined : Number(value.toPrecision(4)));
