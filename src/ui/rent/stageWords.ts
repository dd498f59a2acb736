import type { ProviderId } from '../../domain/offer.ts';
import type { RentStage } from '../../services/readiness.ts';
import type { Voice } from '../voice.ts';

export interface StageAbout {
  readonly provider: ProviderId;
  /** From create to SSH, in minutes. */
  readonly usualMinutes: readonly [number, number];
}

/** What is happening now, and how long it usually takes. */
export function stageWords(stage: RentStage, { provider, usualMinutes }: StageAbout, { t, nameOf }: Voice): string {
  const [least, most] = usualMinutes;
  const usual = t('usually ready after {0}–{1} m', least, most);
  switch (stage) {
    case 'asking':
      return t('asking {0}', nameOf(provider));
    case 'resolving':
      return t('no clear answer: looking for the machine by its label');
    case 'starting':
      return t('starting ({0})', usual);
    case 'pulling':
      return t('pulling image ({0})', usual);
    case 'booting':
      return t('booting ({0})', usual);
    case 'waitingForSsh':
      return t('waiting for SSH');
    case 'checkingHostKey':
      return t('checking the host key');
    case 'signingIn':
      return t('signing in over SSH');
    case 'cancelling':
      return t('ending it, until {0} confirms that nothing bills', nameOf(provider));
    case 'stoppingAgain':
      return t('stopping it again');
  }
}
