/** What the interface asks of the estimator. The wiring fills it; parsers and tables are loaded on first use. */
import type { Offer } from '../../domain/offer.ts';
import type { SourceFile } from '../../domain/source.ts';
import type { Reading } from '../../estimate/facts.ts';
import type { Elsewhere } from '../../estimate/offers/elsewhere.ts';
import type { Owning } from '../../estimate/offers/owning.ts';
import type { Picks, Runnable } from '../../estimate/offers/rank.ts';
import type { ServingEstimates } from '../../estimate/offers/serving.ts';
import type { MeasuredRun } from '../../estimate/learn/measuredRun.ts';
import type { HubFacts, HubNames } from '../../estimate/read/hub.ts';
import type { Given } from '../../estimate/read/given.ts';
import type { OfferEstimate } from '../../estimate/result.ts';

export interface ReadOptions {
  /** What the person said in place of what was read, or beyond it. */
  readonly given: Given;
  /** What the Hub said of names, since somebody asked it. */
  readonly hub?: HubFacts;
}

export const pickKinds = ['cheapest', 'fastest', 'safest', 'bestValue'] as const satisfies readonly (keyof Picks)[];
export type PickKind = (typeof pickKinds)[number];

export interface Estimates {
  /** Every offer that was asked about, those that do not fit as well. */
  readonly all: readonly OfferEstimate[];
  /** Those with a cost: first what fits, then what may fit, each by the expected cost of the job. */
  readonly ranked: readonly Runnable[];
  /** What nothing that fits as surely beats in both cost and time. */
  readonly front: readonly Runnable[];
  readonly picks: Picks;
  /** The same where machines are not rented from here, the cheapest of each cloud: a job, or a million tokens and an answer. */
  readonly elsewhere: readonly Elsewhere[];
  /** What answers instead of training has no job to end: it has these figures, and none of those above. */
  readonly serving?: ServingEstimates;
  /** Hours of such work after which owning the card is cheaper. */
  readonly breakEven?: Owning;
}

export interface Estimator {
  /**
   * Keeps what a run measured: from now on it stands for a prediction of the same step on the same kind of machine, and
   * corrects those of the same code elsewhere. False where it cannot be compared, because nobody knows how many samples a step has.
   */
  learn(reading: Reading, measured: MeasuredRun): Promise<boolean>;
  /** Asks the Hub for what a reading leaves open; readings have it from then on. How many of the names were found. */
  lookUp(names: HubNames, signal?: AbortSignal): Promise<number>;
  /** The first file is the script that is asked about; the others stand beside it. Never runs anything. */
  read(files: readonly SourceFile[], options: ReadOptions): Promise<Reading>;
  estimate(reading: Reading, offers: readonly Offer[]): Promise<Estimates>;
}

/** The one that a single figure is told of, when nobody chose. */
export const likeliest = ({ picks, ranked }: Pick<Estimates, 'picks' | 'ranked'>): Runnable | undefined =>
  picks.bestValue ?? picks.cheapest ?? ranked[0];
