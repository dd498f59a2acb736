import * as z from 'zod/mini';
import { flag, id, maybe, number, text } from './loose.ts';

/** `GET /template/`. Rows are read one by one, so that a bad one costs only itself. */
export const templatePage = z.object({ templates: z.array(z.unknown()), templates_found: maybe(number) });

export const templateRow = z.object({
  id: maybe(id),
  name: text.check(z.minLength(1)),
  image: text.check(z.minLength(1)),
  tag: maybe(text),
  default_tag: maybe(text),
  /** Docker's flags in one line: `-p 8080:8080 -e A=b`. */
  env: maybe(text),
  onstart: maybe(text),
  recommended: maybe(flag),
  recommended_disk_space: maybe(number),
  creator_id: maybe(id),
});
export type TemplateRow = z.infer<typeof templateRow>;

/** Whose templates are one's own. */
export const userId = z.object({ id });
