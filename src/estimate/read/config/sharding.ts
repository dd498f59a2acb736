/** How GPUs share the work: DeepSpeed's JSON, FSDP's settings and accelerate's default_config.yaml. */
import type { Parallelism } from '../../workload.ts';
import { findFile, parsedFile } from './companion.ts';
import { type ConfigFamily, type ConfigJob, tell, tellFlag, tellGap, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, flagOf, has, type Node, numberOf, textOf } from './node.ts';

const zero = (stage: number | undefined): Parallelism | undefined =>
  (stage === 0 ? 'ddp' : stage === 1 ? 'zero1' : stage === 2 ? 'zero2' : stage === 3 ? 'zero3' : undefined);

/** `auto` is filled in by the trainer: it says nothing here. */
export const deepspeed: ConfigFamily = {
  recognises: ({ root }) => has(root, 'zero_optimization', 'train_micro_batch_size_per_gpu'),
  read: (job) => readDeepspeed(job, job.root),
};

function readDeepspeed(job: ConfigJob, root: Node): void {
  const stage = at(root, 'zero_optimization.stage') ?? at(root, 'zero_optimization');
  tell(job, 'parallelism', zero(numberOf(stage)), stage);
  tellNumber(job, 'microBatch', at(root, 'train_micro_batch_size_per_gpu'));
  tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
  tellNumber(job, 'globalBatch', at(root, 'train_batch_size'));
  tellOptimizer(job, at(root, 'optimizer.type'));
  for (const half of ['fp16', 'bf16'] as const) if (flagOf(at(root, `${half}.enabled`)) === true) tell(job, 'precision', half, at(root, `${half}.enabled`));
}

/** The value of a trainer's `deepspeed:`: a file, whose name often tells the stage where it is not at hand, or a map. */
export function tellDeepspeed(job: ConfigJob, node: Node | undefined): void {
  if (node === undefined) return;
  if (node.entries !== undefined) return readDeepspeed(job, node);
  const written = textOf(node);
  if (written === undefined) return;
  const file = findFile(job.files, written, node.file);
  const root = file && parsedFile(job, file);
  if (root !== undefined) return readDeepspeed(job, root);
  const stage = /z(?:ero)?[-_]?(?:stage)?[-_]?([0-3])/i.exec(written)?.[1];
  tell(job, 'parallelism', stage === undefined ? undefined : zero(Number(stage)), node, { certainty: 'assumed', note: written });
  tellGap(job, 'missingFile', node, written);
}

/** `full_shard auto_wrap`, a list of such words, and the map of details beside them. */
export function tellFsdp(job: ConfigJob, words: Node | undefined, details: Node | undefined): void {
  const spoken = (words?.items?.map(textOf) ?? [textOf(words)]).filter((word) => word !== undefined).join(' ');
  const named = firstAt(details, 'fsdp_sharding_strategy', 'sharding_strategy');
  const node = named ?? (spoken === '' ? details : words);
  const plan = `${spoken} ${textOf(named) ?? String(named?.value ?? '')}`.toLowerCase();
  if (node === undefined || node.value === false || (spoken === '' && details?.entries === undefined)) return;
  tell(job, 'parallelism', /no_shard|^\s*3$/.test(plan) ? 'ddp' : /shard_grad_op|^\s*2$/.test(plan) ? 'zero2' : 'fsdp', node);
  tellFlag(job, 'checkpointing', firstAt(details, 'fsdp_activation_checkpointing', 'activation_checkpointing'));
}

export const accelerate: ConfigFamily = {
  recognises: ({ root }) => has(root, 'compute_environment', 'distributed_type') || (has(root, 'num_processes') && has(root, 'mixed_precision', 'num_machines')),
  read(job) {
    const { root } = job;
    tellPrecision(job, at(root, 'mixed_precision'));
    // Processes of all machines together.
    if (flagOf(at(root, 'use_cpu')) !== true) tellNumber(job, 'gpus', at(root, 'num_processes'));
    const kind = at(root, 'distributed_type');
    const word = textOf(kind)?.toUpperCase();
    if (word === 'MULTI_GPU') tell(job, 'parallelism', 'ddp', kind);
    if (kind?.value === false || word === 'NO') tell(job, 'parallelism', 'single', kind);
    if (word === 'FSDP') {
      tell(job, 'parallelism', 'fsdp', kind);
      tellFsdp(job, undefined, at(root, 'fsdp_config'));
    }
    if (word === 'DEEPSPEED') readAccelerateDeepspeed(job, at(root, 'deepspeed_config'));
    const compiler = firstAt(root, 'dynamo_config.dynamo_backend', 'dynamo_backend');
    tell(job, 'compile', compiler === undefined ? undefined : compiler.value !== false && !/^no$/i.test(textOf(compiler) ?? 'no'), compiler);
  },
};

function readAccelerateDeepspeed(job: ConfigJob, details: Node | undefined): void {
  const file = at(details, 'deepspeed_config_file');
  if (file !== undefined) return tellDeepspeed(job, file);
  const stage = at(details, 'zero_stage');
  tell(job, 'parallelism', zero(numberOf(stage)), stage);
  tellNumber(job, 'accumulation', at(details, 'gradient_accumulation_steps'));
}

export const fsdp: ConfigFamily = {
  recognises: ({ root }) => [...(root.entries?.keys() ?? [])].filter((key) => key.startsWith('fsdp_')).length >= 2
    || (has(root, 'transformer_layer_cls_to_wrap') && !has(root, 'model_name_or_path', 'base_model')),
  read: (job) => tellFsdp(job, undefined, job.root),
};
