/** The example scripts of diffusers. */
import { put, putDefault } from '../reader.ts';
import { adapter, applyTable, dataset, flag, isTrue, model, number, optimizer, precision, type Table } from '../table.ts';
import { at, type FlagFamily, isOpen, otherwise, placeOf } from './flagFamily.ts';

const diffusersKeys: Table = {
  pretrained_model_name_or_path: model,
  dataset_name: dataset,
  train_data_dir: dataset,
  instance_data_dir: dataset,
  resolution: number('resolution'),
  train_batch_size: number('microBatch'),
  gradient_accumulation_steps: number('accumulation'),
  num_train_epochs: number('epochs'),
  max_train_steps: number('steps'),
  max_train_samples: number('samples'),
  mixed_precision: precision,
  gradient_checkpointing: flag('checkpointing'),
  checkpointing_steps: number('checkpointEvery'),
  rank: number('loraRank'),
  use_8bit_adam: (reader, value) => { if (isTrue(value)) put(reader, 'optimizer', 'adamw-8bit', value.at); },
  optimizer,
  max_num_frames: number('frames'),
};

const examples = /train_(text_to_image|dreambooth|controlnet|textual_inversion|instruct_pix2pix|unconditional|custom_diffusion|lcm|cogvideo|t2i_adapter)\w*\.py$/;
/** Their argparse says 16; the others say 4. */
const batchesOf16 = /textual_inversion|controlnet|instruct_pix2pix|text_to_image/;

export const diffusers: FlagFamily = {
  is: (script, flags, program) => examples.test(script)
    || (flags.has('train_batch_size') && flags.has('pretrained_model_name_or_path')
      && (program === undefined || program.calls.some(({ callee }) => /diffusers|UNet2D|AutoencoderKL/.test(callee)))),
  read: (reader, flags, script, program) => {
    at(reader, 'diffusers', 'diffusion');
    applyTable(reader, diffusersKeys, flags);
    const lora = /lora/.test(script) || (flags.has('rank') && !/text_to_image(_sdxl)?\.py$|controlnet/.test(script));
    if (lora) adapter(reader, flags.get('rank')?.at ?? placeOf(reader, program));
    if (lora) otherwise(reader, flags, 'rank', 'loraRank', 4);
    otherwise(reader, flags, 'train_batch_size', 'microBatch', batchesOf16.test(script) ? 16 : 4);
    otherwise(reader, flags, 'gradient_accumulation_steps', 'accumulation', 1);
    const epochs = /dreambooth|controlnet/.test(script) ? 1 : 100;
    if (reader.draft.get('steps') === undefined && !isOpen(flags, 'max_train_steps')) otherwise(reader, flags, 'num_train_epochs', 'epochs', epochs);
    otherwise(reader, flags, 'resolution', 'resolution', /sdxl|flux|sd3/.test(script) ? 1024 : 512);
    putDefault(reader, 'optimizer', 'adamw');
    putDefault(reader, 'precision', 'fp32');
  },
};
