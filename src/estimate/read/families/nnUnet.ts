/** nnU-Net: a trainer's attributes fix epochs and iterations; patch and batch stand in the plans of the data set. */
import { fromConfig, type Program } from '../python/program.ts';
import { lastPart, numberOf, scalar, scalarOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putNumber, type Reader } from '../reader.ts';

export function readNnUnet(reader: Reader, program: Program): boolean {
  const trainer = program.classes.find(({ name, bases }) => [name, ...bases].some((each) => lastPart(each).startsWith('nnUNetTrainer')));
  if (trainer === undefined) return false;
  const attribute = (name: string): Value | undefined => program.attributes.findLast(({ path }) => path === `self.${name}`)?.value;
  const epochs = attribute('num_epochs');
  put(reader, 'stack', 'nnunet', { source: 'script', certainty: 'stated', file: trainer.file, line: trainer.line });
  anchorAt(reader, program.file, epochs?.at.line ?? trainer.line);
  common(reader, epochs, attribute('num_iterations_per_epoch'), attribute('num_val_iterations_per_epoch'));
  return true;
}

/** `nnUNetv2_train 4 3d_fullres 0 -tr nnUNetTrainer_250epochs -num_gpus 2` */
export function readNnUnetCommand(reader: Reader): boolean {
  const { command } = reader;
  if (command === undefined || !/^(nnUNetv2_train|(.*\/)?run_training\.py)$/.test(command.program)) return false;
  const at = { source: 'command', certainty: 'stated', file: command.file, line: command.line } as const;
  put(reader, 'stack', 'nnunet', at);
  anchorAt(reader, command.file, command.line);
  putNumber(reader, 'gpus', command.flags.get('num_gpus'));
  const [set] = command.positional;
  if (set && scalarOf(set) !== undefined) put(reader, 'dataset', `Dataset${String(scalarOf(set)).padStart(3, '0')}`, set.at);
  const variant = command.flags.get('tr');
  const [, epochs] = /_(\d+)epochs?$/.exec(String(scalarOf(variant) ?? '')) ?? [];
  // A trainer of one's own may do anything; only the variants that come with it say what they do.
  const own = variant !== undefined && epochs === undefined;
  common(reader, epochs !== undefined && variant ? scalar(Number(epochs), variant.at) : undefined, undefined, undefined, own);
  return true;
}

function common(reader: Reader, epochs: Value | undefined, iterations: Value | undefined, validation: Value | undefined, own = false): void {
  reader.draft.set('task', 'medical', { source: 'script', certainty: 'derived' });
  const [rounds, each] = [numberOf(epochs) ?? (own || epochs ? undefined : 1000), numberOf(iterations) ?? (iterations ? undefined : 250)];
  putNumber(reader, 'epochs', epochs);
  if (!own && epochs === undefined) putDefault(reader, 'epochs', 1000);
  if (rounds !== undefined && each !== undefined) {
    // An epoch is so many iterations, however large the data set is.
    const from = (iterations ?? epochs)?.at;
    const note = `${rounds} × ${each}`;
    if (from) putNumber(reader, 'steps', scalar(rounds * each, { ...from, certainty: 'derived' }), note);
    else putDefault(reader, 'steps', rounds * each, note);
    const checks = numberOf(validation) ?? 50;
    putDefault(reader, 'evalPasses', rounds * checks, `${rounds} × ${checks}`);
  }
  readPlans(reader);
  putDefault(reader, 'accumulation', 1);
  putDefault(reader, 'optimizer', 'sgd');
  putDefault(reader, 'precision', 'fp16');
}

function readPlans(reader: Reader): void {
  const file = reader.files.find(({ path }) => /plans\.json$/i.test(path));
  const root = file && reader.parsers.json(file.text);
  const plans = root && fromConfig(root, file.path);
  const configurations = plans?.kind === 'dict' ? plans.entries.get('configurations') : undefined;
  const wanted = String(scalarOf(reader.command?.positional[1]) ?? '3d_fullres');
  const chosen = configurations?.kind === 'dict' ? configurations.entries.get(wanted) : undefined;
  if (chosen?.kind !== 'dict') return;
  putNumber(reader, 'microBatch', chosen.entries.get('batch_size'));
  const patch = chosen.entries.get('patch_size');
  if (patch?.kind === 'list') putNumber(reader, 'resolution', patch.items.at(-1));
}
