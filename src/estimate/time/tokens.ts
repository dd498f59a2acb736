import type { Workload } from '../workload.ts';

/** Tokens of one sample: what the data holds, and what the GPU works on once samples are padded to the longest of a batch. */
export interface Tokens {
  readonly mean: number;
  readonly processed: number;
  /** Nobody said how long the samples are: the cap stands in for the mean, or a guess for both. */
  readonly guessed: boolean;
}

const usualCap = 1024;
/** Chat and instruction sets fill about this share of a usual cap. */
const usualMean = 350;

/** Lengths of texts spread about log-normally; the longest of n lies about sqrt(2·ln n) deviations above the median. */
const spread = 0.6;
const paddingOf = (batch: number): number => batch <= 1 ? 1 : Math.exp(0.75 * spread * Math.sqrt(2 * Math.log(batch)) - spread ** 2 / 2 * 0.5);

export function tokensOf({ seqLen, tokensPerSample, packing, microBatch, task }: Workload): Tokens {
  if (packing || task === 'encoder') {
    const length = seqLen ?? tokensPerSample ?? usualCap;
    return { mean: tokensPerSample ?? length, processed: length, guessed: seqLen === undefined };
  }
  if (tokensPerSample === undefined) {
    const length = seqLen ?? usualMean;
    return { mean: length, processed: length, guessed: true };
  }
  return { mean: tokensPerSample, processed: Math.min(seqLen ?? Infinity, tokensPerSample * Math.max(1, paddingOf(microBatch ?? 1))), guessed: false };
}
