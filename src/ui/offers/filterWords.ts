import type { OfferFilter, OfferSort } from '../../domain/filter.ts';
import { formatRate } from '../../domain/money.ts';
import { plain } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { gb, line, percent } from '../words.ts';

/** The parts of a filter that narrow; the disk is not one, because it only sets the price. */
export type FilterPart = Exclude<keyof OfferFilter, 'diskGb'>;

/** One part as people say it, or undefined where it narrows nothing. */
export function partWords(filter: OfferFilter, part: FilterPart, { t, nameOf }: Voice): string | undefined {
  switch (part) {
    case 'gpu':
      return filter.gpu === undefined ? undefined : plain(filter.gpu);
    case 'count':
      return filter.count === undefined ? undefined : `${filter.count}×`;
    case 'minVramGb':
      return filter.minVramGb === undefined ? undefined : `${gb(filter.minVramGb)}+`;
    case 'maxPrice':
      return filter.maxPrice === undefined ? undefined : `≤ ${formatRate(filter.maxPrice)}`;
    case 'minReliability':
      return filter.minReliability === undefined ? undefined : `≥ ${percent(filter.minReliability)}`;
    case 'region':
      return filter.region === undefined ? undefined : plain(filter.region);
    case 'provider':
      return filter.provider === undefined ? undefined : nameOf(filter.provider);
    case 'datacentreOnly':
      return filter.datacentreOnly === true ? t('datacentre only') : undefined;
    case 'kind':
      return filter.kind === undefined ? undefined : filter.kind === 'interruptible' ? t('interruptible') : t('on demand');
  }
}

export const filterParts: readonly FilterPart[] = [
  'gpu', 'count', 'minVramGb', 'maxPrice', 'minReliability', 'region', 'provider', 'datacentreOnly', 'kind',
];

/** `24 GB+ · ≤ $0.60/h · ≥ 99.0 %`: stands beside the view's title; empty when nothing narrows. */
export const filterWords = (filter: OfferFilter, voice: Voice): string =>
  line(...filterParts.map((part) => partWords(filter, part, voice)));

export const narrows = (filter: OfferFilter): boolean =>
  filterParts.some((part) => filter[part] !== undefined && filter[part] !== false);

export function sortWords(sort: OfferSort, { t }: Voice): string {
  switch (sort) {
    case 'price':
      return t('Cheapest first');
    case 'reliability':
      return t('Most reliable first');
    case 'pricePerGpu':
      return t('Cheapest per GPU first');
    case 'finish':
      return t('Cheapest to finish first');
  }
}
