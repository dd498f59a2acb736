/** What only the panel knows and keeps while it is hidden: how the table is sorted and how much of it is open. */
export const sortKeys = ['cost', 'time', 'risk'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface LocalState {
  readonly sort: SortKey;
  readonly shown: number;
  /** Ids of sections that are folded open. */
  readonly open: readonly string[];
  readonly scroll: number;
}

export const pieceSize = 25;
export const firstState: LocalState = { sort: 'cost', shown: pieceSize, open: [], scroll: 0 };

export const sortedBy = (state: LocalState, sort: SortKey): LocalState => ({ ...state, sort, shown: pieceSize });
export const withMore = (state: LocalState): LocalState => ({ ...state, shown: state.shown + 4 * pieceSize });

export const withOpen = (state: LocalState, id: string, open: boolean): LocalState => ({
  ...state,
  open: open ? [...new Set([...state.open, id])] : state.open.filter((one) => one !== id),
});

/** What the editor kept may be of another version, or nothing. */
export function restored(kept: unknown): LocalState {
  if (typeof kept !== 'object' || kept === null) return firstState;
  const { sort, shown, open, scroll } = kept as Partial<Record<keyof LocalState, unknown>>;
  return {
    sort: sortKeys.find((key) => key === sort) ?? firstState.sort,
    shown: isCount(shown) ? Math.max(shown, pieceSize) : firstState.shown,
    open: Array.isArray(open) ? open.filter((id) => typeof id === 'string') : firstState.open,
    scroll: isCount(scroll) ? scroll : firstState.scroll,
  };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
