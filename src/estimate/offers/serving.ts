/** A served model on every offer: how fast it answers, what a million tokens cost, and from when on renting pays. */
import type { UsdPerHour } from '../../domain/money.ts';
import { timesRate } from '../../domain/money.ts';
import { allIn, type Offer } from '../../domain/offer.ts';
import { serverlessPrice } from '../catalogue/serverless.ts';
import { type BreakEven, serverlessBreakEven, type UsdBand, usdPerMillionTokens } from '../inference/costs.ts';
import type { Assumption } from '../result.ts';
import type { Workload } from '../workload.ts';
import { type Service, serviceOf, type Speed, usualAnswer, usualPrompt } from './servingTools.ts';

export interface ServingEstimate {
  readonly offer: Offer;
  /** Undefined where nobody knows the model. */
  readonly speed?: Speed;
  /** Requests answered at once: no more than fit. */
  readonly batch: number;
  /** A million tokens of answers on a machine that is kept busy. */
  readonly usdPerMillion?: UsdBand;
  /** Against paying by the second for the same cards; undefined where nobody lists them. */
  readonly serverless?: Serverless;
  readonly assumptions: readonly Assumption[];
}

export interface Serverless extends BreakEven {
  readonly rate: UsdPerHour;
  readonly readOn: string;
}

/** One on which the model fits, with all figures. */
export interface Served extends ServingEstimate {
  readonly speed: Required<Speed>;
  readonly usdPerMillion: UsdBand;
}

export const isServed = (estimate: ServingEstimate): estimate is Served => estimate.usdPerMillion !== undefined;

export function estimateServing(workload: Workload, offers: readonly Offer[], speedOf: (service: Service, offer: Offer) => Speed): ServingEstimate[] {
  const service = serviceOf(workload);
  const assumptions = assumptionsOf(workload);
  return offers.map((offer) => {
    if (service === undefined) return { offer, batch: 0, assumptions };
    const speed = speedOf(service, offer);
    const batch = Math.min(service.load.batch, speed.room);
    const usdPerMillion = speed.tokensPerSecond && usdPerMillionTokens(allIn(offer), speed.tokensPerSecond, 1);
    const serverless = serverlessOf(offer, speed, batch);
    return {
      offer, speed, batch,
      ...(usdPerMillion === undefined ? {} : { usdPerMillion }),
      ...(serverless === undefined ? {} : { serverless }),
      assumptions: [...assumptions, ...machineAssumptions(workload, offer, speed)],
    };
  });
}

/** A worker answers as many requests at once as the machine does, so each costs its share of the seconds. */
function serverlessOf(offer: Offer, { machine, answerSeconds }: Speed, batch: number): Serverless | undefined {
  const price = serverlessPrice(machine.gpu.name, machine.gpu.vramGb);
  if (price === undefined || answerSeconds === undefined || batch < 1) return undefined;
  const rate = timesRate(price.rate, machine.count);
  return { rate, readOn: price.readOn, ...serverlessBreakEven({ rented: allIn(offer), serverless: rate, secondsPerRequest: answerSeconds.likely / batch }) };
}

const assumptionsOf = ({ concurrency, promptTokens, answerTokens, engine }: Workload): Assumption[] => [
  ...when(concurrency === undefined || concurrency === 1, { code: 'oneRequest' }),
  ...when(promptTokens === undefined, { code: 'usualPrompt', detail: String(usualPrompt) }),
  ...when(answerTokens === undefined, { code: 'usualAnswer', detail: String(usualAnswer) }),
  { code: 'alwaysBusy' },
  ...when(engine === 'transformers', { code: 'optimisedServer' }),
];

const machineAssumptions = ({ gpus }: Workload, { gpuCount }: Offer, { machine: { gpu, count } }: Speed): Assumption[] => [
  ...when(gpu.architecture === 'unknown', { code: 'gpuFromOffer', detail: gpu.name }),
  ...when(gpus !== undefined && gpus > gpuCount, { code: 'oneGpu', detail: String(gpus) }),
  ...when(count < gpuCount, { code: 'oneGpu' }),
];

const when = (holds: boolean, assumption: Assumption): Assumption[] => (holds ? [assumption] : []);

export interface ServingPicks {
  /** By the price of a token, by the time of an answer, and by both multiplied. */
  readonly cheapest?: Served;
  readonly fastest?: Served;
  readonly bestValue?: Served;
}

export interface ServingEstimates {
  readonly all: readonly ServingEstimate[];
  /** Those that hold the model, the cheapest token first. */
  readonly ranked: readonly Served[];
  /** What nothing beats in both price and time. */
  readonly front: readonly Served[];
  readonly picks: ServingPicks;
}

const tie = (a: Served, b: Served): number => (a.offer.id < b.offer.id ? -1 : Number(a.offer.id > b.offer.id));
const byPrice = (a: Served, b: Served): number => a.usdPerMillion.likely - b.usdPerMillion.likely || a.speed.answerSeconds.likely - b.speed.answerSeconds.likely || tie(a, b);
const byTime = (a: Served, b: Served): number => a.speed.answerSeconds.likely - b.speed.answerSeconds.likely || byPrice(a, b);
const worth = ({ usdPerMillion, speed }: Served): number => usdPerMillion.likely * speed.answerSeconds.likely;

export function rankServing(all: readonly ServingEstimate[]): ServingEstimates {
  const ranked = all.filter(isServed).toSorted(byPrice);
  let quickest = Infinity;
  const front = ranked.filter(({ speed: { answerSeconds: { likely } } }) => {
    const better = likely < quickest;
    if (better) quickest = likely;
    return better;
  });
  const fastest = ranked.toSorted(byTime)[0];
  const bestValue = ranked.toSorted((a, b) => worth(a) - worth(b) || byPrice(a, b))[0];
  const [cheapest] = ranked;
  return { all, ranked, front, picks: cheapest === undefined || fastest === undefined || bestValue === undefined ? {} : { cheapest, fastest, bestValue } };
}
