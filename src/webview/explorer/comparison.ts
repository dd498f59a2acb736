/** Up to four offers beside each other, line by line, with what is best on each. */
import { html, type Html } from '../shared/html.ts';
import { fill } from './fill.ts';
import { isListed, type ComparisonView, type ExplorerLabels } from './messages.ts';

export function comparison({ offers, lines }: ComparisonView, compared: readonly string[], labels: ExplorerLabels): Html {
  if (compared.length === 0) return html``;
  const away = compared.filter((id) => !offers.some((offer) => offer.id === id)).length;
  return html`<h2 id="comparison-title">${labels.comparison}</h2>
    ${away > 0 && html`<p class="muted">${fill(labels.away, away)} <button class="link" id="forget-away" data-forget="true">${labels.remove}</button></p>`}
    ${offers.length > 0 && html`<div class="wide" tabindex="0" role="group" aria-labelledby="comparison-title"><table class="comparison" aria-labelledby="comparison-title">
      <thead><tr><td></td>${offers.map((offer) => headOf(offer, labels))}</tr></thead>
      <tbody>${lines.map(({ label, cells }) => html`<tr><th scope="row">${label}</th>${cells.map(({ text, best }) => cell(text, best, labels))}</tr>`)}</tbody></table></div>`}`;
}

const headOf = ({ id, name, price }: ComparisonView['offers'][number], labels: ExplorerLabels): Html =>
  html`<th scope="col"><button class="link" id="compared-${id}" data-choose="${id}">${name}</button>
    <span class="buttons">${isListed(id) ? html`<span class="muted">${labels.listPrice}</span> ` : html`<button class="primary" id="compared-rent-${id}" data-rent="${id}" aria-label="${fill(labels.rentWhat, name, price)}">${labels.rent}</button>`}<button id="compared-remove-${id}" data-compare="${id}" aria-label="${labels.remove}: ${name}, ${price}">${labels.remove}</button></span></th>`;

function cell(text: string, best: boolean, labels: ExplorerLabels): Html {
  if (text === '') return html`<td class="muted">${labels.unknown}</td>`;
  return best ? html`<td><strong>${text}</strong> <span class="muted">${labels.best}</span></td>` : html`<td>${text}</td>`;
}
