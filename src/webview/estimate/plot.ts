/** Cost against time of every offer that fits, with the line that nothing beats, and the same as a table. */
import { html, type Html } from '../shared/html.ts';
import { isOpen, type LocalState } from './localState.ts';
import type { OfferRowView, PanelView } from './messages.ts';
import { logScale } from '../shared/scale.ts';

export interface PlotPoint {
  readonly row: OfferRowView;
  readonly x: number;
  readonly y: number;
}

export interface PlotModel {
  readonly width: number;
  readonly height: number;
  readonly points: readonly PlotPoint[];
  /** Along the front, as corners: between two offers nothing is for sale. */
  readonly line: string;
  readonly xTicks: readonly { readonly at: number; readonly text: string }[];
  readonly yTicks: readonly { readonly at: number; readonly text: string }[];
}

const edge = { left: 46, right: 12, top: 10, bottom: 34 };

export function plotModel(offers: readonly OfferRowView[], width: number): PlotModel {
  const height = Math.round(Math.min(320, Math.max(190, width * 0.55)));
  const rows = offers.filter(({ usd, hours }) => usd > 0 && hours > 0);
  const unit = unitOf(Math.max(...rows.map(({ hours }) => hours)));
  const x = logScale(rows.map(({ hours }) => hours * unit.inHour), edge.left, width - edge.right, Math.floor((width - edge.left) / 58));
  const y = logScale(rows.map(({ usd }) => usd), height - edge.bottom, edge.top, 6);
  const points = rows.map((row) => ({ row, x: x.at(row.hours * unit.inHour), y: y.at(row.usd) }));
  return {
    width, height, points, line: corners(points.filter(({ row }) => row.front)),
    xTicks: x.ticks.map((tick) => ({ at: x.at(tick), text: `${mark(tick)} ${unit.name}` })),
    yTicks: y.ticks.map((tick) => ({ at: y.at(tick), text: dollarsMark(tick) })),
  };
}

function corners(points: readonly PlotPoint[]): string {
  const ordered = points.toSorted((a, b) => a.x - b.x);
  const path = ordered.flatMap(({ x, y }, index) => {
    const before = ordered[index - 1];
    return before === undefined ? [`M${x.toFixed(1)} ${y.toFixed(1)}`] : [`L${x.toFixed(1)} ${before.y.toFixed(1)}`, `L${x.toFixed(1)} ${y.toFixed(1)}`];
  });
  return path.join('');
}

const mark = (value: number): string => (value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3))));
const dollarsMark = (usd: number): string => `$${usd >= 0.01 && usd < 1 ? usd.toFixed(2) : mark(usd)}`;

/** One for the whole axis, so that its marks are round: a tenth of an hour is 6 m, and no tenth of a minute. */
const unitOf = (mostHours: number): { readonly name: string; readonly inHour: number } =>
  mostHours < 0.05 ? { name: 's', inHour: 3600 } : mostHours < 2 ? { name: 'm', inHour: 60 } : { name: 'h', inHour: 1 };

export function plot({ offers, chosen, labels }: PanelView, state: LocalState, width: number): Html {
  const model = plotModel(offers, width);
  if (model.points.length < 2) return html``;
  // The front and the chosen one are drawn last, so that the crowd does not hide them.
  const weight = ({ row }: PlotPoint): number => (row.offer === chosen?.offer ? 2 : row.front ? 1 : 0);
  const front = offers.filter((row) => row.front).toSorted((a, b) => a.usd - b.usd);
  return html`<h3 id="plot-title">${labels.plot}</h3>
    <svg class="plot" width="${model.width}" height="${model.height}" viewBox="0 0 ${model.width} ${model.height}" role="img" aria-labelledby="plot-title plot-about" focusable="false">
      <desc id="plot-about">${labels.plotAbout}</desc>
      ${model.yTicks.map(({ at, text }) => html`<line class="grid" x1="${edge.left}" x2="${width - edge.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="tick" x="${edge.left - 5}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`)}
      ${model.xTicks.map(({ at, text }) => html`<line class="grid" y1="${edge.top}" y2="${model.height - edge.bottom}" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}"/><text class="tick" x="${at.toFixed(1)}" y="${model.height - edge.bottom + 14}" text-anchor="middle">${text}</text>`)}
      <text class="axis" x="${(edge.left + width - edge.right) / 2}" y="${model.height - 4}" text-anchor="middle">${labels.time}</text>
      <path class="front" d="${model.line}"/>
      ${model.points.toSorted((a, b) => weight(a) - weight(b)).map((point) => dot(point, weight(point)))}
    </svg>
    <p class="legend muted"><svg width="22" height="8" aria-hidden="true" focusable="false"><path class="front" d="M0 4L22 4"/><circle class="dot best" cx="11" cy="4" r="3.5"/></svg> ${labels.front}</p>
    <details data-fold="front"${isOpen(state, 'front') && html` open`}><summary id="fold-front">${labels.frontTable}</summary>
      <table class="plain"><thead><tr><th scope="col">${labels.machine}</th><th scope="col" class="number">${labels.cost}</th><th scope="col" class="number">${labels.time}</th></tr></thead>
      <tbody>${front.map(({ machine, about, cost, time }) => html`<tr><th scope="row">${machine} <span class="muted">${about}</span></th><td class="number">${cost}</td><td class="number">${time}</td></tr>`)}</tbody></table></details>`;
}

const shapes = ['dot', 'dot best', 'dot chosen'];
const sizes = [3, 4, 6];

const dot = ({ row, x, y }: PlotPoint, weight: number): Html =>
  html`<circle class="${shapes[weight]}${row.risky && ' risky'}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${sizes[weight]}" data-choose="${row.offer}"><title>${row.machine} · ${row.about} · ${row.cost} · ${row.time}</title></circle>`;
