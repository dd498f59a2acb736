import * as z from 'zod/mini';

export const logLine = z.object({ source: z.nullish(z.string()), line: z.string() });
