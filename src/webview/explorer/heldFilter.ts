import type { ExplorerView } from './messages.ts';

/** The filter as it was drawn last, while somebody has one of its lists open: drawn anew it would close under their hand. */
export function holdingFilter(): (view: ExplorerView, parts: ReadonlyMap<string, string>) => ReadonlyMap<string, string> {
  let last = { values: '', text: '' };
  return ({ filter }, parts) => {
    const values = JSON.stringify(filter.map(({ value }) => value));
    const active = document.activeElement;
    const held = active instanceof HTMLSelectElement && active.dataset['filter'] !== undefined && values === last.values;
    last = { values, text: held ? last.text : parts.get('filter') ?? '' };
    return new Map([...parts, ['filter', last.text]]);
  };
}
