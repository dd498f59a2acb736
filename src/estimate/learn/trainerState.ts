/**
 * `trainer_state.json`, which Transformers writes with every checkpoint. It holds steps and no times until the run
 * ends: two looks at it make a rate.
 */
import { settledAfter, totalOf, type Progress } from './progress.ts';

export interface TrainerState {
  readonly step: number;
  readonly totalSteps?: number;
  /** Of a run that has ended. */
  readonly seconds?: number;
}

/** Undefined for text that is no such file, half written ones included. */
export function readTrainerState(text: string): TrainerState | undefined {
  const state = objectIn(text);
  const step = numberAt(state, 'global_step');
  if (step === undefined) return undefined;
  const history = state?.['log_history'];
  const seconds = Array.isArray(history) ? history.map((entry: unknown) => numberAt(entry, 'train_runtime')).findLast((one) => one !== undefined) : undefined;
  return { step, ...totalOf(numberAt(state, 'max_steps')), ...(seconds === undefined ? {} : { seconds }) };
}

/** The rate over a whole run: with evaluation, saving and the first steps in it. */
export function progressOfState({ step, totalSteps, seconds }: TrainerState): Progress | undefined {
  if (seconds === undefined || seconds <= 0 || step < settledAfter) return undefined;
  return { step, ...totalOf(totalSteps), secondsPerStep: seconds / step, unit: 'step' };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function numberAt(value: unknown, name: string): number | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined;
}
