/** A workload on every offer: what it takes, what it costs, what was taken for granted. */
import { chargeFor } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { exactly, scaleBand, type Band } from '../band.ts';
import { checkpointPlan, type Interruptions } from '../cost/checkpoints.ts';
import { failuresOf, type FailureOptions } from '../cost/failures.ts';
import { jobCost } from '../cost/jobCost.ts';
import { evalShare, jobSize, usedGpus, type JobSize } from '../cost/jobSize.ts';
import { saveTime } from '../cost/saving.ts';
import { startup } from '../cost/startup.ts';
import { trafficUsd, transferOf, type Transfer, type TransferOptions } from '../cost/transfer.ts';
import type { OfferEstimate, Parts } from '../result.ts';
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
  const sizes = new Map<number, JobSize>();
  return offers.map((offer) => {
    const size = sizes.get(offer.gpuCount) ?? jobSize(workload, offer.gpuCount);
    sizes.set(offer.gpuCount, size);
    return estimateOffer({ workload, offer, size, transfer, machine: machines(workload, machineOffer(workload, offer)), options });
  });
}

const machineOffer = (workload: Workload, { gpu, vramGb, gpuCount, details: { cpuCores, pcieGbPerS } }: Offer) =>
  ({ gpu, vramGb, count: usedGpus(workload, gpuCount), cpuCores, pcieGbPerS });

interface Job {
  readonly workload: Workload;
  readonly offer: Offer;
  readonly size: JobSize;
  readonly transfer: Transfer;
  readonly machine: MachineEstimate;
  readonly options: EstimateOptions;
}

function estimateOffer(job: Job): OfferEstimate {
  const { workload, offer, size, machine: { memory, fit, time, machine } } = job;
  const common = { offer, memory, fit, ...(time === undefined ? {} : { time }) };
  const assumptions = [...size.assumptions, ...machineAssumptions(workload, offer, machine, time)];
  if (time === undefined || size.samples === undefined) return { ...common, assumptions: onceEach(assumptions) };
  const trainHours = scaleBand(time.secondsPerSample, size.samples / 3600);
  const evalHours = scaleBand(time.secondsPerSample, (size.evalSamples * evalShare) / 3600);
  const start = startup(job.transfer, workload.compile, offer.details);
  const saving = savingOf(job, trainHours, evalHours);
  const parts: Parts = {
    setupHours: start.setupHours, downloadHours: start.downloadHours, trainHours, evalHours,
    checkpointHours: saving.checkpointHours, lostHours: saving.lostHours,
    trafficUsd: trafficUsd(job.transfer, offer.details),
  };
  return {
    ...common, ...jobCost(offer, parts), parts,
    reason: reasonOf(parts, time.bound),
    ...(saving.interruption === undefined ? {} : { interruption: saving.interruption }),
    assumptions: onceEach([...assumptions, ...start.assumptions, ...saving.assumptions]),
  };
}

type Saving = Pick<Parts, 'checkpointHours' | 'lostHours'> & Pick<OfferEstimate, 'interruption' | 'assumptions'>;

/** On-demand machines run until they are told otherwise: what the script saves by itself costs time, and nothing is lost. */
function savingOf({ workload, offer, size, options }: Job, trainHours: Band, evalHours: Band): Saving {
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
