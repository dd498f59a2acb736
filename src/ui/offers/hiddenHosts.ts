import type { Offer } from '../../domain/offer.ts';

/** What "hide this host" remembers; undefined where the provider does not name its hosts. */
export const hostOf = (offer: Offer): string | undefined =>
  offer.details.hostId === undefined ? undefined : `${offer.provider}:${offer.details.hostId}`;
