import type { HostIncident, HostTrouble } from '../../domain/hostMemory.ts';
import type { Voice } from '../voice.ts';
import { date } from '../words.ts';

/** What it did. */
export function troubleWords(trouble: HostTrouble, { t }: Voice): string {
  switch (trouble) {
    case 'neverReady':
      return t('a machine there never became ready');
    case 'noSsh':
      return t('a machine there ran and let nobody in');
    case 'lost':
      return t('a machine there failed or was gone under work');
    case 'otherGpu':
      return t('a machine there had another GPU than was advertised');
    case 'slowLink':
      return t('the network there was far slower than advertised');
  }
}

/** `On 2026-11-28 a machine there never became ready.` */
export const happenedWords = ({ trouble, at }: HostIncident, voice: Voice): string => voice.t('On {0} {1}.', date(at), troubleWords(trouble, voice));

/** `On 2026-11-28 a machine there never became ready. It is left out until 2026-12-12, because hosts get mended.` */
export const incidentWords = (incident: HostIncident, voice: Voice): string =>
  `${happenedWords(incident, voice)} ${voice.t('It is left out until {0}, because hosts get mended.', date(incident.until))}`;
