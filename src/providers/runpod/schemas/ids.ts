import * as z from 'zod/mini';
import { dataCenterIdPattern, gpuTypeIdPattern } from '../offerKey.ts';

export const gpuTypeId = z.string().check(z.regex(gpuTypeIdPattern));
export const dataCenterId = z.string().check(z.regex(dataCenterIdPattern));
/** Goes into addresses, so nothing but the plain letters and digits that RunPod uses. */
export const podIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
export const podId = z.string().check(z.regex(podIdPattern));
export const amount = z.number().check(z.nonnegative());
