/**
 * RunPod has two kinds of disk where people ask for one. The container disk is wiped by every stop;
 * the persistent mount survives it and bills double meanwhile. v2 calls host-local persistent mounts
 * deprecated in favour of network volumes, but those are account property that outlives the machine,
 * sits in one data centre and must be deleted separately, so the mount is what a stoppable rental needs.
 */
import { sumRates, usdPerHour, type UsdPerHour } from '../../domain/money.ts';

export interface PodDisks {
  /** GB, wiped by a stop. */
  readonly container: number;
  /** GB at `mountPath`, kept by a stop, destroyed with the pod. */
  readonly persistent: number;
}

export const mountPath = '/workspace';

const leastPersistentGb = 10;
const monthHours = 730;
const runningUsdPerGbMonth = 0.1;
const stoppedUsdPerGbMonth = 0.2;

/** The split for `askedGb`: whole GB, at least what was asked, and the same again for its own total. */
export function podDisks(askedGb: number): PodDisks {
  const asked = Math.ceil(askedGb);
  const container = Math.min(20, Math.max(5, Math.round(asked / 4)));
  return { container, persistent: Math.max(leastPersistentGb, asked - container) };
}

export const totalGb = (disks: PodDisks): number => disks.container + disks.persistent;

export const runningDiskRate = (disks: PodDisks): UsdPerHour => usdPerHour((runningUsdPerGbMonth * totalGb(disks)) / monthHours);
export const stoppedDiskRate = (disks: PodDisks): UsdPerHour => usdPerHour((stoppedUsdPerGbMonth * disks.persistent) / monthHours);

/** `cost` of a pod and the catalogue's prices are for the GPUs alone; disk comes on top. */
export const withDisk = (gpu: UsdPerHour, disks: PodDisks): UsdPerHour => sumRates([gpu, runningDiskRate(disks)]);
