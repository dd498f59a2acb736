import { sortKeys, type SortKey } from './localState.ts';
import type { FromPanel } from './messages.ts';

/** What a click or a change asks for: something of the extension, or something of the panel itself. */
export type Deed =
  | { readonly tell: FromPanel }
  | { readonly sort: SortKey }
  | { readonly more: true };

/** `data` is what stands in the element's data attributes. */
export function deedOfClick(data: Readonly<Record<string, string | undefined>>): Deed | undefined {
  const { answer, value, unset, reveal, choose, rent, copy, log, hub, refresh, sort, more } = data;
  if (answer !== undefined && value !== undefined) return { tell: { type: 'set', name: answer, value } };
  if (unset !== undefined) return { tell: { type: 'unset', name: unset } };
  if (reveal !== undefined) return { tell: { type: 'reveal', place: reveal } };
  if (choose !== undefined) return { tell: { type: 'choose', offer: choose } };
  if (rent !== undefined) return { tell: { type: 'rent', offer: rent } };
  if (copy === 'markdown' || copy === 'csv') return { tell: { type: 'copy', as: copy } };
  if (log !== undefined) return { tell: { type: 'log' } };
  if (hub !== undefined) return { tell: { type: 'hub' } };
  if (refresh !== undefined) return { tell: { type: 'refresh' } };
  const key = sortKeys.find((one) => one === sort);
  if (key !== undefined) return { sort: key };
  return more === undefined ? undefined : { more: true };
}

/** An emptied field means: take back what was said. */
export function deedOfChange(data: Readonly<Record<string, string | undefined>>, value: string): Deed | undefined {
  const { set } = data;
  if (set === undefined) return undefined;
  return { tell: value.trim() === '' ? { type: 'unset', name: set } : { type: 'set', name: set, value: value.trim() } };
}
