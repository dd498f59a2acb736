import { ownSource } from '../evidence.ts';
import { findDataset } from '../catalogue/datasets.ts';
import { commonName } from '../catalogue/models.ts';
import type { Gpu } from '../machine.ts';
import type { Stack, Workload } from '../workload.ts';
import type { Step } from './terms.ts';

/** A run, or what is to be predicted: then nobody published it and there is no source. */
export interface Point {
  readonly workload: Workload;
  readonly gpu: Gpu;
  readonly gpuCount: number;
  readonly step: Step;
  readonly source?: string;
}

/**
 * What makes runs alike beyond the work they do. Each effect is an unknown factor on the time that all runs with the
 * same key share; `sigma` is how large such factors usually are, in log units. Runs of one big table share the factor of
 * their source, so two hundred of them do not count as two hundred opinions about their stack.
 */
export interface Effect {
  readonly name: string;
  readonly sigma: number;
  /** Undefined: the effect does not touch this run. */
  readonly key: (point: Point) => string | undefined;
}

const families: Readonly<Partial<Record<Stack, string>>> = {
  'llm-foundry': 'tuned', torchtune: 'tuned', litgpt: 'tuned', nanogpt: 'tuned', nemo: 'vendor', megatron: 'megatron', unsloth: 'unsloth',
};

export const stackFamily = (stack: Stack): string => families[stack] ?? 'eager';

export const modelKey = ({ model }: Workload): string => model === undefined ? '' : `${commonName(model.name).toLowerCase().replace(/[^a-z0-9]/g, '')} ${Math.round(Math.log2(model.paramsM) * 4)}`;

const parallelKind = ({ workload, gpuCount }: Point): string | undefined =>
  gpuCount === 1 ? undefined : `${workload.parallelism === 'single' ? 'ddp' : workload.parallelism} ${gpuCount > 8 ? 'many' : ''}`;

/** How far published tables lie apart that say they measure the same. */
export const sourceSigma = 0.3;

export const effects: readonly Effect[] = [
  { name: 'all', sigma: 0.15, key: () => '' },
  { name: 'family', sigma: 0.15, key: ({ workload }) => stackFamily(workload.stack) },
  { name: 'stack', sigma: 0.15, key: ({ workload }) => workload.stack },
  { name: 'method', sigma: 0.1, key: ({ workload }) => workload.method },
  { name: 'stackMethod', sigma: 0.15, key: ({ workload }) => `${workload.stack} ${workload.method}` },
  { name: 'task', sigma: 0.15, key: ({ workload }) => `${workload.task} ${stackFamily(workload.stack)}` },
  { name: 'precision', sigma: 0.1, key: ({ workload }) => `${workload.task} ${workload.precision}` },
  { name: 'architecture', sigma: 0.04, key: ({ gpu }) => gpu.architecture },
  { name: 'gpu', sigma: 0.08, key: ({ gpu }) => gpu.name },
  { name: 'parallel', sigma: 0.08, key: parallelKind },
  { name: 'manyMachines', sigma: 0.4, key: ({ gpuCount, workload }) => gpuCount > 8 ? workload.stack : undefined },
  { name: 'experts', sigma: 0.6, key: ({ step }) => step.shape.experts ? '' : undefined },
  { name: 'model', sigma: 0.25, key: ({ workload }) => `${modelKey(workload)} ${workload.stack} ${workload.method} ${workload.precision}` },
  { name: 'lengths', sigma: 0.5, key: ({ workload, step }) => step.tokens.guessed ? workload.dataset ?? '' : undefined },
  { name: 'source', sigma: sourceSigma, key: ({ source }) => source },
  // A script of one's own may do anything; what it did on one card it does on the next.
  { name: 'ownScript', sigma: 0.7, key: ({ source, workload }) => source === ownSource ? `${modelKey(workload)} ${workload.method}` : undefined },
  { name: 'sourceModel', sigma: 0.1, key: ({ source, workload }) => source === undefined ? undefined : `${source} ${modelKey(workload)}` },
];

/**
 * What no effect explains, in log units. Lengths that nobody stated may be off by far more, and those that are known of
 * a data set only are not those of the samples that a run drew.
 */
export const noiseOf = ({ step, workload, gpuCount }: Point): number => {
  const expert = step.shape.experts ? 0.6 : 0;
  const length = workload.task !== 'language' ? 0 : step.tokens.guessed ? 0.8 : lookedUp(workload) ? 0.4 : 0;
  const many = gpuCount > 8 && workload.parallelism !== 'fsdp' ? 0.25 : 0;
  return Math.hypot(0.15, expert, length, many);
};

const lookedUp = ({ dataset, packing }: Workload): boolean => !packing && dataset !== undefined && findDataset(dataset)?.tokensPerSample !== undefined;

/** Keys as numbers, so that two runs are compared without touching a string. */
export function keyTable(): (point: Point) => Int32Array {
  const numbers = new Map<string, number>();
  return (point) => Int32Array.from(effects, ({ name, key }, index) => {
    const value = key(point);
    if (value === undefined) return -1;
    const full = `${index} ${name} ${value}`;
    const known = numbers.get(full) ?? numbers.size;
    numbers.set(full, known);
    return known;
  });
}

const variances = effects.map(({ sigma }) => sigma ** 2);

export function covariance(a: Int32Array, b: Int32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) if (a[index] === b[index] && a[index] !== -1) sum += variances[index] ?? 0;
  return sum;
}
