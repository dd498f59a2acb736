/** What people say on the command line over a configuration: `tune run … batch_size=4`, `axolotl train x.yml --num-epochs 2`. */
import { adapter, flag, model, number, precision, isTrue, quantised, type Table } from '../table.ts';
import { huggingFaceKeys } from './huggingFaceKeys.ts';

export const overrideKeys: Table = {
  ...huggingFaceKeys,
  batch_size: number('microBatch'),
  micro_batch_size: number('microBatch'),
  epochs: number('epochs'),
  num_epochs: number('epochs'),
  sequence_len: number('seqLen'),
  'tokenizer.max_seq_len': number('seqLen'),
  sample_packing: flag('packing'),
  'dataset.packed': flag('packing'),
  enable_activation_checkpointing: flag('checkpointing'),
  compile: flag('compile'),
  dtype: precision,
  'model.lora_rank': number('loraRank'),
  'trainer.max_epochs': number('epochs'),
  'trainer.max_steps': number('steps'),
  'trainer.devices': number('gpus'),
  'train.epochs': number('epochs'),
  'train.micro_batch_size': number('microBatch'),
  'train.global_batch_size': number('globalBatch'),
  checkpoint_dir: model,
  adapter: (reader, value) => { if (isTrue(value)) adapter(reader, value.at); },
  quantize: (reader, value, all) => { if (isTrue(value)) quantised('nf4')(reader, { kind: 'scalar', value: true, at: value.at }, all); },
};
