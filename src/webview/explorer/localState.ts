/** What only the page knows and keeps while it is hidden. */
import type { Sorting } from './table.ts';

export interface LocalState {
  readonly sort: Sorting;
  readonly search: string;
  /** The offer that is chosen. */
  readonly offer: string;
  readonly compared: readonly string[];
  /** The price that reliability is held against. */
  readonly against: string;
  /** Folds that stand otherwise than usual. */
  readonly turned: readonly string[];
  /** Of the table. */
  readonly top: number;
  readonly scroll: number;
}

export const mostCompared = 4;
export const prices = ['allInUsdPerHour', 'allInUsdPerGpuHour', 'finishUsd'] as const;

export const firstState: LocalState = {
  sort: { column: prices[0], descending: false }, search: '', offer: '', compared: [], against: prices[0], turned: [], top: 0, scroll: 0,
};

/** The same column again turns the order round. */
export const sortedBy = ({ sort }: LocalState, column: string): Pick<LocalState, 'sort' | 'top'> =>
  ({ sort: { column, descending: sort.column === column && !sort.descending }, top: 0 });

/** Undefined when there is no room for another. */
export function comparedWith({ compared }: LocalState, offer: string): Pick<LocalState, 'compared'> | undefined {
  if (compared.includes(offer)) return { compared: compared.filter((one) => one !== offer) };
  return compared.length < mostCompared ? { compared: [...compared, offer] } : undefined;
}

export const turned = (state: Pick<LocalState, 'turned'>, fold: string): Pick<LocalState, 'turned'> =>
  ({ turned: state.turned.includes(fold) ? state.turned.filter((one) => one !== fold) : [...state.turned, fold] });

export const isOpen = (state: Pick<LocalState, 'turned'>, fold: string, usually = false): boolean => state.turned.includes(fold) !== usually;

/** What the editor kept may be of another version, or nothing. */
export function restored(kept: unknown): LocalState {
  if (typeof kept !== 'object' || kept === null) return firstState;
  const { sort, search, offer, compared, against, turned: folds, top, scroll } = kept as Partial<Record<keyof LocalState, unknown>>;
  const { column, descending } = (typeof sort === 'object' && sort !== null ? sort : {}) as Partial<Record<keyof Sorting, unknown>>;
  return {
    sort: typeof column === 'string' ? { column, descending: descending === true } : firstState.sort,
    search: text(search),
    offer: text(offer),
    compared: texts(compared).slice(0, mostCompared),
    against: prices.find((price) => price === against) ?? firstState.against,
    turned: texts(folds),
    top: pixels(top),
    scroll: pixels(scroll),
  };
}

const text = (kept: unknown): string => (typeof kept === 'string' ? kept : '');
const texts = (kept: unknown): readonly string[] => (Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : []);
const pixels = (kept: unknown): number => (typeof kept === 'number' && Number.isFinite(kept) && kept >= 0 ? kept : 0);
