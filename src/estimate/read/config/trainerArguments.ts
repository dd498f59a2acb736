/** The words of Hugging Face's TrainingArguments, which TRL, LLaMA-Factory and many others share, and their defaults. */
import { type ConfigJob, tell, tellDefault, tellFlag, tellNumber, tellOptimizer } from './job.ts';
import { at, firstAt, flagOf, numberOf, textOf } from './node.ts';
import { tellDeepspeed, tellFsdp } from './sharding.ts';

export function readTrainerArguments(job: ConfigJob): void {
  const { root } = job;
  tellNumber(job, 'microBatch', firstAt(root, 'per_device_train_batch_size', 'per_gpu_train_batch_size'));
  tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
  tellNumber(job, 'epochs', at(root, 'num_train_epochs'));
  tellNumber(job, 'steps', at(root, 'max_steps'));
  tellOptimizer(job, at(root, 'optim'));
  for (const word of ['tf32', 'fp16', 'bf16'] as const) {
    const node = at(root, word);
    if (flagOf(node) === true || textOf(node) === 'auto') tell(job, 'precision', word, node);
  }
  tellFlag(job, 'checkpointing', at(root, 'gradient_checkpointing'));
  tellFlag(job, 'compile', at(root, 'torch_compile'));
  tellAttention(job);
  tellDeepspeed(job, at(root, 'deepspeed'));
  tellFsdp(job, at(root, 'fsdp'), at(root, 'fsdp_config'));
  if (textOf(at(root, 'save_strategy')) === 'steps' || numberOf(at(root, 'save_steps')) !== undefined) readSaving(job);
}

function readSaving(job: ConfigJob): void {
  const every = at(job.root, 'save_steps');
  const strategy = textOf(at(job.root, 'save_strategy')) ?? 'steps';
  // Below one it is a share of all steps.
  if (strategy === 'steps' && (numberOf(every) ?? 0) >= 1) tellNumber(job, 'checkpointEvery', every);
}

/** Only the eager kind keeps the whole matrix of scores. */
export function tellAttention(job: ConfigJob): void {
  const kind = firstAt(job.root, 'attn_implementation', 'model.attn_implementation');
  const word = textOf(kind);
  if (word !== undefined) tell(job, 'flashAttention', word !== 'eager', kind);
}

export function trainerDefaults(job: ConfigJob): void {
  tellDefault(job, 'microBatch', 8);
  tellDefault(job, 'accumulation', 1);
  if (job.draft.get('steps') === undefined) tellDefault(job, 'epochs', 3);
  tellDefault(job, 'optimizer', 'adamw');
  tellDefault(job, 'precision', 'fp32');
  tellDefault(job, 'checkpointing', false);
  tellDefault(job, 'compile', false);
}
