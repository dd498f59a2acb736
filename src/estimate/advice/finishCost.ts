/**
 * What it is expected to cost to finish a job on an offer: not what an hour costs, but all the hours that it takes,
 * those included that are lost to failed starts and interruptions, and the traffic.
 */
import type { HostHistory, HostRecord } from '../../domain/hostMemory.ts';
import type { Job } from '../../domain/job.ts';
import { chargeFor, sumUsd, usd, toDollars, type Usd } from '../../domain/money.ts';
import { allIn, type Offer, type OfferDetails } from '../../domain/offer.ts';
import { expectedHours, type Interruptions } from '../cost/checkpoints.ts';
import type { FailureOptions } from '../cost/failures.ts';
import { startup } from '../cost/startup.ts';
import { trafficUsd, usualImageGb, type Transfer } from '../cost/transfer.ts';
import type { Assumption } from '../result.ts';
import { prospectsOf, type Prospects } from './prospects.ts';

export interface Finish {
  /** Expected, all in. */
  readonly usd: Usd;
  /** Expected hours that are paid for. */
  readonly hours: number;
  /** Of them: work done twice, restarts, and starts that came to nothing. */
  readonly lostHours: number;
  readonly prospects: Prospects;
  readonly assumptions: readonly Assumption[];
  /** What was lived through with the host, where anything was. */
  readonly record?: HostRecord;
}

/** Paid for a machine that nobody can work on, until it is given back: two to eight minutes are reported. */
export const deadStartHours = 5 / 60;
/** From an interruption until the work goes on somewhere, without moving the data again. */
export const restartHours = 10 / 60;
/** Writing one checkpoint. */
export const saveHours = 1 / 60;
/** A server has nothing to lose but the time until it answers again. */
const servingHours = 1 / 60;
/** Expected to take this many times the work: interruptions come faster than it gets on. */
const hopeless = 50;

/** Undefined where the job cannot be finished: too little memory, the offer ends before, or nothing would ever get done. */
export function finishCost(offer: Offer, job: Job, history?: HostHistory, options: FailureOptions = {}): Finish | undefined {
  if (!isFor(job, offer)) return undefined;
  const record = history?.(offer);
  const prospects = prospectsOf(offer, record, options);
  const plan = planOf(offer, job, prospects);
  const work = expectedWork(job, plan);
  const deadHours = deadStartHours * (1 / prospects.startChance - 1);
  const hours = deadHours + plan.startHours + plan.moveHours + work.hours;
  if (!(hours < hopeless * (job.hours + plan.startHours + plan.moveHours)) || endsBefore(offer, hours)) return undefined;
  return {
    usd: sumUsd([chargeFor(allIn(offer), hours * hourMs), usd(toDollars(plan.trafficUsd) * (1 + work.restarts))]),
    hours,
    lostHours: deadHours + work.lostHours,
    prospects,
    assumptions: [...prospects.assumptions, ...plan.assumptions],
    ...(record === undefined ? {} : { record }),
  };
}

/** Whether the hours that were named mean anything there. */
export const isFor = ({ on, vramGb }: Job, offer: Offer): boolean =>
  (on === undefined || (on.gpu === offer.gpu && on.gpuCount === offer.gpuCount)) && (vramGb === undefined || offer.vramGb >= vramGb);

/** What happens on a machine, and how long each of it takes when nothing interrupts it. */
export interface Plan extends Interruptions {
  /** Boot and image. */
  readonly startHours: number;
  /** The data, over the line that can be counted on. */
  readonly moveHours: number;
  /** For each time that the data is moved. */
  readonly trafficUsd: Usd;
  /** Work between two saves; the whole job where nothing is saved. */
  readonly intervalHours: number;
  readonly assumptions: readonly Assumption[];
}

export function planOf({ details }: Offer, job: Job, { meanHoursBetween, networkShare }: Prospects): Plan {
  const transfer: Transfer = { modelGb: 0, datasetGb: job.dataGb, imageGb: usualImageGb, resultGb: 0, assumptions: [] };
  const { setupHours, downloadHours, assumptions } = startup(transfer, false, slowed(details, networkShare));
  const moveHours = downloadHours.likely;
  const saves = job.use !== 'production' && job.checkpointHours !== undefined && job.checkpointHours < job.hours;
  return {
    startHours: setupHours.likely,
    moveHours,
    trafficUsd: trafficUsd(transfer, details),
    intervalHours: job.use === 'production' ? Math.min(servingHours, job.hours) : Math.min(job.checkpointHours ?? Infinity, job.hours),
    meanHoursBetween,
    checkpointHours: saves ? saveHours : 0,
    // Wherever it goes on, the data has to be there.
    restartHours: restartHours + moveHours,
    assumptions,
  };
}

const slowed = (details: OfferDetails, share: number): OfferDetails =>
  details.downMbps === undefined || share === 1 ? details : { ...details, downMbps: details.downMbps * share };

interface Work {
  readonly hours: number;
  readonly lostHours: number;
  /** How often it is begun again somewhere, on average. */
  readonly restarts: number;
}

/** Stretch by stretch; after the last one nothing has to be saved, because the job is done. */
function expectedWork({ hours }: Job, plan: Plan): Work {
  const { intervalHours, meanHoursBetween: mean } = plan;
  if (!(hours > 0)) return { hours: 0, lostHours: 0, restarts: 0 };
  const saved = Math.ceil(hours / intervalHours - 1e-9) - 1;
  const rest = hours - saved * intervalHours;
  const last: Plan = { ...plan, checkpointHours: 0 };
  const expected = expectedHours(saved * intervalHours, intervalHours, plan) + expectedHours(rest, rest, last);
  const interruptions = saved * Math.expm1((intervalHours + plan.checkpointHours) / mean) + Math.expm1(rest / mean);
  return {
    hours: expected,
    lostHours: Math.max(0, expected - hours - saved * plan.checkpointHours),
    // A restart can be interrupted as well, and is then begun again.
    restarts: interruptions * Math.exp(plan.restartHours / mean),
  };
}

const hourMs = 3_600_000;
const endsBefore = ({ readAt, details: { availableUntil } }: Offer, hours: number): boolean => availableUntil !== undefined && readAt + hours * hourMs > availableUntil;

/** The chance to end in one go, on a machine that could be worked on at the first try. */
export const chanceInOneGo = ({ hours, prospects }: Finish): number => prospects.startChance * Math.exp(-hours / prospects.meanHoursBetween);

/** What the table of all offers shows beside each. */
export const finishInsight = (job: Job, history?: HostHistory): ((offer: Offer) => Usd | undefined) => (offer) => finishCost(offer, job, history)?.usd;
