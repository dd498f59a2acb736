import type { InstanceId } from '../domain/instance.ts';
import type { Usd } from '../domain/money.ts';
import { spentBetween, type Books } from '../domain/spend.ts';

/** What one machine cost while no window was open. */
export interface AwaySpend {
  readonly instanceId: InstanceId;
  readonly spent: Usd;
  /** For how long anything was metered, milliseconds. */
  readonly ms: number;
}

/** Shorter than this nobody was away: a window was reloaded, or the editor restarted. */
export const awayMs = 15 * 60_000;

/** What went on between the last word of any window and `to`; nothing for a short while. */
export function awaySpend({ intervals, settled }: Books, from: number, to: number): AwaySpend[] {
  if (to - from < awayMs) return [];
  const ids = new Set(intervals.filter((interval) => interval.to > from && interval.from < to).map(({ instanceId }) => instanceId));
  return [...ids].flatMap((instanceId) => {
    const own = intervals.filter((interval) => interval.instanceId === instanceId);
    const spent = spentBetween(own, settled.filter((charge) => charge.instanceId === instanceId), from, to);
    const ms = own.reduce((sum, interval) => sum + Math.max(0, Math.min(interval.to, to) - Math.max(interval.from, from)), 0);
    return spent > 0 ? [{ instanceId, spent, ms }] : [];
  });
}
