import { subtractUsd, type Usd } from './money.ts';

/**
 * What a session's figure shows. Providers' books may take back what was metered, but a figure that somebody has read
 * does not fall before their eyes: it stays at its highest until spending has caught up, and says what was corrected.
 */
export interface ShownSpend {
  /** When the session began; another session begins anew. */
  readonly session: number;
  readonly shown: Usd;
  /** While what is shown is more than what is true. */
  readonly correction?: { readonly amount: Usd; readonly at: number };
}

/** Less than half a cent shows in no figure. */
const noticeable = 5_000;

export function shownSpend(before: ShownSpend | undefined, session: number, figure: Usd, at: number): ShownSpend {
  if (before === undefined || before.session !== session || figure >= before.shown) return { session, shown: figure };
  const { shown, correction } = before;
  const amount = subtractUsd(figure, shown);
  if (correction !== undefined && amount > correction.amount - noticeable) return before;
  return amount <= -noticeable ? { session, shown, correction: { amount, at } } : before;
}
