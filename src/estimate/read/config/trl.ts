/** TRL's YAML and the alignment handbook's, which is the same with a mixture of data sets. */
import { loadedBits, tellAdapter, tellRank } from './adapters.ts';
import { tellEvaluation } from './evaluation.ts';
import { type ConfigFamily, type ConfigJob, type DatasetPart, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber } from './job.ts';
import { at, firstAt, flagOf, has, type Node, numberOf, textOf } from './node.ts';
import { readTrainerArguments, trainerDefaults } from './trainerArguments.ts';

export const trl: ConfigFamily = {
  recognises: ({ root }) => has(root, 'model_name_or_path', 'model_id') && has(root, 'per_device_train_batch_size', 'num_train_epochs', 'max_steps', 'dataset_name', 'dataset_mixer', 'dataset_mixture'),
  read(job) {
    const { root } = job;
    tell(job, 'stack', 'hf', at(root, 'model_name_or_path') ?? at(root, 'model_id'));
    tellModel(job, firstAt(root, 'model_name_or_path', 'model_id'));
    readTrainerArguments(job);
    tellFlag(job, 'packing', at(root, 'packing'));
    tellNumber(job, 'seqLen', firstAt(root, 'max_seq_length', 'max_length'));
    const bits = loadedBits(root);
    const adapter = at(root, 'use_peft');
    if (flagOf(adapter) === true) {
      tellRank(job, at(root, 'lora_r'));
      tellDefault(job, 'loraRank', 16);
    }
    tellAdapter(job, flagOf(adapter) === true ? adapter : undefined, bits?.node, bits?.width);
    tellDatasets(job, datasetsOf(root), heldOut(root));
    tellDefault(job, 'packing', false);
    if (job.draft.get('method') === undefined) tellDefault(job, 'method', 'full');
    trainerDefaults(job);
    if (textOf(at(root, 'eval_strategy') ?? at(root, 'evaluation_strategy')) === 'epoch') {
      tellEvaluation(job, at(root, 'eval_strategy') ?? at(root, 'evaluation_strategy'), job.draft.get('epochs'), heldOut(root), 'every epoch');
    }
  },
};

function datasetsOf(root: Node): readonly DatasetPart[] {
  const mixture = at(root, 'dataset_mixture.datasets')?.items;
  if (mixture !== undefined) return mixture.flatMap((node) => partOf(node) ?? []);
  const mixer = at(root, 'dataset_mixer')?.entries;
  if (mixer !== undefined) return mixedSplits(root, mixer);
  const name = firstAt(root, 'dataset_name', 'dataset_id_or_path');
  const written = textOf(name);
  if (name === undefined || written === undefined) return [];
  return [{ node: name, name: written, ...texts({ subset: firstAt(root, 'dataset_config', 'dataset_config_name'), split: firstAt(root, 'dataset_train_split', 'dataset_split') }) }];
}

function partOf(node: Node): DatasetPart | undefined {
  const name = textOf(firstAt(node, 'id', 'path', 'name'));
  if (name === undefined) return undefined;
  const weight = numberOf(at(node, 'weight'));
  return { node, name, ...texts({ subset: firstAt(node, 'config'), split: at(node, 'split') }), ...(weight === undefined ? {} : { weight }) };
}

/** Splits with `train` in their name are trained on; the others are for evaluation. */
function mixedSplits(root: Node, mixer: ReadonlyMap<string, Node>): readonly DatasetPart[] {
  const splits = (at(root, 'dataset_splits')?.items ?? []).map(textOf).filter((split) => split?.includes('train') === true);
  return [...mixer].flatMap(([name, node]) => {
    const part = { node, name, weight: numberOf(node) ?? 1 };
    return splits.length === 0 ? [part] : splits.map((split) => ({ ...part, split: split ?? 'train' }));
  });
}

const heldOut = (root: Node): number => numberOf(at(root, 'dataset_mixture.test_split_size')) ?? 0;

function texts(nodes: { readonly subset: Node | undefined; readonly split: Node | undefined }): { readonly subset?: string; readonly split?: string } {
  const subset = textOf(nodes.subset);
  const split = textOf(nodes.split);
  return { ...(subset === undefined ? {} : { subset }), ...(split === undefined ? {} : { split }) };
}

/** Settings of the trainer alone, without a model: what `--config` or a script adds the rest to. */
export const trainerOnly: ConfigFamily = {
  recognises: ({ root }) => has(root, 'per_device_train_batch_size') || (has(root, 'gradient_accumulation_steps', 'num_train_epochs') && has(root, 'learning_rate')),
  read: (job: ConfigJob) => readTrainerArguments(job),
};
