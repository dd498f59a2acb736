/** Axolotl. With sample packing an epoch is the set's tokens over `sequence_len`, not its examples. */
import { loadedBits, tellAdapter, tellRank } from './adapters.ts';
import { tellEvaluation } from './evaluation.ts';
import { type ConfigFamily, type ConfigJob, type DatasetPart, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer } from './job.ts';
import { at, flagOf, has, type Node, numberOf, textOf } from './node.ts';
import { tellDeepspeed, tellFsdp } from './sharding.ts';

export const axolotl: ConfigFamily = {
  recognises: ({ root }) => has(root, 'base_model') && has(root, 'datasets', 'micro_batch_size', 'sequence_len', 'adapter', 'pretraining_dataset', 'num_epochs'),
  read(job) {
    const { root } = job;
    tell(job, 'stack', 'axolotl', at(root, 'base_model'));
    tellModel(job, at(root, 'base_model'));
    tellNumber(job, 'microBatch', at(root, 'micro_batch_size'));
    tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
    tellNumber(job, 'epochs', at(root, 'num_epochs'));
    tellNumber(job, 'steps', at(root, 'max_steps'));
    tellNumber(job, 'seqLen', at(root, 'sequence_len'));
    tellFlag(job, 'packing', at(root, 'sample_packing'));
    tellFlag(job, 'compile', at(root, 'torch_compile'));
    tellOptimizer(job, at(root, 'optimizer'));
    readPrecision(job);
    readMethod(job);
    readCheckpointing(job);
    if (flagOf(at(root, 'eager_attention')) === true) tell(job, 'flashAttention', false, at(root, 'eager_attention'));
    if (flagOf(at(root, 'flash_attention')) === true) tell(job, 'flashAttention', true, at(root, 'flash_attention'));
    tellDeepspeed(job, at(root, 'deepspeed'));
    tellFsdp(job, at(root, 'fsdp'), at(root, 'fsdp_config'));
    const heldOut = numberOf(at(root, 'val_set_size')) ?? 0;
    tellDatasets(job, datasetsOf(root), heldOut);
    defaults(job);
    readEvaluation(job, heldOut);
    tellNumber(job, 'checkpointEvery', at(root, 'save_steps'));
  },
};

function readPrecision(job: ConfigJob): void {
  for (const word of ['tf32', 'fp16', 'float16', 'bf16', 'bfloat16'] as const) {
    const node = at(job.root, word);
    // `auto` is bf16 on every card that has it.
    const on = flagOf(node) === true || textOf(node) === 'auto' || textOf(node) === 'full';
    if (on) tell(job, 'precision', word === 'float16' ? 'fp16' : word === 'bfloat16' ? 'bf16' : word, node);
  }
}

function readMethod(job: ConfigJob): void {
  const adapter = at(job.root, 'adapter');
  const word = textOf(adapter);
  const bits = loadedBits(job.root);
  if (word === undefined) return;
  tellRank(job, at(job.root, 'lora_r'));
  tellAdapter(job, adapter, bits?.node, bits?.width);
}

function readCheckpointing(job: ConfigJob): void {
  const node = at(job.root, 'gradient_checkpointing');
  // Also `offload`, which recomputes as well.
  if (textOf(node) !== undefined && flagOf(node) === undefined) tell(job, 'checkpointing', true, node);
  else tellFlag(job, 'checkpointing', node);
}

function datasetsOf(root: Node): readonly DatasetPart[] {
  const listed = at(root, 'datasets')?.items ?? at(root, 'pretraining_dataset')?.items ?? [];
  return listed.flatMap((node) => {
    const name = textOf(at(node, 'path'));
    const subset = textOf(at(node, 'name'));
    const split = textOf(at(node, 'split'));
    return name === undefined ? [] : [{ node: at(node, 'path') ?? node, name, ...(subset === undefined ? {} : { subset }), ...(split === undefined ? {} : { split }) }];
  });
}

function defaults(job: ConfigJob): void {
  tellDefault(job, 'microBatch', 1);
  tellDefault(job, 'accumulation', 1);
  if (job.draft.get('steps') === undefined) tellDefault(job, 'epochs', 1);
  tellDefault(job, 'seqLen', 512);
  tellDefault(job, 'packing', false);
  tellDefault(job, 'checkpointing', false);
  tellDefault(job, 'compile', false);
  tellDefault(job, 'method', 'full');
  tellDefault(job, 'optimizer', 'adamw');
  tellDefault(job, 'precision', 'fp32');
}

/** Every evaluation passes the held-out samples through once. */
function readEvaluation(job: ConfigJob, heldOut: number): void {
  const node = at(job.root, 'evals_per_epoch');
  const perEpoch = numberOf(node);
  const { draft } = job;
  const samples = draft.get('samples');
  const epochs = draft.get('epochs');
  if (perEpoch === undefined || samples === undefined || epochs === undefined || heldOut <= 0) return;
  const held = heldOut < 1 ? (samples * heldOut) / (1 - heldOut) : heldOut;
  const tokens = draft.get('tokensPerSample');
  const length = draft.get('seqLen');
  const packed = draft.get('packing') === true && tokens !== undefined && length !== undefined ? (held * tokens) / length : held;
  tellEvaluation(job, node, perEpoch * epochs, packed, `${perEpoch} per epoch`);
}
