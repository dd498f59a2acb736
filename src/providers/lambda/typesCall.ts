import type { Answer, Call } from '../../domain/http.ts';
import type { Offer } from '../../domain/offer.ts';
import { dataOf } from './body.ts';
import { offerOf } from './offers.ts';
import { pace } from './pace.ts';
import { instanceTypeItem, instanceTypes } from './schemas/instanceType.ts';

export interface TypesRead {
  /** What has capacity now, in each of its regions. */
  readonly offers: readonly Offer[];
  /** Types that could not be read. */
  readonly dropped: number;
}

/** Prices, hardware and capacity in one answer. Lambda tells them to nobody without a key. */
export const readTypes = (): Call<TypesRead> => ({
  method: 'GET',
  path: '/api/v1/instance-types',
  key: 'required',
  pace,
  retry: 'safe',
  read: (answer) => {
    const read = Object.values(dataOf(instanceTypes, answer)).map((raw) => offersOf(raw, answer));
    return { offers: read.flatMap((offers) => offers ?? []), dropped: read.filter((offers) => offers === undefined).length };
  },
});

/** Undefined where they cannot be read; none where there is no GPU, or none free. */
function offersOf(raw: unknown, { at }: Answer): Offer[] | undefined {
  const { data: item } = instanceTypeItem.safeParse(raw);
  if (item === undefined) return undefined;
  const { instance_type: type, regions_with_capacity_available: regions } = item;
  if (type.specs.gpus === 0) return [];
  const offers = regions.map((region) => offerOf(type, region, at));
  return offers.every((offer) => offer !== undefined) ? offers : undefined;
}
