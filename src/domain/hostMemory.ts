/**
 * What was lived through with a host. Hosts get mended, so that trouble is remembered with a class and an end, and
 * never held against a machine for ever.
 */
import { gpuName } from './gpu.ts';
import type { Offer, ProviderId } from './offer.ts';

/** The smallest thing that a provider names as the same again: the machine, else the host that owns it. */
export type HostKey = `${ProviderId}:${string}`;

/**
 * `neverReady`: it was rented and could never be worked on. `noSsh`: it ran and let nobody in. `lost`: it vanished or
 * failed under work. `otherGpu`: it is not the GPU that was advertised. `slowLink`: what it fetched from a bucket came far
 * slower than its network is said to be.
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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Less says more about the first connections than about a line. */
const leastFetched = { bytes: 1e9, ms: 60_000 } as const;
/** Any bucket gives this much to whoever can take it, also from another part of the world. */
const bucketMbps = 50;

/** Whether a machine that fetched so much of a bucket or a hub has a line that is not what was advertised. */
export function isSlowLink(bytes: number, ms: number, advertisedMbps: number): boolean {
  const mbps = (bytes * 8) / 1000 / ms;
  return bytes >= leastFetched.bytes && ms >= leastFetched.ms && mbps < bucketMbps && mbps < advertisedMbps / 10;
}

/** A machine that would not start is mended within weeks, a line within days; who sells another GPU goes on doing so. */
export const troubleDays: Readonly<Record<HostTrouble, number>> = { neverReady: 14, noSsh: 7, lost: 7, otherGpu: 60, slowLink: 7 };

export const incidentAt = (trouble: HostTrouble, at: number): HostIncident => ({ trouble, at, until: at + troubleDays[trouble] * dayMs });

/** What lies ahead was written by a clock that was wrong, and its end is as wrong. */
export const stillCounts = ({ at, until }: HostIncident, now: number): boolean => at <= now + hourMs && now < until;

/**
 * Whether a machine's driver names another GPU than was advertised. Drivers and markets spell one card in many ways, so
 * only another model number counts, or another `Ti` or `SUPER` of a card for games.
 */
export const isOtherGpu = (named: readonly string[], advertised: string): boolean =>
  named.length > 0 && named.every((name) => differ(gpuName(name), gpuName(advertised)));

function differ(one: string, other: string): boolean {
  const [a, b] = [modelOf(one), modelOf(other)];
  if (a === undefined || b === undefined) return false;
  return a.model !== b.model || (a.suffix !== undefined && b.suffix !== undefined && a.suffix !== b.suffix);
}

/** `A100` of `A100 SXM`, `4070` and ` Ti SUPER` of `RTX 4070 Ti SUPER`. */
function modelOf(gpu: string): { readonly model: string; readonly suffix?: string } | undefined {
  const model = /[A-Z]*\d+/.exec(gpu)?.[0];
  const suffix = /^[RG]TX \d{4}((?: Ti)?(?: SUPER)?)$/.exec(gpu)?.[1];
  return model === undefined ? undefined : { model, ...(suffix === undefined ? {} : { suffix }) };
}
