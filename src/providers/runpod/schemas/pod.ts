/**
 * A pod, as list, get and action answer it. What decides about money and identity must be readable
 * or the row counts as unread; a new or odd value anywhere else must not hide a machine that bills.
 */
import * as z from 'zod/mini';
import { amount, podId } from './ids.ts';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullish(schema), undefined);

const sshDoor = z.object({ host: z.string(), port: z.number(), username: maybe(z.string()) });

const runtimePort = z.object({
  private: z.number(),
  public: z.nullish(z.number()),
  type: z.string(),
  ip: z.nullish(z.string()),
});

export const podRow = z.object({
  id: podId,
  name: z.nullish(z.string()),
  status: z.string(),
  /** Dollars per hour for the GPUs alone; a stopped pod may show 0 or its old rate. */
  cost: amount,
  /** Container disk, GB. */
  disk: z.nullish(amount),
  mounts: z.nullish(z.object({ persistent: z.nullish(z.object({ size: amount })), network: maybe(z.array(z.object({ volumeId: z.string() }))) })),
  /** `memory`, where it is given here, is the machine's RAM and not the GPU's. */
  gpu: maybe(z.object({ id: z.string(), count: z.nullish(z.number()) })),
  cpu: z.optional(z.unknown()),
  cloud: maybe(z.string()),
  dataCenterId: maybe(z.string()),
  image: maybe(z.string()),
  ports: maybe(z.array(z.string())),
  locked: maybe(z.boolean()),
  ssh: maybe(z.object({ direct: maybe(sshDoor) })),
  runtime: maybe(z.object({ ports: maybe(z.array(maybe(runtimePort))) })),
  createdAt: maybe(z.string()),
  startedAt: maybe(z.string()),
});
export type PodRow = z.infer<typeof podRow>;

export const createdPod = z.object({ id: podId });

export const startedPod = z.object({ gpu: z.nullish(z.object({ count: z.nullish(z.number()) })) });
