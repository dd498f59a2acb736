import { gpuMatcher } from './gpu.ts';
import type { Usd, UsdPerHour } from './money.ts';
import { allIn, type Offer, type OfferKind, type ProviderId } from './offer.ts';

/** What a person is looking for. Absent means "any"; the disk is always there, because it is part of the price. */
export interface OfferFilter {
  readonly diskGb: number;
  readonly gpu?: string;
  readonly count?: number;
  readonly minVramGb?: number;
  readonly maxPrice?: UsdPerHour;
  /** 0..1. Offers without a published figure cannot meet it. */
  readonly minReliability?: number;
  /** A country code or a part of the place's name. */
  readonly region?: string;
  readonly provider?: ProviderId;
  readonly datacentreOnly?: boolean;
  readonly kind?: OfferKind;
}

export const defaultFilter: OfferFilter = { diskGb: 40 };

/** What a filter looks at; the seller may be one that it cannot name. */
type Filtered = Omit<Offer, 'id' | 'provider'> & { readonly provider: string };

/** Checked again here whatever the provider was asked: servers do not always honour their own filters. */
export function offerMatcher(filter: OfferFilter): (offer: Filtered) => boolean {
  const isGpu = filter.gpu === undefined ? undefined : gpuMatcher(filter.gpu);
  return (offer) =>
    (isGpu === undefined || isGpu(offer.gpu)) &&
    (filter.count === undefined || offer.gpuCount === filter.count) &&
    (filter.minVramGb === undefined || offer.vramGb >= filter.minVramGb) &&
    (filter.maxPrice === undefined || allIn(offer) <= filter.maxPrice) &&
    (filter.minReliability === undefined || (offer.reliability ?? -1) >= filter.minReliability) &&
    (filter.region === undefined || isIn(offer, filter.region)) &&
    (filter.provider === undefined || offer.provider === filter.provider) &&
    (filter.datacentreOnly !== true || offer.tier === 'datacentre') &&
    (filter.kind === undefined || offer.kind === filter.kind);
}

export const matches = (offer: Offer, filter: OfferFilter): boolean => offerMatcher(filter)(offer);

function isIn(offer: Pick<Offer, 'country' | 'place'>, region: string): boolean {
  const wanted = region.trim().toLowerCase();
  if (wanted.length === 2) return offer.country?.toLowerCase() === wanted || offer.place.toLowerCase().startsWith(`${wanted}-`);
  return offer.place.toLowerCase().includes(wanted);
}

export type OfferSort = 'price' | 'reliability' | 'pricePerGpu' | 'finish';

/** What finishing a job is expected to cost on an offer; undefined where it cannot be finished. */
export type FinishCost = (offer: Offer) => Usd | undefined;

/** Cheapest, most reliable, cheapest per GPU or cheapest to finish first; ties by price, then by id so that the order never flickers. */
export function compareOffers(sort: OfferSort, finish: FinishCost = () => undefined): (a: Offer, b: Offer) => number {
  const byPrice = (a: Offer, b: Offer): number => allIn(a) - allIn(b) || (a.id < b.id ? -1 : Number(a.id > b.id));
  switch (sort) {
    case 'price':
      return byPrice;
    case 'reliability':
      return (a, b) => trust(b) - trust(a) || byPrice(a, b);
    case 'pricePerGpu':
      return (a, b) => allIn(a) / a.gpuCount - allIn(b) / b.gpuCount || byPrice(a, b);
    case 'finish':
      return (a, b) => (finish(a) ?? mostUsd) - (finish(b) ?? mostUsd) || byPrice(a, b);
  }
}

const mostUsd = Number.MAX_SAFE_INTEGER;

/** Published figures first, by figure; then datacentre tiers without one; then the rest. */
const trust = (offer: Offer): number => offer.reliability ?? (offer.tier === 'datacentre' ? -1 : -2);

export interface OfferGroup {
  readonly gpu: string;
  readonly vramGb: number;
  readonly offers: readonly Offer[];
  /** The lowest all-in price in the group. */
  readonly from: UsdPerHour;
}

/** Groups by GPU model and memory, cheapest group first, each group in the order asked. */
export function groupOffers(offers: readonly Offer[], sort: OfferSort, finish?: FinishCost): OfferGroup[] {
  const groups = new Map<string, Offer[]>();
  for (const offer of offers) {
    const key = `${offer.gpu}|${offer.vramGb}`;
    const group = groups.get(key);
    if (group) group.push(offer);
    else groups.set(key, [offer]);
  }
  return [...groups.values()]
    .map((members) => toGroup(members.toSorted(compareOffers(sort, finish))))
    .toSorted((a, b) => a.from - b.from || a.gpu.localeCompare(b.gpu));
}

function toGroup(offers: readonly Offer[]): OfferGroup {
  const [first] = offers as readonly [Offer, ...Offer[]];
  const from = offers.reduce((least, offer) => (allIn(offer) < least ? allIn(offer) : least), allIn(first));
  return { gpu: first.gpu, vramGb: first.vramGb, offers, from };
}

/** The offer to try when `failed` could not be had: like it, never dearer than what was agreed. */
export function nextBest(offers: readonly Offer[], failed: Offer, agreed: UsdPerHour, tried: ReadonlySet<string>): Offer | undefined {
  return offers
    .filter((offer) => offer.gpu === failed.gpu && offer.vramGb >= failed.vramGb && offer.gpuCount === failed.gpuCount)
    .filter((offer) => offer.kind === failed.kind && !(failed.tier === 'datacentre' && offer.tier !== 'datacentre'))
    .filter((offer) => allIn(offer) <= agreed && !tried.has(offer.id) && offer.id !== failed.id)
    .toSorted(compareOffers('price'))[0];
}
