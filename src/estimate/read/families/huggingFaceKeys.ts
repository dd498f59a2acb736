/** Names of TrainingArguments, of TRL's configurations and of the scripts around them: flags, keywords, YAML keys. */
import { readDeepSpeed } from '../deepSpeed.ts';
import { placeOfFact, scalarOf, stringOf, type Value } from '../python/value.ts';
import { put, putNumber, type Reader } from '../reader.ts';
import { adapter, dataset, flag, isTrue, model, number, optimizer, precisionFlag, quantised, type Table } from '../table.ts';

export const huggingFaceKeys: Table = {
  per_device_train_batch_size: number('microBatch'),
  per_gpu_train_batch_size: number('microBatch'),
  gradient_accumulation_steps: number('accumulation'),
  num_train_epochs: number('epochs'),
  max_steps: number('steps'),
  max_seq_length: number('seqLen'),
  max_seq_len: number('seqLen'),
  model_max_length: number('seqLen'),
  max_source_length: number('seqLen'),
  block_size: number('seqLen'),
  cutoff_len: number('seqLen'),
  tf32: precisionFlag('tf32'),
  fp16: precisionFlag('fp16'),
  bf16: precisionFlag('bf16'),
  optim: optimizer,
  gradient_checkpointing: flag('checkpointing'),
  torch_compile: flag('compile'),
  packing: flag('packing'),
  model_name_or_path: model,
  model_id: model,
  base_model: model,
  dataset,
  dataset_name: dataset,
  data_path: dataset,
  train_file: dataset,
  max_train_samples: number('samples'),
  lora_r: (reader, value) => rank(reader, value),
  lora_rank: (reader, value) => rank(reader, value),
  use_lora: (reader, value) => { if (isTrue(value)) adapter(reader, value.at); },
  lora_enable: (reader, value) => { if (isTrue(value)) adapter(reader, value.at); },
  use_peft: (reader, value) => { if (isTrue(value)) adapter(reader, value.at); },
  load_in_4bit: quantised('nf4'),
  load_in_8bit: quantised('int8'),
  use_4bit: quantised('nf4'),
  bits: (reader, value, all) => { const bits = scalarOf(value); if (bits === 4 || bits === 8) quantised(bits === 4 ? 'nf4' : 'int8')(reader, { kind: 'scalar', value: true, at: value.at }, all); },
  save_steps: (reader, value, all) => { if (!/^(no|epoch)$/.test(String(scalarOf(all.get('save_strategy'))))) putNumber(reader, 'checkpointEvery', value); },
  attn_implementation: (reader, value) => { if (stringOf(value) === 'eager') reader.draft.set('flashAttention', false, placeOfFact(value.at)); },
  fsdp: (reader, value) => { if (isTrue(value) && !(value.kind === 'list' && value.items.length === 0)) put(reader, 'parallelism', 'fsdp', value.at); },
  deepspeed: (reader, value) => readDeepSpeed(reader, value),
};

/** A rank alone does not say that an adapter is trained: `use_peft` may be off. Weights of four or eight bits train no other way. */
function rank(reader: Reader, value: Value): void {
  const base = reader.draft.get('baseWeights');
  if (putNumber(reader, 'loraRank', value) && (base === 'nf4' || base === 'int8')) put(reader, 'method', base === 'nf4' ? 'qlora' : 'lora', value.at);
}
