import { costs } from './costs.ts';
import { factsForm } from './factsForm.ts';
import { html, type Html } from '../shared/html.ts';
import type { LocalState } from './localState.ts';
import type { PanelView } from './messages.ts';
import { deeds, doubts, elsewhere } from './notes.ts';
import { offersTable } from './offersTable.ts';
import { plot } from './plot.ts';

/** The frame is drawn once; each part below is replaced only when its own text has changed. */
export const frame = (labels: Pick<PanelView['labels'], 'does' | 'costs'>): Html => html`
  <header><h1 data-part="title"></h1><p class="headline" data-part="headline" role="status"></p><p class="muted" data-part="read"></p></header>
  <p class="notice" data-part="notice" role="status"></p>
  <div class="columns">
    <section aria-labelledby="does"><h2 id="does">${labels.does}</h2><div data-part="facts"></div></section>
    <section aria-labelledby="costs"><h2 id="costs">${labels.costs}</h2>
      <div data-part="costs"></div><div data-part="plot"></div><div data-part="offers"></div><div data-part="elsewhere"></div><div data-part="doubts"></div>
      <div class="deeds" data-part="deeds"></div></section>
  </div>`;

export interface Room {
  readonly plotWidth: number;
  /** There are two columns. */
  readonly wide: boolean;
}

export function parts(view: PanelView, state: LocalState, { plotWidth, wide }: Room): ReadonlyMap<string, string> {
  const all: Readonly<Record<string, Html>> = {
    title: html`${view.name}`,
    headline: html`${view.headline}`,
    read: html`${view.read}${view.busy && html` · ${view.labels.loading}`}`,
    notice: html`${view.notice}`,
    facts: factsForm(view, state, wide),
    costs: costs(view, state),
    plot: plot(view, state, plotWidth),
    offers: offersTable(view, state),
    elsewhere: elsewhere(view),
    doubts: doubts(view),
    deeds: view.chosen === undefined ? html`` : deeds(view),
  };
  return new Map(Object.entries(all).map(([name, { text }]) => [name, text]));
}
