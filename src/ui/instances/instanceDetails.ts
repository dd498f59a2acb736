import { formatRate, formatUsd } from '../../domain/money.ts';
import type { Disposable } from '../../domain/ports.ts';
import type { PinnedBy } from '../../domain/ssh.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import { markdown, plain } from '../escape.ts';
import type { CommandId } from '../commandIds.ts';
import type { Icon } from '../row.ts';
import { markdownTable } from '../table.ts';
import type { Voice } from '../voice.ts';
import { gb, gpus, line, memory, rateAndMonth } from '../words.ts';
import { guardLine } from './guardWords.ts';
import { lacks } from './instanceContext.ts';
import { instanceRow, nameOf } from './instanceRow.ts';

export interface Detail {
  readonly key: string;
  readonly name: string;
  readonly figure: string;
  readonly icon: Icon;
  /** What `when` clauses see; `detail` unless said. */
  readonly context?: string;
  /** What a click does: it is handed the row's node. */
  readonly command?: CommandId;
}

/** Rows that other areas have under a machine, told which machines are open in the list, in sight of somebody. */
export interface InstanceExtras {
  rows(instance: FleetInstance): readonly Detail[];
  onDidChange(listener: () => void): Disposable;
  seen(instances: readonly FleetInstance[]): void;
}

/** What stands under an expanded instance, and in its tooltip. */
export function instanceDetails(instance: FleetInstance, now: number, voice: Voice, pinnedBy?: PinnedBy): Detail[] {
  const { t, nameOf: provider } = voice;
  const { gpu, gpuCount, vramGb, rates, spent, diskGb, place, kind, alias, statusText } = instance;
  const guard = guardLine(instance, now, voice);
  const known: (Detail | undefined)[] = [
    { key: 'gpu', name: t('GPU'), figure: line(gpus(gpuCount, plain(gpu)), memory(gpuCount, vramGb)), icon: { codicon: 'chip' } },
    { key: 'price', name: t('Price'), figure: priceWords(instance, voice), icon: { codicon: 'tag' } },
    { key: 'spent', name: t('Spent'), figure: formatUsd(spent), icon: { codicon: 'credit-card' } },
    guard && { key: 'guard', name: t('Guard'), ...guard },
    diskGb > 0 ? { key: 'disk', name: t('Disk'), figure: line(gb(diskGb), !lacks(instance, 'stop') && t('stopped {0}', rateAndMonth(rates.stopped, t))), icon: { codicon: 'database' } } : undefined,
    { key: 'place', name: t('Place'), figure: line(provider(instance.provider), plain(place), kind === 'interruptible' && t('interruptible')), icon: { codicon: 'globe' } },
    alias === undefined ? undefined : { key: 'ssh', name: t('SSH alias'), figure: alias, icon: { codicon: 'terminal' } },
    pinnedBy === undefined ? undefined : { key: 'hostKey', name: t('Host key'), figure: hostKeyWords(pinnedBy, instance, voice), icon: { codicon: 'key' } },
    plain(statusText) === '' ? undefined : { key: 'status', name: t('{0} says', provider(instance.provider)), figure: plain(statusText, 200), icon: { codicon: 'comment' } },
  ];
  return known.filter((detail) => detail !== undefined);
}

/** On first contact nothing but our own key, which it took, said that it was the right machine. */
const hostKeyWords = (by: PinnedBy, { provider }: FleetInstance, { t, nameOf: name }: Voice): string =>
  by === 'log' ? t('pinned through the log at {0}', name(provider)) : t('trusted on first contact');

function priceWords(instance: FleetInstance, { t }: Voice): string {
  const { rates, launch, workers } = instance;
  if (workers !== undefined) return launch === undefined ? formatRate(rates.running) : t('{0} now, {1} at most', formatRate(rates.running), formatRate(launch.quote.rates.running));
  if (lacks(instance, 'stop')) return t('{0} running; it cannot be stopped', formatRate(rates.running));
  return t('{0} running, {1} stopped', formatRate(rates.running), formatRate(rates.stopped));
}

export function instanceTooltip(instance: FleetInstance, now: number, voice: Voice, pinnedBy?: PinnedBy): string {
  const rows = instanceDetails(instance, now, voice, pinnedBy).map(({ name, figure }) => [name, figure] as const);
  return [
    markdownTable([nameOf(instance), formatRate(instance.burn)], [...rows, [voice.t('Id'), instance.id]]),
    markdown(instanceRow(instance, now, voice).description ?? '', 200),
  ].join('\n\n');
}
