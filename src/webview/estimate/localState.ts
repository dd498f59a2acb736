/** What only the panel knows and keeps while it is hidden: how the table is sorted and how much of it is open. */
export const sortKeys = ['cost', 'time', 'risk'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface LocalState {
  readonly sort: SortKey;
  readonly shown: number;
  /** Ids of sections that the person folded open, and of those they closed; the others are as is usual. */
  readonly open: readonly string[];
  readonly closed: readonly string[];
  readonly scroll: number;
}

export const pieceSize = 25;
export const firstState: LocalState = { sort: 'cost', shown: pieceSize, open: [], closed: [], scroll: 0 };

export const sortedBy = (state: LocalState, sort: SortKey): LocalState => ({ ...state, sort, shown: pieceSize });
export const withMore = (state: LocalState): LocalState => ({ ...state, shown: state.shown + 4 * pieceSize });

export const withOpen = (state: LocalState, id: string, open: boolean): LocalState => ({
  ...state,
  open: [...state.open.filter((one) => one !== id), ...(open ? [id] : [])],
  closed: [...state.closed.filter((one) => one !== id), ...(open ? [] : [id])],
});

export const isOpen = ({ open, closed }: LocalState, id: string, usually = false): boolean => open.includes(id) || (usually && !closed.includes(id));

/** What the editor kept may be of another version, or nothing. */
export function restored(kept: unknown): LocalState {
  if (typeof kept !== 'object' || kept === null) return firstState;
  const { sort, shown, open, closed, scroll } = kept as Partial<Record<keyof LocalState, unknown>>;
  return {
    sort: sortKeys.find((key) => key === sort) ?? firstState.sort,
    shown: isCount(shown) ? Math.max(shown, pieceSize) : firstState.shown,
    open: names(open),
    closed: names(closed),
    scroll: isCount(scroll) ? scroll : firstState.scroll,
  };
}

const names = (kept: unknown): readonly string[] => (Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
