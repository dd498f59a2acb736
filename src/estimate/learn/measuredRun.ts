import type { Progress } from './progress.ts';

/** What a run's own log says, and on which machine it ran. */
export interface MeasuredRun {
  readonly script: string;
  readonly progress: Progress;
  readonly gpu: string;
  readonly vramGb: number;
  readonly gpuCount: number;
}
