import { allIn } from '../../domain/offer.ts';
import { formatRate, formatUsd } from '../../domain/money.ts';
import { unknownMemory } from '../../estimate/offers/tools.ts';
import type { MemoryPrediction, OfferEstimate } from '../../estimate/result.ts';
import { fitWords } from '../../estimate/wordsFit.ts';
import { reasonWords, remedyWords } from '../../estimate/words.ts';
import type { ChosenView, MemoryView } from '../../webview/estimate/messages.ts';
import { whyEstimated } from '../advice/adviceWords.ts';
import type { Translate, Voice } from '../voice.ts';
import { line } from '../words.ts';
import { about, costBand, gigabytes, hoursBand, machineName } from './figures.ts';
import { aboutOffer } from './offerRows.ts';
import { interruptionWords } from './interruptionWords.ts';

/** Everything about one machine. Where the job does not fit there is no time and no cost to tell of. */
export function chosenView(estimate: OfferEstimate, voice: Voice): ChosenView {
  const { t } = voice;
  const { offer, fit } = estimate;
  const { usd, hours, reason } = fit.verdict === 'no' ? {} : estimate;
  const why = usd && whyEstimated(estimate, voice);
  const interruption = usd && interruptionWords(estimate, t);
  const warning = fit.verdict === 'fits' || estimate.memory === unknownMemory ? undefined : fit.verdict === 'no' ? t('The job does not fit into the memory of this machine.') : t('The job may not fit into the memory of this machine.');
  return {
    offer: offer.id,
    machine: machineName(estimate),
    about: line(aboutOffer(offer, voice), t('{0} all in, with {1} GB of disk', formatRate(allIn(offer)), offer.diskGb)),
    parts: usd === undefined ? [] : hourParts(estimate, t),
    ...(warning === undefined ? {} : { warning }),
    ...(estimate.memory === unknownMemory ? {} : { memory: memoryView(estimate, t) }),
    ...(usd === undefined ? {} : { usd: costBand(usd) }),
    ...(hours === undefined ? {} : { hours: hoursBand(hours, t) }),
    ...(why === undefined ? {} : { why }),
    ...(reason === undefined ? {} : { sentence: reasonWords(reason, t) }),
    ...(interruption === undefined ? {} : { interruption }),
  };
}

function memoryView({ memory: { gb, parts }, fit, offer: { vramGb } }: OfferEstimate, t: Translate): MemoryView {
  return {
    text: t('{0} of {1} GB', gigabytes(gb.likely), vramGb),
    verdict: line(fitWords(fit, t), t('between {0} and {1} GB at the peak', gigabytes(gb.low), gigabytes(gb.high))),
    low: gb.low / vramGb, likely: gb.likely / vramGb, high: gb.high / vramGb,
    parts: memoryParts(parts, t).filter(([, size]) => size > 0.005).map(([label, size]) => ({ label, text: t('{0} GB', gigabytes(size)) })),
    ...(fit.remedy === undefined ? {} : { remedy: remedyWords(fit.remedy, t) }),
  };
}

const memoryParts = (parts: MemoryPrediction['parts'], t: Translate): [string, number][] => [
  [t('Weights'), parts.weights],
  [t('Gradients'), parts.gradients],
  [t('Optimizer'), parts.optimizer],
  [t('Activations'), parts.activations],
  [t('Scores of the last layer'), parts.logits],
  [t('CUDA and fragmentation'), parts.overhead],
];

function hourParts({ parts }: OfferEstimate, t: Translate): ChosenView['parts'] {
  if (parts === undefined) return [];
  const hours: [string, number][] = [
    [t('Starting and setting up'), parts.setupHours.likely],
    [t('Fetching model and data'), parts.downloadHours.likely],
    [t('Training'), parts.trainHours.likely],
    [t('Evaluating'), parts.evalHours.likely],
    [t('Writing checkpoints'), parts.checkpointHours.likely],
    [t('Work lost to interruptions'), parts.lostHours.likely],
  ];
  const shown = hours.filter(([, size]) => size > 1 / 3600).map(([label, size]) => ({ label, text: about(size, t) }));
  return parts.trafficUsd > 0 ? [...shown, { label: t('Traffic, on top'), text: formatUsd(parts.trafficUsd) }] : shown;
}
