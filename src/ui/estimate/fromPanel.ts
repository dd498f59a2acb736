import * as z from 'zod/mini';
import type { FromPanel } from '../../webview/estimate/messages.ts';

const name = z.string().check(z.maxLength(60));
const offer = z.string().check(z.maxLength(200));

/** Names and ids only: what they stand for is known here. A path, a price, an address or a command is never taken from the page. */
export const fromPanelSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('set'), name, value: z.union([z.string().check(z.maxLength(500)), z.boolean()]) }),
  z.object({ type: z.literal('unset'), name }),
  z.object({ type: z.literal('reveal'), place: z.string().check(z.maxLength(60)) }),
  z.object({ type: z.literal('choose'), offer }),
  z.object({ type: z.literal('rent'), offer }),
  z.object({ type: z.literal('copy'), as: z.enum(['markdown', 'csv']) }),
  z.object({ type: z.literal('log') }),
  z.object({ type: z.literal('hub') }),
  z.object({ type: z.literal('refresh') }),
]);

/** Undefined for anything that our own panel would not say. */
export function fromPanel(message: unknown): FromPanel | undefined {
  const parsed = fromPanelSchema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
