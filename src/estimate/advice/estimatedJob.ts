/** A job as a script's estimate has it: on every machine its own hours. */
import type { Job } from '../../domain/job.ts';
import type { OfferId } from '../../domain/offer.ts';
import { jobSize } from '../cost/jobSize.ts';
import { transferOf } from '../cost/transfer.ts';
import type { OfferEstimate } from '../result.ts';
import type { Workload } from '../workload.ts';
import type { JobOn } from './advise.ts';

/** What the person says of it beyond the script. */
export type Said = Pick<Job, 'use' | 'sensitive'>;

/** Undefined on offers that were not estimated, or whose memory may not be enough. */
export function estimatedJobs(estimates: readonly OfferEstimate[], workload: Workload, said: Said): JobOn {
  const { modelGb, datasetGb } = transferOf(workload);
  const hours = new Map<OfferId, number>(estimates.flatMap(({ offer: { id }, parts, fit }) =>
    (parts === undefined || fit.verdict !== 'fits' ? [] : [[id, parts.trainHours.likely + parts.evalHours.likely] as const])));
  return ({ id, gpu, gpuCount }) => {
    const work = hours.get(id);
    if (work === undefined) return undefined;
    const { steps } = jobSize(workload, gpuCount);
    const saves = steps === undefined || workload.checkpointEvery === undefined ? 0 : Math.floor(steps / workload.checkpointEvery);
    return { ...said, hours: work, dataGb: modelGb + datasetGb, on: { gpu, gpuCount }, ...(saves < 1 ? {} : { checkpointHours: work / saves }) };
  };
}
