import './style.css';
import { Patcher } from '../shared/patch.ts';
import { restored, type LocalState } from './localState.ts';
import type { FromSpend, SpendPage, ToSpend } from './messages.ts';
import { frame, parts } from './page.ts';

interface EditorApi {
  postMessage(message: FromSpend): void;
  getState(): unknown;
  setState(state: LocalState): void;
}
declare function acquireVsCodeApi(): EditorApi;

const { postMessage: tell, getState: kept, setState: keep } = acquireVsCodeApi();
const root = document.body;
let state = restored(kept());
let page: SpendPage | undefined;
let patcher: Patcher | undefined;

function draw(): void {
  if (page === undefined) return;
  const first = patcher === undefined;
  if (patcher === undefined) {
    root.innerHTML = frame(page.labels).text;
    patcher = new Patcher(root);
    widths.observe(root);
  }
  patcher.draw(parts(page, state, chartWidth()));
  if (first) scrollTo(0, state.scroll);
}

const chartWidth = (): number => Math.max(220, Math.floor((root.querySelector('[data-part="days"]') ?? root).getBoundingClientRect().width));
const widths = new ResizeObserver(() => draw());

function remember(change: Partial<LocalState>): void {
  state = { ...state, ...change };
  keep(state);
}

const asked = ['csv', 'text', 'limits'] as const;
addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  const type = asked.find((one) => one === button?.dataset['tell']);
  if (type !== undefined) tell({ type });
});
addEventListener('toggle', ({ target }) => {
  if (target instanceof HTMLDetailsElement && target.dataset['fold'] === 'days' && target.open !== state.table) remember({ table: target.open });
}, { capture: true });
addEventListener('scrollend', () => remember({ scroll: scrollY }));
addEventListener('message', ({ data }: MessageEvent<ToSpend>) => {
  if (data.type !== 'page') return;
  page = data.page;
  draw();
});
tell({ type: 'ready' });
