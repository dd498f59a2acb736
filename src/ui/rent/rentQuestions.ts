/** The two questions before money is spent. Both name a price that was read just now. */
import { atBid, typicalBid } from '../../domain/bid.ts';
import { isAbort, RentError } from '../../domain/errors.ts';
import { nextBest } from '../../domain/filter.ts';
import type { UsdPerHour } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { askBid } from './bidFlow.ts';
import type { Bidding } from './bidWords.ts';
import { nextBestConsent, rentConsent, type ConsentInput } from './consent.ts';
import { askToRaise } from './raiseCap.ts';
import { usedUp } from './purse.ts';
import type { RentDeps } from './rentDeps.ts';
import { startFor } from './starts.ts';
import { limitsFor, type Terms } from './terms.ts';
import { changeTerms } from './termsFlow.ts';

export interface Agreement {
  readonly offer: Offer;
  readonly terms: Terms;
}

/** How many next-best offers are priced in a row before the person is sent to the list. */
const mostCandidates = 5;

/** Asks until the person agrees to one price or turns away; throws `offerGone` when it is gone by then. */
export async function askConsent(deps: RentDeps, offer: Offer, usual: Terms): Promise<Agreement | undefined> {
  const { dialogs, editor, voice } = deps;
  let terms = usual;
  for (;;) {
    const full = usedUp(deps.purse(offer.provider));
    if (full !== undefined) return askToRaise(dialogs, editor, full, voice);
    const quote = await priceNow(deps, offer, terms);
    if (quote === undefined) throw new RentError('offerGone');
    const priced = atBid(quote, terms.bid);
    const bidding = biddingOf(deps, quote);
    const listed = quote.diskGb === offer.diskGb && priced === quote ? { listed: allIn(offer) } : {};
    const answer = await dialogs.confirm({
      ...rentConsent({ ...consentInput(deps, priced, terms), ...listed, ...(bidding === undefined ? {} : { bidding }) }, voice),
      buttons: [
        { id: 'rent', label: voice.t('Rent') },
        ...(bidding === undefined ? [] : [{ id: 'bid' as const, label: voice.t('Change bid…') }]),
        { id: 'limits', label: voice.t('Change limits…') },
      ],
      grave: false,
    });
    if (answer === undefined) return undefined;
    if (answer === 'rent') return { offer: priced, terms };
    if (answer === 'limits') terms = await changeTerms(deps, offer, terms);
    const bid = answer === 'bid' && bidding !== undefined ? await askBid(dialogs, { gpuCount: quote.gpuCount, value: priced.price.gpu }, bidding, voice) : undefined;
    if (bid !== undefined) terms = { ...terms, bid };
  }
}

export interface Failed extends Agreement {
  /** What the person agreed to pay: the next best is never dearer. Undefined before they agreed to anything. */
  readonly agreed: UsdPerHour | undefined;
  /** The sentence that says why it could not be had. */
  readonly happened: string;
  readonly tried: Set<string>;
}

/** `none`: there is nothing to ask about. `leave`: the person has turned away. */
export async function askNextBest(deps: RentDeps, failed: Failed): Promise<Offer | 'none' | 'leave'> {
  const { dialogs, editor, voice } = deps;
  const { volume } = failed.terms;
  const most = failed.agreed ?? (Infinity as UsdPerHour);
  for (let i = 0; i < mostCandidates; i++) {
    const candidate = nextBest(deps.offers().filter((one) => volume === undefined || deps.disks.fits(one, volume)), failed.offer, most, failed.tried);
    if (candidate === undefined) return 'none';
    failed.tried.add(candidate.id);
    const found = await priceOrSkip(deps, candidate, failed.terms);
    if (found === undefined || allIn(found) > most) continue;
    const quote = atBid(found, bidWithin(failed.terms.bid, most, found));
    const bidding = biddingOf(deps, found);
    const answer = await dialogs.confirm({
      ...nextBestConsent(failed.happened, { ...consentInput(deps, quote, failed.terms), ...(bidding === undefined ? {} : { bidding }) }, voice),
      buttons: [{ id: 'rent', label: voice.t('Rent it') }, { id: 'offers', label: voice.t('Show offers') }],
      grave: false,
    });
    if (answer === 'rent') return quote;
    if (answer === 'offers') await editor.showView('gpuRental.offers');
    return 'leave';
  }
  return 'none';
}

/** Undefined where nobody bids. */
function biddingOf({ offers, outbids }: RentDeps, offer: Offer): Bidding | undefined {
  if (offer.kind !== 'interruptible') return undefined;
  const typical = typicalBid(offers(), offer);
  return { floor: offer.price.gpu, own: outbids?.() ?? { hours: 0, times: 0 }, ...(typical === undefined ? {} : { typical }) };
}

/** What was bid for the one that could not be had, as far as that is no dearer here. */
const bidWithin = (bid: UsdPerHour | undefined, most: UsdPerHour, { price }: Offer): UsdPerHour | undefined =>
  bid === undefined ? undefined : (Math.min(bid, most - price.disk) as UsdPerHour);

function priceNow({ dialogs, rentals, voice }: RentDeps, offer: Offer, { diskGb, volume }: Terms): Promise<Offer | undefined> {
  const title = voice.t('Asking {0} for the price now', voice.nameOf(offer.provider));
  return dialogs.progress(title, true, (_, signal) => rentals.quote(offer, diskGb, signal, volume));
}

/** A candidate that cannot be priced is no candidate; the first failure is what the person hears of. */
async function priceOrSkip(deps: RentDeps, offer: Offer, terms: Terms): Promise<Offer | undefined> {
  try {
    return await priceNow(deps, offer, terms);
  } catch (error) {
    if (isAbort(error)) throw error;
    deps.log.warn(`the next best offer ${offer.id} could not be priced`, error);
    return undefined;
  }
}

function consentInput(deps: RentDeps, offer: Offer, terms: Terms): ConsentInput {
  const { practice, purse, traits } = deps;
  const start = startFor(deps, offer, terms);
  const selfStop = traits(offer.provider).carriesGuard(start.image);
  const volume = terms.volume && { is: terms.volume, folder: deps.disks.folder(offer.provider) };
  return { offer, insight: deps.insight(offer), limits: limitsFor(offer, terms), start, selfStop, purse: purse(offer.provider), now: offer.readAt, practice, ...(volume === undefined ? {} : { volume }) };
}
