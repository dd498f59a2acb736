/** What is known of an offer beyond what its provider says of it: shown beside it, and why. */
import type { HostIncident } from './hostMemory.ts';
import type { Usd } from './money.ts';
import type { Offer } from './offer.ts';

/** Against the samples of the same GPU model, as many as this editor has seen. */
export type Standing = 'cheap' | 'usual' | 'dear';

export interface OfferInsight {
  readonly standing?: Standing;
  /** The newest trouble with its host that still counts. */
  readonly incident?: HostIncident;
  /** What finishing the job that was named is expected to cost here, interruptions and all. */
  readonly finish?: Usd;
}

export type Insight = (offer: Offer) => OfferInsight;
