/** The whole spend view as data, worded: what the page draws without knowing what it means. */
import type { InstanceId } from '../../domain/instance.ts';
import { formatRate, formatUsd, toDollars } from '../../domain/money.ts';
import { providerOf } from '../../domain/offer.ts';
import { isoDay, type Spender } from '../../domain/spendCsv.ts';
import { lastDays, spendByDay, sumCells, type SpendCell } from '../../domain/spendDays.ts';
import type { DayView, ShareView, SpendLabels, SpendPage } from '../../webview/spend/messages.ts';
import { plain } from '../escape.ts';
import { stateName } from '../instances/stateName.ts';
import type { Translate, Voice } from '../voice.ts';
import { line } from '../words.ts';
import { booksWords } from './booksWords.ts';
import { leftWords } from './leftWords.ts';
import { correctionWords, totals, type SpendInput } from './totalRows.ts';

export const shownDays = 30;
/** More colours than these nobody tells apart. */
const mostSeries = 5;

export interface PageInput extends SpendInput {
  readonly spender: (id: InstanceId) => Spender & { readonly ours: boolean };
}

export function spendPage(input: PageInput, voice: Voice): SpendPage {
  const { t } = voice;
  const { spend, now, practice, alarm } = input;
  const { intervals, settled } = spend.books;
  const cells = spendByDay(intervals, settled);
  const days = lastDays(now, shownDays);
  const shown = cells.filter(({ day }) => day >= (days[0] ?? 0));
  const series = seriesOf(shown);
  const names = namesOf(input);
  return {
    labels: labelsOf(t),
    notices: [...(practice ? [t('Practice money: nothing here is charged to anybody.')] : []), ...alarm.reasons, ...correctionWords(input, voice)],
    figures: totals(input, voice),
    series: [...series.map((id) => names.get(id) ?? nameOf(id, input)), t('others')],
    days: days.map((day) => dayView(day, shown.filter((cell) => cell.day === day), series)),
    instances: instanceShares(input, cells, series, names, voice),
    projects: projectShares(input, cells, t),
    notes: [...input.closing, ...booksWords(spend.books, voice)],
  };
}

/** The dearest of the days that are shown, each with a colour of its own. */
function seriesOf(cells: readonly SpendCell[]): InstanceId[] {
  const totals = [...Map.groupBy(cells, ({ instanceId }) => instanceId)].map(([id, own]) => ({ id, spent: sumCells(own) }));
  return totals.toSorted((a, b) => b.spent - a.spent).slice(0, mostSeries).map(({ id }) => id);
}

function dayView(day: number, cells: readonly SpendCell[], series: readonly InstanceId[]): DayView {
  const bySeries = Map.groupBy(cells, ({ instanceId }) => {
    const index = series.indexOf(instanceId);
    return index < 0 ? mostSeries : index;
  });
  const total = sumCells(cells);
  return {
    day: isoDay(day),
    mark: String(new Date(day).getDate()),
    total: formatUsd(total),
    usd: toDollars(total),
    parts: [...bySeries].map(([index, own]) => ({ series: Math.min(index, series.length), spent: sumCells(own) }))
      .toSorted((a, b) => a.series - b.series)
      .map(({ series: which, spent }) => ({ series: which, text: formatUsd(spent), usd: toDollars(spent) })),
  };
}

function instanceShares({ spend, instances, now, ...input }: PageInput, cells: readonly SpendCell[], series: readonly InstanceId[], names: ReadonlyMap<InstanceId, string>, voice: Voice): ShareView[] {
  const { t } = voice;
  const spentOn = Map.groupBy(cells, ({ instanceId }) => instanceId);
  const rows = spend.instances.map(({ instanceId, burn, live, spent }) => {
    const id = instanceId as InstanceId;
    const provider = providerOf(id);
    const instance = instances.find((one) => one.id === id);
    const index = series.indexOf(id);
    const cost = spentOn.has(id) ? sumCells(spentOn.get(id) ?? []) : spent;
    const share: ShareView = {
      name: names.get(id) ?? plain(id, 40),
      about: line(plain(input.spender(id).project, 40), provider && voice.nameOf(provider), instance ? stateName(instance.state, voice) : t('gone')),
      spent: formatUsd(cost),
      usd: toDollars(cost),
      series: index < 0 ? mostSeries : index,
      ...(live ? { now: formatRate(burn), left: instance ? leftWords(instance, now, t) : '' } : {}),
    };
    return { share, live, cost };
  });
  return rows.toSorted((a, b) => Number(b.live) - Number(a.live) || b.cost - a.cost).map(({ share }) => share);
}

function projectShares({ spender }: PageInput, cells: readonly SpendCell[], t: Translate): ShareView[] {
  const folderOf = (id: InstanceId): string => {
    const { project, ours } = spender(id);
    return plain(project, 60) || (ours ? t('no folder') : t('not rented here'));
  };
  return [...Map.groupBy(cells, ({ instanceId }) => folderOf(instanceId))]
    .map(([name, own]) => ({ name, spent: sumCells(own) }))
    .toSorted((a, b) => b.spent - a.spent)
    .map(({ name, spent }) => ({ name, about: '', spent: formatUsd(spent), usd: toDollars(spent) }));
}

/** A name is free again when its machine is gone, so that two may have borne it: the later ones are numbered. */
function namesOf({ spend }: PageInput): ReadonlyMap<InstanceId, string> {
  const seen = new Map<string, number>();
  return new Map(spend.instances.map(({ instanceId, name }) => {
    const shown = plain(name, 40) || plain(instanceId, 40);
    const times = (seen.get(shown) ?? 0) + 1;
    seen.set(shown, times);
    return [instanceId as InstanceId, times === 1 ? shown : `${shown} (${times})`];
  }));
}

const nameOf = (id: InstanceId, { spender }: PageInput): string => plain(spender(id).name, 40) || plain(id, 40);

const labelsOf = (t: Translate): SpendLabels => ({
  title: t('GPU spend'),
  days: t('By day, the last {0} days', shownDays),
  daysAbout: t('Each bar is a day, stacked by instance. The table below holds the same figures.'),
  daysTable: t('These as a table'),
  day: t('Day'),
  total: t('All'),
  instances: t('By instance'),
  instance: t('Instance'),
  projects: t('By project folder'),
  project: t('Folder'),
  spent: t('Spent'),
  now: t('Now, and left'),
  nothing: t('Nothing was spent in these days.'),
  exportCsv: t('Export as CSV'),
  asText: t('Show as text'),
  limits: t('Change limits'),
});
