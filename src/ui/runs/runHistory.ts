/** What ran on which machine, also on machines that are gone. */
import type { RunsOfLaunch } from '../../services/runs.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { date, timeOfDay } from '../words.ts';
import { commandText, stateText } from './runWords.ts';

/** A page of plain text, newest machine first. */
export function historyText(history: readonly RunsOfLaunch[], now: number, voice: Voice): string {
  const { t } = voice;
  if (history.length === 0) return t('Nothing was run on a machine from here yet.');
  return history.map(({ name, instance, records }) => [
    `${plain(name, 60)}${instance === undefined ? ` (${t('gone')})` : ''}`,
    ...records.map((record) => {
      const { startedAt, about } = record.run;
      return `  ${date(startedAt)} ${timeOfDay(startedAt)}  ${commandText(about, 100)}\n    ${stateText(record, instance, now, voice)}`;
    }),
  ].join('\n')).join('\n\n');
}
