import { html, type Html } from '../shared/html.ts';
import type { LocalState, SortKey } from './localState.ts';
import type { OfferRowView, PanelView } from './messages.ts';

const figureOf: Readonly<Record<SortKey, (row: OfferRowView) => number>> = {
  cost: ({ usd }) => usd,
  time: ({ hours }) => hours,
  risk: ({ riskShare }) => riskShare,
};

/** What may not fit comes last however it is sorted; equal figures are told apart by cost. */
export const sortedRows = (rows: readonly OfferRowView[], sort: SortKey): readonly OfferRowView[] =>
  rows.toSorted((a, b) => Number(a.risky) - Number(b.risky) || figureOf[sort](a) - figureOf[sort](b) || a.usd - b.usd);

/** Roles are written out: a narrow panel lays rows out as blocks, and browsers then forget that it is a table. */
export function offersTable({ offers, count, chosen, labels }: PanelView, { sort, shown }: LocalState): Html {
  if (offers.length === 0) return html`<p class="muted">${count}</p>`;
  const head = (key: SortKey): Html =>
    html`<th role="columnheader" scope="col" class="number" aria-sort="${key === sort ? 'ascending' : 'none'}"><button id="sort-${key}" data-sort="${key}">${labels[key]}${key === sort && html`<span aria-hidden="true"> ↑</span>`}</button></th>`;
  const rows = sortedRows(offers, sort);
  return html`<h3 id="offers-title">${labels.offers}</h3><p class="muted">${count}</p>
    <table class="offers" role="table" aria-labelledby="offers-title">
      <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${labels.machine}</th>${head('cost')}${head('time')}<th role="columnheader" scope="col" class="number rate">${labels.rate}</th>${head('risk')}<th role="columnheader" scope="col"><span class="unseen">${labels.rent}</span></th></tr></thead>
      <tbody role="rowgroup">${rows.slice(0, shown).map((row) => offerRow(row, row.offer === chosen?.offer, labels))}</tbody>
    </table>
    ${rows.length > shown && html`<p><button id="more-offers" data-more="true">${labels.more} (${rows.length - shown})</button></p>`}`;
}

function offerRow({ offer, machine, about, cost, costRange, time, speed, rate, risk }: OfferRowView, isChosen: boolean, labels: PanelView['labels']): Html {
  return html`<tr role="row"${isChosen && html` class="chosen"`}>
    <th role="rowheader" scope="row"><button class="link" id="choose-${offer}" data-choose="${offer}" aria-pressed="${String(isChosen)}" title="${isChosen ? labels.chosen : labels.choose}">${machine}</button> <span class="muted">${about}</span></th>
    <td role="cell" class="number cost">${cost} <span class="muted">${costRange}</span></td>
    <td role="cell" class="number time">${time}${speed !== undefined && html` <span class="muted">${speed}</span>`}</td>
    <td role="cell" class="number rate">${rate}</td>
    <td role="cell" class="risk">${risk}</td>
    <td role="cell" class="deed"><button id="rent-${offer}" data-rent="${offer}" aria-label="${labels.rent} ${machine}, ${about}">${labels.rent}</button></td>
  </tr>`;
}
