import * as z from 'zod/mini';

const maybe = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullish(schema), undefined);

/** Both the account's own and the catalogue's; rows are read one by one. */
export const templateList = z.object({
  templates: z.array(z.unknown()),
  pagination: maybe(z.object({ hasNextPage: z.boolean() })),
});

export const templateRow = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  args: maybe(z.string()),
  /** Container disk, GB. */
  disk: maybe(z.number()),
  mounts: maybe(z.object({ persistent: maybe(z.object({ size: z.number() })) })),
  /** `8888/http`, `22/tcp`. */
  ports: maybe(z.array(z.string())),
  env: maybe(z.record(z.string(), z.string())),
  registry: maybe(z.string()),
  serverless: maybe(z.boolean()),
  category: maybe(z.string()),
});
export type TemplateRow = z.infer<typeof templateRow>;
