/** What stands around the table: the filter, the columns, and what can be done with the offer that is chosen. */
import { html, type Html } from '../shared/html.ts';
import { fill, grouped } from './fill.ts';
import { listPriceAbout, offerName, priceOf } from './grid.ts';
import { isOpen, type LocalState } from './localState.ts';
import { isListed, type ExplorerView, type FilterField, type OfferTable } from './messages.ts';
import { cellText, columnOf, nameColumn } from './table.ts';

export const problems = ({ problems: all, labels }: ExplorerView): Html =>
  html`${all.map((problem, index) => html`<p class="notice problem">${problem} <button id="retry-${index}" data-tell="refresh">${labels.retry}</button></p>`)}`;

export function filterForm(view: ExplorerView, state: Pick<LocalState, 'turned'>, wide: boolean): Html {
  const { filter, narrowed, labels } = view;
  return html`<details data-fold="filter"${isOpen(state, 'filter', wide) && html` open`}><summary id="fold-filter">${labels.filter}${narrowed !== '' && html` · ${narrowed}`}</summary>
    <div class="fields">${filter.map(field)}</div></details>${leftOut(view)}`;
}

/** What is not shown, and the way back. */
function leftOut({ narrowed, hidden, failed, labels }: ExplorerView): Html {
  if (narrowed === '' && hidden === '' && failed === undefined) return html``;
  return html`<p class="narrowed">${narrowed !== '' && html`<button id="clear" data-tell="clear">${labels.clear}</button>`}${hidden !== '' && html`<span>${hidden} <button class="link" id="show-hidden" data-tell="showHidden">${labels.showHidden}</button></span>`}${failed !== undefined && html`<span>${failed.text} <button class="link" id="show-failed" data-tell="showFailed">${failed.deed}</button></span>`}</p>`;
}

function field(one: FilterField): Html {
  const control = one.kind === 'choice'
    ? html`<select id="filter-${one.name}" data-filter="${one.name}">${one.options.map(({ value, label }) => html`<option value="${value}"${value === one.value && html` selected`}>${label}</option>`)}</select>`
    : html`<input type="text" id="filter-${one.name}" data-filter="${one.name}" value="${one.value}" title="${one.hint}" spellcheck="false" autocomplete="off">`;
  return html`<label class="field"><span>${one.label}</span>${control}</label>`;
}

export function columnChooser({ columns, labels }: ExplorerView, state: Pick<LocalState, 'turned'>): Html {
  const choices = columns.filter(({ id }) => id !== nameColumn);
  if (choices.length === 0) return html``;
  return html`<details data-fold="columns"${isOpen(state, 'columns') && html` open`}><summary id="fold-columns">${labels.columns}</summary>
    <fieldset><legend class="unseen">${labels.columns}</legend>${choices.map(({ id, label, shown }) => html`<label><input type="checkbox" id="column-${id}" data-column="${id}"${shown && html` checked`}> ${label}</label>`)}</fieldset>
    <p><button id="usual-columns" data-tell="usualColumns">${labels.usualColumns}</button></p></details>`;
}

export function count(shown: number, all: number, { busy, labels }: ExplorerView): Html {
  if (all === 0) return html`${busy ? labels.loading : labels.nothing}`;
  return html`${shown === 0 ? labels.noMatch : fill(labels.count, grouped(shown), grouped(all))}`;
}

export function chosen(table: OfferTable, { offer, compared }: Pick<LocalState, 'offer' | 'compared'>, { practice, labels }: ExplorerView): Html {
  const row = table.offers.indexOf(offer);
  if (row < 0) return html`<p class="muted">${labels.comparisonAbout}</p>`;
  const [name, price] = [offerName(table, row), priceOf(table, row)];
  const about = ['vramGb', 'reliability', 'tier', 'location', 'provider', 'kind', 'standing', 'trouble'].flatMap((id) => cellText(columnOf(table, id), row) ?? []);
  const compare = html`<button id="compare" data-compare="${offer}" aria-pressed="${String(compared.includes(offer))}">${labels.compare}</button>`;
  if (isListed(offer)) return html`<section class="deeds" aria-label="${labels.chosen}"><p><strong>${name}</strong> <strong>${price}</strong> <span class="muted">${about.join(' · ')}</span></p>
    <p>${listPriceAbout(table, row, labels)}</p><p class="buttons">${compare}</p></section>`;
  const hasHost = cellText(columnOf(table, 'hostId'), row) !== undefined;
  return html`<section class="deeds" aria-label="${labels.chosen}"><p><strong>${name}</strong> <strong>${price}</strong> <span class="muted">${about.join(' · ')}</span></p>
    <p class="buttons"><button class="primary" id="rent" data-rent="${offer}" aria-label="${fill(labels.rentWhat, name, price)}">${labels.rent}</button>${compare}<button id="estimate" data-estimate="${offer}">${labels.estimate}</button><button id="copy" data-copy="${offer}">${labels.copy}</button>${!practice && html`<button id="console" data-console="${offer}">${labels.console}</button>`}${hasHost && html`<button id="hide-host" data-hide="${offer}">${labels.hideHost}</button>`}</p></section>`;
}
