import { alertEveryMs } from '../../domain/alertPace.ts';
import type { Alert } from '../../domain/alert.ts';
import type { Standing } from '../../domain/insight.ts';
import { formatRate } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { Appeared } from '../../services/alertWatch.ts';
import type { Note } from '../dialogs.ts';
import { plain } from '../escape.ts';
import { filterWords } from '../offers/filterWords.ts';
import { offerRow } from '../offers/offerRow.ts';
import type { Voice } from '../voice.ts';
import { gb, gpus, line, spanWords } from '../words.ts';
import { standingWords } from './standingWords.ts';

/** `RTX 4090 · 1× · ≤ $0.35/h · ≥ 99.0 % · with 40 GB of disk`. */
export const wishWords = ({ filter }: Pick<Alert, 'filter'>, voice: Voice): string =>
  line(filterWords(filter, voice), voice.t('with {0} of disk', gb(filter.diskGb)));

export type AppearedAnswer = 'rent' | 'offers' | 'remove';

export function appearedNote({ alert, offer, count }: Appeared, standing: Standing | undefined, voice: Voice): Note<AppearedAnswer> {
  const { t } = voice;
  const which = line(offerRow(offer, voice).description, standing === 'cheap' && standingWords(standing, voice));
  const what = t('{0} for {1} is there: {2}.', gpus(offer.gpuCount, plain(offer.gpu)), formatRate(allIn(offer)), which);
  const others = count > 1 && t('{0} offers meet the alert.', count);
  const asked = t('You wanted to be told of: {0}.', wishWords(alert, voice));
  return {
    level: 'info',
    text: [what, others, asked].filter((sentence) => sentence).join(' '),
    buttons: [{ id: 'rent', label: t('Rent it') }, { id: 'offers', label: t('Show offers') }, { id: 'remove', label: t('Remove alert') }],
  };
}

/** Says plainly when it is looked for, and when it is not. */
export const madeNote = (alert: Alert, voice: Voice): Note<'alerts'> => ({
  level: 'info',
  text: voice.t('You are told when this is offered: {0}. It is looked for every {1} while the editor is open, and not when it is closed.', wishWords(alert, voice), spanWords(alertEveryMs, voice.t)),
  buttons: [{ id: 'alerts', label: voice.t('Show alerts') }],
});
