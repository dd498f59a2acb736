/** The filter of the offers as a form: the same parts and words as in the lists that the tree opens. */
import type { OfferFilter } from '../../domain/filter.ts';
import { toDollars, usdPerHour } from '../../domain/money.ts';
import { providerIds, type Offer } from '../../domain/offer.ts';
import type { FilterField, Option } from '../../webview/explorer/messages.ts';
import { amountOf } from '../input.ts';
import { counts, kinds, memories, partTitle, reliabilities, withoutPart } from '../offers/filterChoices.ts';
import { partWords, type FilterPart } from '../offers/filterWords.ts';
import { limitBounds } from '../settings.ts';
import type { Voice } from '../voice.ts';

type Typed = 'maxPrice' | 'region' | 'diskGb';
type Chosen = Exclude<FilterPart, Typed>;
const fields: readonly (Typed | Chosen)[] = ['gpu', 'count', 'minVramGb', 'maxPrice', 'minReliability', 'region', 'provider', 'datacentreOnly', 'kind', 'diskGb'];
export const priceBounds = { least: 0.001, most: 1000 } as const;
const longestRegion = 60;

const isTyped = (part: Typed | Chosen): part is Typed => part === 'maxPrice' || part === 'region' || part === 'diskGb';

/** `seen` are offers under any filter of late: their models can be chosen. */
export const filterForm = (filter: OfferFilter, seen: readonly Offer[], voice: Voice): readonly FilterField[] =>
  fields.map((name) => {
    const label = partTitle(name, voice);
    if (isTyped(name)) return { kind: 'typed', name, label, ...typedField(filter, name, voice) };
    return { kind: 'choice', name, label, value: keyOf(filter[name]), options: optionsOf(filter, name, seen, voice) };
  });

function typedField(filter: OfferFilter, name: Typed, { t }: Voice): { readonly value: string; readonly hint: string } {
  switch (name) {
    case 'maxPrice':
      return { value: filter.maxPrice === undefined ? '' : String(toDollars(filter.maxPrice)), hint: t('Dollars an hour, disk included') };
    case 'region':
      return { value: filter.region ?? '', hint: t('A country, its two-letter code, or a part of the place’s name') };
    case 'diskGb':
      return { value: String(filter.diskGb), hint: t('Disk in GB') };
  }
}

function optionsOf(filter: OfferFilter, part: Chosen, seen: readonly Offer[], voice: Voice): readonly Option[] {
  const values = valuesOf(part, seen);
  const now = filter[part];
  // What a filter of before asks for is there, whatever the market has.
  const all = now === undefined || now === false || values.includes(now) ? values : [...values, now];
  return [
    { value: '', label: voice.t('any') },
    ...all.map((value) => ({ value: keyOf(value), label: partWords({ diskGb: 0, [part]: value }, part, voice) ?? '' })),
  ];
}

function valuesOf(part: Chosen, seen: readonly Offer[]): readonly (string | number | boolean)[] {
  switch (part) {
    case 'gpu':
      return [...new Set(seen.map(({ gpu }) => gpu))].toSorted(new Intl.Collator(undefined, { numeric: true }).compare);
    case 'count':
      return counts;
    case 'minVramGb':
      return memories;
    case 'minReliability':
      return reliabilities;
    case 'provider':
      return providerIds;
    case 'datacentreOnly':
      return [true];
    case 'kind':
      return kinds;
  }
}

const keyOf = (value: string | number | boolean | undefined): string => (value === undefined || value === false ? '' : String(value));

export type Filtered = { readonly filter: OfferFilter } | { readonly refused: string };

/** What the form makes of a value; undefined for a part or a choice that was never offered. */
export function filterWith(filter: OfferFilter, name: string, value: string, seen: readonly Offer[], voice: Voice): Filtered | undefined {
  const part = fields.find((one) => one === name);
  if (part === undefined) return undefined;
  if (isTyped(part)) return typedFilter(filter, part, value.trim(), voice);
  if (value === '') return { filter: withoutPart(filter, part) };
  const chosen = valuesOf(part, seen).find((one) => keyOf(one) === value);
  return chosen === undefined ? undefined : { filter: { ...filter, [part]: chosen } };
}

function typedFilter(filter: OfferFilter, part: Typed, value: string, { t }: Voice): Filtered {
  if (part !== 'diskGb' && value === '') return { filter: withoutPart(filter, part) };
  if (part === 'region') return { filter: { ...filter, region: value.slice(0, longestRegion) } };
  const { least, most } = part === 'diskGb' ? limitBounds.diskGb : priceBounds;
  const amount = amountOf(value);
  if (amount === undefined || amount < least || amount > most) return { refused: t('A number from {0} to {1}', least, most) };
  return { filter: part === 'diskGb' ? { ...filter, diskGb: Math.round(amount) } : { ...filter, maxPrice: usdPerHour(amount) } };
}
