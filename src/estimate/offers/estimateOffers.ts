/** A workload on every offer: what it takes, what it costs, what was taken for granted. */
import { chargeFor } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { exactly, scaleBand, type Band } from '../band.ts';
import { checkpointPlan, type Interruptions } from '../cost/checkpoints.ts';
import { failuresOf, type FailureOptions } from '../cost/failures.ts';
import { jobCost } from '../cost/jobCost.ts';
import { evalShare, jobSize, type JobSize } from '../cost/jobSize.ts';
import { saveTime } from '../cost/saving.ts';
import { startup } from '../cost/startup.ts';
import { trafficUsd, transferOf, type Transfer, type TransferOptions } from '../cost/transfer.ts';
import type { Assumption, Bound, OfferEstimate, Parts } from '../result.ts';
import type { Workload } from '../workload.ts';
import { machineAssumptions, onceEach } from './assumptions.ts';
import { reasonOf } from './reason.ts';
import type { MachineEstimate, MachineMemory } from './tools.ts';

export interface EstimateOptions extends TransferOptions, FailureOptions {
  /** From an interruption until the work goes on; ten minutes where nobody says. */
  readonly restartHours?: number;
}

const usualRestartHours = 10 / 60;

/** One estimate for each offer, in the same order. Offers that cannot hold the job are there too, with that verdict. */
export function estimateOffers(workload: Workload, offers: readonly Offer[], machines: MachineMemory, options: EstimateOptions = {}): OfferEstimate[] {
  const transfer = transferOf(workload, options);
  const jobs = new Map<MachineEstimate, Job>();
  return offers.map((offer) => {
    const machine = machines(workload, offer);
    const job = jobs.get(machine) ?? prepare(workload, offer.gpuCount, machine, transfer);
    jobs.set(machine, job);
    return estimateOffer(job, offer, transfer, options);
  });
}

/** All that does not differ between two offers of the same kind of machine. */
interface Job {
  readonly workload: Workload;
  readonly size: JobSize;
  readonly common: Pick<OfferEstimate, 'memory' | 'fit' | 'time'>;
  /** Undefined where too little is known. */
  readonly work?: { readonly trainHours: Band; readonly evalHours: Band; readonly bound: Bound };
  readonly assumptions: readonly Assumption[];
}

function prepare(workload: Workload, gpuCount: number, { machine, memory, fit, time }: MachineEstimate, transfer: Transfer): Job {
  const size = jobSize(workload, gpuCount);
  const known = [...size.assumptions, ...machineAssumptions(workload, gpuCount, machine, time)];
  const common = { memory, fit, ...(time === undefined ? {} : { time }) };
  if (time === undefined || size.samples === undefined) return { workload, size, common, assumptions: onceEach(known) };
  const hoursOf = (samples: number): Band => scaleBand(time.secondsPerSample, samples / 3600);
  return {
    workload, size, common,
    work: { trainHours: hoursOf(size.samples), evalHours: hoursOf(size.evalSamples * evalShare), bound: time.bound },
    assumptions: onceEach([...known, ...transfer.assumptions]),
  };
}

function estimateOffer(job: Job, offer: Offer, transfer: Transfer, options: EstimateOptions): OfferEstimate {
  const { common, work, assumptions } = job;
  if (work === undefined) return { offer, ...common, assumptions };
  const start = startup(transfer, job.workload.compile, offer.details);
  const saving = savingOf(job, work.trainHours, work.evalHours, offer, options);
  const parts: Parts = {
    setupHours: start.setupHours, downloadHours: start.downloadHours, trainHours: work.trainHours, evalHours: work.evalHours,
    checkpointHours: saving.checkpointHours, lostHours: saving.lostHours,
    trafficUsd: trafficUsd(transfer, offer.details),
  };
  const { hours, usd } = jobCost(offer, parts);
  return {
    offer, ...common, hours, usd, parts,
    reason: reasonOf(parts, work.bound),
    ...(saving.interruption === undefined ? {} : { interruption: saving.interruption }),
    assumptions: [...assumptions, ...start.assumptions, ...saving.assumptions],
  };
}

type Saving = Pick<Parts, 'checkpointHours' | 'lostHours'> & Pick<OfferEstimate, 'interruption' | 'assumptions'>;

/** On-demand machines run until they are told otherwise: what the script saves by itself costs time, and nothing is lost. */
function savingOf({ workload, size }: Job, trainHours: Band, evalHours: Band, offer: Offer, options: EstimateOptions): Saving {
  const save = saveTime(workload, offer.details);
  const saves = size.steps === undefined || workload.checkpointEvery === undefined ? undefined : size.steps / workload.checkpointEvery;
  const { meanHoursBetween, assumptions } = failuresOf(offer, options);
  if (offer.kind === 'on-demand' || meanHoursBetween === undefined) {
    const some = saves !== undefined && saves >= 1;
    return { checkpointHours: exactly(some ? Math.floor(saves) * save.hours : 0), lostHours: exactly(0), assumptions: some ? save.assumptions : [] };
  }
  const on: Interruptions = { meanHoursBetween, checkpointHours: save.hours, restartHours: options.restartHours ?? usualRestartHours };
  const plan = (end: keyof Band) => {
    const work = trainHours[end] + evalHours[end];
    return checkpointPlan(work, on, saves === undefined ? undefined : work / saves);
  };
  const [low, likely, high] = [plan('low'), plan('likely'), plan('high')];
  return {
    checkpointHours: { low: low.savingHours, likely: likely.savingHours, high: high.savingHours },
    lostHours: { low: low.lostHours, likely: likely.lostHours, high: high.lostHours },
    interruption: {
      intervalMinutes: likely.intervalHours * 60, meanHoursBetween,
      extraUsd: chargeFor(allIn(offer), (likely.savingHours + likely.lostHours) * 3_600_000),
    },
    assumptions: [...assumptions, ...save.assumptions],
  };
}
