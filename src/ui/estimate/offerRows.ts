import { formatRate, toDollars } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { chanceOfSuccess, type Runnable } from '../../estimate/offers/rank.ts';
import type { OfferEstimate } from '../../estimate/result.ts';
import { fitWords } from '../../estimate/wordsFit.ts';
import type { OfferRowView } from '../../webview/estimate/messages.ts';
import { plain } from '../escape.ts';
import { trustWord } from '../offers/offerRow.ts';
import type { Voice } from '../voice.ts';
import { line, memory } from '../words.ts';
import type { Estimates } from './estimator.ts';
import { about, costText, machineName, range } from './figures.ts';

/** More rows are not read by anybody, and a message of ten thousand is slow. */
export const mostRows = 300;

/** The cheapest, and whatever is best by time however dear it is. */
export function offerRows({ ranked, front, picks }: Estimates, voice: Voice): readonly OfferRowView[] {
  const best = new Set([...front, ...Object.values(picks)]);
  const shown = ranked.length <= mostRows ? ranked : ranked.filter((estimate, index) => index < mostRows || best.has(estimate));
  const inFront = new Set(front);
  return shown.map((estimate) => {
    const { offer, usd, hours } = estimate;
    return {
      offer: offer.id,
      machine: machineName(estimate),
      about: aboutOffer(offer, voice),
      cost: costText(usd.likely),
      costRange: range(costText(usd.low), costText(usd.high)),
      time: about(hours.likely, voice.t),
      rate: formatRate(allIn(offer)),
      risk: riskWords(estimate, voice),
      usd: toDollars(usd.likely),
      hours: hours.likely,
      riskShare: riskOf(estimate),
      front: inFront.has(estimate),
      risky: estimate.fit.verdict !== 'fits',
    };
  });
}

/** `1× 24 GB · Norway · Vast.ai · interruptible` */
export const aboutOffer = (offer: Offer, { t, nameOf }: Voice): string =>
  line(memory(offer.gpuCount, offer.vramGb), plain(offer.place), nameOf(offer.provider), offer.kind === 'interruptible' && t('interruptible'));

function riskWords(estimate: OfferEstimate, voice: Voice): string {
  const { fit, offer, interruption } = estimate;
  const taken = interruption && voice.t('taken away about every {0}', about(interruption.meanHoursBetween, voice.t));
  return line(fitWords(fit, voice.t), trustWord(offer, voice), taken);
}

/** 0..1: how likely the job does not end there at the first try; where nobody knows, the worst. */
export const riskOf = (estimate: Runnable): number => 1 - (chanceOfSuccess(estimate) ?? 0);
