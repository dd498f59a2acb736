import './style.css';
import { openPage } from '../shared/page.ts';
import { deedOfChange, deedOfClick, type Deed } from './deeds.ts';
import { isOpen, restored, sortedBy, withMore, withOpen, type LocalState } from './localState.ts';
import type { FromPanel, PanelView } from './messages.ts';
import { frame, parts } from './page.ts';
import { viewIn } from './viewIn.ts';

/** As the style sheet has it. */
const columns = matchMedia('(min-width: 760px)');

const page = openPage<PanelView, LocalState, FromPanel>({
  restored, viewIn,
  frame: ({ labels }) => frame(labels),
  parts: (view, state, plotWidth) => {
    // Of the whole page, which no part holds.
    document.body.setAttribute('aria-busy', String(view.busy));
    return parts(view, state, { plotWidth, wide: columns.matches });
  },
  drawing: 'plot',
});

function change(state: LocalState): void {
  page.keep(state);
  page.draw();
}

function carryOut(deed: Deed | undefined): void {
  if (deed === undefined) return;
  if ('tell' in deed) page.tell(deed.tell);
  else if ('sort' in deed) change(sortedBy(page.state, deed.sort));
  else change(withMore(page.state));
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
  if (isOpen(page.state, target.dataset['fold'], target.dataset['fold'] === 'facts' && columns.matches) === target.open) return;
  page.keep(withOpen(page.state, target.dataset['fold'], target.open));
}, { capture: true });
