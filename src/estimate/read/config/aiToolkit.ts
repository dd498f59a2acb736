/** ai-toolkit: one process of a job, with sample images that can cost more than the training between them. */
import { tellAdapter, tellRank } from './adapters.ts';
import { tellBuckets } from './imageSize.ts';
import { type ConfigFamily, type ConfigJob, tell, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer, tellPrecision } from './job.ts';
import { at, firstAt, flagOf, type Node, numberOf, textOf } from './node.ts';

const processOf = (root: Node): Node | undefined => at(root, 'config.process')?.items?.[0];

export const aiToolkit: ConfigFamily = {
  recognises: ({ root }) => at(processOf(root), 'train') !== undefined && at(processOf(root), 'model') !== undefined,
  read(job) {
    const process = processOf(job.root);
    const model = at(process, 'model.name_or_path');
    tell(job, 'stack', 'ai-toolkit', process);
    tell(job, 'task', 'diffusion', process);
    tellModel(job, model);
    tellNumber(job, 'microBatch', at(process, 'train.batch_size'));
    tellNumber(job, 'accumulation', firstAt(process, 'train.gradient_accumulation_steps', 'train.gradient_accumulation'));
    tellNumber(job, 'steps', at(process, 'train.steps'));
    tellFlag(job, 'checkpointing', at(process, 'train.gradient_checkpointing'));
    tellOptimizer(job, at(process, 'train.optimizer'));
    tellPrecision(job, at(process, 'train.dtype'));
    tellNumber(job, 'checkpointEvery', at(process, 'save.save_every'));
    tellBuckets(job, (at(process, 'datasets')?.items ?? []).flatMap((set) => at(set, 'resolution') ?? []));
    const folder = at(process, 'datasets')?.items?.map((set) => at(set, 'folder_path')).find((path) => textOf(path) !== undefined);
    tell(job, 'dataset', textOf(folder), folder);
    readMethod(job, process);
    defaults(job);
    readSamples(job, process);
  },
};

function readMethod(job: ConfigJob, process: Node | undefined): void {
  const network = at(process, 'network');
  const quantised = at(process, 'model.quantize');
  const eight = flagOf(quantised) === true;
  if (network === undefined) return void tellDefault(job, 'method', 'full');
  tellRank(job, firstAt(network, 'linear', 'rank'));
  tellAdapter(job, at(network, 'type') ?? network, eight ? quantised : undefined, eight ? 'int8' : undefined);
}

function defaults(job: ConfigJob): void {
  tellDefault(job, 'microBatch', 1);
  tellDefault(job, 'accumulation', 1);
  tellDefault(job, 'steps', 1000);
  tellDefault(job, 'checkpointing', true);
  tellDefault(job, 'gpus', 1);
  tellDefault(job, 'compile', false);
}

/** Forward passes of the sample images, in passes of one training batch: larger images count for more. */
function readSamples(job: ConfigJob, process: Node | undefined): void {
  const every = at(process, 'sample.sample_every');
  const prompts = at(process, 'sample.prompts')?.items?.length ?? at(process, 'sample.samples')?.items?.length ?? 0;
  const between = numberOf(every);
  const steps = job.draft.get('steps');
  const disabled = flagOf(at(process, 'train.disable_sampling')) === true;
  if (disabled || prompts === 0 || between === undefined || between < 1 || steps === undefined) return;
  const first = flagOf(at(process, 'train.skip_first_sample')) === true ? 0 : 1;
  const each = numberOf(at(process, 'sample.sample_steps')) ?? 20;
  const side = job.draft.get('resolution') ?? 1024;
  const pixels = (numberOf(at(process, 'sample.width')) ?? 1024) * (numberOf(at(process, 'sample.height')) ?? 1024);
  const scale = pixels / (side * side) / (job.draft.get('microBatch') ?? 1);
  const passes = Math.round((Math.floor(steps / between) + first) * prompts * each * scale);
  if (passes > 0) tell(job, 'evalPasses', passes, every, { certainty: 'derived', note: `${prompts} images × ${each} steps` });
}
