import type { Standing } from '../../domain/insight.ts';
import type { Voice } from '../voice.ts';

export function standingWords(standing: Standing, { t }: Voice): string {
  switch (standing) {
    case 'cheap':
      return t('cheap today');
    case 'usual':
      return t('a usual price');
    case 'dear':
      return t('dear today');
  }
}
