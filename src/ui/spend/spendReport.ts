import { formatRate, formatUsd } from '../../domain/money.ts';
import { providerOf } from '../../domain/offer.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { plain } from '../escape.ts';
import { stateName } from '../instances/stateName.ts';
import type { Voice } from '../voice.ts';
import { timeOfDay } from '../words.ts';
import { booksWords } from './booksWords.ts';
import { correctionWords, totalRows, type SpendInput } from './totalRows.ts';

/** The spend view: plain text in columns, to read, search and copy. */
export function spendReport(input: SpendInput, voice: Voice): string {
  const { t, nameOf } = voice;
  const { spend, instances, now, practice } = input;
  const byId = new Map<string, FleetInstance>(instances.map((instance) => [instance.id, instance]));
  const rows = spend.instances.map(({ instanceId, name, spent, burn }) => {
    const provider = providerOf(instanceId);
    const state = byId.get(instanceId)?.state;
    return [plain(name, 40) || plain(instanceId, 40), provider ? nameOf(provider) : '', state ? stateName(state, voice) : t('gone'), formatUsd(spent), formatRate(burn)];
  });
  const totals = totalRows(input, voice).flatMap(([name, figure]) => (figure === undefined ? [] : [[name, figure]]));
  return [
    `${t('GPU spend')} · ${timeOfDay(now)}`,
    ...(practice ? [t('Practice money: nothing here is charged to anybody.')] : []),
    ...input.alarm.reasons,
    ...correctionWords(input, voice),
    ...input.closing,
    columns(totals),
    ...(rows.length === 0 ? [] : [columns([[t('Instance'), t('Provider'), t('State'), t('Spent'), t('Now')], ...rows])]),
    booksWords(spend.books, voice).join('\n'),
  ].filter((part) => part !== '').join('\n\n') + '\n';
}

/** Left-aligned text columns. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd()).join('\n');
}
