/**
 * An instance, as list, get and terminate answer it. What decides about money and identity must be readable or the
 * row counts as unread; a new or odd value anywhere else must not hide a machine that bills.
 */
import * as z from 'zod/mini';
import { instanceType } from './instanceType.ts';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullish(schema), undefined);

/** Goes into addresses. */
export const instanceIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
export const instanceId = z.string().check(z.regex(instanceIdPattern));

export const instanceList = z.array(z.unknown());

export const instanceRow = z.object({
  id: instanceId,
  status: z.string(),
  instance_type: instanceType,
  name: maybe(z.string()),
  ip: maybe(z.string()),
  region: maybe(z.object({ name: z.string(), description: maybe(z.string()) })),
  tags: maybe(z.array(maybe(z.object({ key: z.string(), value: z.string() })))),
});
export type InstanceRow = z.infer<typeof instanceRow>;

/** `POST /instance-operations/launch`. */
export const launched = z.object({ instance_ids: z.array(instanceId).check(z.minLength(1)) });
