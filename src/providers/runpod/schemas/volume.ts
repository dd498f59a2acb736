import * as z from 'zod/mini';
import { dataCenterId } from './ids.ts';

/** Goes into addresses. */
export const volumeIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const volumeId = z.string().check(z.regex(volumeIdPattern));

export const volumeList = z.object({
  networkVolumes: z.array(z.unknown()),
  pagination: z.catch(z.nullish(z.object({ hasNextPage: z.boolean() })), undefined),
});

export const volumeRow = z.object({
  id: volumeId,
  name: z.string(),
  /** GB. */
  size: z.number().check(z.positive()),
  dataCenter: dataCenterId,
  type: z.string(),
});
export type VolumeRow = z.infer<typeof volumeRow>;

export const createdVolume = z.object({ id: volumeId });

export const dataCenterList = z.object({ dataCenters: z.array(z.unknown()) });
export const dataCenterRow = z.object({ id: dataCenterId, networkVolumeTypes: z.array(z.string()) });
