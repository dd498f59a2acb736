import type { HostIncident } from '../../domain/hostMemory.ts';
import type { Offer } from '../../domain/offer.ts';
import { hostOf } from './hiddenHosts.ts';
import type { OfferPreferences } from './preferences.ts';

export type IncidentOf = (offer: Offer) => HostIncident | undefined;

/** What is not offered: hosts that the person hid, and those that failed here lately unless they are to be shown. */
export const isLeftOut = (offer: Offer, { hidden, showsFailed }: Pick<OfferPreferences, 'hidden' | 'showsFailed'>, incidentOf: IncidentOf): boolean =>
  isHidden(offer, hidden) || (!showsFailed && incidentOf(offer) !== undefined);

export const isHidden = (offer: Offer, hidden: ReadonlySet<string>): boolean => hidden.size > 0 && hidden.has(hostOf(offer) ?? '');
