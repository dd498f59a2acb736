export interface Spread {
  readonly least: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly greatest: number;
}

/** The ends, the middle and the middle half; between two values it is the straight way. Undefined for none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = Float64Array.from(values).toSorted();
  if (sorted.length === 0) return undefined;
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const [from = NaN, to = from] = [sorted[below], sorted[below + 1]];
    return from + (place - below) * (to - from);
  };
  return { least: at(0), low: at(0.25), median: at(0.5), high: at(0.75), greatest: at(1) };
}
