/** Live offers, both kinds, a page at a time, for as long as the minute's searches last. */
import { isRentError } from '../../domain/errors.ts';
import { offerMatcher, type OfferFilter } from '../../domain/filter.ts';
import type { Http, Pace } from '../../domain/http.ts';
import type { Offer, OfferKind, OfferPage } from '../../domain/offer.ts';
import type { Log } from '../../domain/ports.ts';
import type { GpuNames } from './gpuNames.ts';
import { Pager } from './paging.ts';
import { rentableGb } from './prices.ts';
import { oneOfferQuery, searchQuery } from './query.ts';
import { searchOffers, searchPaces, type OfferRead } from './searchCalls.ts';

const kinds: readonly OfferKind[] = ['on-demand', 'interruptible'];

export interface SearchDeps {
  readonly http: Http;
  readonly gpuNames: GpuNames;
  readonly log: Log;
}

export async function* search({ http, gpuNames, log }: SearchDeps, filter: OfferFilter, signal: AbortSignal): AsyncGenerator<OfferPage, void, void> {
  if (filter.provider !== undefined && filter.provider !== 'vast') return;
  const isWanted = wantedBy(filter);
  const names = filter.gpu === undefined ? undefined : await gpuNames.of(filter.gpu, signal);
  let open = kinds.filter((kind) => filter.kind === undefined || filter.kind === kind).map((kind) => ({ kind, pager: new Pager() }));
  let pace: Pace = searchPaces.firstPage;
  let more = false;
  // The first page of each kind comes before the second of any.
  while (open.length > 0) {
    const unfinished: typeof open = [];
    for (const list of open) {
      const about = { kind: list.kind, diskGb: rentableGb(filter.diskGb) };
      const read = await pageOrNone(http.send(searchOffers(searchQuery(filter, list.kind, names, list.pager.start), pace, about), signal), pace);
      if (read === undefined) return yield nothing(true);
      if (read.problem !== undefined) log.debug(`${read.dropped} of Vast's ${list.kind} offers could not be read: ${read.problem}`);
      const { fresh, next } = list.pager.take(read);
      const offers = [...read.offers].filter(([id, offer]) => fresh.has(id) && isWanted(offer)).map(([, offer]) => offer);
      yield { offers, dropped: read.dropped, more: false };
      if ('start' in next) unfinished.push(list);
      else more ||= next.more;
    }
    open = unfinished;
    pace = searchPaces.furtherPage;
  }
  if (more) yield nothing(true);
}

/** Hosts that Vast has not verified are left out, as on its own site. */
function wantedBy(filter: OfferFilter): (offer: Offer) => boolean {
  const matches = offerMatcher(filter);
  return (offer) => offer.details.verified !== false && matches(offer);
}

/** Whether there is more is known only in the end, so it stands on a page of its own. */
const nothing = (more: boolean): OfferPage => ({ offers: [], dropped: 0, more });

/** Undefined when a further page would have to wait for the next minute. */
async function pageOrNone(page: Promise<OfferRead>, pace: Pace): Promise<OfferRead | undefined> {
  try {
    return await page;
  } catch (error) {
    if (pace === searchPaces.furtherPage && isRentError(error, 'rateLimited')) return undefined;
    throw error;
  }
}

/** The offer as it is now; undefined when it cannot be rented any more, or not with that disk. */
export async function findOffer(http: Http, key: string, diskGb: number, signal: AbortSignal): Promise<Offer | undefined> {
  const wanted = parseOfferKey(key);
  if (wanted === undefined) return undefined;
  const query = oneOfferQuery(wanted.ask, wanted.kind, diskGb);
  const read = await http.send(searchOffers(query, searchPaces.oneOffer, { kind: wanted.kind, diskGb: rentableGb(diskGb) }), signal);
  return read.offers.get(wanted.ask);
}

/** `123` on demand, `123-bid` interruptible. */
export function parseOfferKey(key: string): { ask: number; kind: OfferKind } | undefined {
  const [, ask, bid] = /^([1-9]\d{0,14})(-bid)?$/.exec(key) ?? [];
  return ask === undefined ? undefined : { ask: Number(ask), kind: bid === undefined ? 'on-demand' : 'interruptible' };
}
