/** How fast machines answer, and a memory of it: as many are worked out as there are kinds of machine. */
import type { Offer } from '../../domain/offer.ts';
import { findGpu, gpuFromOffer } from '../catalogue/gpus.ts';
import { addBands, type Band } from '../band.ts';
import { type Efficiency, fitInference } from '../inference/fitInference.ts';
import { answersInText } from '../inference/answersInText.ts';
import { type Load, sequencesThatFit, timeToFirstToken, tokensPerSecond } from '../inference/serve.ts';
import { keyValueBytes, weightBytes } from '../inference/weights.ts';
import type { Machine } from '../machine.ts';
import type { Run } from '../run.ts';
import type { Model, ServedWeights, Workload } from '../workload.ts';

/** What is asked of a machine, with every gap filled by what is usual. */
export interface Service {
  readonly model: Model;
  readonly weights: ServedWeights;
  readonly load: Required<Load>;
  readonly gpus: number | undefined;
}

export interface Speed {
  readonly machine: Machine;
  /** Requests that lie in memory at once; 0 where the model does not fit. */
  readonly room: number;
  /** GiB over all cards: the weights, and the keys and values of as many requests as are answered at once. */
  readonly weightsGb: number;
  readonly cacheGb: number;
  /** Of all requests together. */
  readonly tokensPerSecond?: Band;
  /** For a request that comes to an idle machine. */
  readonly firstTokenSeconds?: Band;
  /** From a request to the last token of its answer. */
  readonly answerSeconds?: Band;
}

export type SpeedOf = (service: Service, machine: Machine) => Speed;

/** What a request and its answer have where nobody says. */
export const usualPrompt = 512;
export const usualAnswer = 256;

/** Undefined where the model is not known, or does not answer in tokens of text: nothing can be said then. */
export function serviceOf({ model, servedWeights = 'fp16', concurrency = 1, promptTokens, answerTokens, contextTokens = Infinity, gpus }: Workload): Service | undefined {
  if (model === undefined || !(model.paramsM > 0) || !answersInText(model.name)) return undefined;
  const answer = Math.min(answerTokens ?? usualAnswer, Math.max(1, contextTokens - 1));
  const prompt = Math.min(promptTokens ?? usualPrompt, Math.max(1, contextTokens - answer));
  return { model, weights: servedWeights, load: { batch: concurrency, promptTokens: prompt, answerTokens: answer }, gpus };
}

export function createSpeeds(evidence: readonly Run[]): SpeedOf {
  // Fitted by the first who asks: most scripts train.
  let fitted: Efficiency | undefined;
  return ({ model, weights, load }, machine) => {
    const efficiency = (fitted ??= fitInference(evidence, findGpu));
    const room = sequencesThatFit(model, weights, machine, load);
    const batch = Math.min(load.batch, room);
    const rate = tokensPerSecond(model, weights, machine, load, efficiency);
    const first = timeToFirstToken(model, weights, machine, load.promptTokens, efficiency);
    const weightsGb = weightBytes(model.paramsM, weights) / bytesPerGib;
    const cacheGb = keyValueBytes(model) * (load.promptTokens + load.answerTokens) * Math.max(1, batch) / bytesPerGib;
    if (rate === undefined || first === undefined) return { machine, room, weightsGb, cacheGb };
    const rest = (tokens: number): number => batch * (load.answerTokens - 1) / tokens;
    return {
      machine, room, weightsGb, cacheGb, tokensPerSecond: rate, firstTokenSeconds: first,
      answerSeconds: addBands(first, { low: rest(rate.high), likely: rest(rate.likely), high: rest(rate.low) }),
    };
  };
}

const bytesPerGib = 2 ** 30;

/** Gives the same speed for offers of the same kind of machine. */
export function rememberSpeeds(speedOf: SpeedOf): (service: Service, offer: Offer) => Speed {
  const known = new WeakMap<Service, Map<string, Speed>>();
  return (service, { gpu, vramGb, gpuCount }) => {
    const machines = known.get(service) ?? new Map<string, Speed>();
    known.set(service, machines);
    const count = Math.min(service.gpus ?? gpuCount, gpuCount);
    const key = `${gpu}|${vramGb}|${count}`;
    const speed = machines.get(key) ?? speedOf(service, { gpu: gpuFromOffer(gpu, vramGb), count });
    machines.set(key, speed);
    return speed;
  };
}
