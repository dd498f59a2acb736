/**
 * A search in Vast's language: `{field: {op: value}}`. Vast filters a superset of what is wanted,
 * because it does not always honour its own filters and everything is checked again afterwards.
 */
import type { OfferFilter } from '../../domain/filter.ts';
import { leastUsableMb } from '../../domain/gpu.ts';
import { toDollars } from '../../domain/money.ts';
import type { OfferKind } from '../../domain/offer.ts';
import type { Start } from './paging.ts';
import { rentableGb } from './prices.ts';

export type Condition = Readonly<Record<string, unknown>>;
export type Query = Readonly<Record<string, unknown>>;

/** Far above the cap of 64 rows that Vast has now; older servers gave thousands. */
const mostRows = 1_000;
/** Prices are binary fractions on both sides: equal ones may differ in the last digit. */
const hair = 1e-9;

const types: Readonly<Record<OfferKind, string>> = { 'on-demand': 'on-demand', interruptible: 'bid' };

/** `names`: Vast's own names of the GPU wanted; without them the GPU is left to the check afterwards. */
export function searchQuery(filter: OfferFilter, kind: OfferKind, names: readonly string[] | undefined, start: Start): Query {
  const diskGb = rentableGb(filter.diskGb);
  return {
    ...common(kind, diskGb),
    verified: { eq: true },
    external: { eq: false },
    ...(names === undefined ? {} : { gpu_name: { in: names } }),
    ...(filter.count === undefined ? {} : { num_gpus: { eq: filter.count } }),
    ...(filter.minVramGb === undefined ? {} : { gpu_ram: { gte: leastUsableMb(filter.minVramGb) } }),
    ...(filter.minReliability === undefined ? {} : { reliability: { gte: filter.minReliability } }),
    ...(filter.datacentreOnly === true ? { datacenter: { eq: true } } : {}),
    ...countryOf(filter.region),
    ...priceRange(filter, kind, start),
    // The id decides among equal prices, so that paging cannot lose one between two pages.
    order: [['dph_total', 'asc'], ['id', 'asc']],
    limit: mostRows,
  };
}

/** One offer again: a filter on `id` finds nothing, its other name does. */
export const oneOfferQuery = (ask: number, kind: OfferKind, diskGb: number): Query => ({
  ...common(kind, rentableGb(diskGb)),
  ask_contract_id: { eq: ask },
  limit: 1,
});

/** `allocated_storage` is the disk that prices include, and that an offer must have. */
const common = (kind: OfferKind, diskGb: number): Query => ({
  type: types[kind],
  rentable: { eq: true },
  allocated_storage: diskGb,
  disk_space: { gte: diskGb },
});

function countryOf(region: string | undefined): Query {
  const wanted = region?.trim() ?? '';
  return /^[a-z]{2}$/i.test(wanted) ? { geolocation: { eq: wanted.toUpperCase() } } : {};
}

function priceRange({ maxPrice }: OfferFilter, kind: OfferKind, start: Start): Query {
  const total: Record<string, number> = {};
  const most = maxPrice === undefined ? undefined : toDollars(maxPrice) + hair;
  // Nobody says whether `dph_total` of a bid search is filtered by the bid or by the full price.
  if (most !== undefined && kind === 'on-demand') total['lte'] = most;
  if ('from' in start) total['gte'] = start.from - hair;
  if ('above' in start) total['gt'] = start.above + hair;
  if ('tie' in start) Object.assign(total, { gte: start.tie - hair, lte: start.tie + hair });
  return {
    ...(Object.keys(total).length === 0 ? {} : { dph_total: total }),
    ...(most !== undefined && kind === 'interruptible' ? { min_bid: { lte: most } } : {}),
    ...('tie' in start ? { ask_contract_id: { gt: start.afterId } } : {}),
  };
}
