/** MMDetection and its kin: a Python file that is a configuration, over the files that it names as `_base_`. */
import type { SourceFile } from '../../../domain/source.ts';
import { fileNamed } from '../files.ts';
import { interpret, type Program } from '../python/program.ts';
import { lastPart, scalarOf, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putDefault, putModel, putNumber, putOptimizer, type Reader } from '../reader.ts';

const maxBases = 40;

export function readMmDetection(reader: Reader, program: Program, file: SourceFile): boolean {
  const own = program.names;
  const shape = ['train_dataloader', 'train_cfg', 'optim_wrapper', 'runner', 'train_pipeline', 'default_hooks'].filter((name) => own.has(name)).length;
  const isDict = own.get('model')?.kind === 'dict';
  if (!own.has('_base_') && (!isDict || shape < 2)) return false;
  const settings = inherited(reader, own, [file.path]);
  const inside = (value: Value | undefined, key: string): Value | undefined => (value?.kind === 'dict' ? value.entries.get(key) : undefined);
  const at = (path: string): Value | undefined => {
    const [head = '', ...rest] = path.split('.');
    return rest.reduce(inside, settings.get(head));
  };
  const anchor = at('train_cfg') ?? at('runner') ?? at('model') ?? own.get('_base_');
  if (anchor === undefined) return false;
  put(reader, 'stack', 'mmdetection', anchor.at);
  reader.draft.set('task', 'detection', { source: 'script', certainty: 'derived' });
  anchorAt(reader, anchor.at.file === file.path ? file.path : program.file, anchor.at.file === file.path ? anchor.at.line : 1);
  if (stringOf(at('train_cfg.type')) === 'IterBasedTrainLoop' || at('train_cfg.max_iters') || at('runner.max_iters')) putNumber(reader, 'steps', at('train_cfg.max_iters') ?? at('runner.max_iters'));
  else putNumber(reader, 'epochs', at('train_cfg.max_epochs') ?? at('runner.max_epochs') ?? at('total_epochs'));
  putNumber(reader, 'microBatch', at('train_dataloader.batch_size') ?? at('data.samples_per_gpu'));
  putNumber(reader, 'accumulation', at('optim_wrapper.accumulative_counts'));
  putOptimizer(reader, at('optim_wrapper.optimizer.type') ?? at('optimizer.type'));
  const wrapper = at('optim_wrapper.type');
  if (wrapper && (stringOf(wrapper) ?? '') === 'AmpOptimWrapper') put(reader, 'precision', 'fp16', wrapper.at);
  else if (at('fp16')?.kind === 'dict') put(reader, 'precision', 'fp16', at('fp16')?.at ?? anchor.at);
  else putDefault(reader, 'precision', 'fp32');
  const root = at('data_root') ?? at('train_dataloader.dataset.data_root') ?? at('train_dataloader.dataset.type');
  if (root && stringOf(root) !== undefined) put(reader, 'dataset', stringOf(root) ?? '', root.at);
  readModel(reader, at('model.type'), at('model.backbone'), file);
  if (reader.command) putNumber(reader, 'gpus', reader.command.program.endsWith('dist_train.sh') ? reader.command.positional[1] : undefined);
  putDefault(reader, 'accumulation', 1);
  return true;
}

/** The values of all bases, those of the file itself over them. Dictionaries are merged, as the framework does. */
function inherited(reader: Reader, own: ReadonlyMap<string, Value>, chain: readonly string[]): Map<string, Value> {
  const merged = new Map<string, Value>();
  const base = own.get('_base_');
  const paths = base?.kind === 'list' ? base.items : base ? [base] : [];
  for (const path of paths.slice(0, maxBases)) {
    const name = stringOf(path);
    if (name === undefined) continue;
    const found = name.endsWith('.py') ? fileNamed(reader.files.filter((file) => resolves(chain.at(-1) ?? '', name, file.path)), name) : undefined;
    if (found === undefined || chain.includes(found.path) || chain.length > 10) {
      const code = found === undefined ? 'missingFile' : 'circular';
      if (!reader.gaps.some((gap) => gap.code === code && gap.detail === name)) reader.gaps.push({ code, file: path.at.file, line: path.at.line, detail: name.slice(0, 200) });
      continue;
    }
    const root = reader.parsers.python(found.text);
    if (root) for (const [key, value] of inherited(reader, interpret(root, { file: found.path }).names, [...chain, found.path])) merged.set(key, merge(merged.get(key), asConfig(value), 0));
  }
  for (const [key, value] of own) merged.set(key, merge(merged.get(key), value, 0));
  return merged;
}

const asConfig = (value: Value): Value => ({ ...value, at: { ...value.at, source: 'config' } });

/** A base lies where it says, seen from the file that names it, as far as the folders are known. */
function resolves(from: string, named: string, path: string): boolean {
  const folders = from.split('/').slice(0, -1);
  for (const part of named.split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.') folders.push(part);
  }
  const wanted = folders.join('/');
  return path === wanted || path.endsWith(`/${wanted}`) || wanted.endsWith(`/${path}`) || !path.includes('/') || lastPart(named) === '';
}

function merge(below: Value | undefined, above: Value, depth: number): Value {
  if (below?.kind !== 'dict' || above.kind !== 'dict' || depth > 20) return above;
  if (scalarOf(above.entries.get('_delete_')) === true) return above;
  const entries = new Map(below.entries);
  for (const [key, value] of above.entries) entries.set(key, merge(entries.get(key), value, depth + 1));
  return { kind: 'dict', entries, at: above.at };
}

/** The table knows these by the names of their files, `faster-rcnn_r50_fpn_1x_coco.py`, better than by their parts. */
function readModel(reader: Reader, type: Value | undefined, backbone: Value | undefined, file: SourceFile): void {
  if (type === undefined) return;
  const depth = backbone?.kind === 'dict' ? scalarOf(backbone.entries.get('depth')) : undefined;
  const net = backbone?.kind === 'dict' ? stringOf(backbone.entries.get('type')) : undefined;
  const short = net === 'ResNet' && typeof depth === 'number' ? `${(stringOf(type) ?? '').replace('RCNN', '_rcnn').toLowerCase()}_r${depth}_fpn` : undefined;
  const bare = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/_\d+x\w*\.py$|\.py$/, '');
  putModel(reader, { kind: 'scalar', value: short ?? bare, at: type.at });
}
