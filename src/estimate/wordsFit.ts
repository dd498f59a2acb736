import type { Fit } from './result.ts';
import type { Translate } from './words.ts';

export function fitWords({ verdict, probability }: Fit, t: Translate): string {
  switch (verdict) {
    case 'fits': return t('fits');
    // Rounded down: a chance is never flattered.
    case 'risky': return t('may not fit ({0} likely)', `${Math.floor(Math.min(Math.max(probability, 0), 1) * 100)} %`);
    case 'no': return t('does not fit');
  }
}
