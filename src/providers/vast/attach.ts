import type { Offer } from '../../domain/offer.ts';
import type { Volume } from '../../domain/volume.ts';

/** Where Vast's own site mounts them. */
export const volumeFolder = '/data';

/** The volume's price is a contract of its own: the offer's stays what it is. */
export const attach = (offer: Offer, volume: Volume): Offer | undefined =>
  offer.provider === 'vast' && volume.provider === 'vast' && offer.details.machineId === volume.site ? offer : undefined;
