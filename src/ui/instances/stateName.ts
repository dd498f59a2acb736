import type { InstanceState } from '../../domain/instance.ts';
import type { Voice } from '../voice.ts';

export function stateName(state: InstanceState, { t }: Voice): string {
  switch (state) {
    case 'starting':
      return t('starting');
    case 'ready':
      return t('ready');
    case 'stopping':
      return t('stopping');
    case 'stopped':
      return t('stopped');
    case 'ending':
      return t('being destroyed');
    case 'failed':
      return t('failed');
    case 'unknown':
      return t('unknown');
  }
}
