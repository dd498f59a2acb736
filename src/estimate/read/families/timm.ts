/** timm's train.py. */
import { findModel } from '../../catalogue/models.ts';
import { lastPart, placeOfFact, scalarOf } from '../python/value.ts';
import { putDefault, putNumber } from '../reader.ts';
import { applyTable, dataset, flag, isTrue, model, number, optimizer, precision, precisionFlag, type Table } from '../table.ts';
import { at, type FlagFamily, otherwise } from './flagFamily.ts';

const timmKeys: Table = {
  model,
  dataset,
  batch_size: number('microBatch'),
  b: number('microBatch'),
  grad_accum_steps: number('accumulation'),
  epochs: number('epochs'),
  img_size: number('resolution'),
  input_size: (reader, value) => putNumber(reader, 'resolution', value.kind === 'list' ? value.items.at(-1) : value),
  amp: precisionFlag('fp16'),
  amp_dtype: (reader, value, all) => { if (isTrue(all.get('amp'))) precision(reader, value, all); },
  opt: optimizer,
  grad_checkpointing: flag('checkpointing'),
  torchcompile: (reader, value) => { if (scalarOf(value) !== null) reader.draft.set('compile', true, placeOfFact(value.at)); },
};

export const timm: FlagFamily = {
  is: (script, flags, program) => {
    if (script.endsWith('distributed_train.sh')) return true;
    if (program === undefined) return /(^|\/)train\.py$/.test(script) && flags.has('model') && ['opt', 'sched', 'amp', 'model_ema', 'mixup'].some((key) => flags.has(key));
    return flags.has('model') && flags.has('batch_size') && program.calls.some(({ callee }) => lastPart(callee) === 'create_model' && /timm|^create_model/.test(callee));
  },
  read: (reader, flags, script) => {
    at(reader, 'timm', 'vision');
    applyTable(reader, timmKeys, flags);
    // The first word behind distributed_train.sh is the number of GPUs.
    if (script.endsWith('distributed_train.sh')) putNumber(reader, 'gpus', reader.command?.positional[0]);
    const usual = findModel('resnet50');
    if (!flags.has('model') && usual) putDefault(reader, 'model', usual);
    const own = reader.draft.get('model')?.resolution;
    if (own !== undefined && reader.draft.get('resolution') === undefined) reader.draft.set('resolution', own, { source: 'table', certainty: 'stated' });
    if (!flags.has('b')) otherwise(reader, flags, 'batch_size', 'microBatch', 128);
    otherwise(reader, flags, 'grad_accum_steps', 'accumulation', 1);
    otherwise(reader, flags, 'epochs', 'epochs', 300);
    putDefault(reader, 'optimizer', 'sgd');
    putDefault(reader, 'precision', 'fp32');
  },
};
