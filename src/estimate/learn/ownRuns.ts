/** Own runs as lines of a log, and back: what a line does not say rightly is left out, never guessed. */
import { ownSource } from '../evidence.ts';
import type { Run } from '../run.ts';
import type { Workload } from '../workload.ts';

export interface OwnRun {
  /** Name of the script that ran. */
  readonly script: string;
  /** Epoch milliseconds of when it was learned. */
  readonly at: number;
  readonly run: Run;
}

export const lineOf = (own: OwnRun): string => JSON.stringify(own);

/** Newest last; of two of one id the newer stays: the same step on the same machine, measured again. */
export function ownRunsOf(lines: readonly string[]): readonly OwnRun[] {
  const runs = new Map<string, OwnRun>();
  for (const line of lines) {
    const own = ownRunOf(line);
    if (own === undefined) continue;
    runs.delete(own.run.id);
    runs.set(own.run.id, own);
  }
  return [...runs.values()];
}

function ownRunOf(line: string): OwnRun | undefined {
  const held = objectIn(line);
  const run = held?.['run'];
  if (held === undefined || typeof held['script'] !== 'string' || !isNumber(held['at']) || !isRun(run)) return undefined;
  return { script: held['script'], at: held['at'], run: { ...run, source: ownSource, category: ownSource } };
}

function isRun(value: unknown): value is Run {
  if (!isObject(value)) return false;
  const { id, gpu, vramGb, gpuCount, secondsPerSample, peakGb, phase, workload } = value;
  return typeof id === 'string' && typeof gpu === 'string' && gpu !== '' && phase === 'training' && isPositive(vramGb) && isPositive(gpuCount)
    && (secondsPerSample === undefined || isPositive(secondsPerSample)) && (peakGb === undefined || isPositive(peakGb))
    && (secondsPerSample !== undefined || peakGb !== undefined) && isWorkload(workload);
}

const words = ['task', 'stack', 'method', 'precision', 'optimizer', 'parallelism'] as const;
const flags = ['packing', 'checkpointing', 'compile', 'flashAttention'] as const;

function isWorkload(value: unknown): value is Workload {
  if (!isObject(value)) return false;
  const { model } = value;
  const numbers = Object.entries(value).filter(([, held]) => typeof held === 'number');
  return words.every((name) => typeof value[name] === 'string') && flags.every((name) => typeof value[name] === 'boolean')
    && numbers.every(([, held]) => isNumber(held) && held >= 0)
    && (model === undefined || (isObject(model) && typeof model['name'] === 'string' && isPositive(model['paramsM'])));
}

function objectIn(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPositive = (value: unknown): value is number => isNumber(value) && value > 0;
