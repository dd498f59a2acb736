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
import type { Assumption, OfferEstimate, Parts, TimePrediction } from '../result.ts';
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
  const jobs = new Map<MachineEstimate, Map<number, Job>>();
  return offers.map((offer) => {
    const machine = machines(workload, offer);
    const byCount = jobs.get(machine) ?? new Map<number, Job>();
    jobs.set(machine, byCount);
    const job = byCount.get(offer.gpuCount) ?? prepare(workload, offer.gpuCount, machine, transfer);
    byCount.set(offer.gpuCount, job);
    return estimateOffer(job, offer, transfer, options);
  });
}

/** All that does not differ between two offers of the same kind of machine with as many GPUs. */
interface Job {
  readonly workload: Workload;
  readonly size: JobSize;
  readonly machine: MachineEstimate;
  /** Undefined where too little is known. */
  readonly work?: { readonly time: TimePrediction; readonly trainHours: Band; readonly evalHours: Band };
  readonly assumptions: readonly Assumption[];
}

function prepare(workload: Workload, gpuCount: number, estimate: MachineEstimate, transfer: Transfer): Job {
  const { machine, time } = estimate;
  const size = jobSize(workload, gpuCount);
  const known = [...size.assumptions, ...machineAssumptions(workload, gpuCount, machine, time)];
  if (time === undefined || size.samples === undefined) return { workload, size, machine: estimate, assumptions: onceEach(known) };
  const hoursOf = (samples: number): Band => scaleBand(time.secondsPerSample, samples / 3600);
  return {
    workload, size, machine: estimate,
    work: { time, trainHours: hoursOf(size.samples), evalHours: hoursOf(size.evalSamples * evalShare) },
    assumptions: onceEach([...known, ...transfer.assumptions]),
  };
}

function estimateOffer(job: Job, offer: Offer, transfer: Transfer, options: EstimateOptions): OfferEstimate {
  const { machine: { memory, fit, time }, work, assumptions } = job;
  if (work === undefined) return { offer, memory, fit, ...(time === undefined ? {} : { time }), assumptions };
  const { trainHours, evalHours } = work;
  const start = startup(transfer, job.workload.compile, offer.details);
  const saving = savingOf(job, trainHours, evalHours, offer, options);
  const { setupHours, downloadHours } = start;
  const { checkpointHours, lostHours, interruption } = saving;
  const parts: Parts = { setupHours, downloadHours, trainHours, evalHours, checkpointHours, lostHours, trafficUsd: trafficUsd(transfer, offer.details) };
  const { hours, usd } = jobCost(offer, parts);
  const estimate = {
    offer, memory, fit, time: work.time, hours, usd, parts,
    reason: reasonOf(parts, work.time.bound),
    assumptions: assumptions.concat(start.assumptions, saving.assumptions),
  };
  return interruption === undefined ? estimate : { ...estimate, interruption };
}

type Saving = Pick<Parts, 'checkpointHours' | 'lostHours'> & Pick<OfferEstimate, 'interruption' | 'assumptions'>;

const noHours = exactly(0);
const nothingSaved: Saving = { checkpointHours: noHours, lostHours: noHours, assumptions: [] };

/** On-demand machines run until they are told otherwise: what the script saves by itself costs time, and nothing is lost. */
function savingOf({ workload, size }: Job, trainHours: Band, evalHours: Band, offer: Offer, options: EstimateOptions): Saving {
  const saves = size.steps === undefined || workload.checkpointEvery === undefined ? undefined : size.steps / workload.checkpointEvery;
  const steady = offer.kind === 'on-demand';
  if (steady && (saves === undefined || saves < 1)) return nothingSaved;
  const save = saveTime(workload, offer.details);
  if (steady) return { checkpointHours: exactly(Math.floor(saves ?? 0) * save.hours), lostHours: noHours, assumptions: save.assumptions };
  const { meanHoursBetween = Infinity, assumptions } = failuresOf(offer, options);
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
