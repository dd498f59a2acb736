import type { Translate } from '../voice.ts';
import type { PickKind } from './estimator.ts';

export function pickName(kind: PickKind, t: Translate): string {
  switch (kind) {
    case 'cheapest': return t('Cheapest');
    case 'fastest': return t('Fastest');
    case 'safest': return t('Safest');
    case 'bestValue': return t('Best value');
  }
}
