/**
 * What has to reach a machine and what leaves it, in GB (10⁹ bytes, as networks and traffic prices count), and how
 * long that takes over the offer's own line.
 */
import { sumUsd, usd, type Usd } from '../../domain/money.ts';
import type { OfferDetails } from '../../domain/offer.ts';
import { exactly, type Band } from '../band.ts';
import { paramsPerRank, shapeOf } from '../memory/shape.ts';
import type { Assumption } from '../result.ts';
import type { BaseWeights, Stack, Workload } from '../workload.ts';

export interface Transfer {
  readonly modelGb: number;
  readonly datasetGb: number;
  /** The image of the container: pulled before anything else. */
  readonly imageGb: number;
  /** What the run leaves behind and somebody downloads. */
  readonly resultGb: number;
  readonly assumptions: readonly Assumption[];
}

export interface TransferOptions {
  readonly imageGb?: number;
  readonly datasetGb?: number;
}

/** PyTorch with CUDA as images hold it, compressed. */
export const usualImageGb = 7;
/** Tokenizers of large language models take about four bytes of English for a token. */
const bytesPerToken = 4;
/** ImageNet's training set: 138 GB in 1.28 million JPEG files. */
const usualImageFileGb = 138 / 1_281_167;
/** Stacks that begin with random weights, so that no model is downloaded. */
const fromScratch: readonly Stack[] = ['nanogpt', 'megatron', 'llm-foundry', 'nnunet'];
/** Only Unsloth fetches files that are quantised already; the others fetch 16 bits and quantise while loading. */
const quantisedFileBytes: Partial<Record<BaseWeights, number>> = { nf4: 0.6, int8: 1.1, fp8: 1.1 };

export function transferOf(workload: Workload, options: TransferOptions = {}): Transfer {
  const dataset = options.datasetGb ?? datasetGb(workload);
  return {
    modelGb: modelGb(workload),
    datasetGb: dataset ?? 0,
    imageGb: options.imageGb ?? usualImageGb,
    resultGb: (trainedParams(workload) * 2) / 1e9,
    assumptions: [
      ...(options.imageGb === undefined ? [{ code: 'imageSize', detail: gbText(usualImageGb) } as const] : []),
      ...(options.datasetGb === undefined ? [{ code: 'datasetSize', ...(dataset === undefined ? {} : { detail: gbText(dataset) }) } as const] : []),
    ],
  };
}

function modelGb({ model, stack, baseWeights }: Workload): number {
  if (model === undefined || fromScratch.includes(stack)) return 0;
  const bytes = stack === 'unsloth' && baseWeights !== undefined ? (quantisedFileBytes[baseWeights] ?? 2) : 2;
  return (model.paramsM * 1e6 * bytes) / 1e9;
}

/** Undefined for what has no usual size: audio, clips, scans. */
function datasetGb({ task, samples, tokensPerSample, seqLen }: Workload): number | undefined {
  if (samples === undefined) return undefined;
  const tokens = tokensPerSample ?? seqLen;
  if (task === 'language' || task === 'encoder') return tokens === undefined ? undefined : (samples * tokens * bytesPerToken) / 1e9;
  return task === 'vision' || task === 'detection' || task === 'diffusion' ? samples * usualImageFileGb : undefined;
}

/** Parameters that change; one in a hundred for an adapter where the model's shape is unknown. */
export function trainedParams(workload: Workload): number {
  const { method, model, loraRank = usualRank } = workload;
  if (model === undefined) return 0;
  if (method === 'full') return model.paramsM * 1e6;
  const shape = model.layers === undefined ? undefined : shapeOf(workload);
  return shape === undefined ? model.paramsM * 1e4 : loraRank * paramsPerRank(shape);
}

const usualRank = 16;

/** What one stream reaches of a line's stated speed. */
const usableShare = 0.7;
/** Where the provider does not say: a datacentre's line, with a factor of three either way. */
const unsaidMbps = 1000;
const unsaidFactor = 3;

export interface TransferTime {
  readonly hours: Band;
  readonly assumptions: readonly Assumption[];
}

const unsaid: readonly Assumption[] = [{ code: 'networkSpeed', detail: `${unsaidMbps} Mb/s` }];
const nothing: readonly Assumption[] = [];

/** Hours for `gb` over a line of `mbps` megabits a second. */
export function transferHours(gb: number, mbps: number | undefined): TransferTime {
  const known = mbps !== undefined && mbps > 0;
  const likely = (gb * 8000) / (usableShare * (known ? mbps : unsaidMbps)) / 3600;
  if (known) return { hours: exactly(likely), assumptions: nothing };
  return { hours: { low: likely / unsaidFactor, likely, high: likely * unsaidFactor }, assumptions: unsaid };
}

/** Traffic is billed per GB beside the hourly price, in any state of the machine. */
export const trafficUsd = ({ imageGb, modelGb, datasetGb, resultGb }: Transfer, { downUsdPerGb, upUsdPerGb }: OfferDetails): Usd =>
  sumUsd([usd((imageGb + modelGb + datasetGb) * (downUsdPerGb ?? 0)), usd(resultGb * (upUsdPerGb ?? 0))]);

const gbText = (gb: number): string => (gb < 1 ? `${Math.ceil(gb * 1000)} MB` : `${gb < 10 ? Number(gb.toPrecision(2)) : Math.round(gb)} GB`);
