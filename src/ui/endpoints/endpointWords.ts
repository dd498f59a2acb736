import { formatRate, type UsdPerHour } from '../../domain/money.ts';
import type { Limits } from '../../domain/launch.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { worstRate, type ServerlessPool, type ServerlessTerms } from '../../domain/serverless.ts';
import { serverlessBreakEven } from '../../estimate/inference/costs.ts';
import { plain } from '../escape.ts';
import { editorLimitWords, paragraphs, practiceWords, type Consent } from '../rent/consent.ts';
import { purseWords, type Purse } from '../rent/purse.ts';
import type { Voice } from '../voice.ts';
import { gb, grouped, line } from '../words.ts';

/** Of the request that the two ways are compared by. */
const exampleSeconds = 10;

/** The cheapest machine on show with a card of the pool, rented by the hour. */
export const cheapestPod = (pool: Pick<ServerlessPool, 'gpus'>, gpuCount: number, offers: readonly Offer[]): Offer | undefined =>
  offers
    .filter((offer) => offer.kind === 'on-demand' && offer.gpuCount === gpuCount && pool.gpus.includes(offer.gpu))
    .toSorted((a, b) => allIn(a) - allIn(b))[0];

/** From where on a rented machine is cheaper; undefined where none is on show. */
export function comparedWords(pod: Offer | undefined, each: UsdPerHour, { t, nameOf }: Voice): string | undefined {
  if (pod === undefined) return undefined;
  const { requestsPerHour } = serverlessBreakEven({ rented: allIn(pod), serverless: each, secondsPerRequest: exampleSeconds });
  const where = [plain(pod.gpu), nameOf(pod.provider), formatRate(allIn(pod))] as const;
  return Number.isFinite(requestsPerHour)
    ? t('{0} rents at {1} for {2}: that is cheaper from {3} requests of {4} s an hour on.', ...where, grouped(Math.ceil(requestsPerHour)), exampleSeconds)
    : t('{0} rents at {1} for {2}: a worker is cheaper whatever is asked of it.', ...where);
}

export const poolLine = ({ gpus, vramGb, each }: ServerlessPool, gpuCount: number, { t }: Voice): { readonly label: string; readonly description: string } => ({
  label: gpus.slice(0, 3).map((gpu) => plain(gpu, 40)).join(', '),
  description: line(gb(vramGb * gpuCount), t('{0} a worker', formatRate((each * gpuCount) as UsdPerHour))),
});

export interface EndpointAsked {
  readonly terms: ServerlessTerms;
  readonly image: string;
  readonly limits: Limits;
  readonly pod: Offer | undefined;
  readonly purse: Purse;
  readonly now: number;
  readonly practice: boolean;
}

/** Named by the most that an hour can cost. */
export function endpointConsent({ terms, image, limits, pod, purse, now, practice }: EndpointAsked, voice: Voice): Consent {
  const { t } = voice;
  const { each, workersMax, workersMin, idleSeconds } = terms;
  const worst = worstRate(terms);
  return {
    title: t('Make an endpoint for up to {0}?', formatRate(worst)),
    detail: paragraphs(
      practice && practiceWords(voice),
      t('At most {0} workers at {1} each. A worker costs while it starts, works, and waits {2} s to be asked again.', workersMax, formatRate(each), idleSeconds),
      workersMin === 0
        ? t('While nobody asks there are none, and it costs nothing.')
        : t('At least {0} are always there, for {1}, whether anybody asks or not.', workersMin, formatRate((each * workersMin) as UsdPerHour)),
      t('Its workers run the image {0}.', plain(image, 255)),
      comparedWords(pod, each, voice),
      editorLimitWords(limits, now, { provider: 'runpod', noStop: false }, voice),
      purseWords(purse, worst, limits, 'runpod', now, voice),
    ),
  };
}
