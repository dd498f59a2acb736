/** LLM Foundry on Composer: durations carry their unit, and the accumulation is what the batches leave over. */
import { modelFromDims } from '../../catalogue/modelDims.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, has, type Node, numberOf, textOf } from './node.ts';
import { tellFsdp } from './sharding.ts';

export const llmFoundry: ConfigFamily = {
  recognises: ({ root }) => has(root, 'max_duration') && has(root, 'global_train_batch_size', 'train_loader', 'device_train_microbatch_size'),
  read(job) {
    const { root } = job;
    tell(job, 'stack', 'llm-foundry', at(root, 'max_duration'));
    tellNumber(job, 'globalBatch', at(root, 'global_train_batch_size'));
    tellNumber(job, 'microBatch', at(root, 'device_train_microbatch_size'));
    tellNumber(job, 'seqLen', firstAt(root, 'max_seq_len', 'variables.max_seq_len', 'model.max_seq_len'));
    tellPrecision(job, at(root, 'precision'));
    tellOptimizer(job, at(root, 'optimizer.name'));
    readModel(job);
    readDuration(job);
    readFsdp(job);
    readData(job);
    const saving = inUnit(at(root, 'save_interval'));
    if (saving?.unit === 'ba') tell(job, 'checkpointEvery', saving.amount, at(root, 'save_interval'));
    tellDefault(job, 'checkpointing', false);
    tellDefault(job, 'method', 'full');
    tellDefault(job, 'compile', false);
  },
};

function readModel(job: ConfigJob): void {
  const { root } = job;
  const pretrained = at(root, 'model.pretrained_model_name_or_path');
  const rank = at(root, 'model.peft_config.r');
  if (pretrained !== undefined) tellModel(job, pretrained);
  if (rank !== undefined && tellNumber(job, 'loraRank', rank)) tell(job, 'method', 'lora', rank);
  const word = (key: string) => numberOf(at(root, `model.${key}`));
  const [layers, hidden, heads, vocab] = [word('n_layers'), word('d_model'), word('n_heads'), word('vocab_size')];
  if (pretrained !== undefined || layers === undefined || hidden === undefined || heads === undefined || vocab === undefined) return;
  const family = textOf(at(root, 'model.name'))?.split('_')[0]?.toUpperCase() ?? 'Model';
  const model = modelFromDims({ name: `${family} ${layers} × ${hidden}`, layers, hidden, heads, vocab, ffn: (word('expansion_ratio') ?? 4) * hidden });
  if (tell(job, 'model', model, at(root, 'model.d_model'), { certainty: 'derived', note: `${layers} layers, ${hidden} wide` })) tellDefault(job, 'task', 'language');
}

interface Duration {
  readonly amount: number;
  readonly unit: string;
}

/** `24800ba`, `1ep`, `26e9tok`; a bare number counts epochs. */
function inUnit(node: Node | undefined): Duration | undefined {
  const bare = numberOf(node);
  if (bare !== undefined) return { amount: bare, unit: 'ep' };
  const [, digits, unit] = /^([\d._]+(?:e[+-]?\d+)?)\s*(ba|ep|tok|sp)$/i.exec(textOf(node) ?? '') ?? [];
  const amount = Number(digits?.replaceAll('_', ''));
  return unit === undefined || !(amount > 0) || !Number.isFinite(amount) ? undefined : { amount, unit: unit.toLowerCase() };
}

function readDuration(job: ConfigJob): void {
  const node = at(job.root, 'max_duration');
  const lasts = inUnit(node);
  if (lasts === undefined) return;
  const { amount, unit } = lasts;
  const batch = job.draft.get('globalBatch');
  const length = job.draft.get('seqLen');
  const perStep = unit === 'sp' ? batch : batch === undefined || length === undefined ? undefined : batch * length;
  if (unit === 'ba') tell(job, 'steps', Math.round(amount), node, { note: textOf(node) ?? '' });
  else if (unit === 'ep') tell(job, 'epochs', amount, node, { note: String(node?.value) });
  else if (perStep !== undefined) tell(job, 'steps', Math.max(1, Math.ceil(amount / perStep)), node, { certainty: 'derived', note: textOf(node) ?? '' });
}

function readFsdp(job: ConfigJob): void {
  const details = firstAt(job.root, 'fsdp_config', 'parallelism_config.fsdp');
  tellFsdp(job, undefined, details);
  tellFlag(job, 'checkpointing', at(details, 'activation_checkpointing'));
}

function readData(job: ConfigJob): void {
  const dataset = at(job.root, 'train_loader.dataset');
  const node = firstAt(dataset, 'hf_name', 'remote', 'local');
  const name = textOf(node);
  const split = textOf(at(dataset, 'split'));
  if (node !== undefined && name !== undefined) tellDatasets(job, [{ node, name, ...(split === undefined ? {} : { split }) }]);
  // Text streams are cut into full sequences; instruction sets are padded unless a ratio says otherwise.
  if (textOf(at(job.root, 'train_loader.name')) === 'text') tellDefault(job, 'packing', true);
  const ratio = at(dataset, 'packing_ratio');
  if (ratio !== undefined && ratio.value !== null) tell(job, 'packing', true, ratio);
  tellDefault(job, 'packing', false);
}
