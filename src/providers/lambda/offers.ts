/** The types of instances as offers: one for every region that has one free now. */
import { zeroRate } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { billedEveryMs } from './billing.ts';
import { diskGbOf, gpuOf, rateOf } from './hardware.ts';
import { encodeOfferKey } from './offerKey.ts';
import { placeOf } from './place.ts';
import type { InstanceType, Region } from './schemas/instanceType.ts';

/** Undefined for a type whose GPU cannot be read. */
export function offerOf(type: InstanceType, region: Region, at: number): Offer | undefined {
  const gpu = gpuOf(type.gpu_description);
  if (gpu === undefined) return undefined;
  const { gpus, vcpus, memory_gib: ramGb } = type.specs;
  const diskGb = diskGbOf(type);
  return {
    id: `lambda:${encodeOfferKey({ type: type.name, region: region.name })}`,
    provider: 'lambda',
    ...gpu,
    gpuCount: gpus,
    // The price has no parts, and nothing can be stopped.
    price: { gpu: rateOf(type), disk: zeroRate, stoppedDisk: zeroRate },
    diskGb,
    kind: 'on-demand',
    tier: 'datacentre',
    ...placeOf(region),
    readAt: at,
    details: { cpuCores: vcpus, ramGb, maxDiskGb: diskGb, directSsh: true, noStop: true, billedEveryMs },
  };
}
