import * as z from 'zod/mini';

/** `GET /instance-types`, by the name of the type. Rows are read one by one, so that a bad one costs only itself. */
export const instanceTypes = z.record(z.string(), z.unknown());

export const regionName = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/));
export const typeName = z.string().check(z.regex(/^[a-z0-9][a-z0-9_.-]{0,79}$/i));

export const region = z.object({ name: regionName, description: z.catch(z.nullish(z.string()), undefined) });
export type Region = z.infer<typeof region>;

const whole = z.int().check(z.nonnegative());

export const instanceType = z.object({
  name: typeName,
  gpu_description: z.string(),
  /** US cents for the whole machine, however many GPUs it has. */
  price_cents_per_hour: z.int().check(z.positive()),
  specs: z.object({ vcpus: whole, memory_gib: whole, storage_gib: whole, gpus: whole }),
});
export type InstanceType = z.infer<typeof instanceType>;

export const instanceTypeItem = z.object({ instance_type: instanceType, regions_with_capacity_available: z.array(region) });
