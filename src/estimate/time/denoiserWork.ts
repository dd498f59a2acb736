import type { Gpu } from '../machine.ts';
import type { Model, Workload } from '../workload.ts';

/**
 * The work of a transformer that denoises. Half of the parameters of many are modulation, which works once on each
 * sample and not on each token, and attention over thousands of tokens costs as much as their products: both follow
 * from the shape, neither from the size.
 */

/** Pixels of the image that one token stands for: 8 in the latent, 2 in the patch. Deep autoencoders pack four times as many. */
const pixelsPerToken = 16;
const deepPixelsPerToken = 32;
/** Video autoencoders keep every fourth frame, deep ones every eighth. */
const framesPerToken = 4;
const deepFramesPerToken = 8;
const deep = /\b(?:ltx|sana)/i;

/** Tokens of the prompt that go through the layers beside those of the image. */
const promptTokens = 256;

export function denoiserTokens({ model, resolution, frames }: Workload): number {
  const packed = deep.test(model?.name ?? '');
  const side = (resolution ?? model?.resolution ?? 512) / (packed ? deepPixelsPerToken : pixelsPerToken);
  return side * side * Math.max(1, (frames ?? 1) / (packed ? deepFramesPerToken : framesPerToken));
}

/** Multiply-accumulates of a forward pass in billions: of the products with weights, and of attention. */
export interface DenoiserWork {
  readonly products: number;
  readonly attention: number;
  /** Units of width times tokens over all layers: what normalisation, modulation and activation functions go over. */
  readonly elements: number;
}

/** Published denoisers are about 100 wide per layer; a third of their parameters works on other things than tokens. */
const widthPerLayer = 90;
const parametersPerWidth = 18;

export function denoiserWork(workload: Workload, model: Model): DenoiserWork {
  const layers = model.layers ?? Math.max(8, Math.round(Math.cbrt(model.paramsM * 1e6 / (parametersPerWidth * widthPerLayer ** 2))));
  const hidden = model.hidden ?? Math.sqrt(model.paramsM * 1e6 / (parametersPerWidth * layers));
  const tokens = denoiserTokens(workload) + promptTokens;
  const perToken = 4 * hidden ** 2 + (model.gated === true ? 3 : 2) * hidden * (model.ffn ?? 4 * hidden);
  return { products: layers * perToken * tokens / 1e9, attention: 2 * layers * hidden * tokens ** 2 / 1e9, elements: layers * hidden * tokens };
}

export const denoiserGmacs = (workload: Workload, model: Model): number => {
  const { products, attention } = denoiserWork(workload, model);
  return products + attention;
};

/** As the language models were measured: products a tenth below their best rate, attention kernels at two thirds of theirs. */
const productFactor = 1.08;
const attentionFactor = 1.5;
const attentionCap: Readonly<Record<string, number>> = { Hopper: 420, Blackwell: 700, 'Blackwell Ultra': 700 };
/**
 * Bytes that a layer moves through memory per unit of width and token, forward and backward, in 16 bits. Modulation,
 * norms of queries and keys in 32 bits, rotations and two streams make it five times those of a language model.
 */
const elementBytes = 2000;

/** Share of a denoiser's small kernels, in time and in number, that is left when its blocks are compiled. */
const leftByCompiling = 0.6;
export const fused = ({ compile }: Workload): number => compile ? leftByCompiling : 1;

/** Seconds of one sample on one card, launches aside; `tflops` is what products run at there. */
export function denoiserSeconds(workload: Workload, model: Model, gpu: Gpu, tflops: number, width: number): { readonly compute: number; readonly traffic: number } {
  const { products, attention, elements } = denoiserWork(workload, model);
  const again = workload.checkpointing ? 1 : 0;
  const compute = productFactor * products * ((workload.method === 'full' ? 3 : 2) + again) / tflops
    + attentionFactor * attention * (3 + again) / Math.min(tflops, attentionCap[gpu.architecture] ?? Infinity);
  return { compute: compute * 2 / 1000, traffic: elements * elementBytes * fused(workload) * width / 2 * (1 + again / 3) / (gpu.bandwidthGbPerS * 1e9) };
}
