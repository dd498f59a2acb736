/** Lightning's command line: a YAML whose `trainer` holds the Trainer's own arguments. NeMo writes the same way. */
import { findModel } from '../../catalogue/models.ts';
import { modelFromDims } from '../../catalogue/modelDims.ts';
import type { Parallelism } from '../../workload.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDefault, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, has, type Node, numberOf, textOf } from './node.ts';

export const lightning: ConfigFamily = {
  recognises: ({ root }) => trainerOf(root) !== undefined,
  read(job) {
    const root = at(job.root, 'fit') ?? job.root;
    const trainer = trainerOf(job.root);
    tell(job, 'stack', 'lightning', trainer);
    tellNumber(job, 'steps', at(trainer, 'max_steps'));
    tellNumber(job, 'epochs', at(trainer, 'max_epochs'));
    tellNumber(job, 'accumulation', at(trainer, 'accumulate_grad_batches'));
    tellPrecision(job, at(trainer, 'precision'));
    readDevices(job, trainer);
    readStrategy(job, at(trainer, 'strategy.class_path') ?? at(trainer, 'strategy'));
    tellNumber(job, 'microBatch', firstAt(root, 'data.init_args.batch_size', 'data.batch_size', 'datamodule.batch_size', 'model.init_args.batch_size', 'model.micro_batch_size', 'data.micro_batch_size'));
    tellNumber(job, 'globalBatch', firstAt(root, 'model.global_batch_size', 'data.global_batch_size'));
    tellNumber(job, 'seqLen', firstAt(root, 'data.init_args.max_length', 'data.init_args.block_size', 'data.init_args.max_seq_length', 'data.seq_length', 'model.encoder_seq_length'));
    tellNumber(job, 'resolution', firstAt(root, 'data.init_args.image_size', 'data.init_args.img_size', 'data.image_size'));
    const optimizer = firstAt(root, 'optimizer.class_path', 'optimizer._target_', 'model.init_args.optimizer', 'model.optimizer._target_', 'model.optim.name');
    tellOptimizer(job, optimizer, textOf(optimizer)?.split('.').at(-1));
    readModel(job, at(root, 'model'));
    readNemo(job, at(root, 'model'));
    defaults(job);
  },
};

const arguments_ = ['max_epochs', 'max_steps', 'devices', 'accelerator', 'precision', 'strategy', 'accumulate_grad_batches'];

function trainerOf(root: Node): Node | undefined {
  const trainer = at(root, 'fit.trainer') ?? at(root, 'trainer');
  return trainer?.entries !== undefined && has(trainer, ...arguments_) ? trainer : undefined;
}

/** `auto` and -1 take what the machine has. A list names devices one by one, and text the same with commas. */
function readDevices(job: ConfigJob, trainer: Node | undefined): void {
  const devices = firstAt(trainer, 'devices', 'gpus');
  const listed = devices?.items?.length ?? (textOf(devices)?.includes(',') === true ? textOf(devices)?.split(',').filter((part) => part.trim() !== '').length : undefined);
  const each = listed ?? numberOf(devices);
  const nodes = numberOf(at(trainer, 'num_nodes')) ?? 1;
  if (textOf(at(trainer, 'accelerator')) === 'cpu' || each === undefined || each < 1) return;
  tell(job, 'gpus', each * nodes, devices, nodes === 1 ? {} : { certainty: 'derived', note: `${each} × ${nodes}` });
}

function readStrategy(job: ConfigJob, node: Node | undefined): void {
  const word = textOf(node)?.toLowerCase() ?? '';
  const stage = /deepspeed.*?([123])/.exec(word)?.[1];
  const found: Parallelism | undefined = stage !== undefined ? ({ 1: 'zero1', 2: 'zero2', 3: 'zero3' } as const)[Number(stage)]
    : word.includes('fsdp') ? 'fsdp' : word.includes('ddp') ? 'ddp' : undefined;
  tell(job, 'parallelism', found, node);
}

/** Any value of the model's arguments that is the name of a published one; its class may be one too. */
function readModel(job: ConfigJob, model: Node | undefined): void {
  const args = at(model, 'init_args') ?? model;
  const named = [...(args?.entries ?? [])].filter(([key]) => /name|arch|backbone|checkpoint|model|pretrained|encoder/i.test(key)).map(([, value]) => value);
  const node = named.find((value) => findModel(textOf(value) ?? '') !== undefined);
  if (node !== undefined) return void tellModel(job, node);
  const path = firstAt(model, 'class_path', '_target_');
  const last = textOf(path)?.split('.').at(-1);
  if (last !== undefined && findModel(last) !== undefined) tellModel(job, path, last);
}

/** NeMo states the dimensions of what it builds, and how a layer is spread over GPUs. */
function readNemo(job: ConfigJob, model: Node | undefined): void {
  const spread = at(model, 'tensor_model_parallel_size');
  if (spread === undefined) return;
  tell(job, 'stack', 'nemo', spread);
  if ((numberOf(spread) ?? 1) > 1) tell(job, 'parallelism', 'tensor', spread);
  const stated = (key: string): number | undefined => numberOf(at(model, key));
  const [layers, hidden, heads, ffn, kvHeads, vocab] = ['num_layers', 'hidden_size', 'num_attention_heads', 'ffn_hidden_size', 'num_query_groups', 'vocab_size'].map(stated);
  if (layers === undefined || hidden === undefined || heads === undefined || vocab === undefined) return;
  const gated = /glu/i.test(textOf(at(model, 'activation')) ?? '');
  const tiedEmbeddings = at(model, 'share_embeddings_and_output_weights')?.value !== false;
  const built = modelFromDims({ layers, hidden, heads, vocab, gated, tiedEmbeddings, ...(ffn === undefined ? {} : { ffn }), ...(kvHeads === undefined ? {} : { kvHeads }) });
  if (tell(job, 'model', built, at(model, 'hidden_size'), { certainty: 'derived' })) tellDefault(job, 'task', 'language');
}

function defaults(job: ConfigJob): void {
  tellDefault(job, 'accumulation', 1);
  if (job.draft.get('steps') === undefined) tellDefault(job, 'epochs', 1000);
  tellDefault(job, 'precision', 'fp32', '32-true');
  tellDefault(job, 'checkpointing', false);
  tellDefault(job, 'compile', false);
}
