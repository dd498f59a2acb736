/** Lightning: what a Trainer or LightningCLI is told, and the loaders and optimizers of the module. */
import { readDataset } from '../datasetOf.ts';
import type { Program } from '../python/program.ts';
import { lastPart, numberOf, scalarOf, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putNumber, type Reader } from '../reader.ts';
import { applyTable, argument, isTrue, number, precision, type Table } from '../table.ts';
import { readTraits } from './traits.ts';

const keys: Table = {
  max_epochs: number('epochs'),
  max_steps: number('steps'),
  accumulate_grad_batches: number('accumulation'),
  precision,
  devices: (reader, value) => devices(reader, value),
  gpus: (reader, value) => devices(reader, value),
  strategy: (reader, value) => strategy(reader, value),
};

export function readLightning(reader: Reader, program: Program): boolean {
  const { calls, classes } = program;
  const modules = classes.some(({ bases }) => bases.some((base) => /LightningModule$|LightningDataModule$/.test(base)));
  const cli = calls.findLast(({ callee }) => lastPart(callee) === 'LightningCLI');
  const trainer = calls.findLast(({ callee, of }) => of === undefined && (/(^|\.)(lightning|pytorch_lightning|pl|L)\b.*Trainer(\.from_argparse_args)?$/.test(callee) || (modules && lastPart(callee) === 'Trainer')));
  const main = trainer ?? cli;
  if (main === undefined) return false;
  put(reader, 'stack', 'lightning', main.place);
  anchorAt(reader, main.place.file, main.place.line);
  const defaults = cli?.keywords.get('trainer_defaults');
  const given = trainer?.keywords ?? (defaults?.kind === 'dict' ? defaults.entries : new Map<string, Value>());
  applyTable(reader, keys, given);
  if (reader.command) applyTable(reader, keys, new Map([...reader.command.flags].map(([key, value]) => [key.replace(/^trainer\./, ''), value])));
  const loaders = calls.filter(({ callee }) => callee.endsWith('DataLoader'));
  const loader = loaders.find(({ keywords }) => isTrue(keywords.get('shuffle'))) ?? (new Set(loaders.map((each) => numberOf(argument(each, 'batch_size', 1)))).size === 1 ? loaders[0] : undefined);
  if (loader) {
    const batch = argument(loader, 'batch_size', 1);
    if (batch) putNumber(reader, 'microBatch', batch);
    else putDefault(reader, 'microBatch', 1);
  }
  readDataset(reader, loader && argument(loader, 'dataset', 0), program);
  const before = reader.draft.get('precision');
  readTraits(reader, program);
  if (before === undefined && !given.has('precision')) putDefault(reader, 'precision', 'fp32');
  putDefault(reader, 'accumulation', 1);
  const open = ['max_epochs', 'max_steps', 'max_time'].some((key) => given.has(key) && scalarOf(given.get(key)) !== null);
  if (!open && reader.draft.get('epochs') === undefined && reader.draft.get('steps') === undefined && (trainer?.args.length ?? 0) === 0) putDefault(reader, 'epochs', 1000);
  return true;
}

function devices(reader: Reader, value: Value): void {
  if (value.kind === 'list') putNumber(reader, 'gpus', { kind: 'scalar', value: value.items.length, at: value.at });
  else if (scalarOf(value) !== 'auto') putNumber(reader, 'gpus', value);
}

function strategy(reader: Reader, value: Value): void {
  const word = stringOf(value) ?? (value.kind === 'call' ? lastPart(value.call.callee) : '');
  const [, stage] = /deepspeed.*stage_?([123])/i.exec(word) ?? [];
  if (stage !== undefined) put(reader, 'parallelism', `zero${stage}` as 'zero1' | 'zero2' | 'zero3', value.at);
  else if (/fsdp/i.test(word)) put(reader, 'parallelism', 'fsdp', value.at);
  else if (/ddp/i.test(word)) put(reader, 'parallelism', 'ddp', value.at);
}
