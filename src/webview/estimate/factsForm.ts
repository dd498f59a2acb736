import { control, placeLink } from './controls.ts';
import { html, type Html } from '../shared/html.ts';
import { isOpen, type LocalState } from './localState.ts';
import type { FactView, Labels, PanelView, QuestionView } from './messages.ts';

/** Questions first: they move the figures most. Where there is one column, what was read is folded, so that the cost is in sight. */
export function factsForm({ questions, facts, unread, hub, labels }: PanelView, state: LocalState, wide: boolean): Html {
  return html`
    ${questions.length > 0 && html`<div class="questions" role="group" aria-labelledby="questions-title">
      <h3 id="questions-title">${labels.questions}</h3>
      ${questions.map((question) => questionRow(question, labels))}
    </div>`}
    ${hub !== undefined && html`<p><button id="look-up" data-hub="true">${hub}</button></p>`}
    ${facts.length > 0 && html`<details data-fold="facts"${isOpen(state, 'facts', wide) && html` open`}>
      <summary id="fold-facts">${labels.facts} (${facts.length})</summary>
      <ul class="facts">${facts.map((fact) => factRow(fact, labels))}</ul>
    </details>`}
    ${unread.length > 0 && html`<details data-fold="unread"${isOpen(state, 'unread') && html` open`}>
      <summary id="fold-unread">${labels.unread}</summary>
      <ul class="facts">${unread.map((fact) => factRow(fact, labels))}</ul>
    </details>`}`;
}

function questionRow({ name, label, control: what, suggestions, refused }: QuestionView, labels: Labels): Html {
  const key = `question-${name}`;
  return html`<div class="question">
    <label for="${key}">${label}</label>
    <span class="answer">${control(what, { key, name, invalid: refused !== undefined, ...(refused === undefined ? {} : { describedBy: `${key}-refused` }) }, labels)}
    ${suggestions.map(({ value, label: text }) => html`<button class="suggestion" id="${key}-${value}" data-answer="${name}" data-value="${value}" aria-label="${label}: ${text}">${text}</button>`)}</span>
    ${refused !== undefined && html`<span class="refused" id="${key}-refused" role="alert">${refused}</span>`}
  </div>`;
}

function factRow({ name, label, control: what, origin, note, place, said, refused }: FactView, labels: Labels): Html {
  const key = `fact-${name}`;
  return html`<li class="fact">
    <label for="${key}">${label}</label>
    ${control(what, { key, name, describedBy: `${key}-origin`, invalid: refused !== undefined }, labels)}
    <span class="origin" id="${key}-origin">${refused !== undefined ? html`<span class="refused" role="alert">${refused}</span>` : html`${note !== undefined && html`<code>${note}</code> `}${origin}`}</span>
    <span class="where">${said
      ? html`<button class="link" id="${key}-back" data-unset="${name}" aria-label="${labels.back}: ${label}">${labels.back}</button>`
      : place !== undefined && placeLink(place, `${key}-place`)}</span>
  </li>`;
}
