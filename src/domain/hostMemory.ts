/**
 * What was lived through with a host. Hosts get mended, so that trouble is remembered with a class and an end, and
 * never held against a machine for ever.
 */
import type { Offer, ProviderId } from './offer.ts';

/** The smallest thing that a provider names as the same again: the machine, else the host that owns it. */
export type HostKey = `${ProviderId}:${string}`;

/**
 * `neverReady`: it was rented and could never be worked on. `noSsh`: it ran and let nobody in. `lost`: it vanished or
 * failed under work. `otherGpu`: it is not the GPU that was advertised. `slowLink`: far below the advertised network.
 */
export type HostTrouble = 'neverReady' | 'noSsh' | 'lost' | 'otherGpu' | 'slowLink';

export interface HostIncident {
  readonly trouble: HostTrouble;
  /** Epoch milliseconds, ours. */
  readonly at: number;
  /** Afterwards it counts no more. */
  readonly until: number;
}

export interface HostRecord {
  readonly host: HostKey;
  /** Rentals that could be worked on. */
  readonly ready: number;
  /** Hours that it was ours and ready. */
  readonly hours: number;
  /** That have not ended yet, newest first. */
  readonly incidents: readonly HostIncident[];
}

/** Undefined where the provider names neither machine nor host, or where nothing was lived through yet. */
export type HostHistory = (offer: Offer) => HostRecord | undefined;

export function hostKey({ provider, details }: Pick<Offer, 'provider' | 'details'>): HostKey | undefined {
  if (details.machineId !== undefined) return `${provider}:machine-${details.machineId}`;
  return details.hostId === undefined ? undefined : `${provider}:host-${details.hostId}`;
}
