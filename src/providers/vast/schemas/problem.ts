import * as z from 'zod/mini';
import { id, maybe } from './loose.ts';

const words = maybe(z.pipe(z.union([z.string(), z.boolean()]), z.transform(String)));

/** Any answer, as far as it can be a refusal. `detail` comes from the framework in front of Vast. */
export const problem = z.object({
  success: z.optional(z.unknown()),
  error: words,
  msg: words,
  message: words,
  detail: words,
  /** A refusal can have made a machine all the same. */
  new_contract: maybe(id),
});
