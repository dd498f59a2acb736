import type { OfferFilter } from '../../domain/filter.ts';
import { offerMatcher } from '../../domain/filter.ts';
import type { Offer, OfferId } from '../../domain/offer.ts';

/** An offer unseen for longer may be gone. */
const forgetAfterMs = 15 * 60_000;

/**
 * Offers read lately under any filter. A filter narrows what providers are asked for, so this is
 * the only way to say how many offers another choice would leave.
 */
export class SeenOffers {
  #offers = new Map<OfferId, Offer>();

  add(offers: readonly Offer[]): void {
    for (const offer of offers) this.#offers.set(offer.id, offer);
  }

  /** Those still likely to be there, priced for `diskGb`. */
  recent(diskGb: number, now: number): readonly Offer[] {
    const kept = [...this.#offers].filter(([, offer]) => now - offer.readAt <= forgetAfterMs && offer.diskGb === diskGb);
    this.#offers = new Map(kept);
    return kept.map(([, offer]) => offer);
  }
}

export const countMatching = (offers: readonly Offer[], filter: OfferFilter): number => offers.filter(offerMatcher(filter)).length;
