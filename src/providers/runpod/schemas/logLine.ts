import * as z from 'zod/mini';

/** The `data` of one server-sent event. */
export const logLine = z.object({ source: z.nullish(z.string()), line: z.string() });
