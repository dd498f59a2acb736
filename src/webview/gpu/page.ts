import { html, type Html } from '../shared/html.ts';
import { linePath } from './lines.ts';
import type { LocalState } from '../shared/tableState.ts';
import type { ChartView, DetailLabels, DetailView, TableView } from './messages.ts';

/** The frame is drawn once; each part below is replaced only when its own text has changed. */
export const frame = ({ name, labels }: DetailView): Html => html`
  <header><h1>${name}</h1><p class="muted" data-part="about"></p></header>
  <div data-part="notices" role="status"></div>
  <section aria-labelledby="now-title"><h2 id="now-title">${labels.now}</h2><dl class="totals" data-part="figures"></dl></section>
  <section aria-labelledby="charts-title"><h2 id="charts-title">${labels.charts}</h2><p class="unseen" id="charts-about">${labels.chartsAbout}</p>
    <div data-part="room"></div><div class="charts" data-part="charts"></div><div data-part="history"></div></section>
  <section aria-labelledby="programs-title"><h2 id="programs-title">${labels.programs}</h2><div class="wide" data-part="programs"></div></section>`;

/** Charts stand side by side where there is room for two. */
const twoFrom = 560;
const gap = 20;
const height = 56;

export function parts(view: DetailView, state: LocalState, room: number): ReadonlyMap<string, string> {
  const { labels, about, notices, figures, charts, history, programs } = view;
  const width = room >= twoFrom ? Math.floor((room - gap) / 2) : room;
  const all: Readonly<Record<string, Html>> = {
    about: html`${about}`,
    notices: html`${notices.map((notice) => html`<p class="notice">${notice}</p>`)}`,
    figures: html`${figures.map(({ label, figure }) => html`<div class="total"><dt>${label}</dt><dd><strong>${figure}</strong></dd></div>`)}`,
    charts: html`${charts.map((one) => chart(one, labels, width))}`,
    history: charts.length === 0 ? html`` : html`<details data-fold="history"${state.table && html` open`}><summary id="fold-history">${labels.history}</summary><div class="wide">${table(history, 'charts-title')}</div></details>`,
    programs: programs.rows.length === 0 ? html`<p class="muted">${labels.noPrograms}</p>` : table(programs, 'programs-title'),
  };
  return new Map(Object.entries(all).map(([name, { text }]) => [name, text]));
}

function chart({ id, title, now, top, lines }: ChartView, { from, to }: DetailLabels, width: number): Html {
  return html`<figure><figcaption id="chart-${id}"><span>${title}</span> <strong>${now}</strong></figcaption>
    <svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-${id}" aria-describedby="charts-about" focusable="false">
      <line class="grid" x1="0" x2="${width}" y1="0.5" y2="0.5"/><line class="grid" x1="0" x2="${width}" y1="${height / 2}" y2="${height / 2}"/><line class="grid" x1="0" x2="${width}" y1="${height - 0.5}" y2="${height - 0.5}"/>
      <text class="tick" x="0" y="12">${top}</text>
      ${lines.map(({ name, values }, at) => html`<path class="line series-${at % 6}" d="${linePath(values, { width, height })}"><title>${name}</title></path>`)}
    </svg>
    <div class="axis-words" aria-hidden="true"><span>${from}</span><span>${to}</span></div>
    ${lines.length > 1 && html`<ul class="legend">${lines.map(({ name }, at) => html`<li><svg width="10" height="10" aria-hidden="true" focusable="false"><rect class="series-${at % 6}" width="10" height="10"/></svg> ${name}</li>`)}</ul>`}</figure>`;
}

const table = ({ columns, rows }: TableView, title: string): Html => html`<table aria-labelledby="${title}">
  <thead><tr>${columns.map((column, at) => html`<th scope="col"${at > 0 && html` class="number"`}>${column}</th>`)}</tr></thead>
  <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`)}</tbody></table>`;
