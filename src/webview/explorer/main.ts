import './style.css';
import { openPage } from '../shared/page.ts';
import { deedOfChange, deedOfClick, type Deed } from './deeds.ts';
import { fill } from './fill.ts';
import { extraColumns, listPriceAbout } from './grid.ts';
import { bringIntoSight, dress, element, letters, nowhere, scrollTo, seenHeight, topFor } from './gridElement.ts';
import { gridDeed, type Cell } from './gridKeys.ts';
import { holdingFilter } from './heldFilter.ts';
import { comparedWith, isOpen, restored, sortedBy, turned, type LocalState } from './localState.ts';
import { isListed, type ExplorerView, type FromExplorer, type OfferTable } from './messages.ts';
import { createPage, frame, type Room, type Shown } from './page.ts';
import { rowWindow } from './rowWindow.ts';
import { nearest } from './scatter.ts';
import { columnOf, emptyTable } from './table.ts';
import { tableIn, viewIn } from './viewIn.ts';

/** As the style sheet has it. */
const wide = matchMedia('(min-width: 760px)');
const { shown, parts, scrolled } = createPage();
const withFilterHeld = holdingFilter();

let table: OfferTable = emptyTable;
let view: ExplorerView | undefined;
let drawn: Shown | undefined;
/** Undefined until there is something to scroll. */
let top: number | undefined;
/** Where the keyboard is, apart from the row, which is that of the chosen offer. */
let inHead = false;
let column = 1;
/** Where the chosen offer stood: when it is hidden or rented away, the keyboard goes on from there. */
let lastPlace = 0;
/** Only the rows are drawn, and only when others have to be. */
let scrolling = false;
let drawnFrom = 0;

// Before the page's own, so that a table is there when it is drawn.
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  table = tableIn(data) ?? table;
});

const page = openPage<ExplorerView, LocalState, FromExplorer>({
  restored, viewIn,
  frame: ({ labels }) => frame(labels),
  parts: (now, state, plotWidth) => {
    view = now;
    const room: Room = { plotWidth, ...letters, height: seenHeight(), top: top ?? state.top, wide: wide.matches };
    drawn = shown(now, table, state, room);
    drawnFrom = firstDrawn(room.top);
    const active = activeCell(state);
    dress({ rows: drawn.order.length, columns: drawn.columns.length + extraColumns, busy: now.busy, active });
    if (scrolling) return scrolled(now, table, state, drawn, active, room);
    return withFilterHeld(now, parts(now, table, state, drawn, active, room));
  },
  drawing: 'plot',
});

const firstDrawn = (from: number): number => rowWindow({ top: from, height: seenHeight(), rowHeight: letters.rowHeight, rows: drawn?.order.length ?? 0 }).first;

function activeCell({ offer }: LocalState): Cell {
  const place = placeOf(offer);
  lastPlace = place ?? lastPlace;
  return { row: inHead ? -1 : place ?? nowhere, column };
}

/** Where the offer stands in the table as it is sorted and searched. */
function placeOf(offer: string): number | undefined {
  const row = table.offers.indexOf(offer);
  const place = row < 0 ? -1 : drawn?.order.indexOf(row) ?? -1;
  return place < 0 ? undefined : place;
}

const offerAt = (place: number): string | undefined => table.offers[drawn?.order[place] ?? -1];

function change(to: Partial<LocalState>): void {
  page.keep(to);
  if (to.top !== undefined) scrollTo(top = to.top);
  page.draw();
}

function say(text: string): void {
  const spoken = element('spoken');
  if (spoken !== null) spoken.textContent = text;
}

function choose(offer: string): void {
  inHead = false;
  const place = placeOf(offer);
  if (place !== undefined) scrollTo(top = topFor(place));
  change({ offer });
}

function sort(id: string): void {
  change(sortedBy(page.state, id));
  const { descending } = page.state.sort;
  if (view !== undefined) say(fill(descending ? view.labels.sortedDown : view.labels.sortedUp, columnOf(table, id)?.label ?? ''));
}

function compare(offer: string): void {
  const compared = comparedWith(page.state, offer);
  if (compared === undefined) return say(view?.labels.comparedFull ?? '');
  change(compared);
  tellCompared();
  say(`${view?.labels.comparison ?? ''}: ${page.state.compared.length}`);
}

/** The comparison is worded where the offers are. */
const tellCompared = (): void => page.tell({ type: 'compare', offers: page.state.compared });

function move(to: Cell): void {
  ({ column } = to);
  const offer = offerAt(to.row);
  if (offer !== undefined) choose(offer);
  else {
    inHead = true;
    page.draw();
  }
  bringIntoSight(to);
}

function forgetAway(): void {
  const there = new Set(view?.comparison.offers.map(({ id }) => id));
  change({ compared: page.state.compared.filter((offer) => there.has(offer)) });
  tellCompared();
}

/** What takes its own button away leaves the keyboard in the next place. */
const nextPlace: Partial<Record<FromExplorer['type'], string>> = { hideHost: 'grid', clear: 'fold-filter', showHidden: 'fold-filter' };

function tell(said: FromExplorer): void {
  page.tell(said);
  const next = nextPlace[said.type];
  if (next !== undefined) element(next)?.focus();
}

function carryOut(deed: Deed | undefined): void {
  if (deed === undefined) return;
  if ('tell' in deed) tell(deed.tell);
  else if ('sort' in deed) sort(deed.sort);
  else if ('choose' in deed) choose(deed.choose);
  else if ('compare' in deed) compare(deed.compare);
  else if ('against' in deed) change({ against: deed.against });
  else if ('turn' in deed) change(turned(page.state, deed.turn));
  else if ('forget' in deed) forgetAway();
  else page.tell({ type: 'csv', offers: [...drawn?.order ?? []].flatMap((row) => table.offers[row] ?? []) });
}

const dataOf = (target: Element): DOMStringMap => {
  const asked = target.closest('button, th[data-sort], td[data-compare]');
  return asked instanceof HTMLElement ? asked.dataset : {};
};

addEventListener('click', ({ target, clientX, clientY }) => {
  if (!(target instanceof Element)) return;
  const plot = target.closest('#plot');
  if (plot !== null && drawn !== undefined) {
    const { left, top: above, width } = plot.getBoundingClientRect();
    const scale = drawn.scatter.width / width;
    const dot = nearest(drawn.scatter.dots, (clientX - left) * scale, (clientY - above) * scale);
    return dot === undefined ? undefined : choose(table.offers[dot.row] ?? '');
  }
  const cell = target.closest('[aria-colindex]');
  if (cell !== null) {
    column = Number(cell.getAttribute('aria-colindex')) - 1;
    const offer = cell.closest('tr')?.dataset['offer'];
    inHead = offer === undefined;
    if (offer !== undefined) choose(offer);
  }
  carryOut(deedOfClick(dataOf(target)));
});
addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement) carryOut(deedOfChange(target.dataset, target.value, target.checked));
  else if (target instanceof HTMLSelectElement) carryOut(deedOfChange(target.dataset, target.value, false));
});
addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.id === 'search') change({ search: target.value, top: 0 });
});
addEventListener('keydown', (event) => {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (!(target instanceof Element) || target.id !== 'grid' || altKey || drawn === undefined) return;
  const size = { rows: drawn.order.length, columns: drawn.columns.length + extraColumns, page: Math.max(1, Math.floor(seenHeight() / letters.rowHeight) - 1) };
  const active = activeCell(page.state);
  const deed = active.row === nowhere && key.startsWith('Arrow') ? { move: { row: Math.min(lastPlace, size.rows - 1), column } } : gridDeed(key, ctrlKey || metaKey, active, size);
  if (deed === undefined) return;
  event.preventDefault();
  if ('move' in deed) return move(deed.move);
  if ('sort' in deed) {
    const id = drawn.columns[deed.sort - 1]?.id;
    return id === undefined ? undefined : sort(id);
  }
  const offer = offerAt('rent' in deed ? deed.rent : deed.compare);
  if (offer === undefined) return;
  if (!('rent' in deed)) compare(offer);
  else if (!isListed(offer)) page.tell({ type: 'rent', offer });
  else if (view !== undefined) say(listPriceAbout(table, table.offers.indexOf(offer), view.labels));
});
addEventListener('toggle', ({ target }) => {
  if (!(target instanceof HTMLDetailsElement)) return;
  const { fold } = target.dataset;
  // Drawing an open one is told as well; only a change is somebody's doing.
  if (fold === undefined || isOpen(page.state, fold, fold === 'filter' && wide.matches) === target.open) return;
  page.keep(turned(page.state, fold));
}, { capture: true });

let owed = false;
addEventListener('scroll', ({ target }) => {
  if (!(target instanceof HTMLElement) || target.id !== 'scroller') return;
  top = target.scrollTop;
  if (owed) return;
  owed = true;
  requestAnimationFrame(() => {
    owed = false;
    if (firstDrawn(top ?? 0) === drawnFrom) return;
    scrolling = true;
    page.draw();
    scrolling = false;
  });
}, { capture: true, passive: true });
addEventListener('scrollend', ({ target }) => {
  if (target instanceof HTMLElement && target.id === 'scroller') page.keep({ top: target.scrollTop });
}, { capture: true });
addEventListener('resize', () => page.draw());
if (page.state.compared.length > 0) tellCompared();
// After the page's own: where it was scrolled to can be gone back to once there is something to scroll.
addEventListener('message', () => {
  if (top !== undefined || table.offers.length === 0) return;
  scrollTo(top = page.state.top);
  const search = element('search');
  if (search instanceof HTMLInputElement) search.value = page.state.search;
});
