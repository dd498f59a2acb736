import * as z from 'zod/mini';
import type { FromExplorer } from '../../webview/explorer/messages.ts';

const name = z.string().check(z.maxLength(60));
const offer = z.string().check(z.maxLength(200));
/** Far more than any market has. */
const mostOffers = 100_000;
export const mostCompared = 4;

/** Names and ids only: what they stand for is known here. A path, a price, an address or a command is never taken from the page. */
export const fromExplorerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('refresh') }),
  z.object({ type: z.literal('filter'), name, value: z.string().check(z.maxLength(100)) }),
  z.object({ type: z.literal('clear') }),
  z.object({ type: z.literal('showHidden') }),
  z.object({ type: z.literal('showFailed') }),
  z.object({ type: z.literal('column'), name, value: z.boolean() }),
  z.object({ type: z.literal('usualColumns') }),
  z.object({ type: z.literal('rent'), offer }),
  z.object({ type: z.literal('estimate'), offer }),
  z.object({ type: z.literal('hideHost'), offer }),
  z.object({ type: z.literal('copy'), offer }),
  z.object({ type: z.literal('console'), offer }),
  z.object({ type: z.literal('compare'), offers: z.array(offer).check(z.maxLength(mostCompared)) }),
  z.object({ type: z.literal('csv'), offers: z.array(offer).check(z.maxLength(mostOffers)) }),
]);

/** Undefined for anything that our own page would not say. */
export function fromExplorer(message: unknown): FromExplorer | undefined {
  const parsed = fromExplorerSchema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
