import { hasBf16, matmulTflops } from '../catalogue/gpus.ts';
import type { Gpu, Machine } from '../machine.ts';
import type { Bound } from '../result.ts';
import type { Task, Workload } from '../workload.ts';
import { denoiserGmacs, denoiserSeconds, denoiserTokens, fused } from './denoiserWork.ts';

/**
 * How long a sample takes by arithmetic alone: the starting point that measured runs then correct, and all there
 * is where nothing similar was ever measured. Language models have a model of their own.
 */

/** Multiply-accumulates per parameter of one forward pass at 224 pixels: 160 in a ResNet-50, 200 in a ViT. */
const macsPerParameter = 180;
const plainResolution: Readonly<Partial<Record<Task, number>>> = { vision: 224, detection: 640, diffusion: 512, medical: 128 };

const tokensOfPrompt = 1024;

/** A sample's tokens where the model is a transformer over tokens; undefined for what works on images. */
export function tokensOf(workload: Workload): number | undefined {
  const { task } = workload;
  if (task === 'diffusion') return denoiserTokens(workload);
  if (task === 'vision' || task === 'detection' || task === 'medical') return undefined;
  return workload.tokensPerSample ?? workload.seqLen ?? tokensOfPrompt;
}

/** Makes clips: without the number of frames its work is as unknown as without its size. */
const ofClips = /\b(?:wan|ltx|hunyuan-?video|cogvideo|mochi|sora)/i;

/** Billions of multiply-accumulates of a forward pass of one sample; undefined where the size of model or sample is unknown. */
export function forwardGmacs(workload: Workload): number | undefined {
  const { model, task } = workload;
  if (model === undefined) return undefined;
  if (task === 'diffusion' && workload.frames === undefined && ofClips.test(model.name)) return undefined;
  const side = workload.resolution ?? model.resolution ?? plainResolution[task] ?? 224;
  const depth = task === 'medical' ? side / 16 : 1;
  if (model.gmacs !== undefined) return model.gmacs * (side / (model.resolution ?? side)) ** 2;
  const params = model.activeParamsM ?? model.paramsM;
  if (!(params > 0)) return undefined;
  if (task === 'diffusion') return denoiserGmacs(workload, model);
  const tokens = tokensOf(workload);
  if (tokens !== undefined) return params * tokens / 1000;
  return params * macsPerParameter * (side / 224) ** 2 * depth / 1000;
}

/** Forward and backward in units of a forward pass; frozen weights need no gradient of their own. */
const passes = ({ method, checkpointing }: Workload): number => (method === 'full' ? 3 : 2) + (checkpointing ? 1 : 0);

export const sixteenBits = ({ precision }: Workload): boolean => precision !== 'fp32' && precision !== 'tf32';

/** PyTorch lets convolutions run in TF32 without being asked, matrix products only when told to. */
const runsInTf32 = ({ precision, task }: Workload): boolean =>
  precision === 'tf32' || (precision === 'fp32' && (task === 'vision' || task === 'detection' || task === 'medical'));

/** What products run at, in TFLOPS: TF32 at half the 16-bit rate from Ampere on, plain arithmetic before. */
export function matmulRate(gpu: Gpu, workload: Workload): number {
  const plain = 0.85 * gpu.fp32Tflops;
  if (sixteenBits(workload)) return gpu.tensorTflops === undefined ? plain : matmulTflops(gpu);
  return runsInTf32(workload) && gpu.tensorTflops !== undefined && hasBf16(gpu) ? Math.max(plain, matmulTflops(gpu) / 2) : plain;
}

interface Rule { readonly matmul: number; readonly bandwidth: number; readonly fp32: number; readonly efficiency: number }

/**
 * How the time falls with the logs of a card's rates where nobody counts what is moved. Small encoders move much and
 * multiply little; the transformers of diffusion and vision-language models multiply.
 */
const plainRule: Rule = { matmul: 0.35, bandwidth: 0.45, fp32: 0.2, efficiency: 0.4 };
const largeRule: Rule = { matmul: 0.65, bandwidth: 0.3, fp32: 0.05, efficiency: 0.55 };
const ruleOf = ({ task }: Workload): Rule => task === 'diffusion' || task === 'vision-language' ? largeRule : plainRule;

/** The rule as one rate in TFLOPS, scaled so that a card with balanced rates reaches `efficiency` of its own. */
function ruleRate(gpu: Gpu, workload: Workload): number {
  const { matmul, bandwidth, fp32, efficiency } = ruleOf(workload);
  return efficiency * Math.exp(
    matmul * Math.log(matmulRate(gpu, workload)) + bandwidth * Math.log(gpu.bandwidthGbPerS * 0.13) + fp32 * Math.log(gpu.fp32Tflops * 4));
}

/** Eager kernels of one layer, forward and backward: no card launches them faster. Weights in 8 bits are unpacked by more. */
function launchSeconds(workload: Workload): number {
  const { task, method, checkpointing, compile, baseWeights } = workload;
  const packed = baseWeights === 'int8' || baseWeights === 'fp8' ? 2 : 1;
  const layer = task === 'diffusion' ? denoiserLaunch[method === 'full' ? 'full' : 'adapter'] * fused(workload)
    : (method === 'full' ? 0.0035 : 0.006) * (compile ? 0.25 : 1);
  return layer * (checkpointing ? 1.6 : 1) * packed;
}

/** Blocks of denoisers attend twice, to the image and to the prompt, and modulate what goes in and out. */
const denoiserLaunch = { full: 0.007, adapter: 0.011 } as const;

/** Layers of a model that says only how large it is; of a denoiser without a size none, so that no floor is invented. */
const layersOf = ({ task, model }: Workload): number =>
  model?.layers ?? (task === 'diffusion' ? 45 * ((model?.paramsM ?? 1000) / 1000) ** 0.2 : Math.max(8, 14 * ((model?.paramsM ?? 100) / 300) ** 0.3));

const usualBatch: Readonly<Record<Task, number>> = {
  vision: 64, detection: 16, medical: 2, speech: 16, diffusion: 1, encoder: 16, 'vision-language': 1, language: 1, other: 16,
};
export const microBatchOf = (workload: Workload): number => Math.max(1, workload.microBatch ?? usualBatch[workload.task]);

/** Share of gradients' transfer that the backward pass does not hide, and what links reach of their rate. */
const exposed = 0.5;
const linkEfficiency = 0.65;
const pcieGbPerS = 16;

/** What an optimizer reads and writes per trained parameter: weight, gradient and two moments, in 32 bits. */
const updateBytes = 28;

export interface PhysicalTime {
  /** Seconds of one sample on one GPU of the machine; divide by the count for the whole machine. */
  readonly seconds: number;
  readonly bound: Bound;
}

export function physicalTime(workload: Workload, { gpu, count, pcieGbPerS: pcie }: Machine): PhysicalTime {
  const macs = forwardGmacs(workload) ?? defaultGmacs;
  const image = ofImages(workload);
  const { model } = workload;
  const denoiser = workload.task === 'diffusion' && model !== undefined && model.gmacs === undefined && forwardGmacs(workload) !== undefined
    ? denoiserSeconds(workload, model, gpu, matmulRate(gpu, workload), sixteenBits(workload) ? 2 : 4) : undefined;
  const compute = denoiser?.compute ?? 2 * macs * passes(workload) / ((image ? imageProducts * matmulRate(gpu, workload) : ruleRate(gpu, workload)) * 1000);
  const batch = microBatchOf(workload);
  const launch = launchSeconds(workload) * layersOf(workload) / batch;
  const trained = (workload.model?.paramsM ?? 0) * 1e6 * (workload.method === 'full' ? 1 : 0.01);
  const link = (gpu.nvlinkGbPerS ?? pcie ?? pcieGbPerS) * 1e9 * linkEfficiency;
  const links = count < 2 ? 0 : exposed * 2 * 2 * trained / link / (batch * (workload.accumulation ?? 1));
  const update = updateBytes * trained / (gpu.bandwidthGbPerS * 1e9) / (batch * (workload.accumulation ?? 1));
  const traffic = denoiser?.traffic ?? (image ? trafficSeconds(workload, gpu, macs) : 0);
  // Fourth powers: the longer of work and launches, with a soft corner where they meet.
  const alone = ((compute + traffic) ** 4 + launch ** 4) ** 0.25 * (workload.task === 'detection' ? besideNetwork : 1);
  return { seconds: alone + update + links, bound: boundOf({ compute, bandwidth: traffic + update, launch, links }) };
}

const ofImages = ({ task }: Workload): boolean => task === 'vision' || task === 'detection' || task === 'medical';

/**
 * Two thirds of products hide behind the traffic of their neighbours, so their own rate looks higher than any card
 * has; and each activation crosses the memory so often per pass, on its way through normalisation and nonlinearity.
 */
const imageProducts = 1.5;
const crossings = 11;
/** Millions of activations per billion multiply-accumulates where nobody counted them: a ResNet-50 has 2.7. */
const actsPerGmac = 2.5;

/** Detectors match, sort and sample boxes, mostly one kernel at a time, for as long as their network works. */
const besideNetwork = 2;

/** Seconds that reading and writing activations takes; depthwise layers do little else. */
function trafficSeconds(workload: Workload, gpu: Gpu, macs: number): number {
  const { model, resolution } = workload;
  const scale = model?.resolution === undefined || resolution === undefined ? 1 : (resolution / model.resolution) ** 2;
  const millions = model?.mActs === undefined ? macs * actsPerGmac : model.mActs * scale;
  return millions * 1e6 * (sixteenBits(workload) ? 2 : 4) * crossings * passes(workload) / (gpu.bandwidthGbPerS * 1e9);
}

/** For what tells nothing at all of its size; the band says so. */
const defaultGmacs = 10;

const boundOf = (shares: Readonly<Record<'compute' | 'bandwidth' | 'launch' | 'links', number>>): Bound =>
  (['compute', 'bandwidth', 'launch', 'links'] as const).reduce((most, each) => shares[each] > shares[most] ? each : most);
