/** Evaluation of transformers' Trainer: how often, over how many samples. */
import { knownSamples } from '../datasetOf.ts';
import { type Call, numberOf, scalar, stringOf } from '../python/value.ts';
import { putNumber, type Reader } from '../reader.ts';
import { valuesOf } from '../table.ts';

export function readEvaluation(reader: Reader, trainer: Call | undefined, config: Call | undefined): void {
  const values = config ? valuesOf(config) : new Map();
  const strategy = stringOf(values.get('eval_strategy') ?? values.get('evaluation_strategy'));
  const samples = knownSamples(trainer?.keywords.get('eval_dataset'));
  const [micro, steps, epochs] = [reader.draft.get('microBatch'), reader.draft.get('steps'), reader.draft.get('epochs')];
  if (samples === undefined || micro === undefined || strategy === undefined) return;
  // Without a number of its own, evaluation comes with every log: nobody can tell how often that is meant.
  const every = numberOf(values.get('eval_steps'));
  const rounds = strategy === 'epoch' ? epochs : strategy === 'steps' && steps !== undefined && every !== undefined && every >= 1 ? Math.floor(steps / every) : undefined;
  const at = (values.get('eval_steps') ?? values.get('eval_strategy') ?? values.get('evaluation_strategy'))?.at;
  if (rounds === undefined || rounds < 1 || at === undefined) return;
  const passes = Math.ceil(samples / micro);
  putNumber(reader, 'evalPasses', scalar(Math.round(rounds * passes), { ...at, certainty: 'derived' }), `${rounds} × ${samples} / ${micro}`);
}
