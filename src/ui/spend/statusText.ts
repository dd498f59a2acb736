import { formatRate, formatUsd } from '../../domain/money.ts';
import type { CommandId } from '../commandIds.ts';
import { markdown, plain } from '../escape.ts';
import { markdownColumns, markdownTable } from '../table.ts';
import type { Voice } from '../voice.ts';
import { leftWords } from './leftWords.ts';
import { moment } from '../words.ts';
import { correctionWords, totalRows, type SpendInput } from './totalRows.ts';

/** `$(zap) $1.24 · $0.52/h`; undefined while there is nothing to say because nothing ever ran. */
export function statusText({ spend, practice }: SpendInput, { t }: Voice): string | undefined {
  if (!spend.everRan && spend.burn === 0) return undefined;
  const text = `$(${practice ? 'beaker' : 'zap'}) ${formatUsd(spend.session)} · ${formatRate(spend.burn)}`;
  return practice ? `${text} ${t('practice')}` : text;
}

/** Said by a screen reader, where `·` and an icon say nothing. */
export function spokenStatus({ spend, alarm, practice }: SpendInput, { t }: Voice): string {
  return [
    practice && t('Practice money.'),
    t('GPU spend: {0} this session, {1} now.', formatUsd(spend.session), formatRate(spend.burn)),
    ...alarm.reasons,
  ].filter((sentence) => sentence).join(' ');
}

/** Commands that links in the hover may run; nothing else is trusted. */
export const hoverCommands: readonly CommandId[] = ['gpuRental.spend.show', 'gpuRental.instance.stop', 'gpuRental.instance.openWorkspace'];

export function statusHover(input: SpendInput, voice: Voice): string {
  const { t } = voice;
  const links: readonly (readonly [string, CommandId])[] = [
    [t('Open workspace'), 'gpuRental.instance.openWorkspace'],
    [t('Stop'), 'gpuRental.instance.stop'],
    [t('Show spend'), 'gpuRental.spend.show'],
  ];
  return [
    ...(input.practice ? [markdown(t('Practice money: nothing here is charged to anybody.'), 200)] : []),
    ...input.alarm.reasons.map((reason) => `**${markdown(reason, 200)}**`),
    ...instanceTable(input, voice),
    totalsTable(input, voice),
    ...[...correctionWords(input, voice), ...input.closing].map((sentence) => markdown(sentence, 400)),
    links.map(([label, command]) => `[${markdown(label)}](command:${command})`).join(' · '),
  ].join('\n\n');
}

function instanceTable({ spend, instances, now }: SpendInput, { t }: Voice): string[] {
  const live = spend.instances.filter((instance) => instance.live);
  if (live.length === 0) return [];
  const rows = live.map(({ name, instanceId, spent, burn }) => {
    const instance = instances.find(({ id }) => id === instanceId);
    return [plain(name, 40) || plain(instanceId, 40), formatUsd(spent), formatRate(burn), instance ? leftWords(instance, now, t) : ''];
  });
  return [markdownColumns([t('Instance'), t('Spent'), t('Now'), t('Left')], rows)];
}

function totalsTable(input: SpendInput, voice: Voice): string {
  const { t } = voice;
  const { reconciledTo } = input.spend;
  const reconciled = reconciledTo === undefined ? t('not yet') : moment(reconciledTo, input.now, t);
  return markdownTable([t('All machines'), ''], [...totalRows(input, voice), [t('Last reconciled'), reconciled]]);
}
