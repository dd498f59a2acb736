/** Every column that the explorer has, in the order in which it shows them. A new one is an entry here. */
import { listedClouds } from '../../domain/cloudPrice.ts';
import type { HostTrouble } from '../../domain/hostMemory.ts';
import type { Standing } from '../../domain/insight.ts';
import { formatRate, formatUsd, toDollars, usd, usdPerHour } from '../../domain/money.ts';
import { allIn, type OfferDetails, type ProviderId, type Stock } from '../../domain/offer.ts';
import { cloudName } from '../cloudName.ts';
import { stockWord } from '../offers/offerRow.ts';
import type { Voice } from '../voice.ts';
import { date, gb, grouped, percent, perTerabyte } from '../words.ts';
import type { FigureColumn, KnownOffer, OfferColumn } from './column.ts';

const rateText = (dollars: number): string => formatRate(usdPerHour(dollars));
type Measured = { [K in keyof OfferDetails]-?: Required<OfferDetails>[K] extends number ? K : never }[keyof OfferDetails];
const detail = (name: Measured) => ({ offer }: KnownOffer): number | undefined => offer.details[name];
const day: Pick<FigureColumn, 'text' | 'csv'> = { text: (at) => date(at), csv: (at) => new Date(at).toISOString() };
/** Hosts state dates of their own making, and `Date` has an end. */
const dateOf = (at: number | undefined): number | undefined => (at !== undefined && Math.abs(at) < 8e15 ? at : undefined);
const yesNo = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : value ? 'yes' : 'no');
const yesNoText = (word: string, { t }: Voice): string => (word === 'yes' ? t('yes') : t('no'));
const megabits = (figure: number): string => `${grouped(Math.round(figure))} Mb/s`;

export const offerColumns: readonly OfferColumn[] = [
  { id: 'gpu', label: (t) => t('GPU'), usual: true, word: ({ offer }) => offer.gpu },
  { id: 'gpuCount', label: (t) => t('GPUs'), usual: true, figure: ({ offer }) => offer.gpuCount, text: (count) => `${grouped(count)}×` },
  { id: 'allInUsdPerHour', label: (t) => t('All in'), usual: true, better: 'less', figure: ({ offer }) => toDollars(allIn(offer)), text: rateText },
  { id: 'allInUsdPerGpuHour', label: (t) => t('All in per GPU'), usual: true, better: 'less', figure: ({ offer }) => toDollars(allIn(offer)) / offer.gpuCount, text: rateText },
  { id: 'reliability', label: (t) => t('Reliability'), usual: true, better: 'more', figure: ({ offer }) => offer.reliability, text: percent },
  { id: 'vramGb', label: (t) => t('Memory per GPU'), usual: true, better: 'more', figure: ({ offer }) => offer.vramGb, text: gb },
  { id: 'finishUsd', label: (t) => t('Expected cost of the job'), usual: true, better: 'less', figure: ({ insight }) => insight.finish && toDollars(insight.finish), text: (dollars) => formatUsd(usd(dollars)) },
  { id: 'standing', label: (t) => t('Price today'), usual: true, word: ({ insight }) => insight.standing, text: standingText, order: ['cheap', 'usual', 'dear'] },
  { id: 'tier', label: (t) => t('Tier'), usual: true, word: ({ offer }) => offer.tierName ?? offer.tier, text: tierText },
  { id: 'location', label: (t) => t('Place'), usual: true, word: ({ offer }) => offer.place },
  { id: 'provider', label: (t) => t('Provider'), usual: true, word: ({ offer }) => offer.provider, text: sellerName },
  { id: 'kind', label: (t) => t('Kind'), usual: true, word: ({ offer }) => offer.kind, text: (word, { t }) => (word === 'interruptible' ? t('interruptible') : t('on demand')) },
  { id: 'trouble', label: (t) => t('Trouble with its host'), usual: true, word: ({ insight }) => insight.incident?.trouble, text: troubleText },
  { id: 'troubleAt', label: (t) => t('Trouble on'), figure: ({ insight }) => dateOf(insight.incident?.at), ...day },
  { id: 'downMbps', label: (t) => t('Network in'), usual: true, better: 'more', figure: detail('downMbps'), text: megabits },
  { id: 'upMbps', label: (t) => t('Network out'), better: 'more', figure: detail('upMbps'), text: megabits },
  { id: 'stock', label: (t) => t('Stock'), word: ({ offer }) => offer.stock, text: (word, voice) => stockWord(word as Stock, voice), order: ['low', 'medium', 'high'] },
  { id: 'gpuUsdPerHour', label: (t) => t('GPU without disk'), better: 'less', figure: ({ offer }) => toDollars(offer.price.gpu), text: rateText },
  { id: 'diskUsdPerHour', label: (t) => t('Disk price'), better: 'less', figure: ({ offer }) => (offer.listedOn === undefined ? toDollars(offer.price.disk) : undefined), text: rateText },
  { id: 'stoppedUsdPerHour', label: (t) => t('While stopped'), better: 'less', figure: ({ offer }) => (offer.listedOn === undefined ? toDollars(offer.price.stoppedDisk) : undefined), text: rateText },
  { id: 'downUsdPerGb', label: (t) => t('Traffic in, on top'), better: 'less', figure: detail('downUsdPerGb'), text: (dollars, { t }) => perTerabyte(dollars, t) },
  { id: 'upUsdPerGb', label: (t) => t('Traffic out, on top'), better: 'less', figure: detail('upUsdPerGb'), text: (dollars, { t }) => perTerabyte(dollars, t) },
  { id: 'cpu', label: (t) => t('CPU'), word: ({ offer }) => offer.details.cpuName },
  { id: 'cpuCores', label: (t) => t('CPU cores'), better: 'more', figure: detail('cpuCores'), text: (cores) => String(Number(cores.toFixed(1))) },
  { id: 'ramGb', label: (t) => t('Memory'), better: 'more', figure: detail('ramGb'), text: gb },
  { id: 'diskName', label: (t) => t('Disk'), word: ({ offer }) => offer.details.diskName },
  { id: 'diskMbPerS', label: (t) => t('Disk speed'), better: 'more', figure: detail('diskMbPerS'), text: (speed) => `${grouped(Math.round(speed))} MB/s` },
  { id: 'maxDiskGb', label: (t) => t('Largest disk'), better: 'more', figure: detail('maxDiskGb'), text: (size) => `${grouped(Math.round(size))} GB` },
  { id: 'pcieGbPerS', label: () => 'PCIe', better: 'more', figure: detail('pcieGbPerS'), text: (speed) => `${speed.toFixed(1)} GB/s` },
  { id: 'cuda', label: () => 'CUDA', word: ({ offer }) => offer.details.cuda },
  { id: 'driver', label: (t) => t('Driver'), word: ({ offer }) => offer.details.driver },
  { id: 'verified', label: (t) => t('Verified by the provider'), word: ({ offer }) => yesNo(offer.details.verified), text: yesNoText },
  { id: 'directSsh', label: (t) => t('SSH without a proxy'), word: ({ offer }) => yesNo(offer.details.directSsh), text: yesNoText },
  { id: 'availableUntil', label: (t) => t('Can be rented until'), better: 'more', figure: ({ offer }) => dateOf(offer.details.availableUntil), ...day },
  { id: 'listedSince', label: (t) => t('Listed since'), figure: ({ offer }) => dateOf(offer.details.listedSince), ...day },
  { id: 'machineId', label: (t) => t('Machine'), word: ({ offer }) => offer.details.machineId, exact: true },
  { id: 'hostId', label: (t) => t('Host'), word: ({ offer }) => offer.details.hostId, exact: true },
  { id: 'listedOn', label: (t) => t('List price of'), word: ({ offer }) => offer.listedOn },
  { id: 'id', label: (t) => t('Offer'), word: ({ offer }) => offer.id, exact: true },
];

export const usualColumns: readonly string[] = offerColumns.filter(({ usual }) => usual).map(({ id }) => id);

function sellerName(word: string, { nameOf }: Voice): string {
  const cloud = listedClouds.find((one) => one === word);
  return cloud === undefined ? nameOf(word as ProviderId) : cloudName(cloud);
}

/** A provider's own name for it is shown as it is. */
function tierText(word: string, { t }: Voice): string {
  return word === 'datacentre' ? t('datacentre') : word === 'community' ? t('private host') : word;
}

function standingText(word: string, { t }: Voice): string {
  switch (word as Standing) {
    case 'cheap':
      return t('cheap');
    case 'usual':
      return t('usual');
    case 'dear':
      return t('dear');
  }
}

function troubleText(word: string, { t }: Voice): string {
  switch (word as HostTrouble) {
    case 'neverReady':
      return t('never became usable');
    case 'noSsh':
      return t('let nobody in');
    case 'lost':
      return t('was lost under work');
    case 'otherGpu':
      return t('had another GPU');
    case 'slowLink':
      return t('had a slow network');
  }
}
