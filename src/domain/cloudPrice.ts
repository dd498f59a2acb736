/**
 * What the large clouds ask, as their public lists tell it to anybody. Prices are of whole machines, CPU and memory
 * included, for an hour; nothing can be rented at them from here.
 */
import type { UsdPerHour } from './money.ts';

/** Those whose lists can be read without a key. */
export const listedClouds = ['aws', 'azure', 'gcp'] as const;
export type ListedCloud = (typeof listedClouds)[number];

export const cloudAreas = ['us', 'europe', 'asia'] as const;
export type CloudArea = (typeof cloudAreas)[number];

/** One region stands for each part of the world: most GPUs are there, and prices between neighbours differ little. */
export const cloudRegions: Readonly<Record<ListedCloud, Readonly<Record<CloudArea, string>>>> = {
  aws: { us: 'us-east-1', europe: 'eu-central-1', asia: 'ap-northeast-1' },
  azure: { us: 'eastus', europe: 'westeurope', asia: 'japaneast' },
  gcp: { us: 'us-central1', europe: 'europe-west4', asia: 'asia-northeast1' },
};

/** One line of a list, before anything about it is believed. */
export interface CloudQuote {
  readonly instance: string;
  readonly region: string;
  readonly kind: 'on-demand' | 'spot';
  readonly usdPerHour: number;
  readonly vcpus?: number;
  readonly ramGb?: number;
}

export interface CataloguePage {
  readonly quotes: readonly CloudQuote[];
  /** Lines about what was asked for that could not be read, or are in another unit. */
  readonly dropped: number;
  /** Where it was read, and which issue of it. */
  readonly source: string;
  /** When the list was made, or where it does not say so, read. Epoch milliseconds. */
  readonly at: number;
}

export interface Wanted {
  readonly instances: readonly string[];
  readonly regions: readonly string[];
}

/** The public lists. A list that did not come whole throws: half of one is none. */
export interface Catalogues {
  read(cloud: ListedCloud, wanted: Wanted, signal?: AbortSignal): Promise<CataloguePage>;
}

/** A price that was believed. */
export interface CloudPrice {
  readonly instance: string;
  readonly region: string;
  readonly onDemand: UsdPerHour;
  readonly spot?: UsdPerHour;
  readonly vcpus?: number;
  readonly ramGb?: number;
}

/** What one cloud asked on one day. */
export interface CloudList {
  readonly cloud: ListedCloud;
  readonly source: string;
  readonly at: number;
  readonly prices: readonly CloudPrice[];
}

/** The last lists that were believed, kept for every window and for the next start. */
export interface CloudLists {
  read(): Promise<readonly CloudList[]>;
  /** Takes the place of what is kept of that cloud. */
  keep(list: CloudList): Promise<void>;
}
