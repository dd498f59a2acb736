import * as z from 'zod/mini';

/** Errors come with HTTP 200, and partial data may stand beside them. */
export const graphqlBody = z.object({
  data: z.optional(z.unknown()),
  errors: z.nullish(z.array(z.object({ message: z.nullish(z.string()) }))),
});
