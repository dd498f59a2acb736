import * as z from 'zod/mini';
import type { FromSpend } from '../../webview/spend/messages.ts';

const schema = z.object({ type: z.enum(['ready', 'csv', 'text', 'limits']) });

/** Undefined for anything that our own page would not say. */
export function fromSpend(message: unknown): FromSpend | undefined {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
