import type { Usd, UsdPerHour } from './money.ts';
import { perMonth, sumUsd } from './money.ts';
import type { Offer, ProviderId } from './offer.ts';

export type VolumeId = `${ProviderId}:${string}`;

/** A disk of the account's own: it outlives machines, costs money with or without one, and lies where it was made. */
export interface Volume {
  readonly id: VolumeId;
  readonly provider: ProviderId;
  readonly key: string;
  readonly name: string;
  readonly sizeGb: number;
  /** Where machines have to be to use it: a data centre's or a machine's id. */
  readonly site: string;
  /** As shown: `EU-RO-1`, `Norway`. */
  readonly place: string;
  /** Undefined where the provider publishes no price for its kind. */
  readonly rate?: UsdPerHour;
  /** Keys of the machines it is attached to, as far as the provider says. */
  readonly usedBy: readonly string[];
}

export interface VolumeListing {
  readonly volumes: readonly Volume[];
  /** False when a row was unreadable: such a list proves no absence. */
  readonly complete: boolean;
}

/** Where a disk can be made, and at which price. */
export interface VolumeSite {
  readonly provider: ProviderId;
  /** What the provider's create call wants; may be another name than `site`. */
  readonly key: string;
  readonly site: string;
  readonly place: string;
  readonly leastGb: number;
  readonly mostGb: number;
  readonly rateFor: (sizeGb: number) => UsdPerHour;
}

export interface VolumeOrder {
  readonly site: VolumeSite;
  readonly name: string;
  readonly sizeGb: number;
}

/** A provider's disks. All calls may throw a `RentError`; `create` is sent once, and its lost answer is resolved by the name. */
export interface VolumeCalls {
  /** Where a machine finds the disk. */
  readonly folder: string;
  list(signal: AbortSignal): Promise<VolumeListing>;
  /** For Vast, whose sites are single machines: only those asked for. */
  sites(machines: readonly string[], signal: AbortSignal): Promise<readonly VolumeSite[]>;
  create(order: VolumeOrder): Promise<string>;
  /** What does not exist is deleted enough. Refused with `notAllowed` while a machine uses it. */
  remove(key: string): Promise<void>;
  /** The offer as it is when rented with this disk; undefined where it cannot be attached. */
  attach(offer: Offer, volume: Volume): Offer | undefined;
}

/** Names that both providers take, as a part of an address and of a docker flag. */
export const isVolumeName = (name: string): boolean => /^[A-Za-z0-9_]{1,64}$/.test(name);

/** What those disks cost a month together, as far as their prices are published. */
export const volumesPerMonth = (volumes: readonly Volume[]): Usd => sumUsd(volumes.flatMap(({ rate }) => (rate === undefined ? [] : [perMonth(rate)])));
