/** A wish that the market does not meet now. It is looked for while an editor is open, and not otherwise. */
import { alertEveryMs } from './alertPace.ts';
import { compareOffers, offerMatcher, type OfferFilter } from './filter.ts';
import type { Offer } from './offer.ts';

export interface Alert {
  readonly id: string;
  readonly filter: OfferFilter;
  /** Epoch milliseconds, ours, as all times here. */
  readonly madeAt: number;
  /** When what it wishes for was last there. */
  readonly seenAt?: number;
  /** Since when it was there without a break; tells one appearance from the next. */
  readonly since?: number;
}

/** More are not asked for politely. */
export const mostAlerts = 8;
/** What was gone for less than this was only not read: every look that failed would else make news. */
const breakMs = 3 * alertEveryMs;

/** The alert after a look that found what it wishes for. */
export function withSeen(alert: Alert, now: number): Alert {
  const { seenAt, since } = alert;
  const goesOn = seenAt !== undefined && since !== undefined && Math.abs(now - seenAt) < breakMs;
  return { ...alert, seenAt: now, since: goesOn ? since : now };
}

/** The cheapest first. Prices of another disk say nothing. */
export function meeting({ filter }: Alert, offers: readonly Offer[]): Offer[] {
  const isWanted = offerMatcher(filter);
  return offers.filter((offer) => offer.diskGb === filter.diskGb && isWanted(offer)).toSorted(compareOffers('price'));
}

/** Where alerts are kept, for all windows. */
export interface AlertMemory {
  alerts(): readonly Alert[];
  /** False where there are too many. */
  add(alert: Alert): boolean;
  remove(id: string): void;
  /** Replaces the alert of that id; what was removed meanwhile does not come back. */
  update(alert: Alert): void;
  /** True for the window whose turn it is to look: one in each `everyMs`. */
  claim(now: number, everyMs: number): boolean;
}
