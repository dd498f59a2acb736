/** Torchtune: dotted names of Python functions carry the model, its size and the method. */
import { tellAdapter, tellRank } from './adapters.ts';
import { findDataset } from '../../catalogue/datasets.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, flagOf, has, type Node, numberOf, textOf } from './node.ts';

export const torchtune: ConfigFamily = {
  recognises: ({ root }) => textOf(at(root, 'model._component_'))?.includes('torchtune') === true
    || textOf(at(root, 'dataset._component_'))?.includes('torchtune') === true || (has(root, 'model._component_') && has(root, 'checkpointer')),
  read(job) {
    const { root } = job;
    const component = at(root, 'model._component_');
    tell(job, 'stack', 'torchtune', component ?? at(root, 'dataset._component_'));
    tellPrecision(job, at(root, 'dtype'));
    tellNumber(job, 'microBatch', at(root, 'batch_size'));
    tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
    tellNumber(job, 'epochs', at(root, 'epochs'));
    tellNumber(job, 'seqLen', at(root, 'tokenizer.max_seq_len'));
    tellFlag(job, 'checkpointing', at(root, 'enable_activation_checkpointing'));
    tellFlag(job, 'compile', at(root, 'compile'));
    tellFlag(job, 'packing', at(root, 'dataset.packed'));
    readModel(job, component);
    readOptimizer(job);
    readData(job);
    readSteps(job);
    if (/single_device/.test(job.file.path) || textOf(at(root, 'recipe'))?.includes('single_device') === true) {
      tell(job, 'gpus', 1, root, { certainty: 'derived', note: 'single_device' });
    }
    // All its other recipes are for several GPUs, and shard.
    if (job.draft.get('gpus') !== 1) tellDefault(job, 'parallelism', 'fsdp', undefined, 'assumed');
    tellDefault(job, 'accumulation', 1);
    tellDefault(job, 'packing', false);
    tellDefault(job, 'checkpointing', false);
    tellDefault(job, 'compile', false);
    tellDefault(job, 'precision', 'fp32');
  },
};

function readModel(job: ConfigJob, component: Node | undefined): void {
  const last = textOf(component)?.split('.').at(-1);
  if (component === undefined || last === undefined) return;
  const [, prefix, name = last] = /^(q?lora|dora)_(.+)$/.exec(last) ?? [];
  const folder = at(job.root, 'checkpointer.checkpoint_dir');
  tellModel(job, component, name);
  // The folder of the weights is named after the hub's model.
  if (job.draft.get('model') === undefined && folder !== undefined) tellModel(job, folder);
  if (prefix === undefined) return void tell(job, 'method', 'full', component);
  const quantised = at(job.root, 'model.quantize_base');
  const four = prefix === 'qlora' || flagOf(quantised) === true;
  tellRank(job, at(job.root, 'model.lora_rank'));
  tellDefault(job, 'loraRank', 8);
  tellAdapter(job, component, four ? quantised ?? component : undefined, four ? 'nf4' : undefined);
}

/** Weights of a full run lie in `dtype` alone, without a copy in fp32, and so do the moments of AdamW. */
function readOptimizer(job: ConfigJob): void {
  const node = at(job.root, 'optimizer._component_');
  const told = tellOptimizer(job, node, textOf(node)?.split('.').at(-1));
  const pure = job.draft.get('precision') === 'bf16' && job.draft.get('method') === 'full' && job.draft.get('optimizer') === 'adamw';
  if (told && pure) tell(job, 'optimizer', 'adamw-bf16', node, { certainty: 'derived', note: 'weights and moments in bf16' });
}

function readData(job: ConfigJob): void {
  const component = at(job.root, 'dataset._component_');
  const named = at(job.root, 'dataset.source');
  // `json` names a reader of files, not a set.
  const source = /^(?:json|csv|text|parquet)$/.test(textOf(named) ?? '') ? at(job.root, 'dataset.data_files') : named;
  const built = textOf(component)?.split('.').at(-1)?.replace(/_dataset$/, '');
  const subset = textOf(at(job.root, 'dataset.name')) ?? textOf(at(job.root, 'dataset.subset'));
  const split = textOf(at(job.root, 'dataset.split'));
  const name = textOf(source) ?? (built !== undefined && findDataset(built) !== undefined ? built : undefined);
  const node = source ?? component;
  if (node === undefined || name === undefined) return;
  tellDatasets(job, [{ node, name, ...(subset === undefined ? {} : { subset }), ...(split === undefined ? {} : { split }) }]);
}

function readSteps(job: ConfigJob): void {
  const node = at(job.root, 'max_steps_per_epoch');
  const perEpoch = numberOf(node);
  const epochs = job.draft.get('epochs') ?? 1;
  if (perEpoch !== undefined && perEpoch > 0) tell(job, 'steps', Math.round(perEpoch * epochs), node, { certainty: 'derived', note: `${perEpoch} per epoch` });
}
