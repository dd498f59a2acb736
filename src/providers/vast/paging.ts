/**
 * Vast has no pages: a search gives the first rows of its order, 64 of them today, more in the past,
 * and nothing tells that there are others. So the next search begins at the price where this one
 * ended. Rows of one price, when they fill an answer, are told apart by their ids.
 */
export type Start =
  | { readonly first: true }
  | { readonly from: number }
  | { readonly above: number }
  | { readonly tie: number; readonly afterId: number };

export interface Priced {
  readonly id: number;
  readonly price: number;
}

export interface Page {
  /** All rows of the answer, readable or not. */
  readonly length: number;
  readonly rows: readonly Priced[];
}

export type Next = { readonly start: Start } | { readonly end: true; readonly more: boolean };

/** No smaller cap has ever been seen; whatever is as long as this may have been cut off. */
export const smallestCap = 64;
const hair = 1e-9;

/** Keeps what one search has seen over its pages. */
export class Pager {
  start: Start = { first: true };
  readonly #seen = new Set<number>();
  /** Some rows could not be reached: there is more than was read. */
  #skipped = false;

  /** The ids that no earlier page had, and where to go on. */
  take(page: Page): { fresh: ReadonlySet<number>; next: Next } {
    const fresh = new Set(page.rows.map(({ id }) => id).filter((id) => !this.#seen.has(id)));
    for (const id of fresh) this.#seen.add(id);
    const next = 'tie' in this.start ? this.#withinTie(this.start.tie, page, fresh) : this.#byPrice(page, fresh);
    if ('start' in next) this.start = next.start;
    return { fresh, next };
  }

  #byPrice(page: Page, fresh: ReadonlySet<number>): Next {
    if (page.length < smallestCap) return { end: true, more: this.#skipped };
    const [first] = page.rows;
    const last = page.rows.at(-1);
    // Unreadable, unordered or the same again: this server cannot be paged.
    if (first === undefined || last === undefined || !ascending(page.rows, (row) => row.price)) return { end: true, more: true };
    if (last.price > first.price + hair) return fresh.size === 0 ? { end: true, more: true } : { start: { from: last.price } };
    return this.#throughTie(last.price, page);
  }

  #withinTie(price: number, page: Page, fresh: ReadonlySet<number>): Next {
    if (page.length < smallestCap) return { start: { above: price } };
    if (fresh.size > 0) return this.#throughTie(price, page);
    this.#skipped = true;
    return { start: { above: price } };
  }

  /** A whole page of one price: the ids after its last one are next, if it was ordered by them. */
  #throughTie(price: number, page: Page): Next {
    const last = page.rows.at(-1);
    if (last !== undefined && ascending(page.rows, (row) => row.id)) return { start: { tie: price, afterId: last.id } };
    this.#skipped = true;
    return { start: { above: price } };
  }
}

const ascending = (rows: readonly Priced[], by: (row: Priced) => number): boolean =>
  rows.every((row, index) => {
    const before = rows[index - 1];
    return before === undefined || by(row) >= by(before) - hair;
  });
