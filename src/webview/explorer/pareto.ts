export interface Valued {
  readonly price: number;
  readonly reliability: number;
}

/** Those that no other beats: none is at least as good in both and better in one. The cheapest comes first. */
export function paretoFront<T extends Valued>(all: readonly T[]): readonly T[] {
  // Most of ten thousand are dearer than the cheapest of the most reliable, and need not be sorted.
  const surest = all.reduce((least, { reliability }) => Math.max(least, reliability), -Infinity);
  const enough = all.reduce((least, { price, reliability }) => (reliability === surest ? Math.min(least, price) : least), Infinity);
  let best = -Infinity;
  return all.filter(({ price }) => price <= enough).toSorted((a, b) => a.price - b.price || b.reliability - a.reliability).filter(({ reliability }) => {
    const better = reliability > best;
    if (better) best = reliability;
    return better;
  });
}
