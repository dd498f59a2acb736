import * as z from 'zod/mini';
import { amount, maybe, seconds, text } from './loose.ts';

/** `GET /charges/`. */
export const chargePage = z.object({ results: z.array(z.unknown()), next_token: z.nullish(text) });

const item = z.object({ amount });

/** One contract over the days asked for; times in epoch seconds, amounts in dollars. */
export const chargeRow = z.object({
  source: text,
  start: seconds,
  end: seconds,
  amount,
  items: maybe(z.array(item)),
});
export type ChargeRow = z.infer<typeof chargeRow>;
