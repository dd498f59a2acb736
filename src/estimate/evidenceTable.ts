import { findModel } from './catalogue/models.ts';
import type { Run } from './run.ts';
import type { BaseWeights, Method, Model, Optimizer, Parallelism, Precision, Stack, Task, Workload } from './workload.ts';

/**
 * Runs as short rows. `words` holds every text once and cells point into it; `models` holds what tables state of a
 * model (millions of parameters, those active, layers, width, GMACs, millions of activations), 0 for nothing said.
 */
export interface RunTable {
  readonly words: readonly string[];
  readonly models: readonly (readonly [word: number, ...numbers: number[]])[];
  readonly rows: readonly (readonly (number | string)[])[];
}

const wordColumns = ['source', 'document', 'category', 'phase', 'gpu', 'task', 'stack', 'method', 'precision', 'baseWeights', 'optimizer', 'parallelism', 'dataset', 'flags'] as const;
const numberColumns = ['vramGb', 'gpuCount', 'secondsPerSample', 'peakGb', 'loraRank', 'tensorParallel', 'pipelineParallel', 'microBatch', 'globalBatch', 'accumulation', 'seqLen', 'tokensPerSample', 'resolution', 'frames'] as const;
const flags = ['packing', 'checkpointing', 'compile', 'flashAttention', 'cpuOffload'] as const;
const modelNumbers = ['paramsM', 'activeParamsM', 'layers', 'hidden', 'gmacs', 'mActs'] as const;

/** Cells of a row: id, model, the texts, the numbers. */
export const runColumns = ['id', 'model', ...wordColumns, ...numberColumns] as const;

export function unpackRuns({ words, models, rows }: RunTable): Run[] {
  const known = models.map(([word, ...numbers]) => statedModel(words[word] ?? '', numbers));
  return rows.flatMap((row) => {
    const [id, model, ...cells] = row;
    const text = Object.fromEntries(wordColumns.map((name, at) => [name, words[Number(cells[at])] ?? ''])) as Record<typeof wordColumns[number], string>;
    const numbers = cells.slice(wordColumns.length).map(Number);
    const number = Object.fromEntries(numberColumns.map((name, at) => [name, numbers[at] ?? 0])) as Record<typeof numberColumns[number], number>;
    const flag = (name: typeof flags[number]): boolean => text.flags.split(' ').includes(name);
    const some = <Name extends typeof numberColumns[number]>(...names: Name[]): { readonly [Key in Name]?: number } =>
      Object.fromEntries(names.flatMap((name) => number[name] > 0 ? [[name, number[name]]] : [])) as { [Key in Name]?: number };
    const stated = known[Number(model)];
    const workload: Workload = {
      task: text.task as Task, stack: text.stack as Stack, method: text.method as Method, precision: text.precision as Precision,
      optimizer: text.optimizer as Optimizer, parallelism: text.parallelism as Parallelism,
      ...(stated === undefined ? {} : { model: completeModel(stated) }),
      ...(text.dataset === '' ? {} : { dataset: text.dataset }),
      ...(text.baseWeights === '' ? {} : { baseWeights: text.baseWeights as BaseWeights }),
      ...some('loraRank', 'tensorParallel', 'pipelineParallel', 'microBatch', 'globalBatch', 'accumulation', 'seqLen', 'tokensPerSample', 'resolution', 'frames'),
      packing: flag('packing'), checkpointing: flag('checkpointing'), compile: flag('compile'), flashAttention: flag('flashAttention'),
      ...(flag('cpuOffload') ? { cpuOffload: true } : {}),
    };
    return [{
      id: String(id), source: text.source, ...(text.document === '' ? {} : { document: text.document }), category: text.category, phase: text.phase as Run['phase'], workload,
      gpu: text.gpu, vramGb: number.vramGb, gpuCount: number.gpuCount, ...some('secondsPerSample', 'peakGb'),
    }];
  });
}

const statedModel = (name: string, numbers: readonly number[]): Model => ({
  name, paramsM: numbers[0] ?? 0,
  ...Object.fromEntries(modelNumbers.slice(1).flatMap((key, at) => (numbers[at + 1] ?? 0) > 0 ? [[key, numbers[at + 1]]] : [])),
});

/** What a table leaves open about a model that is known by name; what it states stands. */
export function completeModel(stated: Model): Model {
  const known = findModel(stated.name);
  if (known === undefined) return stated;
  // A table that means another size than the name does is right about its own model.
  const same = stated.paramsM <= 0 || Math.abs(Math.log(stated.paramsM / known.paramsM)) < 0.15;
  return same ? { ...known, ...stated, paramsM: stated.paramsM > 0 ? stated.paramsM : known.paramsM } : stated;
}

export function packRuns(runs: readonly Run[]): RunTable {
  const words: string[] = [''];
  const word = (text: string): number => {
    const at = words.indexOf(text);
    return at >= 0 ? at : words.push(text) - 1;
  };
  const models = new Map<string, readonly [number, ...number[]]>();
  const rows = runs.map((run) => {
    const { workload } = run;
    const texts: Readonly<Record<typeof wordColumns[number], string>> = {
      source: run.source, document: run.document ?? '', category: run.category, phase: run.phase, gpu: run.gpu, task: workload.task, stack: workload.stack,
      method: workload.method, precision: workload.precision, baseWeights: workload.baseWeights ?? '', optimizer: workload.optimizer,
      parallelism: workload.parallelism, dataset: workload.dataset ?? '', flags: flags.filter((name) => workload[name]).join(' '),
    };
    const numbers = { ...workload, ...run } as Partial<Record<typeof numberColumns[number], number>>;
    return withoutTail([run.id, modelIndex(workload.model), ...wordColumns.map((name) => word(texts[name])), ...numberColumns.map((name) => round(numbers[name] ?? 0))]);
  });
  return { words, models: [...models.values()], rows };

  function modelIndex(model: Model | undefined): number {
    if (model === undefined) return -1;
    const entry: readonly [number, ...number[]] = [word(model.name), ...modelNumbers.map((name) => round(model[name] ?? 0))];
    const key = entry.join(' ');
    if (!models.has(key)) models.set(key, entry);
    return [...models.keys()].indexOf(key);
  }
}

/** Zeros at the end say nothing. */
const withoutTail = (row: readonly (number | string)[]): readonly (number | string)[] => row.slice(0, row.findLastIndex((cell) => cell !== 0) + 1);

/** Published figures have three or four digits; the rest is arithmetic. */
const round = (value: number): number => Number(value.toPrecision(5));
