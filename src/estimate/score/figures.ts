import type { Band } from '../band.ts';

/** One row that was predicted without its own source, or its own GPU. */
export interface Scored {
  readonly id: string;
  readonly category: string;
  /** Undefined where nothing could be predicted. */
  readonly predicted: Band | undefined;
  readonly measured: number;
  /** Whether what it was predicted from holds runs of the same code; undefined where that is no question. */
  readonly stackKnown?: boolean;
}

export interface Figures {
  readonly rows: number;
  readonly predicted: number;
  /** Of the predicted rows; null where there are none. */
  readonly medianAbsErrorPct: number | null;
  readonly within25Pct: number | null;
  readonly within50Pct: number | null;
  /** Share of rows inside the band, which promises 80. */
  readonly bandCoveragePct: number | null;
}

export function figuresOf(scored: readonly Scored[]): Figures {
  const predicted = scored.flatMap(({ predicted: band, measured }) => band === undefined ? [] : [{ band, measured }]);
  const errors = predicted.map(({ band, measured }) => Math.abs(band.likely / measured - 1)).toSorted((a, b) => a - b);
  const share = (count: number): number | null => errors.length === 0 ? null : percent(count / errors.length);
  const middle = errors.length === 0 ? null : percent(median(errors));
  return {
    rows: scored.length,
    predicted: predicted.length,
    medianAbsErrorPct: middle,
    within25Pct: share(errors.filter((error) => error <= 0.25).length),
    within50Pct: share(errors.filter((error) => error <= 0.5).length),
    bandCoveragePct: share(predicted.filter(({ band, measured }) => band.low <= measured && measured <= band.high).length),
  };
}

export const byCategory = (scored: readonly Scored[]): Readonly<Record<string, Figures>> =>
  Object.fromEntries([...Map.groupBy(scored, ({ category }) => category)]
    .toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([category, rows]) => [category, figuresOf(rows)]));

/** The same figures where the code base was known from other evidence, and where it was not. */
export interface ByStack { readonly known: Figures; readonly unknown: Figures }

export const byStack = (scored: readonly Scored[]): ByStack => ({
  known: figuresOf(scored.filter(({ stackKnown }) => stackKnown === true)),
  unknown: figuresOf(scored.filter(({ stackKnown }) => stackKnown === false)),
});

export interface Miss {
  readonly id: string;
  readonly predicted: number;
  readonly measured: number;
}

/** What is off by more than half. */
export const missesOf = (scored: readonly Scored[]): Miss[] => scored.flatMap(({ id, predicted, measured }) =>
  predicted !== undefined && Math.abs(predicted.likely / measured - 1) > 0.5
    ? [{ id, predicted: digits(predicted.likely), measured: digits(measured) }] : []);

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] ?? 0 : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const percent = (share: number): number => Math.round(share * 1000) / 10;
const digits = (value: number): number => Number(value.toPrecision(4));
