const bars = [...'▁▂▃▄▅▆▇█'];
/** Less than this between the lowest and the highest is no movement, and must not look like one. */
const leastRange = 0.1;

/** One bar for each value, the lowest bar for the lowest. It is always beside words that say the same. */
export function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = Math.max(high - low, high * leastRange);
  return values.map((value) => bars[range === 0 ? 0 : Math.min(bars.length - 1, Math.floor(((value - low) / range) * bars.length))]).join('');
}
