import type { Drawer } from '../../../../src/ui/offers/preferences.ts';

/** A Memento in memory. */
export function drawer(content: Record<string, unknown> = {}): Drawer & { readonly content: Record<string, unknown> } {
  return {
    content,
    get: (key) => content[key],
    update: (key, value) => {
      content[key] = value;
      return Promise.resolve();
    },
  };
}
