import { findGpu } from '../catalogue/gpus.ts';
import type { Machine } from '../machine.ts';
import type { TimePrediction } from '../result.ts';
import type { Run } from '../run.ts';
import type { Task, Workload } from '../workload.ts';
import { fitLanguage, type TimeModel } from './language.ts';
import { fitTransfer } from './transfer.ts';

export interface Predictor {
  /** Undefined where the size of the model is not known. */
  readonly predict: (workload: Workload, machine: Machine) => TimePrediction | undefined;
}

const ofTransformers: ReadonlySet<Task> = new Set(['language', 'encoder']);

/** Each half is fitted when it is first asked for. */
export function createPredictor(evidence: readonly Run[]): Predictor {
  const language = once(() => fitLanguage(evidence, findGpu));
  const other = once(() => fitTransfer(evidence, findGpu));
  return { predict: (workload, machine) => (ofTransformers.has(workload.task) ? language() : other()).predict(workload, machine) };
}

function once(make: () => TimeModel): () => TimeModel {
  let made: TimeModel | undefined;
  return () => made ??= make();
}
