import type { HostIncident } from '../../domain/hostMemory.ts';
import type { Offer } from '../../domain/offer.ts';
import { hostOf } from './hiddenHosts.ts';
import type { OfferPreferences } from './preferences.ts';

export type IncidentOf = (offer: Offer) => HostIncident | undefined;

/** What is not offered: private hosts where sensitive work is done, hosts that the person hid, and those that failed here lately unless they are to be shown. */
export const isLeftOut = (offer: Offer, { hidden, limited, showsFailed }: Pick<OfferPreferences, 'hidden' | 'limited' | 'showsFailed'>, incidentOf: IncidentOf): boolean =>
  (limited && offer.tier !== 'datacentre') || isHidden(offer, hidden) || (!showsFailed && incidentOf(offer) !== undefined);

export const isHidden = (offer: Offer, hidden: ReadonlySet<string>): boolean => hidden.size > 0 && hidden.has(hostOf(offer) ?? '');
