import type { Workload } from './workload.ts';

/**
 * A run that somebody measured: published, or the user's own. Runs are the evidence that predictions rest on; a
 * prediction is scored by leaving its own source, or its own GPU, out of them.
 */
export interface Run {
  readonly id: string;
  /** The repository or page it was published in, without the file: whose code it was. */
  readonly source: string;
  /** The very table, file or page within that source: what is left out together when a prediction is scored. */
  readonly document?: string;
  readonly category: string;
  readonly workload: Workload;
  /** `training`, or what an inference run did. */
  readonly phase: 'training' | 'decode' | 'prefill' | 'images';
  /** As `gpuName` gives it, with `vramGb` where two of one name exist (A100 40 and 80 GB). */
  readonly gpu: string;
  readonly vramGb: number;
  readonly gpuCount: number;
  /** Seconds per sample over the whole machine; per token for inference. */
  readonly secondsPerSample?: number;
  /** Most memory of one GPU in GiB, without the context. */
  readonly peakGb?: number;
}
