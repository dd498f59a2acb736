/** What as many GPUs of a model cost everywhere that is known: live offers first, then lists with their day. */
import { cloudAreas, cloudRegions, listedClouds, type CloudArea } from '../../domain/cloudPrice.ts';
import { sameGpu } from '../../domain/gpu.ts';
import { formatRate, usdPerHour } from '../../domain/money.ts';
import { allIn, providerIds, type Offer, type OfferKind, type ProviderId } from '../../domain/offer.ts';
import type { Cloud } from '../../estimate/catalogue/clouds.ts';
import { guideSources } from '../../estimate/catalogue/guide.ts';
import type { ListPrice } from '../../estimate/catalogue/prices.ts';
import { sameWork, type SameWork } from '../../estimate/catalogue/sameWork.ts';
import type { ChoiceView, WorkView } from '../../webview/guide/messages.ts';
import { cloudName } from '../cloudName.ts';
import { plain } from '../escape.ts';
import type { Translate, Voice } from '../voice.ts';
import { gb, gpus, line, timeOfDay } from '../words.ts';

/** The cards that the articles compare, and those above them. */
const cards = [
  ['RTX 5090', 32], ['RTX 4090', 24], ['RTX 3090', 24], ['RTX A6000', 48], ['L4', 24], ['L40S', 48], ['A100', 40], ['A100', 80], ['H100', 80], ['H200', 141], ['B200', 180],
] as const;
const counts = [1, 2, 4, 8] as const;

/** What is looked up, by the ids that the page knows. */
export interface WorkAsked {
  readonly gpu: string;
  readonly count: string;
  readonly area: CloudArea;
}

const idOf = ([gpu, vramGb]: (typeof cards)[number]): string => `${gpu}|${vramGb}`;
export const firstAsked: WorkAsked = { gpu: idOf(cards[1]), count: '1', area: 'us' };

/** What the page says was chosen, if it is a choice that it was given. */
export function withChoice(asked: WorkAsked, name: string, value: string): WorkAsked {
  if (name === 'gpu' && cards.some((card) => idOf(card) === value)) return { ...asked, gpu: value };
  if (name === 'count' && counts.some((count) => String(count) === value)) return { ...asked, count: value };
  const area = cloudAreas.find((one) => one === value);
  return name === 'area' && area !== undefined ? { ...asked, area } : asked;
}

export const workChoices = ({ gpu, count, area }: WorkAsked, t: Translate): readonly ChoiceView[] => [
  { name: 'gpu', label: t('GPU'), chosen: gpu, options: cards.map((card) => ({ value: idOf(card), text: line(card[0], gb(card[1])) })) },
  { name: 'count', label: t('How many'), chosen: count, options: counts.map((one) => ({ value: String(one), text: `${one}×` })) },
  { name: 'area', label: t('Where the clouds are'), chosen: area, options: cloudAreas.map((one) => ({ value: one, text: areaName(one, t) })) },
];

function areaName(area: CloudArea, t: Translate): string {
  switch (area) {
    case 'us': return t('United States');
    case 'europe': return t('Europe');
    case 'asia': return t('Asia');
  }
}

export interface WorkInput {
  readonly asked: WorkAsked;
  readonly offers: readonly Offer[];
  readonly prices: readonly ListPrice[];
}

export function sameWorkRows({ asked, offers, prices }: WorkInput, voice: Voice): readonly WorkView[] {
  const { t } = voice;
  const [gpu, vramGb] = cards.find((card) => idOf(card) === asked.gpu) ?? cards[1];
  const count = Number(asked.count);
  const fitting = offers.filter((offer) => offer.gpuCount === count && sameGpu(offer.gpu, gpu) && Math.abs(offer.vramGb - vramGb) < 0.1 * vramGb);
  const rentable: readonly string[] = providerIds;
  const listed: readonly Cloud[] = rentable.includes('lambda') ? listedClouds : ['lambda', ...listedClouds];
  return [
    ...providerIds.map((provider) => liveRow(provider, fitting, voice)),
    ...listed.map((cloud) => listRow(cloud, { gpu, vramGb, count, area: asked.area, prices }, t)),
    gpuflowRow(t),
  ];
}

const none = '–';

function liveRow(provider: ProviderId, fitting: readonly Offer[], { t, nameOf }: Voice): WorkView {
  const cheapest = (kind: OfferKind): Offer | undefined => fitting.filter((offer) => offer.provider === provider && offer.kind === kind).toSorted((a, b) => allIn(a) - allIn(b))[0];
  const [steady, interruptible] = [cheapest('on-demand'), cheapest('interruptible')];
  const shown = steady ?? interruptible;
  if (shown === undefined) return { where: nameOf(provider), machine: t('No offer of these is known now.'), price: none, spot: none, notes: [], source: '', asOf: '' };
  return {
    where: nameOf(provider),
    machine: line(gpus(shown.gpuCount, plain(shown.gpu)), plain(shown.tierName ?? ''), plain(shown.place)),
    price: steady === undefined ? none : formatRate(allIn(steady)),
    spot: interruptible === undefined ? none : formatRate(allIn(interruptible)),
    notes: [t('{0} of disk included', gb(shown.diskGb))],
    source: t('offer, read at'),
    asOf: timeOfDay(shown.readAt),
  };
}

interface ListAsked {
  readonly gpu: string;
  readonly vramGb: number;
  readonly count: number;
  readonly area: CloudArea;
  readonly prices: readonly ListPrice[];
}

function listRow(cloud: Cloud, { gpu, vramGb, count, area, prices }: ListAsked, t: Translate): WorkView {
  const where = cloudName(cloud);
  const there = prices.filter((price) => price.cloud === cloud && (cloud === 'lambda' || price.region === cloudRegions[cloud][area]));
  if (there.length === 0) return { where, machine: t('Its prices in {0} have not been read yet.', areaName(area, t)), price: none, spot: none, notes: [], source: '', asOf: '' };
  const work = sameWork(cloud, gpu, vramGb, count, there);
  if (work === undefined) return { where, machine: t('It has no card that holds as much.'), price: none, spot: none, notes: [], source: '', asOf: '' };
  return {
    where,
    machine: line(gpus(work.paysFor, plain(work.gpu)), `${work.instances > 1 ? `${work.instances}× ` : ''}${plain(work.instance)}`, cloud === 'lambda' ? '' : plain(work.region)),
    price: formatRate(usdPerHour(work.totalUsdPerHour)),
    spot: work.totalSpotUsdPerHour === undefined ? none : formatRate(usdPerHour(work.totalSpotUsdPerHour)),
    notes: notesOf(work, count, t),
    source: plain(work.source),
    asOf: work.readOn,
  };
}

function notesOf({ match, gpu, vramGb, paysFor, vcpus, ramGb, instances }: SameWork, count: number, t: Translate): readonly string[] {
  return [
    ...(match === 'nearest' ? [t('The nearest class, not the same card: {0} with {1}.', plain(gpu), gb(vramGb))] : []),
    ...(paysFor > count ? [t('You pay for {0} GPUs.', paysFor)] : []),
    vcpus === undefined ? t('CPU and memory included') : ramGb === undefined ? t('{0} vCPU and memory included', instances * vcpus) : t('{0} vCPU and {1} of memory included', instances * vcpus, gb(instances * ramGb)),
  ];
}

const gpuflowRow = (t: Translate): WorkView => ({
  where: 'GPUFlow', machine: t('Lends no machine: a rental is a key to one model, priced after signing in.'), price: none, spot: none, notes: [],
  source: guideSources.gpuflowDocs.name, asOf: guideSources.gpuflowDocs.asOf,
});
