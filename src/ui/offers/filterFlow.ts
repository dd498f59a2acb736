import type { OfferFilter, OfferSort } from '../../domain/filter.ts';
import { usdPerHour } from '../../domain/money.ts';
import type { Offer } from '../../domain/offer.ts';
import { goBack, type Dialogs } from '../dialogs.ts';
import { amountIn } from '../input.ts';
import { limitBounds } from '../settings.ts';
import type { Voice } from '../voice.ts';
import { menuChoices, partChoices, partTitle, type PartChoice } from './filterChoices.ts';
import { sortWords, type FilterPart } from './filterWords.ts';
import type { OfferPreferences } from './preferences.ts';

export interface FilterDeps {
  readonly dialogs: Dialogs;
  readonly preferences: OfferPreferences;
  /** Offers read lately, priced for that disk. */
  readonly seen: (diskGb: number) => readonly Offer[];
  readonly voice: Voice;
  /** A job has been named, so that offers can be told apart by it. */
  readonly hasJob?: () => boolean;
}

/** Part after part, until the person is content or turns away; every choice counts at once. */
export async function chooseFilter(deps: FilterDeps): Promise<void> {
  const { dialogs, preferences, seen, voice } = deps;
  for (;;) {
    const { filter } = preferences;
    const choice = await dialogs.pick({
      title: voice.t('Filter offers'),
      placeholder: voice.t('What should a machine have?'),
      choices: menuChoices(filter, seen(filter.diskGb), voice),
    });
    if (choice === undefined || choice === goBack || choice === 'done') return;
    if (choice === 'clear') return preferences.clearFilter();
    if (choice === 'datacentreOnly' && preferences.limited) {
      const text = voice.t('Sensitive work is done in this workspace, so it sees datacentres only. The setting `gpuRental.sensitiveWork` says so.');
      return void await dialogs.notify({ level: 'info', text, buttons: [] });
    }
    const outcome = await choosePart(deps, choice);
    if (outcome === 'leave') return;
  }
}

async function choosePart(deps: FilterDeps, part: FilterPart | 'diskGb'): Promise<'again' | 'leave'> {
  const { dialogs, preferences, seen, voice } = deps;
  const { filter } = preferences;
  const choice = await dialogs.pick<PartChoice>({
    title: partTitle(part, voice),
    placeholder: voice.t('How many offers each choice leaves stands beside it'),
    choices: partChoices(filter, part, seen(filter.diskGb), voice),
    withBack: true,
  });
  if (choice === goBack) return 'again';
  if (choice === undefined) return 'leave';
  const wanted = choice === 'type' ? await typePart(deps, filter, part) : choice;
  if (wanted) await preferences.setFilter(wanted);
  return 'again';
}

async function typePart({ dialogs, voice }: FilterDeps, filter: OfferFilter, part: FilterPart | 'diskGb'): Promise<OfferFilter | undefined> {
  const { t } = voice;
  const title = partTitle(part, voice);
  if (part === 'region') {
    const text = await dialogs.input({ title, prompt: t('A country, its two-letter code, or a part of the place’s name'), refuse: () => undefined });
    return text?.trim() ? { ...filter, region: text.trim() } : undefined;
  }
  if (part === 'diskGb') {
    const size = await amountIn(dialogs, { title, prompt: t('Disk in GB'), value: filter.diskGb, ...limitBounds.diskGb }, voice);
    return size === undefined ? undefined : { ...filter, diskGb: Math.round(size) };
  }
  const price = await amountIn(dialogs, { title, prompt: t('Dollars an hour, disk included'), least: 0.001, most: 1000 }, voice);
  return price === undefined ? undefined : { ...filter, maxPrice: usdPerHour(price) };
}

export async function chooseSort({ dialogs, preferences, voice, hasJob }: Omit<FilterDeps, 'seen'>): Promise<void> {
  const sorts: readonly OfferSort[] = ['price', 'pricePerGpu', 'reliability', ...(hasJob?.() === true ? ['finish' as const] : [])];
  const sort = await dialogs.pick({
    title: voice.t('Sort offers'),
    placeholder: voice.t('Groups stay in the order of their cheapest offer'),
    choices: sorts.map((value) => ({ label: sortWords(value, voice), value, current: value === preferences.sort })),
  });
  if (sort !== undefined && sort !== goBack) await preferences.setSort(sort);
}
