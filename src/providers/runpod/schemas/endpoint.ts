/** A serverless endpoint and its workers. What decides about money and identity must be readable, or the row counts as unread. */
import * as z from 'zod/mini';
import { amount, gpuTypeId, podId } from './ids.ts';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullish(schema), undefined);

export const endpointRow = z.object({
  id: podId,
  name: z.nullish(z.string()),
  workers: z.object({ min: z.nullish(amount), max: amount }),
  gpu: maybe(z.object({ pools: z.array(z.string()), count: z.nullish(z.number()), excludedTypes: maybe(z.array(z.string())) })),
  image: maybe(z.string()),
  createdAt: maybe(z.string()),
});
export type EndpointRow = z.infer<typeof endpointRow>;

export const endpointList = z.object({ endpoints: z.array(z.unknown()) });
export const createdEndpoint = z.object({ id: podId });

const worker = z.object({ status: z.string(), gpuTypeId: maybe(z.string()), gpuCount: maybe(z.number()) });
export const workerList = z.object({ workers: z.array(worker) });
export type WorkerRow = z.infer<typeof worker>;

export const serverlessGpu = z.object({
  id: gpuTypeId,
  memory: z.number().check(z.positive()),
  pool: z.nullish(z.string()),
  price: z.object({ serverless: z.nullish(amount) }),
});
export type ServerlessGpu = z.infer<typeof serverlessGpu>;

const time = z.string().check(z.refine((text) => Number.isFinite(Date.parse(text))));
export const endpointBilling = z.object({
  records: z.array(z.object({ serverlessId: podId, startTime: time, endTime: time, totalAmount: z.number() })),
});
