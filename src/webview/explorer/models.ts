/** What one GPU of each model costs an hour, over the offers of the table: one line a model, all on one scale. */
import { formatRate, usdPerHour } from '../../domain/money.ts';
import { html, type Html } from '../shared/html.ts';
import { logScale } from '../shared/scale.ts';
import { fill, grouped } from './fill.ts';
import type { ExplorerLabels, OfferTable, RangeView } from './messages.ts';
import { spreadOf, type Spread } from './quartiles.ts';
import { cellFigure, cellText, columnOf, nameColumn } from './table.ts';

export interface Model {
  readonly gpu: string;
  readonly memory: string;
  readonly vramGb: number;
  readonly count: number;
  readonly spread: Spread;
}

/** The most frequent first: of what there is much of, a distribution says most. */
export function modelsOf(table: OfferTable, order: Int32Array): readonly Model[] {
  const [gpu, vram, price] = [nameColumn, 'vramGb', 'allInUsdPerGpuHour'].map((id) => columnOf(table, id));
  if (gpu === undefined || vram === undefined) return [];
  const groups = new Map<number, number[]>();
  for (const row of order) {
    const key = (gpu.ranks[row] ?? 0) * vram.texts.length + (vram.ranks[row] ?? 0);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first = -1] = rows;
    const spread = spreadOf(rows.flatMap((row) => cellFigure(price, row) ?? []));
    const [name, memory, vramGb] = [cellText(gpu, first), cellText(vram, first), cellFigure(vram, first)];
    return spread === undefined || name === undefined || memory === undefined || vramGb === undefined ? [] : [{ gpu: name, memory, vramGb, count: rows.length, spread }];
  }).toSorted((a, b) => b.count - a.count || a.spread.median - b.spread.median);
}

const usuallyShown = 12;
/** Of the drawing, whatever room it has. */
const drawing = { width: 200, height: 12 };

export function models(all: readonly Model[], ranges: readonly RangeView[], open: boolean, labels: ExplorerLabels): Html {
  if (all.length === 0) return html``;
  const shown = open ? all : all.slice(0, usuallyShown);
  const rangeOf = ({ gpu, vramGb }: Model): RangeView | undefined => ranges.find((range) => range.gpu === gpu && range.vramGb === vramGb);
  const own = shown.map((model) => ({ ...model, range: rangeOf(model) }));
  const { at } = logScale(own.flatMap(({ spread, range }) => [spread.least, spread.greatest, ...(range === undefined ? [] : [range.low, range.high])]), 0, drawing.width, 0);
  const withArticles = own.some(({ range }) => range !== undefined);
  return html`<h2 id="models-title">${labels.models}</h2><p class="muted" id="models-about">${labels.modelsAbout}</p>
    <div class="wide" tabindex="0" role="group" aria-labelledby="models-title"><table class="models" aria-labelledby="models-title" aria-describedby="models-about">
      <thead><tr><th scope="col">${labels.model}</th><th scope="col" class="number">${labels.offers}</th><th scope="col" class="number">${labels.from}</th><th scope="col" class="number">${labels.median}</th><th scope="col" class="number">${labels.to}</th>${withArticles && html`<th scope="col" class="number articles-cell">${labels.articles}</th>`}<th scope="col" class="spread">${labels.spread}</th></tr></thead>
      <tbody>${own.map(({ gpu, memory, count, spread, range }) => html`<tr><th scope="row"><button class="link" id="model-${gpu}-${memory}" data-only="${gpu}" title="${labels.onlyThis}">${gpu}</button> <span class="muted">${memory}</span></th>
        <td class="number">${grouped(count)}</td><td class="number">${rate(spread.least)}</td><td class="number">${rate(spread.median)}</td><td class="number">${rate(spread.greatest)}</td>
        ${withArticles && html`<td class="number articles-cell"${range !== undefined && html` title="${range.about}"`}>${range?.text}</td>`}
        <td class="spread"><svg viewBox="0 0 ${drawing.width} ${drawing.height}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${range !== undefined && bar('articles', at(range.low), at(range.high), 0, 12)}${bar('whisker', at(spread.least), at(spread.greatest), 5.5, 1)}${bar('middle', at(spread.low), at(spread.high), 3, 6)}${bar('median', at(spread.median) - 0.75, at(spread.median) + 0.75, 1, 10)}</svg></td></tr>`)}</tbody></table></div>
    ${all.length > usuallyShown && !open && html`<p><button id="all-models" data-turn="models">${fill(labels.allModels, all.length)}</button></p>`}`;
}

const rate = (dollars: number): string => formatRate(usdPerHour(dollars));

/** Never thinner than can be seen. */
const bar = (kind: string, from: number, to: number, y: number, height: number): Html =>
  html`<rect class="${kind}" x="${from.toFixed(1)}" width="${Math.max(1.5, to - from).toFixed(1)}" y="${y}" height="${height}"/>`;
