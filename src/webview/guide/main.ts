import './style.css';
import { openPage } from '../shared/page.ts';
import { restored, type LocalState } from '../shared/tableState.ts';
import { viewWith } from '../shared/viewIn.ts';
import type { FromGuide, GuidePage } from './messages.ts';
import { frame, parts } from './page.ts';

const page = openPage<GuidePage, LocalState, FromGuide>({
  restored, frame, parts,
  viewIn: viewWith(['columns', 'topics', 'abilities', 'choices', 'work', 'reading', 'fields', 'results', 'claims']),
  drawing: 'topics',
});

const asked = ['refresh', 'key'] as const;
addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  const type = asked.find((one) => one === button?.dataset['tell']);
  if (type !== undefined) page.tell({ type });
});
addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const name = target.dataset['set'];
  if (name !== undefined) page.tell({ type: 'set', name, value: target.value });
});
