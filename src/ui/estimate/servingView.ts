/** What the panel shows of a script that answers: a million tokens and an answer stand where a job's cost and time do. */
import { formatRate, toDollars } from '../../domain/money.ts';
import { allIn, type OfferId } from '../../domain/offer.ts';
import type { Served, Serverless, ServingEstimate, ServingEstimates } from '../../estimate/offers/serving.ts';
import type { ChosenView, Labels, MemoryView, OfferRowView, PickView } from '../../webview/estimate/messages.ts';
import { plain } from '../escape.ts';
import { trustWord } from '../offers/offerRow.ts';
import type { Translate, Voice } from '../voice.ts';
import { grouped, line } from '../words.ts';
import { costBand, costText, gigabytes, machineName, range, seconds, secondsBand, speedText } from './figures.ts';
import { fitCount } from './headline.ts';
import { aboutOffer, mostRows } from './offerRows.ts';
import { pickName } from './pickNames.ts';

/** An offer that is gone by now gives way to the one of best value. */
export const chosenServing = ({ all, picks }: ServingEstimates, chosen: OfferId | undefined): ServingEstimate | undefined =>
  (chosen === undefined ? undefined : all.find(({ offer }) => offer.id === chosen)) ?? picks.bestValue;

export const servingCount = ({ all, ranked }: ServingEstimates, filtered: boolean, t: Translate): string => {
  const not = all.filter(({ speed }) => speed?.room === 0).length;
  return line(fitCount(ranked.length, t), not > 0 && (not === 1 ? t('1 does not') : t('{0} do not', grouped(not))), filtered && t('the filter of the offers holds here too'));
};

export const servingLabels = (labels: Labels, t: Translate): Labels => ({
  ...labels,
  likelyCost: t('Likely price of a million tokens'),
  likelyTime: t('Likely time of an answer'),
  cost: t('a million tokens'),
  time: t('an answer'),
  risk: t('first token, risk'),
  plot: t('Price of a token and time of an answer, on every offer that holds the model'),
  offers: t('Offers that hold the model'),
  hoursParts: t('How fast it answers'),
});

export function servingPicks({ picks }: ServingEstimates, t: Translate): PickView[] {
  return (['cheapest', 'fastest', 'bestValue'] as const).flatMap((kind) => {
    const estimate = picks[kind];
    if (estimate === undefined) return [];
    const { offer, usdPerMillion, speed } = estimate;
    return [{ label: pickName(kind, t), offer: offer.id, machine: machineName(estimate), text: line(costText(usdPerMillion.likely), seconds(speed.answerSeconds.likely, t), plain(offer.place)) }];
  });
}

export function servingRows({ ranked, front, picks }: ServingEstimates, voice: Voice): readonly OfferRowView[] {
  const best = new Set<Served>([...front, ...Object.values(picks)]);
  const inFront = new Set(front);
  const shown = ranked.length <= mostRows ? ranked : ranked.filter((estimate, index) => index < mostRows || best.has(estimate));
  return shown.map((estimate) => {
    const { offer, usdPerMillion, speed, serverless } = estimate;
    const { t } = voice;
    return {
      offer: offer.id,
      machine: machineName(estimate),
      about: aboutOffer(offer, voice),
      cost: costText(usdPerMillion.likely),
      costRange: range(costText(usdPerMillion.low), costText(usdPerMillion.high)),
      time: seconds(speed.answerSeconds.likely, t),
      speed: speedText(speed.tokensPerSecond.likely, t),
      rate: formatRate(allIn(offer)),
      risk: line(t('first token {0}', seconds(speed.firstTokenSeconds.likely, t)), serverless && pays(serverless, t), trustWord(offer, voice)),
      usd: toDollars(usdPerMillion.likely),
      hours: speed.answerSeconds.likely / 3600,
      riskShare: 1 - (offer.reliability ?? (offer.tier === 'datacentre' ? 1 : 0)),
      front: inFront.has(estimate),
      risky: false,
    };
  });
}

const pays = ({ requestsPerHour }: Serverless, t: Translate): string =>
  Number.isFinite(requestsPerHour) ? t('pays from {0} requests/h', grouped(Math.ceil(requestsPerHour))) : t('serverless is cheaper');

export function servingChosen(estimate: ServingEstimate, voice: Voice): ChosenView {
  const { t } = voice;
  const { offer, speed, usdPerMillion, batch, serverless } = estimate;
  const { tokensPerSecond: rate, firstTokenSeconds: first, answerSeconds: answer } = speed ?? {};
  const sentence = serverless && serverlessWords(serverless, estimate, t);
  return {
    offer: offer.id,
    machine: machineName(estimate),
    about: line(aboutOffer(offer, voice), t('{0} all in, with {1} GB of disk', formatRate(allIn(offer)), offer.diskGb)),
    ...(speed?.room === 0 ? { warning: t('The model does not fit into the memory of this machine.') } : {}),
    ...(speed === undefined ? {} : { memory: memoryOf(estimate, speed, t) }),
    ...(usdPerMillion === undefined ? {} : { usd: costBand(usdPerMillion) }),
    ...(answer === undefined ? {} : { hours: secondsBand(answer, t) }),
    ...(sentence === undefined ? {} : { sentence }),
    parts: rate === undefined || first === undefined ? [] : [
      { label: t('Tokens per second, all requests'), text: `${grouped(Math.round(rate.likely))} (${range(grouped(Math.round(rate.low)), grouped(Math.round(rate.high)))})` },
      { label: t('Tokens per second, each request'), text: grouped(Math.round(rate.likely / batch)) },
      { label: t('Time to the first token'), text: `${seconds(first.likely, t)} (${range(seconds(first.low, t), seconds(first.high, t))})` },
      { label: t('Requests at once'), text: grouped(batch) },
      { label: t('Requests that fit into memory'), text: grouped(speed?.room ?? 0) },
    ],
  };
}

/** Both sides are stated: a worker is paid while it starts and waits, too, and that is not in the figure. */
export function serverlessWords({ rate, readOn, requestsPerHour, utilisation }: Serverless, estimate: ServingEstimate, t: Translate): string {
  const price = t('RunPod Serverless on {0} costs {1} while it works (list of {2}).', machineName(estimate), formatRate(rate), readOn);
  if (!Number.isFinite(requestsPerHour)) return `${price} ${t('It is cheaper at any number of such requests that one machine can answer.')}`;
  const compared = t('It is cheaper below {0} such requests an hour, which is {1} of what this machine can answer.', grouped(Math.ceil(requestsPerHour)), `${Math.round(utilisation * 100)} %`);
  return `${price} ${compared} ${t('Starting a worker and keeping it awake come on top.')}`;
}

function memoryOf({ batch, offer }: ServingEstimate, { machine, room, weightsGb, cacheGb }: NonNullable<ServingEstimate['speed']>, t: Translate): MemoryView {
  const whole = offer.vramGb * machine.count;
  const share = (weightsGb + cacheGb) / whole;
  return {
    text: t('{0} of {1} GB', gigabytes(weightsGb + cacheGb), grouped(whole)),
    verdict: room === 0 ? t('does not fit') : room === batch ? t('no more requests fit') : t('fits'),
    low: share, likely: share, high: share,
    parts: [{ label: t('Weights'), text: t('{0} GB', gigabytes(weightsGb)) }, { label: batch <= 1 ? t('Keys and values of 1 request') : t('Keys and values of {0} requests', grouped(batch)), text: t('{0} GB', gigabytes(cacheGb)) }],
  };
}
