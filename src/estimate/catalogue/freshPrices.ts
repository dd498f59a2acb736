/**
 * Whether a list that was just read may be believed. A price in another unit (of a month, in cents, of one GPU in place
 * of the machine) differs from the known one by a large factor, so what moved that far is refused and counted.
 */
import { cloudRegions, type CataloguePage, type CloudList, type CloudPrice, type CloudQuote, type ListedCloud } from '../../domain/cloudPrice.ts';
import { toDollars, usdPerHour } from '../../domain/money.ts';
import { listPrices, type ListPrice } from './prices.ts';

/** No list price ever moved so far between two readings. */
const furthest = 4;
/** A spot price this small a share of the price on demand was never seen: AWS came down to an eighth. */
const leastSpot = 1 / 25;
/** A list that lacks more of our machines was cut, or is of something else; one that is refused more is in another unit. */
const mostLost = 1 / 4;

export interface Fresh {
  readonly list: CloudList;
  /** Prices that were not believed, and machines that the list does not have. */
  readonly refused: number;
  readonly missing: number;
}

/** Undefined where the list as a whole cannot be believed. */
export function freshList(cloud: ListedCloud, { quotes, dropped, source, at }: CataloguePage, prices: readonly ListPrice[]): Fresh | undefined {
  const home = prices.filter((price) => price.cloud === cloud && price.region === cloudRegions[cloud].us);
  const known = new Map(home.map((price) => [price.instance, price]));
  const believed = [...Map.groupBy(quotes, ({ instance, region }) => `${instance} ${region}`).values()].map((of) => judge(of, known));
  const kept = believed.flatMap(({ price }) => price ?? []);
  const refused = dropped + believed.reduce((sum, one) => sum + one.refused, 0);
  const atHome = new Set(kept.filter(({ region }) => region === cloudRegions[cloud].us).map(({ instance }) => instance));
  const missing = home.filter(({ instance }) => !atHome.has(instance)).length;
  if (missing > mostLost * home.length || refused > mostLost * (quotes.length + dropped)) return undefined;
  return { list: { cloud, source, at, prices: kept }, refused, missing };
}

/** All that a list says of one machine in one region; of several zones the cheapest counts. */
function judge(quotes: readonly CloudQuote[], known: ReadonlyMap<string, ListPrice>): { readonly price?: CloudPrice; readonly refused: number } {
  const [first] = quotes;
  const before = first && known.get(first.instance);
  if (first === undefined || before === undefined) return { refused: quotes.length };
  const onDemand = quotes.filter(({ kind, usdPerHour: price }) => kind === 'on-demand' && near(price, before.usdPerHour) && !ofOneGpu(price, before));
  const asked = least(onDemand);
  if (asked === undefined) return { refused: quotes.length };
  const spots = quotes.filter(({ kind, usdPerHour: price }) => kind === 'spot' && price <= asked && price >= leastSpot * asked);
  const spot = least(spots);
  const { instance, region } = first;
  const vcpus = quotes.find((quote) => quote.vcpus !== undefined)?.vcpus;
  const ramGb = quotes.find((quote) => quote.ramGb !== undefined)?.ramGb;
  return {
    price: {
      instance, region, onDemand: usdPerHour(asked),
      ...(spot === undefined ? {} : { spot: usdPerHour(spot) }), ...(vcpus === undefined ? {} : { vcpus }), ...(ramGb === undefined ? {} : { ramGb }),
    },
    refused: quotes.length - onDemand.length - spots.length,
  };
}

const near = (price: number, before: number): boolean => Number.isFinite(price) && price > before / furthest && price < before * furthest;

/** With two or four GPUs that mix-up stays within the factor, and shows by its very share. */
const ofOneGpu = (price: number, { usdPerHour: before, gpuCount }: ListPrice): boolean => gpuCount > 1 && Math.abs((price * gpuCount) / before - 1) < 0.01;

const least = (quotes: readonly CloudQuote[]): number | undefined =>
  quotes.length === 0 ? undefined : Math.min(...quotes.map(({ usdPerHour: price }) => price));

/** The table with every price that was read since in its place, and with the regions that the table does not have. */
export function withFresh(lists: readonly CloudList[], prices: readonly ListPrice[] = listPrices): readonly ListPrice[] {
  const added = lists.flatMap((list) => list.prices.flatMap((price) => {
    const before = prices.find(({ cloud, instance }) => cloud === list.cloud && instance === price.instance);
    return before === undefined ? [] : [asListed(price, before, list)];
  }));
  const there = new Set(added.map(keyOf));
  return [...prices.filter((price) => !there.has(keyOf(price))), ...added];
}

const keyOf = ({ cloud, instance, region }: ListPrice): string => `${cloud} ${instance} ${region}`;

function asListed(price: CloudPrice, before: ListPrice, { at, source }: CloudList): ListPrice {
  const { cloud, instance, gpu, gpuCount, vramGb } = before;
  const { region, onDemand, spot, vcpus = before.vcpus, ramGb = before.ramGb } = price;
  return {
    cloud, instance, gpu, gpuCount, vramGb, region, source, readOn: new Date(at).toISOString().slice(0, 10), usdPerHour: toDollars(onDemand),
    ...(spot === undefined ? {} : { spotUsdPerHour: toDollars(spot) }), ...(vcpus === undefined ? {} : { vcpus }), ...(ramGb === undefined ? {} : { ramGb }),
  };
}
