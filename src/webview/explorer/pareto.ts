export interface Valued {
  readonly price: number;
  readonly reliability: number;
}

/** Those that no other beats: none is at least as good in both and better in one. The cheapest comes first. */
export function paretoFront<T extends Valued>(all: readonly T[]): readonly T[] {
  let best = -Infinity;
  return all.toSorted((a, b) => a.price - b.price || b.reliability - a.reliability).filter(({ reliability }) => {
    const better = reliability > best;
    if (better) best = reliability;
    return better;
  });
}
