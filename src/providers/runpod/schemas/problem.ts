import * as z from 'zod/mini';

/** `application/problem+json`; GraphQL and gateways use `error` or `message` instead. */
export const problemBody = z.object({
  title: z.nullish(z.string()),
  detail: z.nullish(z.string()),
  error: z.nullish(z.string()),
  message: z.nullish(z.string()),
  errors: z.nullish(z.array(z.unknown())),
});
