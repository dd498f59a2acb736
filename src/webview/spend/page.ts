import { html, type Html } from '../shared/html.ts';
import { barsModel, edge } from './bars.ts';
import type { LocalState } from '../shared/tableState.ts';
import type { ShareView, SpendLabels, SpendPage } from './messages.ts';

/** The frame is drawn once; each part below is replaced only when its own text has changed. */
export const frame = (labels: SpendLabels): Html => html`
  <header><h1>${labels.title}</h1></header>
  <div data-part="notices" role="status"></div>
  <dl class="totals" data-part="figures"></dl>
  <section aria-labelledby="days-title" data-part="days"></section>
  <section data-part="instances"></section>
  <section data-part="projects"></section>
  <div data-part="notes"></div>
  <div class="deeds"><button id="csv" data-tell="csv">${labels.exportCsv}</button><button id="text" data-tell="text">${labels.asText}</button><button id="limits" data-tell="limits">${labels.limits}</button></div>`;

export function parts(page: SpendPage, state: LocalState, width: number): ReadonlyMap<string, string> {
  const { labels, instances, projects } = page;
  const all: Readonly<Record<string, Html>> = {
    notices: html`${page.notices.map((notice) => html`<p class="notice">${notice}</p>`)}`,
    figures: html`${page.figures.map(({ label, figure, about }) => html`<div class="total"><dt>${label}</dt><dd><strong>${figure}</strong>${about !== undefined && html` <span class="muted">${about}</span>`}</dd></div>`)}`,
    days: days(page, state, width),
    instances: shares(instances, { id: 'instances', title: labels.instances, first: labels.instance }, labels),
    projects: projects.length < 2 ? html`` : shares(projects, { id: 'projects', title: labels.projects, first: labels.project }, labels),
    notes: html`${page.notes.map((note) => html`<p>${note}</p>`)}`,
  };
  return new Map(Object.entries(all).map(([name, { text }]) => [name, text]));
}

function days({ days: all, series, labels }: SpendPage, state: LocalState, width: number): Html {
  const spent = all.filter(({ usd }) => usd > 0);
  if (spent.length === 0) return html`<h2 id="days-title">${labels.days}</h2><p class="muted">${labels.nothing}</p>`;
  const model = barsModel(all, series, width);
  const used = [...new Set(all.flatMap(({ parts: shown }) => shown.map((part) => part.series)))].toSorted((a, b) => a - b);
  return html`<h2 id="days-title">${labels.days}</h2>
    <svg class="plot" width="${model.width}" height="${model.height}" viewBox="0 0 ${model.width} ${model.height}" role="img" aria-labelledby="days-title days-about" focusable="false">
      <desc id="days-about">${labels.daysAbout}</desc>
      ${model.ticks.map(({ at, text }) => html`<line class="grid" x1="${edge.left}" x2="${model.width - edge.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text class="tick" x="${edge.left - 5}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`)}
      ${model.marks.map(({ at, text }) => html`<text class="tick" x="${at.toFixed(1)}" y="${model.height - 5}" text-anchor="middle">${text}</text>`)}
      ${model.segments.map(({ series: which, x, y, width: w, height: h, title }) => html`<rect class="series-${which}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${Math.max(0.5, h).toFixed(1)}"><title>${title}</title></rect>`)}
    </svg>
    <ul class="legend">${used.map((which) => html`<li><svg width="10" height="10" aria-hidden="true" focusable="false"><rect class="series-${which}" width="10" height="10"/></svg> ${series[which]}</li>`)}</ul>
    <details data-fold="days"${state.table && html` open`}><summary id="fold-days">${labels.daysTable}</summary>
      <div class="wide"><table><thead><tr><th scope="col">${labels.day}</th><th scope="col" class="number">${labels.total}</th>${used.map((which) => html`<th scope="col" class="number">${series[which]}</th>`)}</tr></thead>
      <tbody>${spent.toReversed().map((day) => html`<tr><th scope="row" class="day">${day.day}</th><td class="number">${day.total}</td>${used.map((which) => html`<td class="number">${day.parts.find((part) => part.series === which)?.text}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

interface ShareAbout {
  readonly id: string;
  readonly title: string;
  readonly first: string;
}

/** The table is the chart: each row has its bar, which only repeats the figure beside it. */
function shares(rows: readonly ShareView[], { id, title, first }: ShareAbout, labels: SpendLabels): Html {
  if (rows.length === 0) return html``;
  const most = Math.max(...rows.map(({ usd }) => usd), 0);
  const live = rows.some(({ now }) => now !== undefined);
  return html`<h2 id="${id}-title">${title}</h2>
    <table class="shares" aria-labelledby="${id}-title"><thead><tr><th scope="col">${first}</th><th scope="col" class="number">${labels.spent}</th>${live && html`<th scope="col" class="number">${labels.now}</th>`}</tr></thead>
    <tbody>${rows.map(({ name, about, spent, usd, series, now, left }) => html`<tr><th scope="row">${name}${about !== '' && html` <span class="muted">${about}</span>`}
      <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="${series === undefined ? 'plain' : `series-${series}`}" width="${(most > 0 ? (100 * Math.max(0, usd)) / most : 0).toFixed(1)}" height="4"/></svg></th>
      <td class="number">${spent}</td>${live && html`<td class="number">${now}${left !== undefined && left !== '' && html` <span class="muted">${left}</span>`}</td>`}</tr>`)}</tbody></table>`;
}
