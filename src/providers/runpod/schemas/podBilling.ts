import * as z from 'zod/mini';
import { podId } from './ids.ts';

const time = z.string().check(z.refine((text) => Number.isFinite(Date.parse(text))));

/** Read strictly: a record left out would make the spend look smaller than it is. */
export const podBilling = z.object({
  records: z.array(z.object({ podId, startTime: time, endTime: time, totalAmount: z.number() })),
});
