import { html, type Html } from '../shared/html.ts';
import { remembering } from '../shared/remembering.ts';
import { comparison } from './comparison.ts';
import { head, rows, widths } from './grid.ts';
import type { Cell } from './gridKeys.ts';
import { isOpen, type LocalState } from './localState.ts';
import type { ColumnView, ExplorerLabels, ExplorerView, OfferTable } from './messages.ts';
import { models, modelsOf } from './models.ts';
import { frontTable, marks, plot } from './plot.ts';
import { rowWindow } from './rowWindow.ts';
import { scatter, type Scatter } from './scatter.ts';
import { liveRows, orderOf, shownColumns, shownIds } from './table.ts';
import { chosen, columnChooser, count, filterForm, problems } from './tools.ts';

/** The frame is drawn once; each part below is replaced only when its own text has changed. The table itself stays: it has the focus. */
export const frame = (labels: ExplorerLabels): Html => html`
  <header><h1>${labels.title}</h1><p class="muted" data-part="summary"></p></header>
  <div data-part="problems" role="status"></div>
  <div data-part="filter"></div>
  <div class="tools"><input type="search" id="search" aria-label="${labels.search}" placeholder="${labels.search}" spellcheck="false" autocomplete="off"><span data-part="count" role="status"></span><p class="muted" id="spoken" role="status"></p><button id="csv" data-export="true">${labels.csv}</button></div>
  <div data-part="said" role="status"></div>
  <div data-part="columns"></div>
  <p class="unseen" id="grid-about">${labels.gridAbout}</p>
  <div class="columns">
    <div class="main">
      <div class="scroller" id="scroller"><table id="grid" role="grid" tabindex="0" aria-label="${labels.grid}" aria-describedby="grid-about" aria-multiselectable="true"><colgroup data-part="widths"></colgroup><thead role="rowgroup" data-part="head"></thead><tbody role="rowgroup" data-part="rows"></tbody></table></div>
      <div data-part="chosen"></div>
      <div data-part="comparison"></div>
    </div>
    <div class="charts">
      <div class="stack"><div data-part="plot"></div><div data-part="marks"></div></div>
      <div data-part="front"></div>
      <div data-part="models"></div>
    </div>
  </div>`;

/** What only the browser knows. */
export interface Room {
  readonly plotWidth: number;
  readonly wide: boolean;
  /** Of the letters, in pixels. */
  readonly em: number;
  readonly rowHeight: number;
  readonly top: number;
  readonly height: number;
}

export interface Shown {
  readonly columns: readonly ColumnView[];
  readonly order: Int32Array;
  readonly scatter: Scatter;
}

/** What is dear to make is made again only when what it depends on has changed. */
export function createPage() {
  const columnsOf = remembering(shownColumns);
  const order = remembering(orderOf);
  const live = remembering(liveRows);
  const points = remembering(scatter);
  const distribution = remembering(modelsOf);
  const crowd = remembering(plot);
  const lines = remembering(models);

  const shown = (view: ExplorerView, table: OfferTable, state: LocalState, { plotWidth }: Pick<Room, 'plotWidth'>): Shown => {
    const columns = columnsOf(table, shownIds(view.columns));
    const sorted = order(table, columns, state.sort, state.search);
    return { columns, order: sorted, scatter: points(table, live(table, sorted), state.against, plotWidth) };
  };

  /** All that changes while the table is scrolled. */
  const scrolled = (view: ExplorerView, table: OfferTable, state: LocalState, { columns, order: sorted }: Shown, active: Cell, { rowHeight, top, height }: Room): ReadonlyMap<string, string> => {
    const grid = { table, columns, order: sorted, compared: state.compared, active, rowHeight, labels: view.labels };
    return new Map([['rows', rows(grid, rowWindow({ top, height, rowHeight, rows: sorted.length })).text]]);
  };

  const parts = (view: ExplorerView, table: OfferTable, state: LocalState, now: Shown, active: Cell, room: Room): ReadonlyMap<string, string> => {
    const { labels } = view;
    const { columns, order: sorted, scatter: model } = now;
    const all: Readonly<Record<string, Html>> = {
      summary: html`${view.summary}${view.busy && html` · ${labels.loading}`}`,
      problems: problems(view),
      filter: filterForm(view, state, room.wide),
      columns: columnChooser(view, state),
      count: count(sorted.length, table.offers.length, view),
      widths: widths({ columns, labels }, room.em),
      head: head({ columns, active, labels }, state.sort),
      said: html`${view.said !== undefined && html`<p class="notice">${view.said}</p>`}`,
      chosen: chosen(table, state, view),
      comparison: comparison(view.comparison, state.compared, labels),
      plot: crowd(table, model, state.against, labels),
      marks: marks(table, model, state),
      front: frontTable(table, model, state, labels),
      models: lines(distribution(table, live(table, sorted)), view.ranges, isOpen(state, 'models'), labels),
    };
    return new Map([...Object.entries(all).map(([name, { text }]) => [name, text] as const), ...scrolled(view, table, state, now, active, room)]);
  };

  return { shown, parts, scrolled };
}
