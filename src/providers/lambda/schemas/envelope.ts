import * as z from 'zod/mini';

/** Every success is `{"data": …}`, every refusal `{"error": …}`; only its code stays the same. */
export const success = z.object({ data: z.unknown() });

export const failure = z.object({ error: z.object({ code: z.string(), message: z.nullish(z.string()), suggestion: z.nullish(z.string()) }) });
