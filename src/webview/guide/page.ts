import { html, type Html } from '../shared/html.ts';
import { blockTable, type Head } from './blockTable.ts';
import type { CellView, ChoiceView, ClaimView, FieldView, GuideLabels, GuidePage, WorkView } from './messages.ts';

/** The frame is drawn once; each part below is replaced only when its own text has changed. */
export const frame = ({ labels }: GuidePage): Html => html`
  <header><h1>${labels.title}</h1></header>
  <p class="muted">${labels.about}</p>
  <nav aria-label="${labels.sections}"><ul>${(['providers', 'work', 'buying', 'claims'] as const).map((name) => html`<li><a href="#${name}">${labels[name]}</a></li>`)}</ul></nav>
  <section id="providers" aria-labelledby="providers-title"><h2 id="providers-title">${labels.providers}</h2><div class="wide" data-part="topics"></div>
    <h3 id="abilities-title">${labels.abilities}</h3><div class="wide" data-part="abilities"></div></section>
  <section id="work" aria-labelledby="work-title"><h2 id="work-title">${labels.work}</h2><p class="muted">${labels.workAbout}</p>
    <div class="choices" data-part="choices"></div><div class="wide" data-part="work"></div>
    <div data-part="deeds"></div><div data-part="reading" role="status"></div></section>
  <section id="buying" aria-labelledby="buying-title"><h2 id="buying-title">${labels.buying}</h2><p class="muted">${labels.buyingAbout}</p>
    <div class="fields" data-part="fields"></div><dl class="results" data-part="results" aria-live="polite"></dl></section>
  <section id="claims" aria-labelledby="claims-title"><h2 id="claims-title">${labels.claims}</h2><p class="muted">${labels.claimsAbout}</p><div class="wide" data-part="claims"></div></section>`;

export function parts(page: GuidePage): ReadonlyMap<string, string> {
  const { labels, fields, results, reading, busy } = page;
  const all: Readonly<Record<string, Html>> = {
    topics: topics(page),
    abilities: abilities(page),
    choices: html`${page.choices.map(choice)}`,
    work: work(page.work, labels),
    deeds: html`<div class="deeds"><button id="refresh" data-tell="refresh"${busy && html` disabled`} aria-describedby="refresh-about">${labels.refresh}</button><button id="key" data-tell="key">${labels.key}</button></div><p class="muted" id="refresh-about">${labels.refreshAbout}</p>`,
    reading: html`${reading.map((line) => html`<p>${line}</p>`)}`,
    fields: html`${fields.map(field)}`,
    results: html`${results.map(({ label, figure, about }) => html`<div class="result"><dt>${label}</dt><dd><strong>${figure}</strong>${about !== undefined && html` <span class="muted">${about}</span>`}</dd></div>`)}`,
    claims: claims(page.claims, labels),
  };
  return new Map(Object.entries(all).map(([name, { text }]) => [name, text]));
}

const topics = ({ columns, topics: rows, labels }: GuidePage): Html => blockTable({
  kind: 'guide', labelledBy: 'providers-title', heads: headsOf(columns, labels),
  rows: rows.map(({ name, cells }) => [name, ...cells.map((cell) => (cell === null ? html`<span class="muted unknown">${labels.unknown}</span>` : told(cell, labels)))]),
});

const told = ({ text, source, asOf, said }: CellView, { articlesSay }: GuideLabels): Html =>
  html`${text}${said !== undefined && html` <span class="said">${articlesSay} ${said}</span>`} ${sourceOf(source, asOf)}`;

/** A day stays in one piece. */
const sourceOf = (source: string, asOf: string): Html => html`<span class="source">${source} <span class="runs">${asOf}</span></span>`;

const abilities = ({ columns, abilities: rows, labels }: GuidePage): Html => blockTable({
  kind: 'guide short', labelledBy: 'abilities-title', heads: headsOf(columns, labels), rows: rows.map(({ name, cells }) => [name, ...cells]),
});

const headsOf = (columns: readonly string[], { topic }: GuideLabels): readonly Head[] => [{ text: topic }, ...columns.map((text) => ({ text, told: true }))];

const choice = ({ name, label, chosen, options }: ChoiceView): Html => html`<div class="choice"><label for="choice-${name}">${label}</label>
  <select id="choice-${name}" data-set="${name}">${options.map(({ value, text }) => html`<option value="${value}"${value === chosen && html` selected`}>${text}</option>`)}</select></div>`;

const work = (rows: readonly WorkView[], labels: GuideLabels): Html => blockTable({
  kind: 'blocks', labelledBy: 'work-title',
  heads: [{ text: labels.where }, { text: labels.machine }, { text: labels.price, number: true, told: true }, { text: labels.spot, number: true, told: true }, { text: labels.source }],
  rows: rows.map(({ where, machine, price, spot, notes, source, asOf }) => [where, html`${machine}${notes.map((note) => html` <span class="note">${note}</span>`)}`, price, spot, sourceOf(source, asOf)]),
});

const field = ({ name, label, value, unit, refused }: FieldView): Html => html`<div class="field"><label for="field-${name}">${label} <span class="muted">${unit}</span></label>
  <input id="field-${name}" data-set="${name}" inputmode="decimal" autocomplete="off" value="${value}"${refused !== undefined && html` aria-invalid="true" aria-describedby="refused-${name}"`}>
  ${refused !== undefined && html`<span class="refused" id="refused-${name}">${refused}</span>`}</div>`;

const claims = (rows: readonly ClaimView[], labels: GuideLabels): Html => blockTable({
  kind: 'blocks', labelledBy: 'claims-title',
  heads: [{ text: labels.claim }, { text: labels.said, told: true }, { text: labels.today, told: true }, { text: labels.verdict, told: true }, { text: labels.source }],
  rows: rows.map(({ what, said, today, verdict, source, asOf }) => [what, said, today, html`<strong>${verdict}</strong>`, sourceOf(source, asOf)]),
});
