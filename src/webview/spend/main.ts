import './style.css';
import { openPage } from '../shared/page.ts';
import { viewWith } from '../shared/viewIn.ts';
import { restored, type LocalState } from '../shared/tableState.ts';
import type { FromSpend, SpendPage } from './messages.ts';
import { frame, parts } from './page.ts';

const page = openPage<SpendPage, LocalState, FromSpend>({
  restored, parts,
  viewIn: viewWith(['notices', 'figures', 'series', 'days', 'instances', 'projects', 'notes']),
  frame: ({ labels }) => frame(labels),
  drawing: 'days',
});

const asked = ['csv', 'text', 'limits'] as const;
addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  const type = asked.find((one) => one === button?.dataset['tell']);
  if (type !== undefined) page.tell({ type });
});
addEventListener('toggle', ({ target }) => {
  if (target instanceof HTMLDetailsElement && target.dataset['fold'] === 'days' && target.open !== page.state.table) page.keep({ table: target.open });
}, { capture: true });
