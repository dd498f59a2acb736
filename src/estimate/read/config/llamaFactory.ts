/** LLaMA-Factory. Gradient checkpointing is on unless it is disabled by name, and `max_samples` counts per data set. */
import { tellAdapter, tellRank } from './adapters.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber } from './job.ts';
import { at, firstAt, flagOf, has, type Node, numberOf, textOf } from './node.ts';
import { readTrainerArguments, trainerDefaults } from './trainerArguments.ts';

export const llamaFactory: ConfigFamily = {
  recognises: ({ root }) => has(root, 'model_name_or_path') && has(root, 'finetuning_type', 'cutoff_len', 'stage', 'template'),
  read(job) {
    const { root } = job;
    const model = at(root, 'model_name_or_path');
    const fast = at(root, 'use_unsloth');
    tell(job, 'stack', 'llama-factory', model);
    if (flagOf(fast) === true) tell(job, 'stack', 'unsloth', fast);
    tellModel(job, model);
    readTrainerArguments(job);
    // Weights, gradients and moments all in bf16.
    if (flagOf(at(root, 'pure_bf16')) === true) {
      tell(job, 'precision', 'bf16', at(root, 'pure_bf16'));
      if (job.draft.get('optimizer') === undefined) tell(job, 'optimizer', 'adamw-bf16', at(root, 'pure_bf16'), { certainty: 'derived' });
    }
    tellNumber(job, 'seqLen', at(root, 'cutoff_len'));
    readMethod(job);
    readCheckpointing(job);
    tellFlag(job, 'packing', firstAt(root, 'packing', 'neat_packing'));
    tellData(job);
    if (textOf(at(root, 'flash_attn')) === 'disabled') tell(job, 'flashAttention', false, at(root, 'flash_attn'));
    tellDefault(job, 'seqLen', 2048);
    tellDefault(job, 'packing', textOf(at(root, 'stage')) === 'pt');
    trainerDefaults(job);
  },
};

function readMethod(job: ConfigJob): void {
  const { root } = job;
  const kind = at(root, 'finetuning_type');
  const word = textOf(kind) ?? 'lora';
  const bits = at(root, 'quantization_bit');
  const width = ({ 4: 'nf4', 8: 'int8' } as const)[numberOf(bits) ?? 0];
  if (word === 'lora' || word === 'oft') {
    tellRank(job, at(root, 'lora_rank'));
    tellDefault(job, 'loraRank', 8);
    tellAdapter(job, kind, bits, width);
    if (kind === undefined) tellDefault(job, 'method', width === 'nf4' ? 'qlora' : 'lora');
  } else if (word === 'full') {
    tell(job, 'method', 'full', kind);
  } else {
    // Only a few layers train; the bill of a full run is its upper end.
    tell(job, 'method', 'full', kind, { certainty: 'assumed', note: word });
  }
}

function readCheckpointing(job: ConfigJob): void {
  const disabled = at(job.root, 'disable_gradient_checkpointing');
  const off = flagOf(disabled);
  if (off !== undefined) tell(job, 'checkpointing', !off, disabled);
  tellDefault(job, 'checkpointing', true, 'unless disable_gradient_checkpointing');
}

/** Sets that come with the framework itself. */
const bundled: Readonly<Record<string, number>> = { identity: 91, alpaca_en_demo: 999, alpaca_zh_demo: 1000 };

function tellData(job: ConfigJob): void {
  const { root } = job;
  const node = at(root, 'dataset');
  const names = (textOf(node)?.split(',') ?? node?.items?.map((item) => textOf(item) ?? '') ?? []).map((name) => name.trim()).filter((name) => name !== '');
  const most = numberOf(at(root, 'max_samples'));
  const share = numberOf(at(root, 'val_size')) ?? 0;
  if (node === undefined || names.length === 0) return;
  const known = names.map((name) => (Object.hasOwn(bundled, name) ? bundled[name] : undefined));
  const bundledAlone = known.filter((samples) => samples !== undefined);
  if (bundledAlone.length < names.length) {
    return tellDatasets(job, names.map((name) => ({ node, name, ...(most === undefined ? {} : { most }) })), share);
  }
  tell(job, 'dataset', names.join(', '), node);
  const all = bundledAlone.reduce((sum, samples) => sum + Math.min(samples, most ?? Infinity), 0);
  const kept = all - (share < 1 ? Math.round(all * share) : share);
  if (kept > 0) job.draft.set('samples', kept, { source: 'table', certainty: 'derived', note: noteOf(most, node) });
}

const noteOf = (most: number | undefined, node: Node): string =>
  (most === undefined ? textOf(node) ?? '' : `at most ${most} of each`);
