/** A loop that somebody wrote themselves, with or without Accelerate or Fabric. */
import { modelFromDims } from '../../catalogue/modelDims.ts';
import { readAdapters } from '../adapters.ts';
import { readDataset } from '../datasetOf.ts';
import type { Program } from '../python/program.ts';
import { type Call, callOf, lastPart, type Loop, numberOf, placeOfFact, scalar, stringOf, type Value } from '../python/value.ts';
import { anchorAt, put, putBuiltModel, putDefault, putModel, putNumber, putPrecision, type Reader } from '../reader.ts';
import { argument, isTrue, precisionFlag, valuesOf } from '../table.ts';
import { optimizerOf } from '../words.ts';

/** Or what hides it in another file. `model.train()` only switches a mode. */
const backward = ({ callee, args, keywords }: Call): boolean => /(^|\.)(backward|manual_backward|train_one_epoch|train_epoch|train_step)$/.test(callee)
  || (/^(\w+\.)?train$/.test(callee) && args.length + keywords.size > 1);
const stepping = ({ callee, receiver }: Call): boolean => lastPart(callee) === 'step' && (receiver === undefined || optimizerOf(receiver) !== undefined || callOf(receiver)?.callee.endsWith('GradScaler') === true);

export function readPyTorch(reader: Reader, program: Program): boolean {
  const { calls } = program;
  // A loop is noted when it ends, so what lies around another comes after it.
  const training = program.loops.filter(({ from, to }) => calls.slice(from, to).some(backward))
    .toReversed().toSorted((a, b) => a.from - b.from || b.to - a.to);
  const first = training[0];
  if (first === undefined) return false;
  const { file } = program;
  put(reader, 'stack', 'pytorch', { source: 'script', certainty: 'derived', file, line: first.line });
  anchorAt(reader, file, first.line);
  const loader = training.map(({ iterable }) => loaderOf(iterable, 0)).find((found) => found !== undefined) ?? trainLoader(program);
  if (loader) {
    const batch = argument(loader, 'batch_size', 1) ?? loader.attributes.get('B');
    putNumber(reader, 'microBatch', batch);
    if (batch === undefined && loader.of === undefined && !loader.keywords.has('batch_sampler')) putDefault(reader, 'microBatch', 1);
    readBlocks(reader, loader.attributes.get('T'));
    readDataset(reader, argument(loader, 'dataset', 0), program);
  } else readDataset(reader, undefined, program);
  readLoops(reader, training, calls);
  readAccumulation(reader, program);
  readTraits(reader, program);
  return true;
}

/** The first loop inside of `enumerate`, `tqdm`, `iter`, `islice`. */
function loaderOf(value: Value | undefined, depth: number): Call | undefined {
  const call = callOf(value);
  if (call === undefined || depth > 6) return undefined;
  if (/(DataLoader|DataLoaderLite|Loader)$/.test(call.callee) && !/get_|create_/.test(call.callee)) return call;
  return loaderOf(call.args[0] ?? call.keywords.get('iterable'), depth + 1) ?? loaderOf(call.receiver, depth + 1);
}

function trainLoader({ calls, assigned }: Program): Call | undefined {
  const loaders = calls.filter(({ callee, of }) => callee.endsWith('DataLoader') || (of !== undefined && /Loader/.test(callee)));
  const shuffled = loaders.filter(({ keywords }) => isTrue(keywords.get('shuffle')) || stringOf(keywords.get('split')) === 'train');
  const named = [...assigned].find(([name, value]) => /train/i.test(name) && callOf(value)?.callee.endsWith('DataLoader'));
  return callOf(named?.[1]) ?? shuffled.find(({ certain }) => certain) ?? shuffled[0] ?? (loaders.length === 1 ? loaders[0] : undefined);
}

/** A loader of one's own that cuts a stream into blocks of T tokens: every sample is full. */
function readBlocks(reader: Reader, length: Value | undefined): void {
  if (length === undefined || !putNumber(reader, 'seqLen', length)) return;
  putNumber(reader, 'tokensPerSample', { ...length, at: { ...length.at, certainty: 'derived' } });
  reader.draft.set('packing', true, placeOfFact({ ...length.at, certainty: 'derived' }));
}

const accumulating = /^(grad(ient)?_?)?(accum(ulation|ulate)?)(_?(steps?|iters?|grad_batches|iter_step))?$/i;

/** Where nothing is called accumulation, nothing is accumulated. */
function readAccumulation(reader: Reader, { assigned, declared }: Program): void {
  if (reader.draft.get('accumulation') !== undefined) return;
  const named = [...assigned, ...declared].filter(([name]) => accumulating.test(name)).map(([, value]) => value);
  if (named.length === 0) putDefault(reader, 'accumulation', 1);
  else if (named.length === 1) putNumber(reader, 'accumulation', named[0]);
}

const roundsOf = ({ iterable }: Loop): Value | undefined => {
  const call = callOf(iterable);
  const range = call?.callee === 'range' ? call : callOf(call?.args[0]);
  return range?.callee === 'range' ? range.args[0] : iterable.kind === 'scalar' ? iterable : undefined;
};

/** `enumerate(x)` and `tqdm(x)` go over data, unless x counts. */
function overSomething(iterable: Value): boolean {
  const call = callOf(iterable);
  return call !== undefined && /(enumerate|tqdm)$/.test(call.callee) && callOf(call.args[0])?.callee !== 'range';
}

function readLoops(reader: Reader, training: readonly Loop[], calls: readonly Call[]): void {
  const overData = training.findIndex(({ iterable }) => loaderOf(iterable, 0) !== undefined || overSomething(iterable));
  for (const [index, loop] of training.entries()) {
    const rounds = roundsOf(loop);
    if (rounds === undefined) continue;
    const steps = calls.slice(loop.from, loop.to).some(stepping);
    // Rounds of backward passes without a step of the optimizer add gradients up.
    if (!steps && index > 0) putNumber(reader, 'accumulation', rounds);
    else if (/epoch/i.test(loop.variable) || (overData > index)) putNumber(reader, 'epochs', rounds);
    else if (index === 0 && overData === -1) putNumber(reader, 'steps', rounds);
  }
}

const optimizers = /^(Adam|AdamW|SGD|Adafactor|Lion|Muon|RMSprop|Adagrad|NAdam|RAdam|LAMB|Lamb|LARS|AdamW8bit|Adam8bit|PagedAdamW8bit|PagedAdamW|PagedAdamW32bit|Prodigy|FusedAdam|DeepSpeedCPUAdam)$/;

/** What a script of any kind may do with its model: precision, optimizer, parallel wrappers, compilation. */
export function readTraits(reader: Reader, program: Program): void {
  const { calls } = program;
  const sure = <T>(found: readonly (Call & T)[]): (Call & T) | undefined => found.find(({ certain }) => certain) ?? found[0];
  const named = (pattern: RegExp): Call | undefined => sure(calls.filter(({ callee, keywords }) => pattern.test(callee) && !(keywords.get('enabled')?.kind === 'scalar' && !isTrue(keywords.get('enabled')))));
  const optimizer = sure(calls.filter(({ callee, of }) => of === undefined && (optimizers.test(lastPart(callee)) && !/Config|scheduler/.test(callee))));
  const kind = optimizer && optimizerOf({ kind: 'name', name: optimizer.callee, at: optimizer.place });
  if (optimizer && kind) put(reader, 'optimizer', kind, optimizer.place);
  readPrecision(reader, named(/(^|\.)autocast$/), named(/GradScaler$/), program);
  const accelerator = named(/(^|\.)(Accelerator|Fabric)$/);
  if (accelerator) {
    putNumber(reader, 'accumulation', accelerator.keywords.get('gradient_accumulation_steps'));
    putPrecision(reader, accelerator.keywords.get('mixed_precision') ?? accelerator.keywords.get('precision'));
    if (accelerator.callee.endsWith('Fabric')) putNumber(reader, 'gpus', accelerator.keywords.get('devices'));
  }
  const wrapped = named(/(^|\.)(FullyShardedDataParallel|FSDP|fully_shard)$/) ?? named(/(^|\.)(DistributedDataParallel|DataParallel|DDP)$/);
  if (wrapped?.certain) put(reader, 'parallelism', /FSDP|FullyShard|fully_shard/.test(wrapped.callee) ? 'fsdp' : 'ddp', wrapped.place);
  const compiled = named(/^torch\.compile$|(^|\.)torch\.compile$/);
  if (compiled?.certain) reader.draft.set('compile', true, { source: 'script', certainty: 'stated', file: program.file, line: compiled.place.line });
  const checkpointing = named(/gradient_checkpointing_enable$|enable_gradient_checkpointing$|set_grad_checkpointing$|utils\.checkpoint\.checkpoint$|^checkpoint$|apply_activation_checkpointing$/);
  if (checkpointing?.certain) reader.draft.set('checkpointing', true, { source: 'script', certainty: 'stated', file: program.file, line: checkpointing.place.line });
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
  const products = calls.find(({ callee, args, certain }) => certain && callee === 'torch.set_float32_matmul_precision' && /high|medium/.test(stringOf(args[0]) ?? ''));
  const allowed = attributes.find(({ path, value, certain }) => certain && path === 'torch.backends.cuda.matmul.allow_tf32' && isTrue(value));
  if (products) put(reader, 'precision', 'tf32', products.place);
  else if (allowed) precisionFlag('tf32')(reader, allowed.value, new Map());
}

function readModel(reader: Reader, { calls }: Program): void {
  const certain = calls.filter((call) => call.certain);
  for (const call of [...certain, ...calls]) {
    if (reader.draft.get('model') !== undefined) return;
    if (/(^|\.)from_pretrained$/.test(call.callee) && call.receiver === undefined && !/Tokenizer|Processor|FeatureExtractor|Config|Scheduler|VAE|Autoencoder|TextModel|\bcls\b/i.test(call.callee)) putModel(reader, argument(call, 'pretrained_model_name_or_path', 0));
    else if (/(^|\.)create_model$/.test(call.callee)) putModel(reader, argument(call, 'model_name', 0));
    else if (/(^|\.)(get_model|get_torchvision_model)$/.test(call.callee)) putModel(reader, argument(call, 'name', 0));
    else if (/^torch\.hub\.load$/.test(call.callee)) putModel(reader, call.args[1]);
    else if (/^(torchvision\.)?models(\.\w+)*\.[a-z]\w*$/.test(call.callee) && call.of === undefined) putModel(reader, scalar(lastPart(call.callee), call.place));
    else if (call.of !== undefined || /Config$|Transformer|GPT|Llama/.test(call.callee)) buildModel(reader, call);
  }
}

const size = (values: ReadonlyMap<string, Value>, ...names: readonly string[]): Value | undefined => names.map((name) => values.get(name)).find((value) => numberOf(value) !== undefined);

/** A transformer of the script's own, from the sizes in its configuration. */
function buildModel(reader: Reader, call: Call): void {
  const values = valuesOf(call);
  const config = [...call.args, ...call.keywords.values()].map(callOf).find((inner) => inner?.of !== undefined);
  for (const [key, value] of config ? valuesOf(config) : []) if (!values.has(key)) values.set(key, value);
  const dims = transformerSizes(values);
  if (dims === undefined) return;
  putBuiltModel(reader, dims.model, dims.at);
  putDefault(reader, 'task', 'language');
}

export function transformerSizes(values: ReadonlyMap<string, Value>): { readonly model: NonNullable<ReturnType<typeof modelFromDims>>; readonly at: Value['at'] } | undefined {
  const layers = size(values, 'n_layer', 'n_layers', 'num_layers', 'num_hidden_layers', 'depth');
  const hidden = size(values, 'n_embd', 'd_model', 'dim', 'hidden_size', 'embed_dim');
  const heads = size(values, 'n_head', 'n_heads', 'num_heads', 'num_attention_heads', 'nhead');
  const vocab = size(values, 'vocab_size', 'n_vocab');
  const [l, h, n, v] = [numberOf(layers), numberOf(hidden), numberOf(heads), numberOf(vocab)];
  if (layers === undefined || l === undefined || h === undefined || n === undefined || v === undefined) return undefined;
  const kvHeads = numberOf(size(values, 'n_kv_heads', 'num_key_value_heads', 'n_kv_head'));
  const ffn = numberOf(size(values, 'intermediate_size', 'd_ff', 'ffn_dim'));
  const model = modelFromDims({ layers: l, hidden: h, heads: n, vocab: v, ...(kvHeads === undefined ? {} : { kvHeads }), ...(ffn === undefined ? {} : { ffn }) });
  return model && { model, at: layers.at };
}

/** The size that pictures are brought to for training. Sizes for validation are other ones. */
function readResolution(reader: Reader, calls: readonly Call[]): void {
  const crop = calls.find(({ callee }) => /(^|\.)(RandomResizedCrop|RandomCrop)$/.test(callee)) ?? calls.find(({ callee }) => /(^|\.)CenterCrop$/.test(callee)) ?? calls.find(({ callee }) => /(^|\.)Resize$/.test(callee));
  const given = crop && (argument(crop, 'size', 0) ?? argument(crop, 'height', 0));
  putNumber(reader, 'resolution', given?.kind === 'list' ? given.items[0] : given);
  const own = reader.draft.get('dataset');
  const small = own !== undefined && /^(cifar-?100?|svhn)$/i.test(own) ? 32 : own !== undefined && /^(fashion-?|k|e)?mnist$/i.test(own) ? 28 : undefined;
  if (small !== undefined && reader.draft.get('resolution') === undefined) reader.draft.set('resolution', small, { source: 'table', certainty: 'stated' });
  if (reader.draft.get('resolution') !== undefined) putDefault(reader, 'task', 'vision');
}

