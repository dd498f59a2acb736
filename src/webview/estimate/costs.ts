/** The figures of one machine: cost, time, memory, and the machines worth looking at. */
import { html, type Html } from '../shared/html.ts';
import { isOpen, type LocalState } from './localState.ts';
import type { BandView, ChosenView, Labels, MemoryView, PanelView } from './messages.ts';

export function costs({ chosen, picks, measured, labels }: PanelView, state: LocalState): Html {
  if (chosen === undefined) return html``;
  return html`
    <p class="machine"><strong>${chosen.machine}</strong> <span class="muted">${chosen.about}</span></p>
    ${chosen.warning !== undefined && html`<p class="warning">${chosen.warning}</p>`}
    <dl class="figures">
      ${chosen.usd && figure(labels.likelyCost, chosen.usd, labels)}
      ${chosen.hours && figure(labels.likelyTime, chosen.hours, labels)}
    </dl>
    ${measured !== undefined && html`<p>${measured}</p>`}
    ${chosen.why !== undefined && html`<p>${chosen.why}</p>`}
    ${chosen.sentence !== undefined && html`<p>${chosen.sentence}</p>`}
    ${chosen.interruption !== undefined && html`<p>${chosen.interruption}</p>`}
    <p><button class="primary" id="rent-chosen" data-rent="${chosen.offer}" aria-label="${labels.rent} ${chosen.machine}">${labels.rent}</button></p>
    ${picks.length > 0 && html`<ul class="picks" aria-label="${labels.picks}">${picks.map(({ label, offer, machine, text, why = '' }, index) =>
      html`<li><button id="pick-${index}" data-choose="${offer}" title="${why}" aria-pressed="${String(offer === chosen.offer)}"><span class="pick">${label}</span> <span>${machine}</span> <span class="muted">${text}</span></button></li>`)}</ul>`}
    ${chosen.memory && memory(chosen.memory, labels, state)}
    ${chosen.parts.length > 0 && breakdown('hours', labels.hoursParts, chosen.parts, state)}`;
}

const figure = (name: string, band: BandView, labels: Labels): Html => html`<div class="figure">
  <dt>${name}</dt>
  <dd><strong>${band.likely}</strong>${bandBar(band)}<span class="muted">${band.range} <span class="runs">${labels.runs}</span></span></dd>
</div>`;

/** From nothing to a quarter beyond the high end, so that two bars of one machine can be compared by eye. */
export function bandBar({ low, mid, high }: BandView): Html {
  const end = Math.max(high * 1.25, Number.MIN_VALUE);
  const at = (value: number): string => (Math.min(1, Math.max(0, value / end)) * 100).toFixed(2);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="track" x="0" y="3" width="100" height="2"/><rect class="band" x="${at(low)}" y="1" width="${(Number(at(high)) - Number(at(low))).toFixed(2)}" height="6"/>
    <rect class="mark" x="${Math.max(0, Number(at(mid)) - 0.6).toFixed(2)}" y="0" width="1.2" height="8"/></svg>`;
}

function memory({ text, verdict, remedy, low, likely, high, parts }: MemoryView, labels: Labels, state: LocalState): Html {
  const end = Math.max(1, high) * 1.02;
  const at = (share: number): number => Math.min(100, (Math.max(0, share) / end) * 100);
  return html`<div class="memory">
    <p><span>${labels.memory}</span> <strong>${text}</strong> <span class="muted">${verdict}</span></p>
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="track" x="0" y="0" width="${at(1).toFixed(2)}" height="8"/><rect class="band ${likely > 1 && 'over'}" x="0" y="0" width="${at(likely).toFixed(2)}" height="8"/>
      <rect class="doubt" x="${at(low).toFixed(2)}" y="0" width="${(at(high) - at(low)).toFixed(2)}" height="8"/><rect class="mark" x="${(at(1) - 0.6).toFixed(2)}" y="0" width="0.6" height="8"/></svg>
    ${remedy !== undefined && html`<p>${remedy}</p>`}
    ${breakdown('memory', labels.memoryParts, parts, state)}
  </div>`;
}

const breakdown = (id: string, title: string, parts: ChosenView['parts'], state: LocalState): Html =>
  html`<details data-fold="${id}"${isOpen(state, id) && html` open`}><summary id="fold-${id}">${title}</summary>
    <dl class="parts">${parts.map(({ label, text }) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl></details>`;
