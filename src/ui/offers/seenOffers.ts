import type { OfferFilter } from '../../domain/filter.ts';
import { offerMatcher } from '../../domain/filter.ts';
import type { Offer, OfferId } from '../../domain/offer.ts';
import type { MarketView } from '../../services/market.ts';

/** An offer unseen for longer may be gone. */
const forgetAfterMs = 15 * 60_000;
const mostUnread = 8;

/**
 * Offers read lately under any filter. A filter narrows what providers are asked for, so this is
 * the only way to say how many offers another choice would leave.
 */
export class SeenOffers {
  #offers = new Map<OfferId, Offer>();
  /** A reading tells of its rows again and again; the last time holds those of the times before. */
  readonly #unread = new Map<OfferFilter, Pick<MarketView, 'offers'>>();

  add(view: Pick<MarketView, 'filter' | 'offers'>): void {
    this.#unread.set(view.filter, view);
    if (this.#unread.size > mostUnread) this.#takeIn();
  }

  /** Those still likely to be there, priced for `diskGb`. */
  recent(diskGb: number, now: number): readonly Offer[] {
    this.#takeIn();
    const kept = [...this.#offers].filter(([, offer]) => now - offer.readAt <= forgetAfterMs && offer.diskGb === diskGb);
    this.#offers = new Map(kept);
    return kept.map(([, offer]) => offer);
  }

  #takeIn(): void {
    for (const { offers } of this.#unread.values()) for (const offer of offers) this.#offers.set(offer.id, offer);
    this.#unread.clear();
  }
}

export const countMatching = (offers: readonly Offer[], filter: OfferFilter): number => offers.filter(offerMatcher(filter)).length;
