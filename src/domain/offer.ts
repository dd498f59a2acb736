import type { UsdPerHour } from './money.ts';

export const providerIds = ['vast', 'runpod', 'lambda'] as const;
export type ProviderId = (typeof providerIds)[number];

/** `provider:key`; the key is the provider's business. */
export type OfferId = `${ProviderId}:${string}`;
export type OfferKind = 'on-demand' | 'interruptible';

/** How far a journal went at one moment: no clock, so that none that is set can change what came first. */
export type JournalPlace = number;

/** What stands behind an offer: a private host, or a datacentre that the provider answers for. */
export type Tier = 'community' | 'datacentre';
export type Stock = 'low' | 'medium' | 'high';

export interface PriceParts {
  readonly gpu: UsdPerHour;
  /** Disk of `Offer.diskGb` while the machine runs. */
  readonly disk: UsdPerHour;
  /** The same disk while the machine is stopped; zero where a stop keeps none. */
  readonly stoppedDisk: UsdPerHour;
}

export interface OfferDetails {
  readonly machineId?: string;
  readonly hostId?: string;
  readonly cpuName?: string;
  readonly cpuCores?: number;
  readonly ramGb?: number;
  readonly diskName?: string;
  readonly diskMbPerS?: number;
  readonly maxDiskGb?: number;
  readonly downMbps?: number;
  readonly upMbps?: number;
  /** Traffic price in dollars per GB; charged on top of the all-in price. */
  readonly downUsdPerGb?: number;
  readonly upUsdPerGb?: number;
  readonly pcieGbPerS?: number;
  readonly cuda?: string;
  readonly driver?: string;
  /** Longest rental, epoch milliseconds of its end. */
  readonly availableUntil?: number;
  readonly listedSince?: number;
  readonly verified?: boolean;
  /** Every stretch of this length that has begun is charged whole, milliseconds; absent where seconds count. */
  readonly billedEveryMs?: number;
  /** A machine of it can only be destroyed: at its limits, too. */
  readonly noStop?: boolean;
  /** False when only a slow proxy reaches SSH. */
  readonly directSsh?: boolean;
}

export interface Offer {
  readonly id: OfferId;
  readonly provider: ProviderId;
  /** The model as people say it: `RTX 4090`, `H100 SXM`. */
  readonly gpu: string;
  readonly gpuCount: number;
  /** Per GPU, as sold (24 for a 4090). */
  readonly vramGb: number;
  readonly price: PriceParts;
  /** The disk that the price assumes and that a rental will get. */
  readonly diskGb: number;
  readonly kind: OfferKind;
  readonly tier: Tier;
  /** How the provider itself calls the tier, when it has a name for it: `Secure`, `Community`. */
  readonly tierName?: string;
  /** 0..1 as published. Undefined where the provider publishes none: never guessed. */
  readonly reliability?: number;
  readonly stock?: Stock;
  /** As shown: `Norway`, `Texas, US`, `EU-RO-1`; empty when unknown. */
  readonly place: string;
  /** ISO 3166-1 alpha-2 where it is known. */
  readonly country?: string;
  readonly readAt: number;
  /** Of a price that somebody asked for: where the journal stood then, as `Journal.place` says it. */
  readonly askedAt?: JournalPlace;
  readonly details: OfferDetails;
}

/** The only price offers are compared by. */
export const allIn = ({ price }: Pick<Offer, 'price'>): UsdPerHour => (price.gpu + price.disk) as UsdPerHour;

/** Nobody sells for nothing, or a machine without GPUs: such a row is a mistake of whoever wrote it. */
export const isSellable = ({ price, gpuCount, vramGb }: Offer): boolean =>
  price.gpu > 0 && price.gpu < Infinity && price.disk >= 0 && price.disk < Infinity && price.stoppedDisk >= 0 &&
  Number.isInteger(gpuCount) && gpuCount >= 1 && vramGb > 0;

export const offerKey = (id: OfferId | string): string => id.slice(id.indexOf(':') + 1);
export function providerOf(id: string): ProviderId | undefined {
  const name = id.slice(0, Math.max(0, id.indexOf(':')));
  return providerIds.find((provider) => provider === name);
}

/** One line in a provider's answer can be unreadable without the rest being lost. */
export interface OfferPage {
  readonly offers: readonly Offer[];
  readonly dropped: number;
  /** True when the provider has more than it was asked for: what was read is then the cheapest of each kind. */
  readonly more: boolean;
}
