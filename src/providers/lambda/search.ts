/** Live offers. One answer has all of them, so a search is one page. */
import { RentError } from '../../domain/errors.ts';
import { offerMatcher, type OfferFilter } from '../../domain/filter.ts';
import type { Http } from '../../domain/http.ts';
import type { Offer, OfferPage } from '../../domain/offer.ts';
import { decodeOfferKey } from './offerKey.ts';
import { readTypes } from './typesCall.ts';

export interface SearchDeps {
  readonly http: Http;
  readonly signedIn: () => Promise<boolean>;
}

/**
 * Nothing without a key, because there are no prices for strangers: somebody with no account here has not failed at
 * anything, unless it is Lambda that they asked for.
 */
export async function* search({ http, signedIn }: SearchDeps, filter: OfferFilter, signal: AbortSignal): AsyncGenerator<OfferPage, void, void> {
  if ((filter.provider ?? 'lambda') !== 'lambda' || filter.kind === 'interruptible' || filter.minReliability !== undefined) return;
  if (!(await signedIn())) {
    if (filter.provider === 'lambda') throw new RentError('noKey', { detail: 'Lambda shows its offers to nobody without a key' });
    return;
  }
  const { offers, dropped } = await http.send(readTypes(), signal);
  const isWanted = offerMatcher(filter);
  yield { offers: offers.filter((offer) => offer.diskGb >= filter.diskGb && isWanted(offer)), dropped, more: false };
}

/** The same type in the same region, as it is now; undefined where none is free, or its disk is too small. */
export async function findOffer(http: Http, key: string, diskGb: number, signal: AbortSignal): Promise<Offer | undefined> {
  if (decodeOfferKey(key) === undefined) return undefined;
  const { offers } = await http.send(readTypes(), signal);
  return offers.find(({ id, diskGb: has }) => id === `lambda:${key}` && has >= diskGb);
}
