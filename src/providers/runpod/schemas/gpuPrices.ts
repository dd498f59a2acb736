/** The keyless GraphQL price list. `secure` and `community` are our aliases of `lowestPrice`. */
import * as z from 'zod/mini';
import { amount, gpuTypeId } from './ids.ts';

export const gpuTypesData = z.object({ gpuTypes: z.array(z.unknown()) });

/** Null: this cloud does not have it at this count. */
const stockCell = z.nullish(z.object({ stockStatus: z.nullish(z.string()) }));

export const pricedGpu = z.object({
  id: gpuTypeId,
  memoryInGb: z.number().check(z.positive()),
  secureCloud: z.nullish(z.boolean()),
  communityCloud: z.nullish(z.boolean()),
  /** Dollars per hour for one GPU. */
  securePrice: z.nullish(amount),
  communityPrice: z.nullish(amount),
  secure: stockCell,
  community: stockCell,
});
export type PricedGpu = z.infer<typeof pricedGpu>;

const floorCell = z.nullish(z.object({ minVcpu: z.nullish(amount), minMemory: z.nullish(amount) }));

export const machineFloor = z.object({ id: gpuTypeId, secure: floorCell, community: floorCell });
export type MachineFloor = z.infer<typeof machineFloor>;
