import type { Gpu } from '../machine.ts';
import { hasHbm } from '../catalogue/gpus.ts';
import type { Run } from '../run.ts';
import { cholesky, dot, solve } from '../time/matrix.ts';
import { layersOf, type ServedWeights, weightBytes } from './weights.ts';

/**
 * What share of a card's rates serving really gets, fitted on measured runs. Decoding one sequence reads every
 * weight once per token, so its time is a line in bytes over bandwidth, plus a pause per layer; reading the prompt
 * is products, so its rate follows the card's rates as a power law. Cards that were measured keep their residual.
 */
export interface Efficiency {
  /** Bytes over bandwidth become seconds by this factor: 1 is the full bandwidth. */
  readonly readGddr: number;
  readonly readHbm: number;
  readonly secondsPerLayer: number;
  /** Exponents over the logs of tensor rate, bandwidth and plain rate, the constant, and what unpacking weights costs. */
  readonly prompt: readonly number[];
  /** Log residuals of cards in the evidence, shrunk; by name and memory. */
  readonly decodeOf: ReadonlyMap<string, number>;
  readonly promptOf: ReadonlyMap<string, number>;
  readonly sigma: number;
}

/** What the ridge pulls towards, and all there is without evidence: what published runs of llama.cpp agree on. */
const prior = { readGddr: 1.05, readHbm: 1.6, secondsPerLayer: 0.00011, prompt: [0.35, 0.3, 0.35, 0, -0.25] } as const;
/** Residuals weigh this much against the prior; one good run outweighs it. */
const trust = 0.05;

export const cardId = ({ name, vramGb }: Gpu): string => `${name} ${Math.round(vramGb)}`;

/** Cards for players halve their rate where sums are kept in 32 bits, as in training; serving keeps them in 16. */
const halvesSums = /^RTX \d{4}(?!.* Ada)/;

export function ratesOf(gpu: Gpu, weights: ServedWeights): readonly number[] {
  const tensor = (gpu.tensorTflops ?? gpu.fp32Tflops) * (halvesSums.test(gpu.name) ? 2 : 1);
  const packed = weights === 'fp16' || weights === 'fp32' ? 0 : 1;
  return [Math.log(tensor / 150), Math.log(gpu.bandwidthGbPerS / 900), Math.log(gpu.fp32Tflops / 40), 1, packed];
}

/** FLOP per second that a middling card reaches on prompts. */
export const middlingPromptRate = 7e13;

/** Least squares towards a prior: x minimises Σ (row·x − y)² + trust·Σ ((x − prior) / scale)². */
function ridge(rows: readonly (readonly number[])[], ys: readonly number[], towards: readonly number[]): readonly number[] {
  const scale = towards.map((value) => Math.abs(value) || 1);
  const scaled = rows.map((row) => row.map((value, i) => value * (scale[i] ?? 1)));
  const centre = towards.map((value, i) => value / (scale[i] ?? 1));
  const normal = Float64Array.from({ length: centre.length ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / centre.length), at % centre.length];
    return scaled.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), i === j ? trust : 0);
  });
  const right = Float64Array.from(centre, (value, i) => scaled.reduce((sum, row, n) => sum + (row[i] ?? 0) * (ys[n] ?? 0), trust * value));
  return [...solve(cholesky(normal, centre.length), right)].map((value, i) => value * (scale[i] ?? 1));
}

interface Measured { readonly card: string; readonly residual: number }

/** Twice too slow or too fast is a broken run, not a property of the card: published tables hold some. */
const implausible = 0.7;

/** Fits twice: the second time without what the first could not believe. */
function robust<Line extends { readonly rates: readonly number[]; readonly log: number }>(lines: readonly Line[], towards: readonly number[]) {
  const fit = (some: readonly Line[]): readonly number[] => ridge(some.map(({ rates }) => rates), some.map(({ log }) => log), towards);
  const first = fit(lines);
  const offset = median(lines.map(({ rates, log }) => log - dot(rates, first)));
  const kept = lines.filter(({ rates, log }) => Math.abs(log - dot(rates, first) - offset) < implausible);
  return { weights: fit(kept), kept };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Means of the residuals of each card, drawn towards none by one imagined run without any. */
const perCard = (measured: readonly Measured[]): ReadonlyMap<string, number> => new Map(
  [...Map.groupBy(measured, ({ card }) => card)].map(([card, all]) => [card, all.reduce((sum, { residual }) => sum + residual, 0) / (all.length + 1)]));

/** The published runs say `Q4_K_M` and `F16`; our rows carry that as the width of the weights. */
export const servedAs = ({ workload }: Run): ServedWeights =>
  workload.baseWeights === 'nf4' ? 'q4' : workload.baseWeights === 'int8' ? 'q8' : workload.precision === 'fp32' ? 'fp32' : 'fp16';

export function fitInference(evidence: readonly Run[], gpuOf: (name: string, vramGb: number) => Gpu | undefined): Efficiency {
  const seen = evidence.flatMap((run) => {
    const gpu = gpuOf(run.gpu, run.vramGb);
    const { model } = run.workload;
    return gpu === undefined || model === undefined || run.secondsPerSample === undefined || !(model.paramsM > 0) ? [] : [{ run, gpu, model, seconds: run.secondsPerSample }];
  });
  const decode = seen.filter(({ run }) => run.phase === 'decode').map(({ run, gpu, model, seconds }) => {
    const read = weightBytes(model.activeParamsM ?? model.paramsM, servedAs(run)) / (gpu.bandwidthGbPerS * 1e9);
    return { card: cardId(gpu), seconds, line: hasHbm(gpu) ? [0, read, layersOf(model)] : [read, 0, layersOf(model)] };
  });
  // Over the measured time, so that a slow large model weighs no more than a quick small one.
  const line = ridge(decode.map(({ line: parts, seconds }) => parts.map((part) => part / seconds)), decode.map(() => 1),
    [prior.readGddr, prior.readHbm, prior.secondsPerLayer]).map((value) => Math.max(0, value));
  const prompts = seen.filter(({ run }) => run.phase === 'prefill' && run.gpuCount === 1).map(({ run, gpu, model, seconds }) => ({
    card: cardId(gpu), rates: ratesOf(gpu, servedAs(run)), log: Math.log(2e6 * (model.activeParamsM ?? model.paramsM) / seconds / middlingPromptRate),
  }));
  const { weights: prompt, kept } = robust(prompts, prior.prompt);
  const decodeResiduals = decode.map(({ card, line: parts, seconds }) => ({ card, residual: Math.log(seconds / dot(parts, line)) }));
  const spread = Math.sqrt(decodeResiduals.reduce((sum, { residual }) => sum + residual ** 2, 0) / Math.max(1, decodeResiduals.length));
  return {
    readGddr: line[0] ?? prior.readGddr,
    readHbm: line[1] ?? prior.readHbm,
    secondsPerLayer: line[2] ?? prior.secondsPerLayer,
    prompt,
    decodeOf: perCard(decodeResiduals),
    promptOf: perCard(kept.map(({ card, rates, log }) => ({ card, residual: dot(rates, prompt) - log }))),
    // Other servers than the measured one differ more than the measured runs among themselves.
    sigma: Math.max(0.12, spread),
  };
}
