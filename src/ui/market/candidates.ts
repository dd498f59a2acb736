import type { Offer } from '../../domain/offer.ts';

/** What may be rented in the place of an offer that is gone: what is on show, and what met an alert just now. */
export function candidates(shown: readonly Offer[], met: readonly Offer[], isLeftOut: (offer: Offer) => boolean): readonly Offer[] {
  if (met.length === 0) return shown;
  const known = new Set(shown.map(({ id }) => id));
  return [...shown, ...met.filter((offer) => !known.has(offer.id) && !isLeftOut(offer))];
}
