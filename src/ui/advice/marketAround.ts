import type { Offer } from '../../domain/offer.ts';
import type { HourSeen } from '../../domain/standing.ts';
import { hourlyPrices } from '../../estimate/advice/offPeak.ts';
import type { Market } from '../../estimate/advice/rules.ts';

export interface AroundDeps {
  /** What is listed now. */
  readonly offers: () => readonly Offer[];
  /** What this editor saw of the prices of its model; nothing until that was read. */
  readonly hoursSeen: (offer: Offer) => readonly HourSeen[];
  readonly now: () => number;
}

/** What stands around an offer: those like it, itself counted, and its model's prices by the hour of the day. */
export const marketAround = ({ offers, hoursSeen, now }: AroundDeps) => (offer: Offer): Market => {
  const ownPrices = hourlyPrices(hoursSeen(offer), now());
  return {
    alike: offers().filter(({ gpu, gpuCount }) => gpu === offer.gpu && gpuCount === offer.gpuCount).length,
    ...(ownPrices === undefined ? {} : { ownPrices }),
  };
};
