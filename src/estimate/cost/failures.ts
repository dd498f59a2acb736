/**
 * How long a machine lasts before something takes it away. No provider publishes how often interruptible machines
 * are outbid, so that part is a stated assumption; the rest comes from what is published.
 */
import type { Offer } from '../../domain/offer.ts';
import type { Assumption } from '../result.ts';

export interface FailureOptions {
  /** Hours between two times of being outbid, from the user's own history where there is one. */
  readonly outbidHours?: number;
}

export interface Failures {
  /** Undefined where nothing is known: an on-demand machine of a private host that publishes no reliability. */
  readonly meanHoursBetween?: number;
  readonly assumptions: readonly Assumption[];
}

/** One interruption for every 50,000 GPU-hours: 419 in 54 days on 16,384 H100, of the Llama 3 training. */
const hardwareHours = 50_000;
/** Reliability is the share of time that a host is up; an outage is taken to last this long. */
const outageHours = 4;
/** "Interrupted every six hours": the one figure people write down. */
const usualOutbidHours = 6;

/** What of an offer says how long it lasts. */
export type Lasting = Pick<Offer, 'kind' | 'tier' | 'reliability' | 'gpuCount'>;

export function failuresOf({ kind, tier, reliability, gpuCount }: Lasting, { outbidHours }: FailureOptions = {}): Failures {
  const host = hostHours(tier, reliability, gpuCount);
  if (kind === 'on-demand') return { ...(host === undefined ? {} : { meanHoursBetween: host }), assumptions: [] };
  const outbid = outbidHours ?? usualOutbidHours;
  return {
    // Independent causes add their rates.
    meanHoursBetween: 1 / (1 / outbid + (host === undefined ? 0 : 1 / host)),
    assumptions: outbidHours === undefined ? [{ code: 'interruptionRate', detail: String(usualOutbidHours) }] : [],
  };
}

function hostHours(tier: Offer['tier'], reliability: number | undefined, gpuCount: number): number | undefined {
  const hardware = hardwareHours / gpuCount;
  if (reliability === undefined) return tier === 'datacentre' ? hardware : undefined;
  // A host that was never up has no time between failures; it is kept above zero so that figures stay finite.
  const up = Math.max(reliability, 0.01);
  return up >= 1 ? hardware : Math.min(hardware, (outageHours * up) / (1 - up));
}

/** The chance that `hours` pass without an interruption. */
export const chanceToLast = (hours: number, meanHoursBetween: number | undefined): number | undefined =>
  meanHoursBetween === undefined ? undefined : Math.exp(-hours / meanHoursBetween);
