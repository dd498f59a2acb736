import type { HostIncident } from '../../domain/hostMemory.ts';
import type { Standing } from '../../domain/insight.ts';
import { formatRate, formatUsd, perMonth } from '../../domain/money.ts';
import { allIn, offerKey, type Offer } from '../../domain/offer.ts';
import type { HostPrice } from '../../domain/sample.ts';
import { markdown } from '../escape.ts';
import { incidentWords } from '../market/hostWords.ts';
import { standingWords } from '../market/standingWords.ts';
import { markdownTable, type TableRow } from '../table.ts';
import type { Voice } from '../voice.ts';
import { age, date, gb, gpus, moment, perTerabyte, speed, timeOfDay } from '../words.ts';
import { stockWord, trustWord } from './offerRow.ts';

/** What was seen of it from here. */
export interface OfferPast {
  readonly incident?: HostIncident | undefined;
  readonly standing?: Standing | undefined;
  /** What its machine asked before. */
  readonly before?: HostPrice | undefined;
}

/** Everything that is known of an offer, as one Markdown table; rows without a figure are left out. */
export function offerTooltip(offer: Offer, now: number, voice: Voice, past: OfferPast = {}): string {
  const { t, nameOf } = voice;
  const kind = offer.kind === 'interruptible'
    ? t('Interruptible: it can be stopped at any moment, without notice, when somebody pays more.')
    : undefined;
  return [
    markdownTable(
      [gpus(offer.gpuCount, offer.gpu), t('{0} all in', formatRate(allIn(offer)))],
      [...priceRows(offer, voice), ...pastRows(past, voice), ...hostRows(offer, now, voice), ...machineRows(offer, voice)],
    ),
    ...(kind === undefined ? [] : [markdown(kind, 200)]),
    ...(past.incident === undefined ? [] : [markdown(incidentWords(past.incident, voice), 300)]),
    markdown(t('{0}, read at {1}', nameOf(offer.provider), timeOfDay(offer.readAt))),
  ].join('\n\n');
}

function priceRows(offer: Offer, { t }: Voice): TableRow[] {
  const { downUsdPerGb: down, upUsdPerGb: up, noStop } = offer.details;
  const stopped = offer.price.stoppedDisk;
  return [
    [t('GPU'), formatRate(offer.price.gpu)],
    [t('Disk of {0} GB', offer.diskGb), offer.price.disk === 0 ? t('included') : formatRate(offer.price.disk)],
    [t('While stopped'), noStop === true ? t('it cannot be stopped') : stopped === 0 ? t('nothing is kept') : t('{0} ({1} a month)', formatRate(stopped), formatUsd(perMonth(stopped)))],
    [t('Traffic in, on top'), down === undefined ? undefined : perTerabyte(down, t)],
    [t('Traffic out, on top'), up === undefined ? undefined : perTerabyte(up, t)],
  ];
}

const pastRows = ({ standing, before }: OfferPast, voice: Voice): TableRow[] => [
  [voice.t('Against what was seen before'), standing && standingWords(standing, voice)],
  [voice.t('This machine, before'), before && voice.t('{0} for the GPU on {1}', formatRate(before.rate), date(before.at))],
];

function hostRows(offer: Offer, now: number, voice: Voice): TableRow[] {
  const { t } = voice;
  const { details } = offer;
  const verified = details.verified === undefined ? undefined : details.verified ? t('yes') : t('no');
  return [
    [offer.reliability === undefined ? t('Tier') : t('Reliability, as published'), trustWord(offer, voice)],
    [t('Kind of place'), offer.tier === 'datacentre' ? t('datacentre') : t('private host: its owner can read what runs there')],
    [t('Place'), offer.place || t('unknown')],
    [t('Stock'), offer.stock && stockWord(offer.stock, voice)],
    [t('Verified by the provider'), verified],
    [t('Listed'), details.listedSince === undefined ? undefined : age(now - details.listedSince, t)],
    [t('Can be rented until'), details.availableUntil === undefined ? undefined : moment(details.availableUntil, now, t)],
    [t('SSH'), details.directSsh === false ? t('through a slow proxy only') : undefined],
    [t('Offer'), offerKey(offer.id)],
    [t('Machine'), details.machineId],
    [t('Host'), details.hostId],
  ];
}

function machineRows({ details, gpuCount, vramGb }: Offer, { t }: Voice): TableRow[] {
  const cores = details.cpuCores === undefined ? undefined : t('{0} cores', details.cpuCores);
  const disk = [details.diskName, details.diskMbPerS === undefined ? undefined : `${Math.round(details.diskMbPerS)} MB/s`];
  return [
    [t('GPU memory'), gpuCount === 1 ? gb(vramGb) : t('{0} each, {1} in all', gb(vramGb), gb(vramGb * gpuCount))],
    [t('CPU'), joined(details.cpuName, cores)],
    [t('Memory'), details.ramGb === undefined ? undefined : gb(details.ramGb)],
    [t('Disk'), joined(...disk)],
    [t('Largest disk'), details.maxDiskGb === undefined ? undefined : gb(details.maxDiskGb)],
    [t('Network in'), details.downMbps === undefined ? undefined : speed(details.downMbps)],
    [t('Network out'), details.upMbps === undefined ? undefined : speed(details.upMbps)],
    ['PCIe', details.pcieGbPerS === undefined ? undefined : `${details.pcieGbPerS.toFixed(1)} GB/s`],
    ['CUDA', details.cuda],
    [t('Driver'), details.driver],
  ];
}

function joined(...parts: (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part);
  return known.length === 0 ? undefined : known.join(', ');
}
