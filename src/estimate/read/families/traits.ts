/** What a script of any kind may do with its model, by the calls that do it. */
import { readAdapters } from '../adapters.ts';
import type { Program } from '../python/program.ts';
import { type Call, lastPart, placeOfFact, stringOf } from '../python/value.ts';
import { put, putDefault, putNumber, putPrecision, type Reader } from '../reader.ts';
import { argument, isTrue, precisionFlag } from '../table.ts';
import { optimizerOf } from '../words.ts';
import { readModel } from './ownModel.ts';

const optimizers = new Set([
  'Adam', 'AdamW', 'SGD', 'Adafactor', 'Lion', 'Muon', 'RMSprop', 'Adagrad', 'NAdam', 'RAdam', 'LAMB', 'Lamb', 'LARS', 'Prodigy', 'FusedAdam',
  'AdamW8bit', 'Adam8bit', 'PagedAdamW8bit', 'PagedAdamW', 'PagedAdamW32bit', 'DeepSpeedCPUAdam',
]);
const checkpoints = /(gradient_checkpointing_enable|enable_gradient_checkpointing|set_grad_checkpointing|utils\.checkpoint\.checkpoint|apply_activation_checkpointing)$|^checkpoint$/;
const sharded = /(^|\.)(FullyShardedDataParallel|FSDP|fully_shard)$/;

/** One that certainly happens, before one that may. What is switched off is none. */
function called(calls: readonly Call[], pattern: RegExp): Call | undefined {
  const off = ({ keywords }: Call): boolean => keywords.get('enabled')?.kind === 'scalar' && !isTrue(keywords.get('enabled'));
  const found = calls.filter((call) => pattern.test(call.callee) && !off(call));
  return found.find(({ certain }) => certain) ?? found[0];
}

/** What a script of any kind may do with its model: precision, optimizer, parallel wrappers, compilation. */
export function readTraits(reader: Reader, program: Program): void {
  const { calls } = program;
  const named = (pattern: RegExp): Call | undefined => called(calls, pattern);
  const stated = calls.filter(({ callee, of }) => of === undefined && optimizers.has(lastPart(callee)));
  const optimizer = stated.find(({ certain }) => certain) ?? stated[0];
  const kind = optimizer && optimizerOf({ kind: 'name', name: optimizer.callee, at: optimizer.place });
  if (optimizer && kind) put(reader, 'optimizer', kind, optimizer.place);
  readPrecision(reader, named(/(^|\.)autocast$/), named(/GradScaler$/), program);
  const accelerator = named(/(^|\.)(Accelerator|Fabric)$/);
  if (accelerator) {
    putNumber(reader, 'accumulation', accelerator.keywords.get('gradient_accumulation_steps'));
    putPrecision(reader, accelerator.keywords.get('mixed_precision') ?? accelerator.keywords.get('precision'));
    if (accelerator.callee.endsWith('Fabric')) putNumber(reader, 'gpus', accelerator.keywords.get('devices'));
  }
  const wrapped = named(sharded) ?? named(/(^|\.)(DistributedDataParallel|DataParallel|DDP)$/);
  if (wrapped?.certain) put(reader, 'parallelism', sharded.test(wrapped.callee) ? 'fsdp' : 'ddp', wrapped.place);
  const compiled = named(/^torch\.compile$/);
  if (compiled?.certain) reader.draft.set('compile', true, placeOfFact(compiled.place));
  const checkpointing = named(checkpoints);
  if (checkpointing?.certain) reader.draft.set('checkpointing', true, placeOfFact(checkpointing.place));
  readModel(reader, program);
  readAdapters(reader, calls);
  readResolution(reader, calls);
}

function readPrecision(reader: Reader, autocast: Call | undefined, scaler: Call | undefined, { calls, attributes }: Program): void {
  const type = autocast && (autocast.keywords.get('dtype') ?? autocast.args[1]);
  if (autocast && type) {
    putPrecision(reader, type);
    return;
  }
  if (autocast && autocast.keywords.get('enabled')?.kind !== 'unknown') return put(reader, 'precision', 'fp16', autocast.place);
  if (autocast || scaler) return;
  const cast = calls.find(({ callee, certain, receiver }) => certain && receiver !== undefined && /^\.(half|bfloat16)$/.test(callee));
  if (cast) return put(reader, 'precision', cast.callee === '.half' ? 'fp16' : 'bf16', cast.place);
  const products = calls.find(({ callee, args, certain }) =>
    certain && callee === 'torch.set_float32_matmul_precision' && /high|medium/.test(stringOf(args[0]) ?? ''));
  const allowed = attributes.find(({ path, value, certain }) => certain && path === 'torch.backends.cuda.matmul.allow_tf32' && isTrue(value));
  if (products) put(reader, 'precision', 'tf32', products.place);
  else if (allowed) precisionFlag('tf32')(reader, allowed.value, new Map());
}

/** The size that pictures are brought to for training. Sizes for validation are other ones. */
function readResolution(reader: Reader, calls: readonly Call[]): void {
  const named = (pattern: RegExp): Call | undefined => calls.find(({ callee }) => pattern.test(lastPart(callee)));
  const crop = named(/^(RandomResizedCrop|RandomCrop)$/) ?? named(/^CenterCrop$/) ?? named(/^Resize$/);
  const given = crop && (argument(crop, 'size', 0) ?? argument(crop, 'height', 0));
  putNumber(reader, 'resolution', given?.kind === 'list' ? given.items[0] : given);
  const own = reader.draft.get('dataset');
  const small = own !== undefined && /^(cifar-?100?|svhn)$/i.test(own) ? 32 : own !== undefined && /^(fashion-?|k|e)?mnist$/i.test(own) ? 28 : undefined;
  if (small !== undefined && reader.draft.get('resolution') === undefined) reader.draft.set('resolution', small, { source: 'table', certainty: 'stated' });
  if (reader.draft.get('resolution') !== undefined) putDefault(reader, 'task', 'vision');
}
