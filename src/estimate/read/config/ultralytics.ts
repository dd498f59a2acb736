/** Ultralytics' arguments as YAML. The batch is that of all GPUs together, and hours override epochs. */
import { type ConfigFamily, type ConfigJob, tell, tellDatasets, tellDefault, tellFlag, tellModel, tellNumber, tellOptimizer } from './job.ts';
import { at, flagOf, has, numberOf, textOf } from './node.ts';

export const ultralytics: ConfigFamily = {
  recognises: ({ root }) => (has(root, 'imgsz') && has(root, 'model', 'data', 'epochs')) || (has(root, 'task') && has(root, 'mode') && has(root, 'epochs', 'batch')),
  read(job) {
    const { root } = job;
    tell(job, 'stack', 'ultralytics', at(root, 'imgsz') ?? at(root, 'task'));
    tell(job, 'task', textOf(at(root, 'task')) === 'classify' ? 'vision' : 'detection', at(root, 'task') ?? at(root, 'imgsz'));
    tellModel(job, at(root, 'model'));
    readData(job);
    if (textOf(at(root, 'mode')) === 'train' || !has(root, 'mode')) readLength(job);
    readBatch(job);
    tellNumber(job, 'resolution', at(root, 'imgsz'));
    const optimizer = at(root, 'optimizer');
    if (textOf(optimizer)?.toLowerCase() !== 'auto') tellOptimizer(job, optimizer);
    tell(job, 'precision', flagOf(at(root, 'amp')) === undefined ? undefined : flagOf(at(root, 'amp')) === true ? 'fp16' : 'fp32', at(root, 'amp'));
    tellFlag(job, 'compile', at(root, 'compile'));
    defaults(job);
  },
};

function readData(job: ConfigJob): void {
  const node = at(job.root, 'data');
  const name = textOf(node);
  const share = numberOf(at(job.root, 'fraction')) ?? 1;
  if (node !== undefined && name !== undefined) tellDatasets(job, [{ node, name, weight: share > 0 && share <= 1 ? share : 1 }]);
}

function readLength(job: ConfigJob): void {
  const hours = numberOf(at(job.root, 'time'));
  // A run that ends after so many hours has no epochs to count.
  if (hours === undefined || hours <= 0) tellNumber(job, 'epochs', at(job.root, 'epochs'));
}

/** Below one it is a share of the card's memory, and -1 the same by the framework's own choice: nobody knows the number. */
function readBatch(job: ConfigJob): void {
  const { root } = job;
  const batch = at(root, 'batch');
  const devices = textOf(at(root, 'device'))?.split(',').filter((part) => /^\s*\d+\s*$/.test(part)).length ?? at(root, 'device')?.items?.length;
  if (devices !== undefined && devices > 0) tell(job, 'gpus', devices, at(root, 'device'));
  else if (numberOf(at(root, 'device')) !== undefined) tell(job, 'gpus', 1, at(root, 'device'));
  const size = numberOf(batch);
  if (size !== undefined && size >= 1) tellNumber(job, 'globalBatch', batch, { note: 'over all GPUs' });
  else if (size === undefined) tellDefault(job, 'globalBatch', 16, 'over all GPUs');
}

function defaults(job: ConfigJob): void {
  const hours = numberOf(at(job.root, 'time'));
  if (hours === undefined || hours <= 0) tellDefault(job, 'epochs', 100);
  tellDefault(job, 'resolution', 640);
  tellDefault(job, 'precision', 'fp16', 'amp');
  tellDefault(job, 'optimizer', 'sgd', 'auto', 'assumed');
  tellDefault(job, 'accumulation', 1);
  tellDefault(job, 'method', 'full');
}
