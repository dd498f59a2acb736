/** SimpleTuner: a JSON of options, with or without their dashes, and a second one that describes the data. */
import { tellAdapter, tellRank } from './adapters.ts';
import { companionOf } from './companion.ts';
import { tellEvaluation } from './evaluation.ts';
import { sideOf, tellBuckets, tellSide } from './imageSize.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, type Node, numberOf, textOf } from './node.ts';

const plain = (root: Node): Node => ({ ...root, entries: new Map([...(root.entries ?? [])].map(([key, value]) => [key.replace(/^--/, ''), value])) });

export const simpleTuner: ConfigFamily = {
  recognises: ({ root }) => firstAt(plain(root), 'data_backend_config', 'multidatabackend') !== undefined
    || (firstAt(plain(root), 'model_family') !== undefined && firstAt(plain(root), 'model_type', 'max_train_steps') !== undefined),
  read(job) {
    const root = plain(job.root);
    const family = at(root, 'model_family');
    tell(job, 'stack', 'simpletuner', family ?? job.root);
    tell(job, 'task', 'diffusion', family ?? job.root);
    readModel(job, root, family);
    tellPrecision(job, at(root, 'mixed_precision'));
    tellNumber(job, 'microBatch', at(root, 'train_batch_size'));
    tellNumber(job, 'accumulation', at(root, 'gradient_accumulation_steps'));
    tellNumber(job, 'steps', at(root, 'max_train_steps'));
    tellNumber(job, 'epochs', at(root, 'num_train_epochs'));
    tellFlag(job, 'checkpointing', at(root, 'gradient_checkpointing'));
    tellOptimizer(job, at(root, 'optimizer'));
    tellNumber(job, 'checkpointEvery', firstAt(root, 'checkpoint_step_interval', 'checkpointing_steps'));
    tellNumber(job, 'gpus', at(root, 'num_processes'));
    readMethod(job, root);
    tellArea(job, at(root, 'resolution'), textOf(at(root, 'resolution_type')));
    readBackends(job, companionOf(job, firstAt(root, 'data_backend_config', 'multidatabackend')));
    tellDefault(job, 'accumulation', 1);
    tellDefault(job, 'precision', 'bf16');
    tellDefault(job, 'compile', false);
    readValidation(job, root);
  },
};

/** What a family means where no checkpoint is named. */
const families: Readonly<Record<string, string>> = {
  flux: 'FLUX.1-dev', sdxl: 'sdxl', sd3: 'sd3-medium', sd1x: 'sd-1.5', sd2x: 'sd-2.1', pixart_sigma: 'pixart-sigma', kolors: 'kolors', auraflow: 'auraflow',
  ltxvideo: 'ltxvideo', lumina2: 'lumina2', qwen_image: 'qwen-image', chroma: 'chroma', hidream: 'hidream-i1', z_image: 'z-image',
};

function readModel(job: ConfigJob, root: Node, family: Node | undefined): void {
  const named = at(root, 'pretrained_model_name_or_path');
  if (textOf(named) !== undefined) return void tellModel(job, named);
  const word = textOf(family)?.toLowerCase();
  const usual = word !== undefined && Object.hasOwn(families, word) ? families[word] : word;
  if (tellModel(job, family, usual)) tell(job, 'model', job.draft.get('model'), family, { certainty: 'derived', note: 'the usual one of its family' });
}

function readMethod(job: ConfigJob, root: Node): void {
  const kind = at(root, 'model_type');
  const base = at(root, 'base_model_precision');
  const word = textOf(base) ?? '';
  const width = word.startsWith('int8') ? 'int8' : /nf4|int4/.test(word) ? 'nf4' : word.startsWith('fp8') ? 'fp8' : undefined;
  if (textOf(kind) === 'full') return void tell(job, 'method', 'full', kind);
  if (kind === undefined) return;
  tellRank(job, at(root, 'lora_rank'));
  tellDefault(job, 'loraRank', 16);
  tellAdapter(job, kind, width === undefined ? undefined : base, width);
}

/** One image of the prompt each time, in passes of one training batch: larger images count for more. */
function readValidation(job: ConfigJob, root: Node): void {
  const node = firstAt(root, 'validation_step_interval', 'validation_steps');
  const every = numberOf(node);
  const steps = job.draft.get('steps');
  const each = numberOf(at(root, 'validation_num_inference_steps'));
  const side = sideOf(at(root, 'validation_resolution'));
  const trained = job.draft.get('resolution');
  if (every === undefined || every < 1 || steps === undefined || each === undefined || side === undefined || trained === undefined) return;
  tellEvaluation(job, node, steps / every, (each * side * side) / (trained * trained), `every ${every} steps`);
}

/** `area` counts megapixels, and so does any number too small for a side. */
function tellArea(job: ConfigJob, node: Node | undefined, kind: string | undefined): void {
  const size = numberOf(node);
  if (size === undefined || size <= 0) return;
  const megapixels = kind === 'area' || size < 16;
  tellSide(job, megapixels ? Math.round(Math.sqrt(size * 1e6)) : Math.round(size), node, megapixels ? `${size} megapixels` : undefined);
}

/** The data file's own resolution is the one that is trained at. Caches of text embeddings are backends too. */
function readBackends(job: ConfigJob, root: Node | undefined): void {
  const sets = (root?.items ?? []).filter((backend) => !/embeds?$/.test(textOf(at(backend, 'dataset_type')) ?? '') && at(backend, 'disabled')?.value !== true);
  const pixels = sets.filter((backend) => textOf(at(backend, 'resolution_type'))?.startsWith('pixel') === true && (numberOf(at(backend, 'resolution')) ?? 0) >= 16);
  if (pixels.length > 0) tellBuckets(job, pixels.flatMap((backend) => at(backend, 'resolution') ?? []));
  else for (const backend of sets) tellArea(job, at(backend, 'resolution'), textOf(at(backend, 'resolution_type')));
  const name = sets.map((backend) => firstAt(backend, 'dataset_name', 'instance_data_dir')).find((node) => textOf(node) !== undefined);
  tell(job, 'dataset', textOf(name), name);
}
