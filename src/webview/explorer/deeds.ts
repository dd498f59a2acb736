import type { FromExplorer } from './messages.ts';

/** What a click or a change asks for: something of the extension, or something of the page itself. */
export type Deed =
  | { readonly tell: FromExplorer }
  | { readonly sort: string }
  | { readonly choose: string }
  | { readonly compare: string }
  | { readonly against: string }
  | { readonly turn: string }
  | { readonly forget: true }
  | { readonly export: true };

type Data = Readonly<Record<string, string | undefined>>;

const plain = ['refresh', 'clear', 'showHidden', 'showFailed', 'usualColumns'] as const;
const ofOffers = { rent: 'rent', estimate: 'estimate', copy: 'copy', console: 'console', hide: 'hideHost' } as const;

/** `data` is what stands in the element's data attributes. */
export function deedOfClick(data: Data): Deed | undefined {
  const { tell, sort, choose, compare, turn, forget, only, export: csv } = data;
  for (const [name, type] of Object.entries(ofOffers)) {
    const offer = data[name];
    if (offer !== undefined) return { tell: { type, offer } };
  }
  const type = plain.find((one) => one === tell);
  if (type !== undefined) return { tell: { type } };
  if (compare !== undefined) return { compare };
  if (choose !== undefined) return { choose };
  if (sort !== undefined) return { sort };
  if (turn !== undefined) return { turn };
  if (only !== undefined) return { tell: { type: 'filter', name: 'gpu', value: only } };
  if (forget !== undefined) return { forget: true };
  return csv === undefined ? undefined : { export: true };
}

export function deedOfChange({ filter, column, against }: Data, value: string, checked: boolean): Deed | undefined {
  if (filter !== undefined) return { tell: { type: 'filter', name: filter, value: value.trim() } };
  if (column !== undefined) return { tell: { type: 'column', name: column, value: checked } };
  return against === undefined ? undefined : { against: value };
}
