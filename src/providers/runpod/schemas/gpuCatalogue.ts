import * as z from 'zod/mini';
import { amount, dataCenterId, gpuTypeId } from './ids.ts';

export const gpuCatalogue = z.object({ gpus: z.array(z.unknown()) });

export const catalogueGpu = z.object({
  id: gpuTypeId,
  /** VRAM in GB of one GPU. */
  memory: z.number().check(z.positive()),
  secure: z.optional(z.boolean()),
  community: z.optional(z.boolean()),
  /** Dollars per hour for one GPU, whatever count was asked. */
  price: z.object({ secure: z.nullish(amount), community: z.nullish(amount) }),
  maxCount: z.nullish(z.object({ secure: z.nullish(z.number()), community: z.nullish(z.number()) })),
  /** Absent without `include`, and then unknown rather than none. */
  availability: z.nullish(z.string()),
  /** Absent when no data centre has what was asked. */
  dataCenters: z.nullish(z.array(z.object({ id: dataCenterId, availability: z.nullish(z.string()) }))),
});
export type CatalogueGpu = z.infer<typeof catalogueGpu>;
