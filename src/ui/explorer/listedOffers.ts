/** List prices of the large clouds as rows beside the offers: something to hold them against, and nothing that can be rented here. */
import { listedClouds, type ListedCloud } from '../../domain/cloudPrice.ts';
import { usdPerHour } from '../../domain/money.ts';
import type { Offer, OfferKind, ProviderId } from '../../domain/offer.ts';
import type { ListPrice } from '../../estimate/catalogue/prices.ts';
import type { FilterField } from '../../webview/explorer/messages.ts';
import type { Translate } from '../voice.ts';

/** A row of the explorer. Every offer is one; a list price is one that no market knows by its id. */
export interface ShownOffer extends Omit<Offer, 'id' | 'provider'> {
  readonly id: string;
  readonly provider: ProviderId | ListedCloud;
  /** Day of the list, as year-month-day; of list prices only. */
  readonly listedOn?: string;
}

/** Each machine on demand, and once more at its spot price where the list tells one. */
export const listedOffers = (prices: readonly ListPrice[]): readonly ShownOffer[] =>
  prices.flatMap((price) => {
    const cloud = listedClouds.find((one) => one === price.cloud);
    if (cloud === undefined) return [];
    const { usdPerHour: asked, spotUsdPerHour: spot } = price;
    return [...rowOf(cloud, price, 'on-demand', asked), ...(spot === undefined ? [] : rowOf(cloud, price, 'interruptible', spot))];
  });

function rowOf(provider: ListedCloud, price: ListPrice, kind: OfferKind, dollars: number): readonly ShownOffer[] {
  if (!(dollars > 0 && dollars < Infinity)) return [];
  const { instance, gpu, gpuCount, vramGb, region, readOn, vcpus, ramGb } = price;
  const country = countries[region];
  return [{
    id: `list:${provider}/${instance}/${region}${kind === 'interruptible' ? '/spot' : ''}`,
    provider, gpu, gpuCount, vramGb, kind,
    // The disk is on top, and nobody knows here what it costs.
    price: { gpu: usdPerHour(dollars), disk: usdPerHour(0), stoppedDisk: usdPerHour(0) },
    diskGb: 0,
    tier: 'datacentre', tierName: instance, place: region,
    ...(country === undefined ? {} : { country }),
    readAt: Date.parse(readOn), listedOn: readOn,
    details: { ...(vcpus === undefined ? {} : { cpuCores: vcpus }), ...(ramGb === undefined ? {} : { ramGb }) },
  }];
}

/** Of the regions that lists are read for. */
const countries: Readonly<Partial<Record<string, string>>> = {
  'us-east-1': 'US', eastus: 'US', 'us-central1': 'US', 'eu-central-1': 'DE', westeurope: 'NL', 'europe-west4': 'NL', 'ap-northeast-1': 'JP', japaneast: 'JP', 'asia-northeast1': 'JP',
};

export const listedField = (shown: boolean, t: Translate): FilterField => ({
  kind: 'choice', name: 'listed', label: t('Large clouds'), value: shown ? 'shown' : '',
  options: [{ value: '', label: t('left out') }, { value: 'shown', label: t('list prices') }],
});
