/** What keeping data costs when nothing runs, and how much disk a job needs. */
import { chargeFor, usd, type Usd } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Workload } from '../workload.ts';
import { checkpointGb } from './saving.ts';
import type { Transfer } from './transfer.ts';

/** Whole months of storage at a price per GB and month. */
export const storageUsd = (gb: number, dollarsPerGbMonth: number, months: number): Usd => usd(gb * dollarsPerGbMonth * months);

/** RunPod's network volumes, in dollars per GB and month: the first terabyte, and what is above it. */
export const networkVolumePrice = { first: 0.07, above: 0.05 };

export function networkVolumeUsd(gb: number, months: number): Usd {
  const cheaper = Math.max(0, gb - 1000);
  return usd(((gb - cheaper) * networkVolumePrice.first + cheaper * networkVolumePrice.above) * months);
}

/** What a stopped machine's disk costs until somebody starts or destroys it. */
export const stoppedUsd = ({ price }: Offer, hours: number): Usd => chargeFor(price.stoppedDisk, hours * 3_600_000);

/** Trainers keep the last checkpoint while they write the next one. */
const checkpointsKept = 2;
/** A compressed image grows to about twice its size; environments, caches and logs come on top. */
const unpacked = 2;
const spareGb = 10;

/** GB of disk for image, model, data and checkpoints, in steps of ten as people ask for it. */
export function neededDiskGb(workload: Workload, { imageGb, modelGb, datasetGb, resultGb }: Transfer): number {
  const needed = imageGb * unpacked + modelGb + datasetGb + resultGb + checkpointsKept * checkpointGb(workload) + spareGb;
  return Math.ceil(needed / 10) * 10;
}
