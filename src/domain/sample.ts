/**
 * What a GPU cost and how many there were, a quarter of an hour at a time. Prices are of one GPU alone, without a disk, in
 * machines that have one: what larger machines ask for each of theirs is another market, and a disk another question.
 */
import type { OfferFilter } from './filter.ts';
import { hostKey, type HostKey } from './hostMemory.ts';
import type { UsdPerHour } from './money.ts';
import type { Offer, OfferKind, ProviderId, Tier } from './offer.ts';

/** Prices of one series are comparable with one another. */
export interface Series {
  readonly gpu: string;
  readonly vramGb: number;
  readonly provider: ProviderId;
  readonly kind: OfferKind;
  readonly tier: Tier;
}

export interface PriceSample extends Series {
  /** When its time begins, epoch milliseconds, ours. */
  readonly at: number;
  /** A quarter of an hour, an hour or a day. */
  readonly spanMs: number;
  readonly low: UsdPerHour;
  /** Undefined where the reading was cut short: of a price-ordered list the beginning alone is known. */
  readonly median?: UsdPerHour;
  /** At least so many. */
  readonly offers: number;
}

/** What a host asked for a machine of its own, from then on. */
export interface HostPrice {
  readonly host: HostKey;
  readonly gpuCount: number;
  readonly at: number;
  /** All GPUs of it, without a disk. */
  readonly rate: UsdPerHour;
}

/** One provider's whole answer to a search. */
export interface MarketRead {
  readonly provider: ProviderId;
  readonly filter: OfferFilter;
  readonly offers: readonly Offer[];
  /** It was cut short: these are the cheapest of each kind. */
  readonly more: boolean;
  /** Our clock. */
  readonly at: number;
}

export const quarterMs = 15 * 60_000;
export const hourMs = 4 * quarterMs;
export const dayMs = 24 * hourMs;

/** What is kept: quarters of an hour for two days, hours for a month, days for a quarter of a year; and in all. */
export const sampleBounds = { quartersMs: 2 * dayMs, hoursMs: 30 * dayMs, keptMs: 90 * dayMs, rows: 100_000, hostRows: 20_000, hostMs: 30 * dayMs } as const;

/** Hosts with more disk than this are few, and not the cheapest. */
const usualDiskGb = 200;

/** Whether a filter leaves whole models as they are. One that asks for a price, trust or a place makes the market look like something else. */
export const isUnbiased = ({ maxPrice, minReliability, region, datacentreOnly, count, diskGb }: OfferFilter): boolean =>
  maxPrice === undefined && minReliability === undefined && region === undefined && datacentreOnly !== true && (count ?? 1) === 1 && diskGb <= usualDiskGb;

/** Nothing where the filter biases, or where our clock is not the provider's: times would be wrong for good. */
export function samplesOf({ filter, offers, more, at }: MarketRead): PriceSample[] {
  if (!isUnbiased(filter) || !clocksAgree(offers, at)) return [];
  const series = Map.groupBy(offers.filter(({ gpuCount, price }) => gpuCount === 1 && price.gpu > 0), seriesKey);
  return [...series.values()].flatMap((members) => {
    const [first] = members;
    const prices = members.map(({ price }) => price.gpu).toSorted((a, b) => a - b);
    const [low] = prices;
    if (first === undefined || low === undefined) return [];
    const median = prices[Math.floor(prices.length / 2)];
    const { gpu, vramGb, provider, kind, tier } = first;
    return [{
      gpu, vramGb, provider, kind, tier, at: at - (at % quarterMs), spanMs: quarterMs, low, offers: prices.length,
      ...(more || median === undefined ? {} : { median }),
    }];
  });
}

/** The least that hosts which can be told again ask now. A bid's floor is the other bidders' doing. */
export function hostPricesOf({ offers, at }: MarketRead): HostPrice[] {
  const asked = new Map<string, HostPrice>();
  for (const offer of clocksAgree(offers, at) ? offers : []) {
    const [host, { gpuCount, price: { gpu: rate } }] = [hostKey(offer), offer];
    if (host === undefined || offer.kind !== 'on-demand') continue;
    const key = `${host}|${gpuCount}`;
    if (rate < (asked.get(key)?.rate ?? Infinity)) asked.set(key, { host, gpuCount, at, rate });
  }
  return [...asked.values()];
}

const clocksAgree = (offers: readonly Offer[], at: number): boolean => Math.abs((offers[0]?.readAt ?? at) - at) <= quarterMs;

export const seriesKey = ({ gpu, vramGb, provider, kind, tier }: Series): string => [gpu, vramGb, provider, kind, tier].join('|');
