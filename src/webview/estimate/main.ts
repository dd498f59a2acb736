import './style.css';
import { deedOfChange, deedOfClick, type Deed } from './deeds.ts';
import { isOpen, restored, sortedBy, withMore, withOpen, type LocalState } from './localState.ts';
import type { FromPanel, PanelView } from './messages.ts';
import { frame, parts } from './page.ts';
import { Patcher } from '../shared/patch.ts';
import { viewIn } from './viewIn.ts';

interface EditorApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: LocalState): void;
}
declare function acquireVsCodeApi(): EditorApi;

const { postMessage: tell, getState: kept, setState: keep } = acquireVsCodeApi();
const root = document.body;
let state = restored(kept());
let view: PanelView | undefined;
let patcher: Patcher | undefined;

function draw(): void {
  if (view === undefined) return;
  if (patcher === undefined) {
    root.innerHTML = frame(view.labels).text;
    patcher = new Patcher(root);
    widths.observe(column());
  }
  const first = root.dataset['drawn'] === undefined;
  patcher.draw(parts(view, state, { plotWidth: plotWidth(), wide: columns.matches }));
  root.dataset['drawn'] = 'true';
  root.setAttribute('aria-busy', String(view.busy));
  if (first) scrollTo(0, state.scroll);
}

/** As the style sheet has it. */
const columns = matchMedia('(min-width: 760px)');
const column = (): Element => root.querySelector('[data-part="plot"]') ?? root;
const plotWidth = (): number => Math.max(220, Math.floor(column().getBoundingClientRect().width));
const widths = new ResizeObserver(() => draw());

function change(next: LocalState): void {
  state = next;
  keep(state);
  draw();
}

function carryOut(deed: Deed | undefined): void {
  if (deed === undefined) return;
  if ('tell' in deed) tell(deed.tell);
  else if ('sort' in deed) change(sortedBy(state, deed.sort));
  else change(withMore(state));
}

const dataOf = (target: EventTarget | null): DOMStringMap => {
  const element = target instanceof Element ? target.closest('button, input, select, circle') : null;
  return element instanceof HTMLElement || element instanceof SVGElement ? element.dataset : {};
};

addEventListener('click', ({ target }) => carryOut(deedOfClick(dataOf(target))));
addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) carryOut(deedOfChange(target.dataset, target.value));
});
addEventListener('toggle', ({ target }) => {
  if (!(target instanceof HTMLDetailsElement) || target.dataset['fold'] === undefined) return;
  // Drawing an open one is told as well; only a change is somebody's doing.
  if (isOpen(state, target.dataset['fold'], target.dataset['fold'] === 'facts' && columns.matches) === target.open) return;
  state = withOpen(state, target.dataset['fold'], target.open);
  keep(state);
}, { capture: true });
addEventListener('scrollend', () => {
  state = { ...state, scroll: scrollY };
  keep(state);
});
addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const sent = viewIn(data);
  if (sent === undefined) return;
  view = sent;
  draw();
});
tell({ type: 'ready' });
