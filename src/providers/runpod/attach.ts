import { zeroRate } from '../../domain/money.ts';
import { offerKey, type Offer } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';
import { decodeOfferKey } from './offerKey.ts';

/** It takes the place of the disk that a stop would keep: what is left of the offer's own is wiped by a stop, and free then. */
export function attach(offer: Offer, volume: Volume): Offer | undefined {
  const wish = decodeOfferKey(offerKey(offer.id));
  if (offer.provider !== 'runpod' || volume.provider !== 'runpod' || wish?.cloud !== 'SECURE' || wish.dataCenterId !== volume.site) return undefined;
  return { ...offer, price: { ...offer.price, stoppedDisk: zeroRate } };
}
