/** LitGPT: a global and a micro batch, from which the accumulation follows once the number of GPUs is known. */
import { tellAdapter, tellRank } from './adapters.ts';
import { stepsOf, tellEvaluation } from './evaluation.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellDefault, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, flagOf, has, numberOf, textOf } from './node.ts';

export const litgpt: ConfigFamily = {
  recognises: ({ root }) => has(root, 'checkpoint_dir', 'model_name') && has(root, 'train.global_batch_size', 'train.micro_batch_size', 'train.max_tokens'),
  read(job) {
    const { root } = job;
    const model = firstAt(root, 'model_name', 'checkpoint_dir');
    tell(job, 'stack', 'litgpt', model);
    tellModel(job, model);
    tellPrecision(job, at(root, 'precision'));
    tellNumber(job, 'globalBatch', at(root, 'train.global_batch_size'));
    tellNumber(job, 'microBatch', at(root, 'train.micro_batch_size'));
    tellNumber(job, 'epochs', at(root, 'train.epochs'));
    tellNumber(job, 'steps', at(root, 'train.max_steps'));
    tellNumber(job, 'seqLen', at(root, 'train.max_seq_length'));
    tellNumber(job, 'checkpointEvery', at(root, 'train.save_interval'));
    const optimizer = firstAt(root, 'optimizer.class_path', 'optimizer');
    tellOptimizer(job, optimizer, textOf(optimizer)?.split('.').at(-1));
    readMethod(job);
    readGpus(job);
    readData(job);
    readTokens(job);
    tellDefault(job, 'optimizer', 'adamw');
    tellDefault(job, 'packing', false);
    tellDefault(job, 'checkpointing', false);
    readEvaluation(job);
  },
};

function readMethod(job: ConfigJob): void {
  const rank = at(job.root, 'lora_r');
  const quantised = at(job.root, 'quantize');
  const word = textOf(quantised);
  const width = word === undefined ? undefined : /int8/.test(word) ? 'int8' as const : 'nf4' as const;
  if (rank === undefined) return void tellDefault(job, 'method', 'full');
  tellRank(job, rank);
  tellAdapter(job, rank, quantised, width);
}

function readGpus(job: ConfigJob): void {
  const devices = at(job.root, 'devices');
  const nodes = numberOf(at(job.root, 'num_nodes')) ?? 1;
  const each = numberOf(devices);
  if (each !== undefined && each > 0) tell(job, 'gpus', each * nodes, devices, nodes === 1 ? {} : { certainty: 'derived', note: `${each} × ${nodes}` });
  // Several devices are sharded, by the framework's own choice.
  if ((job.draft.get('gpus') ?? 1) > 1) tellDefault(job, 'parallelism', 'fsdp');
}

/** `litgpt.data.Alpaca2k` and its neighbours. */
const sets: Readonly<Record<string, string>> = {
  Alpaca: 'yahma/alpaca-cleaned', Alpaca2k: 'mhenrichsen/alpaca_2k_test', AlpacaGPT4: 'vicgalle/alpaca-gpt4', Dolly: 'databricks/databricks-dolly-15k',
  LIMA: 'GAIR/lima', OpenWebText: 'Skylion007/openwebtext', TinyStories: 'roneneldan/TinyStories',
};

function readData(job: ConfigJob): void {
  const node = firstAt(job.root, 'data.class_path', 'data');
  const name = textOf(node)?.split('.').at(-1);
  if (node === undefined || name === undefined) return;
  const heldOut = numberOf(at(job.root, 'data.init_args.val_split_fraction')) ?? 0;
  tellDatasets(job, [{ node, name: (Object.hasOwn(sets, name) ? sets[name] : undefined) ?? name }], heldOut);
}

/** At most `max_iters` batches each time, and no more than were held out. */
function readEvaluation(job: ConfigJob): void {
  const node = at(job.root, 'eval.interval');
  const steps = stepsOf(job);
  const every = numberOf(node);
  const iterations = numberOf(at(job.root, 'eval.max_iters'));
  const micro = job.draft.get('microBatch');
  if (steps === undefined || every === undefined || every < 1 || iterations === undefined || micro === undefined) return;
  const share = numberOf(at(job.root, 'data.init_args.val_split_fraction')) ?? 0;
  const held = share > 0 && share < 1 ? ((job.draft.get('samples') ?? Infinity) * share) / (1 - share) : Infinity;
  tellEvaluation(job, node, steps / every, Math.min(iterations * micro, held), `every ${every} steps`);
}

/** Pretraining stops after so many tokens. */
function readTokens(job: ConfigJob): void {
  const node = at(job.root, 'train.max_tokens');
  const tokens = numberOf(node);
  const batch = job.draft.get('globalBatch');
  const length = job.draft.get('seqLen');
  const perStep = batch !== undefined && length !== undefined ? batch * length : undefined;
  if (tokens !== undefined && perStep !== undefined && job.draft.get('steps') === undefined) {
    tell(job, 'steps', Math.max(1, Math.ceil(tokens / perStep)), node, { certainty: 'derived', note: `${tokens} tokens` });
  }
  if (tokens !== undefined && flagOf(node) === undefined) tellDefault(job, 'packing', true);
}
