import type { Usd } from '../domain/money.ts';
import type { Offer } from '../domain/offer.ts';
import type { Band } from './band.ts';
import type { Workload } from './workload.ts';

/** What the time of a step is spent on; what would make it shorter. */
export type Bound = 'compute' | 'bandwidth' | 'launch' | 'links' | 'input';

/** What a prediction rests on, from the narrowest band to the widest. */
export type Basis = 'ownRuns' | 'sameStack' | 'similarRuns' | 'physics';

export interface TimePrediction {
  /** Seconds per sample over the whole machine. */
  readonly secondsPerSample: Band;
  readonly bound: Bound;
  readonly basis: Basis;
  /** Mixture of experts and large parallel jobs: the band is wide and says so. */
  readonly lowConfidence: boolean;
}

/** GiB of one GPU at the peak. */
export interface MemoryPrediction {
  readonly gb: Band;
  readonly parts: {
    readonly weights: number;
    readonly gradients: number;
    readonly optimizer: number;
    readonly activations: number;
    readonly logits: number;
    readonly overhead: number;
  };
}

export type RemedyCode = 'checkpointing' | 'smallerBatch' | 'optimizer8bit' | 'lora' | 'qlora' | 'sharding';

export interface Fit {
  readonly verdict: 'fits' | 'risky' | 'no';
  /** 0..1 */
  readonly probability: number;
  /** The nearest change that would make it fit, and by what factor it makes a step longer. */
  readonly remedy?: { readonly code: RemedyCode; readonly change: Partial<Workload>; readonly slowdown: number };
}

/** Why this figure, for one sentence. */
export type Reason = 'launchBound' | 'computeBound' | 'bandwidthBound' | 'linksBound' | 'inputBound' | 'downloadBound' | 'setupBound';

export interface Parts {
  /** Hours that are billed before the first step: boot and image, environment, model and data, compilation. */
  readonly setupHours: Band;
  readonly downloadHours: Band;
  readonly trainHours: Band;
  readonly evalHours: Band;
  readonly checkpointHours: Band;
  /** Work lost and repeated, and restarts, where the offer may be taken away. */
  readonly lostHours: Band;
  readonly trafficUsd: Usd;
}

/** A workload on one offer. Costs are micro-dollars, as everywhere. */
export interface OfferEstimate {
  readonly offer: Offer;
  readonly memory: MemoryPrediction;
  readonly fit: Fit;
  /** Undefined where too little is known of the workload. */
  readonly hours?: Band;
  readonly usd?: { readonly low: Usd; readonly likely: Usd; readonly high: Usd };
  readonly parts?: Parts;
  readonly time?: TimePrediction;
  readonly reason?: Reason;
  /** For offers that may be taken away: minutes between checkpoints that cost least, and what interruptions add. */
  readonly interruption?: { readonly intervalMinutes: number; readonly meanHoursBetween: number; readonly extraUsd: Usd };
  /** What was taken for granted, as codes for the interface to word. */
  readonly assumptions: readonly Assumption[];
}

export interface Assumption {
  readonly code: 'usualStack' | 'meanLength' | 'gpuFromOffer' | 'networkSpeed' | 'interruptionRate' | 'checkpointTime' | 'imageSize' | 'datasetSize' | 'oneGpu' | 'lowConfidence' | 'unknownSteps'
    | 'oneRequest' | 'usualPrompt' | 'usualAnswer' | 'alwaysBusy' | 'optimisedServer' | 'usualReliability';
  readonly detail?: string;
}
