/** What only the page knows and keeps while it is hidden. */
export interface LocalState {
  /** Whether the table behind the drawings is unfolded. */
  readonly table: boolean;
  readonly scroll: number;
}

export const firstState: LocalState = { table: false, scroll: 0 };

/** What the editor kept may be of another version, or nothing. */
export function restored(kept: unknown): LocalState {
  if (typeof kept !== 'object' || kept === null) return firstState;
  const { table, scroll } = kept as Partial<Record<keyof LocalState, unknown>>;
  return { table: table === true, scroll: typeof scroll === 'number' && Number.isFinite(scroll) && scroll >= 0 ? scroll : 0 };
}
