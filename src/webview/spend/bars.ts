/** Spend by day as stacked bars, as numbers to draw. */
import type { DayView } from './messages.ts';

export interface Segment {
  readonly series: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What a pointer that rests on it reads. */
  readonly title: string;
}

export interface BarsModel {
  readonly width: number;
  readonly height: number;
  readonly segments: readonly Segment[];
  readonly marks: readonly { readonly at: number; readonly text: string }[];
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

export const edge = { left: 44, right: 4, top: 8, bottom: 20 };
const height = 180;
/** Room for one date under the bars. */
const markWidth = 26;

export function barsModel(days: readonly DayView[], series: readonly string[], width: number): BarsModel {
  const most = Math.max(...days.map(({ usd }) => usd), 0);
  const top = roundUp(most);
  const pitch = (width - edge.left - edge.right) / Math.max(1, days.length);
  const y = (usd: number): number => height - edge.bottom - (top === 0 ? 0 : (usd / top) * (height - edge.bottom - edge.top));
  const bar = Math.max(1, pitch * 0.72);
  const segments = days.flatMap((day, i) => {
    const x = edge.left + pitch * i + (pitch - bar) / 2;
    let below = 0;
    return day.parts.filter(({ usd }) => usd > 0).map((part): Segment => {
      const [from, to] = [y(below), y(below + part.usd)];
      below += part.usd;
      return { series: part.series, x, y: to, width: bar, height: from - to, title: `${day.day} · ${series[part.series] ?? ''} · ${part.text}` };
    });
  });
  const every = Math.max(1, Math.ceil(markWidth / pitch));
  return {
    width, height, segments,
    // Counted from today, which always has its date.
    marks: days.flatMap(({ mark }, i) => ((days.length - 1 - i) % every === 0 ? [{ at: edge.left + pitch * (i + 0.5), text: mark }] : [])),
    ticks: top === 0 ? [] : [0, top / 2, top].map((usd) => ({ at: y(usd), text: dollars(usd) })),
  };
}

/** The next value of its decade whose half is short to write as well. */
function roundUp(value: number): number {
  if (value <= 0) return 0;
  const decade = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * decade >= value * (1 - 1e-9)) ?? 10;
  return step * decade;
}

const dollars = (usd: number): string => `$${usd === 0 ? '0' : usd < 0.01 ? usd.toPrecision(1) : usd < 0.1 ? usd.toFixed(3) : usd < 10 ? usd.toFixed(2) : String(Math.round(usd))}`;
