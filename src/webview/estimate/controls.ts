import { html, type Html } from '../shared/html.ts';
import type { Control, Labels, Option, Place } from './messages.ts';

/** `key` is the same for the same thing in every view: it is how focus finds its way back. */
export interface ControlAbout {
  readonly key: string;
  readonly name: string;
  readonly describedBy?: string;
  readonly invalid: boolean;
}

export function control(what: Control, { key, name, describedBy, invalid }: ControlAbout, labels: Labels): Html {
  const shared = html`id="${key}" data-set="${name}" ${describedBy !== undefined && html`aria-describedby="${describedBy}"`} ${invalid && html`aria-invalid="true"`}`;
  switch (what.kind) {
    case 'number':
      return html`<input type="number" ${shared} value="${what.value}" min="${what.least}" step="${what.whole ? '1' : 'any'}" inputmode="${what.whole ? 'numeric' : 'decimal'}">`;
    case 'text':
      return html`<input type="text" ${shared} value="${what.value}" spellcheck="false" autocomplete="off">`;
    case 'switch':
      return html`<select ${shared}>${options([{ value: 'true', label: labels.yes }, { value: 'false', label: labels.no }], String(what.value))}</select>`;
    case 'choice':
      return html`<select ${shared}>${options(what.value === '' ? [{ value: '', label: labels.none }, ...what.options] : what.options, what.value)}</select>`;
  }
}

const options = (all: readonly Option[], chosen: string): Html[] =>
  all.map(({ value, label }) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`);

export const placeLink = ({ id, text, title }: Place, key: string): Html =>
  html`<button class="link place" id="${key}" data-reveal="${id}" title="${title}">${text}</button>`;
