/** Which rules speak about an offer, and which offers are worth naming for a job. */
import type { HostHistory } from '../../domain/hostMemory.ts';
import type { Job } from '../../domain/job.ts';
import type { Offer } from '../../domain/offer.ts';
import { chanceInOneGo, finishCost, type Finish } from './finishCost.ts';
import { rules, type Market, type Rule, type Stance } from './rules.ts';

export interface Advice {
  readonly rule: Rule;
  readonly stance: Stance;
}

const order: readonly Stance[] = ['against', 'for', 'note'];

/** What speaks against it first. */
export const adviceFor = (offer: Offer, job: Job, market: Market = {}): Advice[] =>
  rules.flatMap((rule) => {
    const stance = rule.stance(offer, job, market);
    return stance === undefined ? [] : [{ rule, stance }];
  }).toSorted((a, b) => order.indexOf(a.stance) - order.indexOf(b.stance));

/** An offer on which the job can be finished. */
export interface Candidate {
  readonly offer: Offer;
  readonly job: Job;
  readonly finish: Finish;
}

/** The job on an offer; undefined where nobody knows how long it takes there. */
export type JobOn = (offer: Offer) => Job | undefined;

/** Cheapest to finish first; ties by id, so that nothing flickers. */
export const candidates = (offers: readonly Offer[], jobOn: JobOn, history?: HostHistory): Candidate[] =>
  offers.flatMap((offer) => {
    const job = jobOn(offer);
    const finish = job && finishCost(offer, job, history);
    return job === undefined || finish === undefined ? [] : [{ offer, job, finish }];
  }).toSorted((a, b) => a.finish.usd - b.finish.usd || (a.offer.id < b.offer.id ? -1 : Number(a.offer.id > b.offer.id)));

export const finishPickKinds = ['cheapest', 'safest', 'known'] as const;
export type FinishPick = (typeof finishPickKinds)[number];

/** Chances closer than this cannot be told apart. */
const sameChance = 0.01;

/**
 * Cheapest: the least expected cost. Safest: the best chance to end in one go, and of those within a hundredth of it the
 * cheapest. Best known: where most hours went well for this person; where there are none yet, what has been listed
 * longest in a datacentre or at 99 % and more.
 */
export function finishPicks(all: readonly Candidate[]): Partial<Record<FinishPick, Candidate>> {
  const [cheapest] = all;
  if (cheapest === undefined) return {};
  const chances = all.map(({ finish }) => chanceInOneGo(finish));
  const best = chances.reduce((most, chance) => Math.max(most, chance), 0);
  const safest = all.find((_, index) => (chances[index] ?? 0) >= best - sameChance);
  const known = highest(all, ownGoodHours) ?? highest(all, trackRecord);
  return { cheapest, ...(safest === undefined ? {} : { safest }), ...(known === undefined ? {} : { known }) };
}

/** Hours of a host where nothing that still counts went wrong. */
const ownGoodHours = ({ finish: { record } }: Candidate): number =>
  record === undefined || record.ready === 0 || record.incidents.length > 0 ? 0 : Math.max(record.hours, Number.EPSILON);

const trackRecord = ({ offer: { tier, reliability = 0, readAt, details: { listedSince } } }: Candidate): number =>
  listedSince !== undefined && (tier === 'datacentre' || reliability >= 0.99) ? readAt - listedSince : 0;

/** The first with the highest figure above zero. */
function highest(all: readonly Candidate[], figure: (one: Candidate) => number): Candidate | undefined {
  return all.reduce<{ one?: Candidate; figure: number }>((best, one) => (figure(one) > best.figure ? { one, figure: figure(one) } : best), { figure: 0 }).one;
}
