/**
 * What may go wrong with a machine: what is published of it, corrected by what was lived through with its host. Both
 * corrections are the usual ones for such counts: starts that worked and did not (Beta), interruptions in hours of use
 * (Gamma). The published figure counts as much as so many starts or hours of one's own, so that one bad day is held
 * against a host without settling the matter.
 */
import type { HostRecord, HostTrouble } from '../../domain/hostMemory.ts';
import type { Offer, Tier } from '../../domain/offer.ts';
import { failuresOf, type FailureOptions, type Lasting } from '../cost/failures.ts';
import type { Assumption } from '../result.ts';

export interface Prospects {
  /** 0..1: that a rental of it can be worked on at all. */
  readonly startChance: number;
  readonly meanHoursBetween: number;
  /** 0..1: of the advertised network that can be counted on. */
  readonly networkShare: number;
  readonly assumptions: readonly Assumption[];
}

/** Where nobody publishes a figure: the lower ends of what users report (98 to 99 %, 99.5 % and more). */
const usualReliability: Readonly<Record<Tier, number>> = { community: 0.98, datacentre: 0.995 };
/** What the published figure counts for: as many starts, and a month of use. */
const publishedStarts = 20;
const publishedHours = 720;
/** Of a host whose link was far below what it advertises. */
const slowLinkShare = 0.25;

export function prospectsOf(offer: Offer, record: HostRecord | undefined, options: FailureOptions = {}): Prospects {
  const { kind, tier, gpuCount } = offer;
  const reliability = offer.reliability ?? usualReliability[tier];
  const guessed = offer.reliability === undefined && tier === 'community';
  // A datacentre that publishes nothing is judged by its hardware.
  const known: Lasting = offer.reliability === undefined && !guessed ? { kind, tier, gpuCount } : { kind, tier, gpuCount, reliability };
  const host = failuresOf({ ...known, kind: 'on-demand' }).meanHoursBetween ?? Infinity;
  const { meanHoursBetween: published = Infinity, assumptions } = failuresOf(known, options);
  // Being outbid has nothing to do with how well the host is kept.
  const outbidRate = 1 / published - 1 / host;
  return {
    startChance: startChance(reliability, record),
    meanHoursBetween: 1 / (outbidRate + hostRate(1 / host, record)),
    networkShare: count(record, 'slowLink') > 0 ? slowLinkShare : 1,
    assumptions: guessed ? [...assumptions, { code: 'usualReliability', detail: String(reliability * 100) }] : assumptions,
  };
}

/** A machine that is not what was advertised is given back, like one that never answers. */
function startChance(reliability: number, record: HostRecord | undefined): number {
  const failed = count(record, 'neverReady') + count(record, 'noSsh') + count(record, 'otherGpu');
  const worked = record?.ready ?? 0;
  return Math.max(leastChance, (publishedStarts * reliability + worked) / (publishedStarts + worked + failed));
}

/** So that a host which nobody ever saw up has a price, however high. */
const leastChance = 0.01;

const hostRate = (published: number, record: HostRecord | undefined): number =>
  (publishedHours * published + count(record, 'lost')) / (publishedHours + (record?.hours ?? 0));

const count = (record: HostRecord | undefined, trouble: HostTrouble): number =>
  record?.incidents.filter((incident) => incident.trouble === trouble).length ?? 0;
