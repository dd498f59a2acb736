import './style.css';
import { openPage } from '../shared/page.ts';
import { viewWith } from '../shared/viewIn.ts';
import { restored, type LocalState } from '../shared/tableState.ts';
import type { DetailView, FromDetail } from './messages.ts';
import { frame, parts } from './page.ts';

const page = openPage<DetailView, LocalState, FromDetail>({
  restored, frame, parts,
  viewIn: viewWith(['notices', 'figures', 'charts']),
  drawing: 'room',
});

addEventListener('toggle', ({ target }) => {
  if (target instanceof HTMLDetailsElement && target.dataset['fold'] === 'history' && target.open !== page.state.table) page.keep({ table: target.open });
}, { capture: true });
