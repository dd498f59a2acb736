/** Axes that hold a price of ten cents and one of a thousand dollars: logarithmic, with round marks. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

const round = [1, 2, 5];
/** Where the ends are close to each other, three marks in a decade may all fall outside. */
const finer = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** `from` and `to` are the pixels of the ends; `most` marks are kept at most. Values are positive. */
export function logScale(values: readonly number[], from: number, to: number, most: number): Scale {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const least = known.length === 0 ? 1 : Math.min(...known);
  const greatest = known.length === 0 ? 1 : Math.max(...known);
  // A single value, or values that are nearly one, still need room on both sides.
  const margin = greatest / least < 1.5 ? 1.45 : 1.12;
  const low = Math.log10(least / margin);
  const high = Math.log10(greatest * margin);
  const at = (value: number): number => from + ((Math.log10(Math.max(value, Number.MIN_VALUE)) - low) / (high - low)) * (to - from);
  return { at, ticks: thinned(ticksBetween(10 ** low, 10 ** high), most) };
}

function ticksBetween(low: number, high: number): number[] {
  const ticks: number[] = [];
  const steps = high / low < 6 ? finer : round;
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    for (const step of steps) {
      const tick = Number((step * 10 ** power).toPrecision(12));
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Whole powers of ten are the last to go. */
function thinned(ticks: readonly number[], most: number): readonly number[] {
  if (ticks.length <= most) return ticks;
  const tens = ticks.filter((tick) => Number.isInteger(Number(Math.log10(tick).toFixed(9))));
  if (tens.length <= most && tens.length >= 2) return tens;
  const every = Math.ceil(ticks.length / Math.max(1, most));
  return ticks.filter((_, index) => index % every === 0);
}
