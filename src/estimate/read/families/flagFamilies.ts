/** Scripts that are configured by flags alone: the examples of diffusers, kohya's scripts, timm's train.py. */
import { findModel } from '../../catalogue/models.ts';
import type { Place, Value } from '../python/value.ts';
import { lastPart, placeOfFact, scalarOf, stringOf } from '../python/value.ts';
import type { Program } from '../python/program.ts';
import { anchorAt, put, putDefault, putNumber, putOptimizer, type Reader } from '../reader.ts';
import { adapter, applyTable, dataset, flag, isTrue, model, number, precision, precisionFlag, quantised, optimizer, type Table } from '../table.ts';
import { defaults } from './huggingFace.ts';
import { huggingFaceKeys } from './huggingFaceKeys.ts';
import { readKohyaDataset } from './kohyaDataset.ts';

interface FlagFamily {
  is(script: string, flags: ReadonlyMap<string, Value>, program: Program | undefined): boolean;
  read(reader: Reader, flags: ReadonlyMap<string, Value>, script: string, program: Program | undefined): void;
}

const diffusersKeys: Table = {
  pretrained_model_name_or_path: model,
  dataset_name: dataset,
  train_data_dir: dataset,
  instance_data_dir: dataset,
  resolution: number('resolution'),
  train_batch_size: number('microBatch'),
  gradient_accumulation_steps: number('accumulation'),
  num_train_epochs: number('epochs'),
  max_train_steps: number('steps'),
  max_train_samples: number('samples'),
  mixed_precision: precision,
  gradient_checkpointing: flag('checkpointing'),
  checkpointing_steps: number('checkpointEvery'),
  rank: number('loraRank'),
  use_8bit_adam: (reader, value) => { if (isTrue(value)) put(reader, 'optimizer', 'adamw-8bit', value.at); },
  optimizer,
  max_num_frames: number('frames'),
};

const diffusers: FlagFamily = {
  is: (script, flags, program) => /train_(text_to_image|dreambooth|controlnet|textual_inversion|instruct_pix2pix|unconditional|custom_diffusion|lcm|cogvideo\w*|t2i_adapter)\w*\.py$/.test(script)
    || (flags.has('train_batch_size') && flags.has('pretrained_model_name_or_path') && (program === undefined || program.calls.some(({ callee }) => /diffusers|UNet2D|AutoencoderKL/.test(callee)))),
  read: (reader, flags, script, program) => {
    at(reader, 'diffusers', 'diffusion');
    applyTable(reader, diffusersKeys, flags);
    const lora = /lora/.test(script) || (flags.has('rank') && !/text_to_image(_sdxl)?\.py$|controlnet/.test(script));
    if (lora) adapter(reader, flags.get('rank')?.at ?? placeOf(reader, program));
    if (lora) otherwise(reader, flags, 'rank', 'loraRank', 4);
    otherwise(reader, flags, 'train_batch_size', 'microBatch', /dreambooth/.test(script) ? 4 : /textual_inversion|controlnet|instruct_pix2pix|text_to_image/.test(script) || !script ? 16 : 4);
    otherwise(reader, flags, 'gradient_accumulation_steps', 'accumulation', 1);
    if (reader.draft.get('steps') === undefined && !isOpen(flags, 'max_train_steps')) otherwise(reader, flags, 'num_train_epochs', 'epochs', /dreambooth|controlnet/.test(script) ? 1 : 100);
    otherwise(reader, flags, 'resolution', 'resolution', /sdxl|flux|sd3/.test(script) ? 1024 : 512);
    putDefault(reader, 'optimizer', 'adamw');
    putDefault(reader, 'precision', 'fp32');
  },
};

const kohyaKeys: Table = {
  pretrained_model_name_or_path: model,
  train_batch_size: number('microBatch'),
  gradient_accumulation_steps: number('accumulation'),
  max_train_steps: number('steps'),
  max_train_epochs: (reader, value) => { if (putNumber(reader, 'epochs', value)) reader.draft.drop('steps'); },
  mixed_precision: precision,
  gradient_checkpointing: flag('checkpointing'),
  network_dim: number('loraRank'),
  optimizer_type: optimizer,
  use_8bit_adam: (reader, value) => { if (isTrue(value)) put(reader, 'optimizer', 'adamw-8bit', value.at); },
  resolution: (reader, value) => resolution(reader, value),
  torch_compile: flag('compile'),
  fp8_base: (reader, value) => { if (isTrue(value)) put(reader, 'baseWeights', 'fp8', value.at); },
  save_every_n_steps: number('checkpointEvery'),
};

const kohya: FlagFamily = {
  is: (script, flags) => !flags.has('num_train_epochs') && (/(^|\/)((sdxl|flux|sd3|lumina|hunyuan\w*|qwen_image|wan)_)?(train_network|train_db|train_textual_inversion|train_controlnet|fine_tune|train)\.py$/.test(script) && (flags.has('network_module') || flags.has('train_data_dir') || flags.has('dataset_config') || flags.has('mixed_precision'))
    || flags.has('network_module') || (flags.has('max_train_epochs') && flags.has('cache_latents'))),
  read: (reader, flags, script) => {
    at(reader, 'kohya', 'diffusion');
    applyTable(reader, kohyaKeys, new Map([...flags].toSorted(([left]) => (left === 'max_train_epochs' ? 1 : -1))));
    const network = flags.get('network_module');
    if (stringOf(network) !== undefined && network) adapter(reader, network.at);
    readKohyaDataset(reader, flags.get('dataset_config'));
    otherwise(reader, flags, 'train_batch_size', 'microBatch', 1);
    otherwise(reader, flags, 'gradient_accumulation_steps', 'accumulation', 1);
    if (reader.draft.get('epochs') === undefined && !isOpen(flags, 'max_train_epochs')) otherwise(reader, flags, 'max_train_steps', 'steps', 1600);
    putDefault(reader, 'optimizer', 'adamw');
    putDefault(reader, 'precision', 'fp32');
    if (reader.draft.get('method') === 'lora') otherwise(reader, flags, 'network_dim', 'loraRank', 4);
    if (/sdxl_/.test(script) && reader.draft.get('model') === undefined) kohyaBase(reader, flags, 'stabilityai/stable-diffusion-xl-base-1.0');
  },
};

/** A script for one architecture says which model it is, wherever the weights lie. */
function kohyaBase(reader: Reader, flags: ReadonlyMap<string, Value>, name: string): void {
  const given = flags.get('pretrained_model_name_or_path');
  const place = given?.at ?? (reader.command && { source: 'command' as const, certainty: 'assumed' as const, file: reader.command.file, line: reader.command.line });
  // The name in the command is a placeholder or a path: the script itself says what it is.
  const named = stringOf(given);
  reader.gaps.splice(0, reader.gaps.length, ...reader.gaps.filter(({ code, detail }) => code !== 'unknownModel' || detail !== named));
  if (place) model(reader, { kind: 'scalar', value: name, at: { ...place, certainty: 'assumed', note: 'sdxl' } }, flags);
}

function resolution(reader: Reader, value: Value): void {
  const held = scalarOf(value);
  const side = typeof held === 'string' ? Number(held.split(/[,x]/)[0]) : held;
  if (typeof side === 'number') putNumber(reader, 'resolution', { kind: 'scalar', value: side, at: value.at });
}

const timmKeys: Table = {
  model,
  dataset: (reader, value, all) => dataset(reader, value, all),
  batch_size: number('microBatch'),
  b: number('microBatch'),
  grad_accum_steps: number('accumulation'),
  epochs: number('epochs'),
  img_size: number('resolution'),
  input_size: (reader, value) => putNumber(reader, 'resolution', value.kind === 'list' ? value.items.at(-1) : value),
  amp: precisionFlag('fp16'),
  amp_dtype: (reader, value, all) => { if (isTrue(all.get('amp'))) precision(reader, value, all); },
  opt: (reader, value) => putOptimizer(reader, value),
  grad_checkpointing: flag('checkpointing'),
  torchcompile: (reader, value) => { if (scalarOf(value) !== null) reader.draft.set('compile', true, placeOfFact(value.at)); },
};

const timm: FlagFamily = {
  is: (script, flags, program) => script.endsWith('distributed_train.sh')
    || (program === undefined ? /(^|\/)train\.py$/.test(script) && flags.has('model') && (flags.has('opt') || flags.has('sched') || flags.has('amp') || flags.has('model_ema') || flags.has('mixup'))
      : program.calls.some(({ callee }) => lastPart(callee) === 'create_model' && /timm|^create_model/.test(callee)) && flags.has('model') && flags.has('batch_size')),
  read: (reader, flags, script) => {
    at(reader, 'timm', 'vision');
    applyTable(reader, timmKeys, flags);
    // The first word behind distributed_train.sh is the number of GPUs.
    if (script.endsWith('distributed_train.sh')) putNumber(reader, 'gpus', reader.command?.positional[0]);
    const usual = findModel('resnet50');
    if (!flags.has('model') && usual) putDefault(reader, 'model', usual);
    const own = reader.draft.get('model')?.resolution;
    if (own !== undefined && reader.draft.get('resolution') === undefined) reader.draft.set('resolution', own, { source: 'table', certainty: 'stated' });
    if (!flags.has('b')) otherwise(reader, flags, 'batch_size', 'microBatch', 128);
    otherwise(reader, flags, 'grad_accum_steps', 'accumulation', 1);
    otherwise(reader, flags, 'epochs', 'epochs', 300);
    putDefault(reader, 'optimizer', 'sgd');
    putDefault(reader, 'precision', 'fp32');
  },
};

const transformersFlags: FlagFamily = {
  is: (_script, flags, program) => program === undefined && (flags.has('per_device_train_batch_size') || flags.has('num_train_epochs')),
  read: (reader, flags) => {
    at(reader, 'hf', flags.has('vision_tower') ? 'vision-language' : undefined);
    applyTable(reader, huggingFaceKeys, flags);
    if (flags.has('load_in_4bit') && isTrue(flags.get('use_peft'))) quantised('nf4')(reader, flags.get('load_in_4bit') ?? { kind: 'unknown', at: { source: 'command', certainty: 'stated', file: '', line: 1 } }, flags);
    if (reader.draft.get('steps') === undefined && !isOpen(flags, 'max_steps')) otherwise(reader, flags, 'num_train_epochs', 'epochs', 3);
    defaults(reader, (key) => isOpen(flags, key));
  },
};

/** Sets what a family is known by, and leaves the anchor on the command where no better line is found. */
function at(reader: Reader, stack: 'diffusers' | 'kohya' | 'timm' | 'hf', task: 'diffusion' | 'vision' | 'vision-language' | undefined): void {
  const place = reader.command ? { source: 'command' as const, file: reader.command.file, line: reader.command.line } : { source: 'default' as const };
  reader.draft.set('stack', stack, { ...place, certainty: 'derived' });
  if (task) reader.draft.set('task', task, { ...place, certainty: 'derived' });
  if (reader.command && reader.anchor === undefined) anchorAt(reader, reader.command.file, reader.command.line);
}

/** Said, but nobody can tell what: `--epochs $1`. What a script does when told nothing is not it. */
const isOpen = (flags: ReadonlyMap<string, Value>, key: string): boolean => (flags.get(key)?.kind ?? 'scalar') !== 'scalar';

function otherwise(reader: Reader, flags: ReadonlyMap<string, Value>, key: string, name: 'microBatch' | 'accumulation' | 'epochs' | 'steps' | 'loraRank' | 'resolution', value: number): void {
  if (!isOpen(flags, key)) putDefault(reader, name, value);
}

const placeOf = ({ command }: Reader, program: Program | undefined): Place =>
  (command ? { source: 'command', certainty: 'derived', file: command.file, line: command.line } : { source: 'script', certainty: 'derived', file: program?.file ?? '', line: 1 });

const families: readonly FlagFamily[] = [kohya, diffusers, timm, transformersFlags];

export function readFlags(reader: Reader, script: string, flags: ReadonlyMap<string, Value>, program: Program | undefined): boolean {
  const family = families.find((candidate) => candidate.is(script, flags, program));
  if (family && program?.file === reader.files[0]?.path && program) anchorLoop(reader, program);
  family?.read(reader, flags, script, program);
  return family !== undefined;
}

/** The outermost loop over the epochs is where such a script spends its money. */
function anchorLoop(reader: Reader, program: Program): void {
  const loops = program.loops.filter(({ from, to }) => program.calls.slice(from, to).some(({ callee }) => lastPart(callee) === 'backward'));
  const line = loops.toReversed().toSorted((a, b) => a.from - b.from || b.to - a.to)[0]?.line;
  if (line !== undefined && reader.anchor === undefined) anchorAt(reader, program.file, line);
}
