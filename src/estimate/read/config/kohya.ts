/** kohya's sd-scripts: a TOML of options, and a TOML that lists folders of images. Epochs override steps. */
import { tellAdapter, tellRank } from './adapters.ts';
import { companionOf } from './companion.ts';
import { sideOf, tellSide } from './imageSize.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, flagOf, has, type Node, numberOf, textOf } from './node.ts';

/** The script reads options whatever section they stand in. */
function flat(root: Node): Node {
  const entries = [...(root.entries ?? [])].flatMap(([key, value]): [string, Node][] => (value.entries === undefined ? [[key, value]] : [...value.entries]));
  return { line: root.line, file: root.file, entries: new Map(entries) };
}

const listsImages = (root: Node): boolean => at(root, 'datasets')?.items?.some((set) => has(set, 'subsets')) === true;

export const kohya: ConfigFamily = {
  recognises: ({ root }) => listsImages(root)
    || (has(flat(root), 'pretrained_model_name_or_path') && has(flat(root), 'network_module', 'network_dim', 'max_train_epochs', 'train_data_dir', 'dataset_config', 'optimizer_type')),
  read(job) {
    if (listsImages(job.root)) readImages(job, job.root);
    else readOptions(job, flat(job.root));
  },
};

function readOptions(job: ConfigJob, root: Node): void {
  const model = at(root, 'pretrained_model_name_or_path');
  tell(job, 'stack', 'kohya', model);
  tell(job, 'task', 'diffusion', model);
  tellModel(job, model);
  tellNumber(job, 'microBatch', at(root, 'train_batch_size'));
  tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
  tellFlag(job, 'checkpointing', at(root, 'gradient_checkpointing'));
  tellOptimizer(job, at(root, 'optimizer_type'));
  if (flagOf(at(root, 'use_8bit_adam')) === true) tell(job, 'optimizer', 'adamw-8bit', at(root, 'use_8bit_adam'));
  tellPrecision(job, at(root, 'mixed_precision'));
  tellSide(job, sideOf(at(root, 'resolution')), at(root, 'resolution'));
  const folder = at(root, 'train_data_dir');
  tell(job, 'dataset', textOf(folder), folder);
  tellNumber(job, 'checkpointEvery', at(root, 'save_every_n_steps'));
  readMethod(job, root);
  const images = companionOf(job, at(root, 'dataset_config'));
  if (images !== undefined) readImages(job, images);
  readLength(job, root);
  tellDefault(job, 'microBatch', 1);
  tellDefault(job, 'accumulation', 1);
  tellDefault(job, 'optimizer', 'adamw');
  tellDefault(job, 'precision', 'fp32');
  tellDefault(job, 'checkpointing', false);
  tellDefault(job, 'compile', false);
}

function readMethod(job: ConfigJob, root: Node): void {
  const network = at(root, 'network_module');
  const eight = at(root, 'fp8_base');
  if (network === undefined) return tellDefault(job, 'method', 'full');
  tellRank(job, at(root, 'network_dim'));
  tellDefault(job, 'loraRank', 4);
  tellAdapter(job, network, flagOf(eight) === true ? eight : undefined, flagOf(eight) === true ? 'fp8' : undefined);
}

function readLength(job: ConfigJob, root: Node): void {
  if (tellNumber(job, 'epochs', at(root, 'max_train_epochs'), { note: 'epochs override steps' })) {
    // Steps of a weaker source would still win over epochs in the workload.
    if (job.draft.fact('steps')?.source === 'default' || job.draft.fact('steps')?.source === 'config') job.draft.drop('steps');
    return;
  }
  tellNumber(job, 'steps', at(root, 'max_train_steps'));
  if (job.draft.get('epochs') === undefined) tellDefault(job, 'steps', 1600);
}

/** A set's batch size and resolution stand on it, or once for all of them under `general`. */
function readImages(job: ConfigJob, root: Node): void {
  const sets = at(root, 'datasets')?.items ?? [];
  const [first] = sets;
  const batch = at(first, 'batch_size') ?? at(root, 'general.batch_size');
  const size = at(first, 'resolution') ?? at(root, 'general.resolution');
  tell(job, 'stack', 'kohya', at(root, 'datasets'));
  tell(job, 'task', 'diffusion', at(root, 'datasets'));
  tellNumber(job, 'microBatch', batch);
  tellSide(job, sideOf(size), size);
  const folders = sets.flatMap((set) => at(set, 'subsets')?.items ?? []).flatMap((subset) => firstAt(subset, 'image_dir', 'metadata_file') ?? []);
  const [folder] = folders;
  tell(job, 'dataset', folders.map(textOf).filter((path) => path !== undefined).join(', ').slice(0, 300) || undefined, folder, repeatsNote(sets));
  tellDefault(job, 'microBatch', 1);
}

function repeatsNote(sets: readonly Node[]): { readonly note?: string } {
  const repeats = sets.flatMap((set) => at(set, 'subsets')?.items ?? []).map((subset) => numberOf(at(subset, 'num_repeats')) ?? 1);
  return repeats.some((count) => count !== 1) ? { note: `repeats ${repeats.join(', ')}` } : {};
}
