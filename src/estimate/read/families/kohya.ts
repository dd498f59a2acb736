/** kohya's scripts. */
import type { Program } from '../python/program.ts';
import { scalarOf, stringOf, type Value } from '../python/value.ts';
import { put, putDefault, putNumber, type Reader } from '../reader.ts';
import { adapter, applyTable, flag, isTrue, model, number, optimizer, precision, type Table } from '../table.ts';
import { at, type FlagFamily, type Flags, isOpen, otherwise, placeOf } from './flagFamily.ts';
import { readKohyaDataset } from './kohyaDataset.ts';

const kohyaKeys: Table = {
  pretrained_model_name_or_path: model,
  train_batch_size: number('microBatch'),
  gradient_accumulation_steps: number('accumulation'),
  max_train_steps: number('steps'),
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

const scripts = /(^|\/)((sdxl|flux|sd3|lumina|hunyuan\w*|qwen_image|wan)_)?(train_network|train_db|train_textual_inversion|train_controlnet|fine_tune|train)\.py$/;

export const kohya: FlagFamily = {
  is: (script, flags, program) => {
    // Its scripts for making pictures take networks too, and train nothing.
    if (program !== undefined && !program.calls.some(({ callee }) => /(^|\.)backward$/.test(callee))) return false;
    if (flags.has('num_train_epochs')) return false;
    return flags.has('network_module') || (flags.has('max_train_epochs') && flags.has('cache_latents'))
      || (program?.calls.some(({ callee }) => /(^|\.)train_util\./.test(callee)) ?? false)
      || (scripts.test(script) && ['train_data_dir', 'dataset_config', 'mixed_precision'].some((key) => flags.has(key)));
  },
  read: (reader, flags, script, program) => {
    at(reader, 'kohya', 'diffusion');
    applyTable(reader, kohyaKeys, flags);
    // Its epochs win over its steps, in whatever order they stand.
    if (putNumber(reader, 'epochs', flags.get('max_train_epochs'))) reader.draft.drop('steps');
    const network = flags.get('network_module');
    if (stringOf(network) !== undefined && network) adapter(reader, network.at);
    readKohyaDataset(reader, flags.get('dataset_config'));
    otherwise(reader, flags, 'train_batch_size', 'microBatch', 1);
    otherwise(reader, flags, 'gradient_accumulation_steps', 'accumulation', 1);
    if (reader.draft.get('epochs') === undefined && !isOpen(flags, 'max_train_epochs')) otherwise(reader, flags, 'max_train_steps', 'steps', 1600);
    putDefault(reader, 'optimizer', 'adamw');
    putDefault(reader, 'precision', 'fp32');
    if (reader.draft.get('method') === 'lora') otherwise(reader, flags, 'network_dim', 'loraRank', 4);
    if (/sdxl_/.test(script) && reader.draft.get('model') === undefined) kohyaBase(reader, flags, program, 'stabilityai/stable-diffusion-xl-base-1.0');
  },
};

/** A script for one architecture says which model it is, wherever the weights lie. */
function kohyaBase(reader: Reader, flags: Flags, program: Program | undefined, name: string): void {
  const given = flags.get('pretrained_model_name_or_path');
  // The name in the command is a placeholder or a path: the script itself says what it is.
  const named = stringOf(given);
  reader.gaps.splice(0, reader.gaps.length, ...reader.gaps.filter(({ code, detail }) => code !== 'unknownModel' || detail !== named));
  const place = given?.at ?? placeOf(reader, program);
  model(reader, { kind: 'scalar', value: name, at: { ...place, certainty: 'assumed', note: 'sdxl' } }, flags);
}

function resolution(reader: Reader, value: Value): void {
  const held = scalarOf(value);
  const side = typeof held === 'string' ? Number(held.split(/[,x]/)[0]) : held;
  if (typeof side === 'number') putNumber(reader, 'resolution', { kind: 'scalar', value: side, at: value.at });
}
