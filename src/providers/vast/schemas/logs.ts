import * as z from 'zod/mini';
import { text } from './loose.ts';

/** `PUT /instances/request_logs/{id}/`: a public address where the log will be. */
export const logAddress = z.object({ result_url: text });
