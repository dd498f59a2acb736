/** Settings of a training loop that is nobody's framework: the words that people agree on, wherever they stand. */
import { findModel } from '../../catalogue/models.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { type Node, textOf } from './node.ts';

type Teller = (job: ConfigJob, node: Node) => void;

const words: readonly (readonly [RegExp, Teller])[] = [
  [/^(?:train_|micro_|per_device_train_)?batch_?size$|^micro_batch_size$|^batch_size_per_gpu$/, (job, node) => void tellNumber(job, 'microBatch', node)],
  [/^(?:global|total)_(?:train_)?batch_size$/, (job, node) => void tellNumber(job, 'globalBatch', node)],
  [/^(?:gradient_)?accumulation(?:_steps)?$|^(?:grad|gradient)_accum(?:ulation)?(?:_steps)?$|^accumulate_grad_batches$/, (job, node) => void tellNumber(job, 'accumulation', node)],
  [/^(?:max_|num_|n_|total_|num_train_)?epochs?$/, (job, node) => void tellNumber(job, 'epochs', node)],
  [/^(?:max|num|total|n|num_train|max_train)_(?:train(?:ing)?_)?(?:steps|iters|iterations)$/, (job, node) => void tellNumber(job, 'steps', node)],
  [/^(?:max_)?(?:seq(?:uence)?_?len(?:gth)?|context_length|block_size)$/, (job, node) => void tellNumber(job, 'seqLen', node)],
  [/^(?:img|image|input|crop)_?(?:size|sz)$|^resolution$/, (job, node) => void tellNumber(job, 'resolution', node)],
  [/^(?:mixed_)?precision$|^dtype$|^amp_dtype$/, (job, node) => void tellPrecision(job, node)],
  [/^(?:gradient|activation)_checkpointing$/, (job, node) => void tellFlag(job, 'checkpointing', node)],
  [/^(?:torch_)?compile$/, (job, node) => void tellFlag(job, 'compile', node)],
  [/^(?:num_|n_)?gpus$/, (job, node) => void tellNumber(job, 'gpus', node)],
  [/^optim(?:izer)?(?:_name|_type)?$/, (job, node) => void tellOptimizer(job, node, textOf(node)?.split('.').at(-1))],
  [/^(?:model|model_name|model_name_or_path|pretrained_model_name_or_path|base_model|arch|backbone)$/, (job, node) => void (findModel(textOf(node) ?? '') && tellModel(job, node))],
  [/^dataset(?:_name|_path)?$/, (job, node) => { const name = textOf(node); if (name !== undefined) tellDatasets(job, [{ node, name }]); }],
];

/** Keys of parts that are not the training itself. */
const elsewhere = /^(?:val|valid|validation|eval|evaluation|test|predict|inference|sample|sampling|hydra|logger|wandb|callbacks)(?:_|$)/;
const maxDepth = 4;

export const ownLoop: ConfigFamily = {
  recognises: ({ root }) => namesIn(root).filter((key) => words.slice(0, 6).some(([pattern]) => pattern.test(key))).length >= 2,
  read: (job) => visit(job, job.root, ''),
};

function visit(job: ConfigJob, node: Node, key: string, depth = 0): void {
  if (depth > maxDepth || elsewhere.test(key)) return;
  for (const [name, value] of node.entries ?? []) {
    const word = name.toLowerCase();
    if (value.entries !== undefined) visit(job, value, word, depth + 1);
    else words.find(([pattern]) => pattern.test(word))?.[1](job, value);
    // `optimizer: {_target_: torch.optim.AdamW}`, `optimizer: {name: adamw}`.
    if (word.startsWith('optim')) for (const inner of ['_target_', 'name', 'type', 'class_path']) tellInner(job, value, inner);
    if (word === 'model') for (const inner of ['name', 'arch', 'backbone', '_target_']) tellModelInner(job, value, inner);
  }
}

function tellInner(job: ConfigJob, node: Node, key: string): void {
  const inner = node.entries?.get(key);
  tellOptimizer(job, inner, textOf(inner)?.split('.').at(-1));
}

function tellModelInner(job: ConfigJob, node: Node, key: string): void {
  const inner = node.entries?.get(key);
  const name = key === '_target_' ? textOf(inner)?.split('.').at(-1) : textOf(inner);
  if (inner !== undefined && name !== undefined && findModel(name) !== undefined) tell(job, 'model', findModel(name), inner);
}

function namesIn(node: Node, depth = 0): readonly string[] {
  if (depth > maxDepth) return [];
  return [...(node.entries ?? [])].flatMap(([key, value]) => (elsewhere.test(key) ? [] : [key.toLowerCase(), ...namesIn(value, depth + 1)]));
}
