/** Price against reliability as numbers to draw. */
import { logScale } from '../shared/scale.ts';
import type { OfferTable } from './messages.ts';
import { paretoFront, type Valued } from './pareto.ts';
import { cellFigure, columnOf } from './table.ts';

export interface Dot {
  /** Of the table. */
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Scatter {
  readonly width: number;
  readonly height: number;
  readonly dots: readonly Dot[];
  /** Every dot in one path: ten thousand elements would make the page slow. */
  readonly crowd: string;
  readonly front: readonly Dot[];
  /** Along the front, as corners: between two offers nothing is for sale. */
  readonly line: string;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  /** Where those stand whose reliability nobody publishes; undefined where all are published. */
  readonly lane: { readonly from: number; readonly to: number } | undefined;
}

export const edge = { left: 50, right: 14, top: 10, bottom: 34 };
const laneWidth = 54;
/** What is more reliable than this is drawn here: the scale has no end, and nobody knows it that well. */
const leastFailure = 0.0002;

interface Placed extends Valued {
  readonly row: number;
}

export function scatter(table: OfferTable, order: Int32Array, against: string, width: number): Scatter {
  const height = Math.round(Math.min(340, Math.max(200, width * 0.6)));
  const [price, reliability] = [columnOf(table, against), columnOf(table, 'reliability')];
  const priced = [...order].flatMap((row) => {
    const figure = cellFigure(price, row);
    return figure === undefined || figure <= 0 ? [] : [{ row, price: figure, reliability: cellFigure(reliability, row) }];
  });
  const published = priced.filter((one): one is Placed => one.reliability !== undefined);
  const others = priced.filter((one) => one.reliability === undefined);
  const lane = others.length === 0 ? undefined : { from: edge.left, to: edge.left + laneWidth };
  const left = lane === undefined ? edge.left : lane.to + 8;
  const failure = (share: number): number => Math.max(leastFailure, 1 - share);
  // A failure in a thousand is as far from one in a hundred as that from one in ten; the most reliable stand to the right.
  const x = logScale(published.map((one) => failure(one.reliability)), width - edge.right, left, Math.max(2, Math.floor((width - left) / 62)));
  const y = logScale(priced.map((one) => one.price), height - edge.bottom, edge.top, 6);
  const dotOf = (one: Placed): Dot => ({ row: one.row, x: x.at(failure(one.reliability)), y: y.at(one.price) });
  const front = paretoFront(published).map(dotOf);
  const dots = [...published.map(dotOf), ...others.map(({ row, price: figure }) => ({ row, x: edge.left + 6 + scattered(row, laneWidth - 12), y: y.at(figure) }))];
  return {
    width, height, dots, lane, front, crowd: crowdOf(dots), line: corners(front),
    xTicks: published.length === 0 ? [] : x.ticks.map((tick) => ({ at: x.at(tick), text: `${Number(((1 - tick) * 100).toFixed(2))} %` })),
    yTicks: y.ticks.map((tick) => ({ at: y.at(tick), text: dollars(tick) })),
  };
}

/** Beside each other without a pattern, and the same at every drawing. */
const scattered = (row: number, width: number): number => ((Math.imul(row + 1, 0x9e3779b1) >>> 0) / 2 ** 32) * width;

/** A line without length and with round ends is a dot; two on one pixel are one. */
function crowdOf(dots: readonly Dot[]): string {
  const places = new Set<number>();
  for (const { x, y } of dots) places.add(Math.round(x) * rowsApart + Math.round(y));
  return Array.from(places, (place) => `M${Math.floor(place / rowsApart)} ${place % rowsApart}h0`).join('');
}

/** More pixels than a drawing is high, so that one number holds both places. */
const rowsApart = 4096;

function corners(front: readonly Dot[]): string {
  return front.map(({ x, y }, index) => {
    const before = front[index - 1];
    return before === undefined ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`;
  }).join('');
}

const dollars = (usd: number): string => `$${usd >= 0.01 && usd < 1 ? usd.toFixed(2) : String(Number(usd.toPrecision(3)))}`;

/** The dot that a click meant; undefined when it was beside all of them. */
export function nearest(dots: readonly Dot[], x: number, y: number, within = 16): Dot | undefined {
  let best: Dot | undefined;
  let least = within * within;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance > least) continue;
    best = dot;
    least = distance;
  }
  return best;
}
