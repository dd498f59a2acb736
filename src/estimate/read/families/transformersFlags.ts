/** Flags of TrainingArguments, where the script that takes them is not there: LLaVA and many others. */
import { applyTable } from '../table.ts';
import { at, type FlagFamily, isOpen, otherwise } from './flagFamily.ts';
import { defaults } from './huggingFace.ts';
import { huggingFaceKeys } from './huggingFaceKeys.ts';

export const transformersFlags: FlagFamily = {
  is: (_script, flags, program) => program === undefined && (flags.has('per_device_train_batch_size') || flags.has('num_train_epochs')),
  read: (reader, flags) => {
    at(reader, 'hf', flags.has('vision_tower') ? 'vision-language' : undefined);
    applyTable(reader, huggingFaceKeys, flags);
    if (reader.draft.get('steps') === undefined && !isOpen(flags, 'max_steps')) otherwise(reader, flags, 'num_train_epochs', 'epochs', 3);
    defaults(reader, (key) => isOpen(flags, key));
  },
};
