/** Figures of what answers, to paste into a note or a table. */
import { formatRate, toDollars } from '../../domain/money.ts';
import { allIn } from '../../domain/offer.ts';
import type { Served, ServingEstimate, ServingEstimates } from '../../estimate/offers/serving.ts';
import type { Translate, Voice } from '../voice.ts';
import { costText, machineName, range, seconds, speedText } from './figures.ts';
import { aboutOffer } from './offerRows.ts';
import { cheapestOfEach, rounded, type NoteText } from './noteText.ts';
import { servingHeadline } from './servingHeadline.ts';
import { servingCount, serverlessWords } from './servingView.ts';

export function servingText(estimates: ServingEstimates, voice: Voice): NoteText {
  const { t } = voice;
  const best = estimates.picks.bestValue;
  return {
    best: best && servingHeadline(best, estimates, t),
    count: servingCount(estimates, false, t),
    head: [t('Machine'), t('a million tokens'), t('tokens per second'), t('first token'), t('an answer'), t('price'), t('risk')],
    rows: cheapestOfEach(estimates.ranked).map((one) => [machineName(one), ...figures(one, t), formatRate(allIn(one.offer)), aboutOffer(one.offer, voice)]),
    assumptions: best?.assumptions ?? [],
    after: best?.serverless && serverlessWords(best.serverless, best, t),
  };
}

const figures = ({ usdPerMillion, speed }: Served, t: Translate): readonly string[] => [
  `${costText(usdPerMillion.likely)} (${range(costText(usdPerMillion.low), costText(usdPerMillion.high))})`,
  speedText(speed.tokensPerSecond.likely, t),
  seconds(speed.firstTokenSeconds.likely, t),
  seconds(speed.answerSeconds.likely, t),
];

export const servingCsvColumns = [
  'offer', 'provider', 'gpu', 'gpu_count', 'vram_gb', 'kind', 'place', 'all_in_usd_per_hour', 'fits', 'requests_at_once', 'requests_that_fit',
  'tokens_per_second_low', 'tokens_per_second', 'tokens_per_second_high', 'first_token_seconds', 'answer_seconds',
  'usd_per_million_tokens_low', 'usd_per_million_tokens', 'usd_per_million_tokens_high', 'serverless_usd_per_hour', 'pays_from_requests_per_hour',
] as const;

/** Those that do not hold the model are in it too. */
export function servingCsvRows({ all, ranked }: ServingEstimates): (string | number | undefined)[][] {
  const first = new Set<ServingEstimate>(ranked);
  return [...ranked, ...all.filter((one) => !first.has(one))].map(({ offer, speed, batch, usdPerMillion, serverless }) => [
    offer.id, offer.provider, offer.gpu, offer.gpuCount, offer.vramGb, offer.kind, offer.place, toDollars(allIn(offer)).toFixed(4),
    speed === undefined ? '' : speed.room > 0 ? 'fits' : 'no', speed && batch, speed?.room,
    rounded(speed?.tokensPerSecond?.low), rounded(speed?.tokensPerSecond?.likely), rounded(speed?.tokensPerSecond?.high),
    rounded(speed?.firstTokenSeconds?.likely), rounded(speed?.answerSeconds?.likely),
    ...[usdPerMillion?.low, usdPerMillion?.likely, usdPerMillion?.high].map((cost) => (cost === undefined ? undefined : toDollars(cost).toFixed(4))),
    serverless && toDollars(serverless.rate).toFixed(4),
    serverless && Number.isFinite(serverless.requestsPerHour) ? rounded(serverless.requestsPerHour) : undefined,
  ]);
}
