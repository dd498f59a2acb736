import { subtractUsd, zeroUsd, type Usd } from './money.ts';
import { countedBetween, monthStart, type Books } from './spend.ts';

/** What a person lets all machines together cost; zero is no cap. */
export interface Caps {
  readonly session: Usd;
  readonly month: Usd;
}

export interface CapUse {
  readonly kind: keyof Caps;
  readonly limit: Usd;
  /** When the session or the month began: a new one is a new cap. */
  readonly since: number;
  readonly counted: Usd;
}

export function capUses({ intervals, settled, sessionFrom, now }: Books, caps: Caps): CapUse[] {
  const use = (kind: keyof Caps, since: number): CapUse[] =>
    caps[kind] <= 0 ? [] : [{ kind, limit: caps[kind], since, counted: countedBetween(intervals, settled, since, Infinity) }];
  return [...use('session', sessionFrom), ...use('month', monthStart(now))];
}

export const leftOf = ({ limit, counted }: CapUse): Usd => Math.max(zeroUsd, subtractUsd(limit, counted)) as Usd;

/** The cap that leaves the least. */
export const tightest = (uses: readonly CapUse[]): CapUse | undefined =>
  uses.reduce<CapUse | undefined>((least, use) => (least === undefined || leftOf(use) < leftOf(least) ? use : least), undefined);
