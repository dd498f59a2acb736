/** What the figures rest on, and what the same job costs where machines are not rented from here. */
import { placeLink } from './controls.ts';
import { html, type Html } from '../shared/html.ts';
import type { PanelView } from './messages.ts';

export const elsewhere = ({ elsewhere: places, elsewhereNote, labels }: PanelView): Html =>
  places.length === 0 && elsewhereNote === undefined
    ? html``
    : html`<h3>${labels.elsewhere}</h3>
      ${places.length > 0 && html`<table class="plain"><thead><tr><th scope="col">${labels.machine}</th><th scope="col" class="number">${labels.cost}</th><th scope="col" class="number">${labels.time}</th></tr></thead>
      <tbody>${places.map(({ name, cost, time, about }) => html`<tr><th scope="row">${name} <span class="muted">${about}</span></th><td class="number">${cost}</td><td class="number">${time}</td></tr>`)}</tbody></table>`}
      ${elsewhereNote !== undefined && html`<p>${elsewhereNote}</p>`}`;

export const doubts = ({ assumptions, gaps, labels }: PanelView): Html => html`
  ${gaps.length > 0 && html`<h3>${labels.gaps}</h3><ul>${gaps.map(({ text, place }, index) => html`<li>${text} ${place && placeLink(place, `gap-${index}`)}</li>`)}</ul>`}
  ${assumptions.length > 0 && html`<h3>${labels.assumptions}</h3><ul>${assumptions.map((text) => html`<li>${text}</li>`)}</ul>`}`;

export const deeds = ({ labels, said, learns }: PanelView): Html => html`
  <button id="copy-markdown" data-copy="markdown">${labels.copyMarkdown}</button>
  <button id="copy-csv" data-copy="csv">${labels.copyCsv}</button>
 ${learns && html` <button id="use-log" data-log="true">${labels.useLog}</button>`}
  <button id="refresh" data-refresh="true">${labels.refresh}</button>
  <span role="status" class="muted">${said}</span>`;
