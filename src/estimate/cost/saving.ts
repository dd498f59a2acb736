/** How long writing one checkpoint takes: what is saved, over the disk's speed. */
import type { OfferDetails } from '../../domain/offer.ts';
import type { Assumption } from '../result.ts';
import type { Optimizer, Workload } from '../workload.ts';
import { trainedParams } from './transfer.ts';

/** Bytes of a trained parameter in a checkpoint: the weight and what the optimizer remembers of it. */
const savedBytes: Readonly<Record<Optimizer, number>> = {
  adamw: 12, 'adamw-bf16': 6, 'adamw-8bit': 6, sgd: 8, adafactor: 5, lion: 8, muon: 8, other: 12,
};
/** Gathering, serialising and syncing, whatever the size. */
const fixedSeconds = 5;
/** An NVMe disk of a rented machine, shared with others. */
const usualDiskMbPerS = 500;

export const checkpointGb = (workload: Workload): number => (trainedParams(workload) * savedBytes[workload.optimizer]) / 1e9;

export interface SaveTime {
  readonly hours: number;
  readonly assumptions: readonly Assumption[];
}

export function saveTime(workload: Workload, { diskMbPerS }: OfferDetails): SaveTime {
  const known = diskMbPerS !== undefined && diskMbPerS > 0 && workload.model !== undefined;
  const seconds = fixedSeconds + (checkpointGb(workload) * 1000) / (diskMbPerS !== undefined && diskMbPerS > 0 ? diskMbPerS : usualDiskMbPerS);
  return { hours: seconds / 3600, assumptions: known ? [] : [{ code: 'checkpointTime', detail: `${Math.round(seconds)} s` }] };
}
