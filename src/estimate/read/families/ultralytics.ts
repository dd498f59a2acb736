/** Ultralytics: `YOLO('yolov8n.pt').train(...)`, and the `yolo` command. */
import type { Program } from '../python/program.ts';
import { callOf, numberOf, scalarOf, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putNumber, putOptimizer, type Reader } from '../reader.ts';
import { applyTable, dataset, flag, isTrue, model, number, precisionFlag, type Table } from '../table.ts';

const keys: Table = {
  model,
  data: dataset,
  epochs: number('epochs'),
  batch: (reader, value) => batch(reader, value),
  imgsz: (reader, value) => putNumber(reader, 'resolution', value.kind === 'list' ? value.items[0] : value),
  // Mixed precision is on unless it is switched off.
  amp: (reader, value, all) => { if (isTrue(value)) precisionFlag('fp16')(reader, value, all); else put(reader, 'precision', 'fp32', value.at); },
  optimizer: (reader, value) => { if (scalarOf(value) !== 'auto') putOptimizer(reader, value); },
  device: (reader, value) => devices(reader, value),
  compile: flag('compile'),
};

export function readUltralytics(reader: Reader, program: Program): boolean {
  const trains = program.calls.filter(({ callee, receiver }) => callee === '.train' && /(^|\.)(YOLO|RTDETR|YOLOWorld|NAS|YOLOE)$/.test(callOf(receiver)?.callee ?? ''));
  const train = trains.find(({ certain }) => certain) ?? trains[0];
  if (train === undefined) return false;
  put(reader, 'stack', 'ultralytics', train.place);
  anchorAt(reader, train.place.file, train.place.line);
  const built = callOf(train.receiver);
  const name = built && (built.args[0] ?? built.keywords.get('model'));
  if (name) model(reader, name, new Map());
  applyTable(reader, keys, train.keywords);
  defaults(reader, train.keywords);
  return true;
}

export function readYoloCommand(reader: Reader): boolean {
  const { command } = reader;
  if (command?.launcher !== 'yolo' || [...command.positional.map(scalarOf), command.program, stringOf(command.flags.get('mode'))].every((word) => word !== 'train')) return false;
  reader.draft.set('stack', 'ultralytics', { source: 'command', certainty: 'stated', file: command.file, line: command.line });
  anchorAt(reader, command.file, command.line);
  applyTable(reader, keys, command.flags);
  defaults(reader, command.flags);
  return true;
}

function defaults(reader: Reader, given: ReadonlyMap<string, Value>): void {
  reader.draft.set('task', 'detection', { source: 'default', certainty: 'derived' });
  const open = (key: string): boolean => (given.get(key)?.kind ?? 'scalar') !== 'scalar';
  const size = numberOf(given.get('batch'));
  if (!open('batch') && (size === undefined || size > 1)) putDefault(reader, 'microBatch', 16);
  // Gradients are added up to a batch of 64, whatever fits at a time.
  const micro = reader.draft.get('microBatch');
  if (micro !== undefined) putDefault(reader, 'accumulation', Math.max(1, Math.round(64 / micro)), `64 / ${micro}`);
  // `time` is a limit in hours: how many epochs it makes depends on the machine.
  if (!open('epochs') && !isTrue(given.get('time'))) putDefault(reader, 'epochs', 100);
  putDefault(reader, 'resolution', 640);
  putDefault(reader, 'precision', 'fp16');
}

/** A fraction, or -1, means as much as fits: unknown until the machine is. */
function batch(reader: Reader, value: Value): void {
  const size = numberOf(value);
  if (size !== undefined && size >= 1) putNumber(reader, 'microBatch', value);
}

function devices(reader: Reader, value: Value): void {
  const held = scalarOf(value);
  const count = value.kind === 'list' ? value.items.length : typeof held === 'string' && /^\d+(,\d+)*$/.test(held) ? held.split(',').length : undefined;
  if (count !== undefined) putNumber(reader, 'gpus', { kind: 'scalar', value: count, at: { ...value.at, certainty: 'derived' } });
}

