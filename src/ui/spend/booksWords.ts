import type { Translate } from '../voice.ts';
import { moment } from '../words.ts';

/** How far the figures are the providers' own. */
export const booksWords = (reconciledTo: number | undefined, now: number, t: Translate): string =>
  reconciledTo === undefined
    ? t('Nothing is reconciled with the providers’ books yet: every figure is metered here.')
    : t('Up to {0} the providers’ own charges are used; after that, figures are metered here.', moment(reconciledTo, now, t));
