/** detectron2: settings are assigned to a configuration node by node, or come as `SOLVER.MAX_ITER 1000` on the command line. */
import type { Program } from '../python/program.ts';
import { lastPart, scalarOf, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putModel, putNumber, type Reader } from '../reader.ts';
import { isTrue } from '../table.ts';

export function readDetectron2(reader: Reader, program: Program): boolean {
  const settings = new Map(program.attributes.flatMap(({ path, value }): [string, Value][] => {
    const [, key] = /^\w+\.((?:SOLVER|DATASETS|MODEL|INPUT|DATALOADER)\.\w+(?:\.\w+)*)$/.exec(path) ?? [];
    return key === undefined ? [] : [[key, value]];
  }));
  const base = program.calls.find(({ callee }) => /(^|\.)get_config_file$|get_checkpoint_url$/.test(callee));
  if (!settings.has('SOLVER.MAX_ITER') && !settings.has('SOLVER.IMS_PER_BATCH') && !(base && program.calls.some(({ callee }) => lastPart(callee) === 'DefaultTrainer'))) return false;
  const options = reader.command?.positional ?? [];
  for (const [index, key] of options.entries()) {
    const [name, value] = [stringOf(key), options[index + 1]];
    if (name !== undefined && /^[A-Z]+\.[A-Z_.]+$/.test(name) && value) settings.set(name, value);
  }
  const steps = settings.get('SOLVER.MAX_ITER');
  const at = steps?.at ?? settings.values().next().value?.at ?? base?.place;
  if (at === undefined) return false;
  put(reader, 'stack', 'detectron2', at);
  reader.draft.set('task', 'detection', { source: 'script', certainty: 'derived' });
  const trainer = program.calls.find(({ callee, of }) => /(^|\.)\w*Trainer$/.test(callee) || of?.bases.some((name) => name.endsWith('Trainer')));
  anchorAt(reader, (trainer?.place ?? at).file, (trainer?.place ?? at).line);
  putNumber(reader, 'steps', steps);
  // Images per batch over all GPUs.
  putNumber(reader, 'globalBatch', settings.get('SOLVER.IMS_PER_BATCH'));
  const amp = settings.get('SOLVER.AMP.ENABLED');
  if (amp && isTrue(amp)) put(reader, 'precision', 'fp16', amp.at);
  const sets = settings.get('DATASETS.TRAIN');
  const [only, second] = sets?.kind === 'list' ? sets.items : [];
  const named = stringOf(only);
  if (only && second === undefined && named !== undefined) put(reader, 'dataset', named, only.at);
  putNumber(reader, 'resolution', settings.get('INPUT.MIN_SIZE_TRAIN')?.kind === 'list' ? undefined : settings.get('INPUT.MIN_SIZE_TRAIN'));
  const zoo = base?.args[0];
  const config = stringOf(zoo);
  if (zoo && config !== undefined) putModel(reader, { kind: 'scalar', value: config.replace(/^.*\//, '').replace(/_\dx?\.ya?ml$/, ''), at: zoo.at });
  putNumber(reader, 'gpus', reader.command?.flags.get('num_gpus'));
  if (scalarOf(steps) === undefined && !settings.has('SOLVER.MAX_ITER') && base === undefined) putDefault(reader, 'steps', 40_000);
  if (!settings.has('SOLVER.IMS_PER_BATCH')) putDefault(reader, 'globalBatch', 16);
  putDefault(reader, 'optimizer', 'sgd');
  putDefault(reader, 'precision', 'fp32');
  return true;
}
