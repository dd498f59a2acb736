import * as z from 'zod/mini';
import type { FromGuide } from '../../webview/guide/messages.ts';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('refresh') }),
  z.object({ type: z.literal('key') }),
  z.object({ type: z.literal('set'), name: z.string().check(z.maxLength(20)), value: z.string().check(z.maxLength(60)) }),
]);

/** Undefined for anything that our own page would not say. */
export function fromGuide(message: unknown): FromGuide | undefined {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
