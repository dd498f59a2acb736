/** The scatter as HTML. What moves with every key lies on a drawing of its own above the crowd. */
import { html, type Html } from '../shared/html.ts';
import { offerName, priceOf } from './grid.ts';
import { isOpen, prices, type LocalState } from './localState.ts';
import type { ExplorerLabels, OfferTable } from './messages.ts';
import { edge, type Scatter } from './scatter.ts';
import { cellText, columnOf } from './table.ts';

export function plot(table: OfferTable, model: Scatter, against: string, labels: ExplorerLabels): Html {
  if (model.dots.length < 2) return html``;
  const { width, height, lane } = model;
  const choices = prices.flatMap((id) => columnOf(table, id) ?? []);
  return html`<h2 id="plot-title">${labels.plot}</h2>
    ${choices.length > 1 && html`<label class="inline">${labels.against} <select id="against" data-against="true">${choices.map(({ id, label }) => html`<option value="${id}"${id === against && html` selected`}>${label}</option>`)}</select></label>`}
    <svg class="plot" id="plot" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plot-title plot-about" focusable="false">
      <desc id="plot-about">${labels.plotAbout}</desc>
      ${lane !== undefined && html`<rect class="lane" x="${lane.from}" y="${edge.top}" width="${lane.to - lane.from}" height="${height - edge.bottom - edge.top}"/>`}
      ${model.yTicks.map(({ at, text }) => html`<line class="gridline" x1="${edge.left}" x2="${width - edge.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="tick" x="${edge.left - 5}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`)}
      ${model.xTicks.map(({ at, text }) => html`<line class="gridline" y1="${edge.top}" y2="${height - edge.bottom}" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}"/><text class="tick" x="${at.toFixed(1)}" y="${height - edge.bottom + 14}" text-anchor="middle">${text}</text>`)}
      <path class="crowd" d="${model.crowd}"/>
      <path class="front" d="${model.line}"/>
      ${lane !== undefined && html`<text class="tick" x="${edge.left}" y="${height - 6}">${labels.unpublished}</text>`}
    </svg>`;
}

/** The front, the compared ones and the chosen one, over the crowd. */
export function marks(table: OfferTable, { width, height, front, dots }: Scatter, { offer, compared }: Pick<LocalState, 'offer' | 'compared'>): Html {
  if (dots.length < 2) return html``;
  const rowOf = (id: string): number => table.offers.indexOf(id);
  const among = (ids: readonly string[]): Scatter['dots'] => {
    const rows = new Set(ids.map(rowOf));
    return dots.filter(({ row }) => rows.has(row));
  };
  return html`<svg class="plot marks" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
    ${front.map(({ row, x, y }) => html`<circle class="dot best" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"><title>${aboutOf(table, row)}</title></circle>`)}
    ${among(compared).map(({ x, y }) => html`<rect class="dot compared" x="${(x - 5).toFixed(1)}" y="${(y - 5).toFixed(1)}" width="10" height="10"/>`)}
    ${among([offer]).map(({ row, x, y }) => html`<circle class="dot here" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="6"><title>${aboutOf(table, row)}</title></circle>`)}
  </svg>`;
}

export function frontTable(table: OfferTable, { front, dots }: Scatter, state: Pick<LocalState, 'against' | 'turned'>, labels: ExplorerLabels): Html {
  if (dots.length < 2 || front.length === 0) return html``;
  const [price, reliability] = [columnOf(table, state.against), columnOf(table, 'reliability')];
  return html`<p class="legend muted"><svg width="22" height="8" aria-hidden="true" focusable="false"><path class="front" d="M0 4L22 4"/><circle class="dot best" cx="11" cy="4" r="3.5"/></svg> ${labels.front}</p>
    <details data-fold="front"${isOpen(state, 'front') && html` open`}><summary id="fold-front">${labels.frontTable}</summary>
      <table class="plain"><thead><tr><th scope="col">${labels.offer}</th><th scope="col" class="number">${price?.label}</th><th scope="col" class="number">${reliability?.label}</th></tr></thead>
      <tbody>${front.map(({ row }) => html`<tr><th scope="row"><button class="link" id="front-${table.offers[row]}" data-choose="${table.offers[row]}">${offerName(table, row)}</button> <span class="muted">${cellText(columnOf(table, 'location'), row)}</span></th><td class="number">${cellText(price, row)}</td><td class="number">${cellText(reliability, row)}</td></tr>`)}</tbody></table></details>`;
}

const aboutOf = (table: OfferTable, row: number): string =>
  [offerName(table, row), priceOf(table, row), cellText(columnOf(table, 'reliability'), row), cellText(columnOf(table, 'location'), row)].filter((text) => text !== undefined && text !== '').join(' · ');
