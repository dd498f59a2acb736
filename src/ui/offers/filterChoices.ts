/** The lists that the filter is chosen from; every line says how many offers it leaves. */
import { groupOffers, offerMatcher, type OfferFilter } from '../../domain/filter.ts';
import { usdPerHour } from '../../domain/money.ts';
import { providerIds, type Offer, type OfferKind } from '../../domain/offer.ts';
import type { Choice } from '../dialogs.ts';
import type { Voice } from '../voice.ts';
import { gb, offersCount } from '../words.ts';
import { filterParts, partWords, type FilterPart } from './filterWords.ts';
import { countMatching } from './seenOffers.ts';

export const memories: readonly number[] = [8, 12, 16, 24, 32, 48, 80, 96, 141];
export const counts: readonly number[] = [1, 2, 4, 8];
export const reliabilities: readonly number[] = [0.95, 0.97, 0.98, 0.99, 0.995];
export const kinds: readonly OfferKind[] = ['on-demand', 'interruptible'];
const prices = [0.2, 0.4, 0.6, 1, 2, 4, 8, 16];
const disks = [20, 40, 80, 160, 320, 640];

export type MenuChoice = FilterPart | 'diskGb' | 'clear' | 'done';

export function partTitle(part: FilterPart | 'diskGb', { t }: Voice): string {
  switch (part) {
    case 'gpu':
      return t('GPU');
    case 'count':
      return t('Number of GPUs');
    case 'minVramGb':
      return t('GPU memory');
    case 'maxPrice':
      return t('Highest price');
    case 'minReliability':
      return t('Reliability');
    case 'region':
      return t('Region');
    case 'provider':
      return t('Provider');
    case 'datacentreOnly':
      return t('Kind of place');
    case 'kind':
      return t('On demand or interruptible');
    case 'diskGb':
      return t('Disk');
  }
}

/** The first list: each part with its value, the way out, and how many offers all of it leaves. */
export function menuChoices(filter: OfferFilter, offers: readonly Offer[], voice: Voice): Choice<MenuChoice>[] {
  const { t } = voice;
  const parts = filterParts.map((part) => ({
    label: partTitle(part, voice),
    description: partWords(filter, part, voice) ?? t('any'),
    value: part,
  }));
  return [
    { label: t('Show {0}', offersCount(countMatching(offers, filter), t)), value: 'done', current: true },
    ...parts,
    { label: partTitle('diskGb', voice), description: t('{0}, part of every price', gb(filter.diskGb)), value: 'diskGb' },
    { label: t('Clear the filter'), description: offersCount(countMatching(offers, { diskGb: filter.diskGb }), t), value: 'clear' },
  ];
}

/** `type` asks for a value that is not in the list. */
export type PartChoice = OfferFilter | 'type';

/** Every value of one part that leaves something, as the whole filter it would make. */
export function partChoices(filter: OfferFilter, part: FilterPart | 'diskGb', offers: readonly Offer[], voice: Voice): Choice<PartChoice>[] {
  const { t } = voice;
  if (part === 'diskGb') return [...disks.map((disk) => diskChoice(filter, disk)), typed(t('Another size…'))];
  const without = withoutPart(filter, part);
  // What the other parts leave is counted once, and each value only among those.
  const left = offers.filter(offerMatcher(without));
  const choices = valuesOf(part, left).map(({ value, count }) => {
    const wanted: OfferFilter = { ...without, [part]: value };
    return { count, choice: choiceOf(filter, wanted, part, partWords(wanted, part, voice) ?? '', count, voice) };
  });
  return [
    choiceOf(filter, without, part, t('Any'), left.length, voice),
    ...choices.filter(({ count, choice }) => count > 0 || choice.current).map(({ choice }) => choice),
    ...(part === 'maxPrice' ? [typed(t('Another price…'))] : part === 'region' ? [typed(t('Another region…'))] : []),
  ];
}

export function withoutPart(filter: OfferFilter, part: FilterPart): OfferFilter {
  const { [part]: _, ...rest } = filter;
  return { ...rest, diskGb: filter.diskGb };
}

const typed = (label: string): Choice<PartChoice> => ({ label, value: 'type' });

const diskChoice = (filter: OfferFilter, disk: number): Choice<PartChoice> => ({
  label: gb(disk),
  value: { ...filter, diskGb: disk },
  current: filter.diskGb === disk,
});

const choiceOf = (filter: OfferFilter, wanted: OfferFilter, part: FilterPart, label: string, count: number, { t }: Voice): Choice<PartChoice> => ({
  label,
  description: offersCount(count, t),
  value: wanted,
  current: filter[part] === wanted[part],
});

interface Counted {
  readonly value: string | number | boolean;
  readonly count: number;
}

function valuesOf(part: FilterPart, offers: readonly Offer[]): readonly Counted[] {
  const each = (values: readonly (string | number | boolean)[]): Counted[] =>
    values.map((value) => ({ value, count: countMatching(offers, { diskGb: 0, [part]: value }) }));
  switch (part) {
    case 'gpu':
      return groupsByModel(offers);
    case 'count':
      return each(counts);
    case 'minVramGb':
      return each(memories);
    case 'maxPrice':
      return each(prices.map((price) => usdPerHour(price)));
    case 'minReliability':
      return each(reliabilities);
    case 'region':
      return tally(offers.flatMap((offer) => offer.place.split(', ').at(-1) || [])).slice(0, 40);
    case 'provider':
      return each(providerIds);
    case 'datacentreOnly':
      return each([true]);
    case 'kind':
      return each(kinds);
  }
}

/** The cheapest model first. Told apart by name once, because comparing names offer by offer is slow. */
function groupsByModel(offers: readonly Offer[]): Counted[] {
  const counted = new Map(tally(offers.map((offer) => offer.gpu)).map(({ value, count }) => [value, count]));
  return [...new Set(groupOffers(offers, 'price').map((group) => group.gpu))].map((value) => ({ value, count: counted.get(value) ?? 0 }));
}

/** The most frequent first. */
function tally(names: readonly string[]): { value: string; count: number }[] {
  const counted = new Map<string, number>();
  for (const name of names) counted.set(name, (counted.get(name) ?? 0) + 1);
  return [...counted].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}
