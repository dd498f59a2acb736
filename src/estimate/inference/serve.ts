import { hasHbm, matmulTflops } from '../catalogue/gpus.ts';
import { addBands, type Band, bandAround, exactly } from '../band.ts';
import type { Machine } from '../machine.ts';
import type { Model } from '../workload.ts';
import { dot } from '../time/matrix.ts';
import { cardId, type Efficiency, middlingPromptRate, ratesOf } from './fitInference.ts';
import { isExperts, keyValueBytes, layersOf, paramsRead, recordsLaunches, type ServedWeights, weightBytes } from './weights.ts';

/**
 * How fast a machine serves a model that is split over its cards by layers: each token passes one card after the
 * other, so more cards hold larger models and longer batches but do not hurry a single answer.
 */
export interface Load {
  /** Sequences served at once. */
  readonly batch: number;
  readonly promptTokens: number;
  /** Tokens of an answer; half of them lie in memory on average. */
  readonly answerTokens?: number;
}

const usualAnswer = 256;
/** Share of the memory for weights and for keys and values; the rest is context and work space. */
const usableShare = 0.92;
const bytesPerGib = 2 ** 30;
/** Servers that record their launches pause a quarter as long per layer. */
const recorded = 0.25;
/** Products of a few rows reach half of the best rate. */
const decodeProducts = 0.5;
/** The few rows that each expert gets make small matrices; kernels reach less than half of the bandwidth there. */
const expertsReach = 0.45;

const contextTokens = ({ promptTokens, answerTokens = usualAnswer }: Load): number => promptTokens + answerTokens / 2;

/** Sequences that fit beside the weights; 0 where not even one does. */
export function sequencesThatFit(model: Model, weights: ServedWeights, { gpu, count }: Machine, load: Load): number {
  const free = gpu.vramGb * bytesPerGib * usableShare * count - weightBytes(model.paramsM, weights);
  const each = keyValueBytes(model) * (load.promptTokens + (load.answerTokens ?? usualAnswer));
  return free <= 0 ? 0 : Math.floor(free / Math.max(1, each));
}

/** Seconds of one step, in which each of `batch` sequences gets a token. */
function stepSeconds(model: Model, weights: ServedWeights, { gpu, count }: Machine, load: Load, batch: number, efficiency: Efficiency): number {
  const experts = isExperts(model);
  const slope = (hasHbm(gpu) ? efficiency.readHbm : efficiency.readGddr) / (experts ? expertsReach : 1);
  const bandwidth = gpu.bandwidthGbPerS * 1e9;
  const read = slope * weightBytes(paramsRead(model, batch), weights) / bandwidth;
  // While one card works on some sequences, the others work on the rest.
  const overlap = Math.min(count, batch);
  const cache = slope * keyValueBytes(model) * contextTokens(load) * batch / bandwidth / overlap;
  const products = 2e6 * (model.activeParamsM ?? model.paramsM) * batch / (matmulTflops(gpu) * 1e12 * decodeProducts) / overlap;
  const pauses = efficiency.secondsPerLayer * layersOf(model) * (recordsLaunches(weights) && !experts ? recorded : 1);
  return (Math.max(read + cache, products) + pauses) * Math.exp(efficiency.decodeOf.get(cardId(gpu)) ?? 0);
}

/** Tokens that all sequences get per second together; undefined where the model does not fit. More than fit wait. */
export function tokensPerSecond(model: Model, weights: ServedWeights, machine: Machine, load: Load, efficiency: Efficiency): Band | undefined {
  const batch = Math.min(Math.max(1, Math.floor(load.batch)), sequencesThatFit(model, weights, machine, load));
  if (batch < 1) return undefined;
  const sigma = isExperts(model) || batch > 1 || machine.gpu.architecture === 'unknown' ? Math.hypot(efficiency.sigma, 0.2) : efficiency.sigma;
  return bandAround(batch / stepSeconds(model, weights, machine, load, batch, efficiency), sigma);
}

/** Pieces of a prompt follow each other through the cards, with little gain: four cards read a third faster than one. */
const pipelined = 0.2;

/** Schedulers, tokenisers and the network before the first product. */
const requestSeconds = 0.02;

/** Seconds that the prompt of one request takes on an idle machine; undefined where it does not fit. */
export function promptSeconds(model: Model, weights: ServedWeights, machine: Machine, promptTokens: number, efficiency: Efficiency): Band | undefined {
  const load = { batch: 1, promptTokens };
  if (sequencesThatFit(model, weights, machine, load) < 1) return undefined;
  const rate = middlingPromptRate * Math.exp(dot(ratesOf(machine.gpu, weights), efficiency.prompt) - (efficiency.promptOf.get(cardId(machine.gpu)) ?? 0));
  const prompt = 2e6 * (model.activeParamsM ?? model.paramsM) * promptTokens / (rate * machine.count ** pipelined);
  const first = stepSeconds(model, weights, machine, load, 1, efficiency);
  return bandAround(Math.max(prompt, first), Math.hypot(efficiency.sigma, 0.2));
}

/** Seconds from the request to its first token. */
export function timeToFirstToken(model: Model, weights: ServedWeights, machine: Machine, promptTokens: number, efficiency: Efficiency): Band | undefined {
  const prompt = promptSeconds(model, weights, machine, promptTokens, efficiency);
  return prompt && addBands(exactly(requestSeconds), prompt);
}
