import * as z from 'zod/mini';

/** `pagination` came in September 2026; servers without it answer everything at once. */
export const podList = z.object({
  pods: z.array(z.unknown()),
  pagination: z.nullish(z.object({ hasNextPage: z.nullish(z.boolean()), nextCursor: z.nullish(z.string()) })),
});
