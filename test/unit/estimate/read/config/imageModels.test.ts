import assert from 'node:assert/strict';
import { readConfig } from '../../../../../src/estimate/read/config/readConfig.ts';
import { Draft } from '../../../../../src/estimate/read/draft.ts';
import { jsonParsers, nodeOf } from './node.ts';
import { reading } from './reading.ts';

describe('an ai-toolkit config', () => {
  const flux = `
job: extension
config:
  name: my_first_flux_lora_v1
  process:
    - type: sd_trainer
      device: cuda:0
      network:
        type: lora
        linear: 16
        linear_alpha: 16
      save:
        dtype: float16
        save_every: 250
      datasets:
        - folder_path: /path/to/images/folder
          resolution: [512, 768, 1024]
      train:
        batch_size: 1
        steps: 2000
        gradient_accumulation_steps: 1
        gradient_checkpointing: true
        optimizer: adamw8bit
        dtype: bf16
      model:
        name_or_path: black-forest-labs/FLUX.1-dev
        is_flux: true
        quantize: true
      sample:
        sample_every: 250
        width: 1024
        height: 1024
        prompts: [a, b, c, d, e, f, g, h, i, j]
        sample_steps: 20
`;

  it('is read through its process', async () => {
    const job = await reading({ 'train_lora_flux_24gb.yaml': flux });
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('task'), job.get('method'), job.get('baseWeights'), job.get('loraRank'), job.get('optimizer'), job.get('precision')],
      ['black-forest-labs/FLUX.1-dev', 'ai-toolkit', 'diffusion', 'lora', 'int8', 16, 'adamw-8bit', 'bf16'],
    );
    assert.deepEqual([job.get('steps'), job.get('microBatch'), job.get('accumulation'), job.get('checkpointing'), job.get('checkpointEvery'), job.get('gpus')], [2000, 1, 1, true, 250, 1]);
    assert.deepEqual([job.from('steps'), job.from('gpus')], ['config 19', 'default']);
  });

  it('takes the mean of the pixels of its buckets', async () => {
    const job = await reading({ 'x.yaml': flux });
    assert.equal(job.get('resolution'), Math.round(Math.sqrt((512 ** 2 + 768 ** 2 + 1024 ** 2) / 3)));
    assert.deepEqual([job.draft.fact('resolution')?.certainty, job.draft.fact('resolution')?.note], ['derived', '512, 768, 1024']);
    const one = await reading({ 'x.yaml': flux.replace('[512, 768, 1024]', '768') });
    assert.deepEqual([one.get('resolution'), one.draft.fact('resolution')?.certainty], [768, 'stated']);
  });

  it('counts sample images, larger ones for more', async () => {
    const same = await reading({ 'x.yaml': flux.replace('[512, 768, 1024]', '1024') });
    assert.equal(same.get('evalPasses'), 9 * 10 * 20);
    const small = await reading({ 'x.yaml': flux.replace('[512, 768, 1024]', '512') });
    assert.equal(small.get('evalPasses'), 4 * 9 * 10 * 20);
    const later = await reading({ 'x.yaml': flux.replace('[512, 768, 1024]', '1024').replace('dtype: bf16', 'skip_first_sample: true') });
    assert.equal(later.get('evalPasses'), 8 * 10 * 20);
    const none = await reading({ 'x.yaml': flux.replace('dtype: bf16', 'disable_sampling: true') });
    assert.equal(none.get('evalPasses'), undefined);
  });

  it('trains everything where there is no network', async () => {
    const job = await reading({ 'x.yaml': flux.replace('network:', 'nothing:') });
    assert.deepEqual([job.get('method'), job.get('loraRank')], ['full', undefined]);
  });
});

describe('a SimpleTuner config', () => {
  const config = `{
  "model_family": "flux",
  "model_type": "lora",
  "lora_rank": 16,
  "base_model_precision": "int8-quanto",
  "mixed_precision": "bf16",
  "optimizer": "adamw_bf16",
  "train_batch_size": 1,
  "max_train_steps": 100,
  "num_train_epochs": 0,
  "gradient_checkpointing": true,
  "checkpointing_steps": 10,
  "resolution": 1024,
  "data_backend_config": "config/backend.json"
}`;
  const backend = `[
  { "id": "pictures", "type": "huggingface", "dataset_name": "RareConcepts/Domokun", "resolution": 512, "resolution_type": "pixel" },
  { "id": "text", "dataset_type": "text_embeds", "type": "local", "resolution": 64, "resolution_type": "pixel" }
]`;

  it('takes the resolution of the file that describes the data', async () => {
    const job = await reading({ 'run/config.json': config, 'config/backend.json': backend });
    assert.deepEqual([job.get('resolution'), job.draft.fact('resolution')?.file], [512, 'config/backend.json']);
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('method'), job.get('baseWeights'), job.get('loraRank'), job.get('optimizer'), job.get('precision')],
      ['black-forest-labs/FLUX.1-dev', 'simpletuner', 'lora', 'int8', 16, 'adamw-bf16', 'bf16'],
    );
    assert.deepEqual(
      [job.get('steps'), job.get('epochs'), job.get('microBatch'), job.get('accumulation'), job.from('accumulation'), job.get('dataset'), job.get('checkpointEvery')],
      [100, undefined, 1, 1, 'default', 'RareConcepts/Domokun', 10],
    );
    assert.deepEqual(job.gaps, []);
  });

  it('finds the data file by its name where its folder is another machine\'s', async () => {
    const job = await reading({ 'run/config.json': config, 'elsewhere/backend.json': backend });
    assert.deepEqual([job.get('resolution'), job.gaps], [512, []]);
    const two = await reading({ 'run/config.json': config, 'a/backend.json': backend, 'b/backend.json': backend });
    assert.deepEqual(two.gaps.map(({ code }) => code), ['missingFile']);
    const deep = await reading({ 'run/config.json': config, 'a/config/backend.json': backend, 'b/config/backend.json': backend });
    assert.deepEqual(deep.gaps.map(({ code }) => code), ['missingFile']);
  });

  it('counts validation images, which are larger than what is trained on', async () => {
    const validated = config.replace('"resolution": 1024', '"validation_steps": 50, "validation_num_inference_steps": 16, "validation_resolution": "1024x1024"');
    const job = await reading({ 'run/config.json': validated, 'config/backend.json': backend });
    assert.equal(job.get('evalPasses'), 2 * 16 * 4);
  });

  it('names the file that is missing and keeps its own resolution', async () => {
    const job = await reading({ 'run/config.json': config });
    assert.equal(job.get('resolution'), 1024);
    assert.deepEqual(job.gaps.map(({ code, detail, line }) => [code, detail, line]), [['missingFile', 'config/backend.json', 14]]);
  });

  it('reads options that kept their dashes, and megapixels', async () => {
    const dashed = config.replaceAll(/"(\w+)":/g, '"--$1":').replace('1024', '0.25').replace('"--data_backend_config": "config/backend.json"', '"--resolution_type": "area"');
    const job = await reading({ 'run/config.json': dashed });
    assert.deepEqual([job.get('steps'), job.get('resolution'), job.get('loraRank')], [100, 500, 16]);
  });
});

describe('kohya configs', () => {
  const options = `
pretrained_model_name_or_path = "sd_xl_base_1.0.safetensors"
network_module = "networks.lora"
network_dim = 32
max_train_epochs = 10
optimizer_type = "AdamW8bit"
mixed_precision = "bf16"
gradient_checkpointing = true
dataset_config = "my_sdxl_dataset_config.toml"
`;
  const images = `
[general]
resolution = [1024, 768]

[[datasets]]
batch_size = 2

  [[datasets.subsets]]
  image_dir = "images/one"
  num_repeats = 10
`;

  it('let epochs override the steps that are there by default', async () => {
    const job = await reading({ 'train.toml': options, 'my_sdxl_dataset_config.toml': images });
    assert.deepEqual([job.get('epochs'), job.get('steps')], [10, undefined]);
    assert.deepEqual(
      [job.modelName(), job.get('method'), job.get('loraRank'), job.get('baseWeights'), job.get('precision'), job.get('optimizer'), job.get('checkpointing')],
      ['stabilityai/stable-diffusion-xl-base-1.0', 'lora', 32, 'bf16', 'bf16', 'adamw-8bit', true],
    );
    assert.deepEqual([job.get('microBatch'), job.get('accumulation'), job.get('gpus')], [2, 1, undefined]);
  });

  it('override stated steps too, as the script does', async () => {
    const job = await reading({ 'train.toml': `${options}max_train_steps = 5000\n`, 'my_sdxl_dataset_config.toml': images });
    assert.deepEqual([job.get('epochs'), job.get('steps')], [10, undefined]);
  });

  it('override the steps of a config that was read before, and none that a command states', () => {
    const draft = new Draft();
    const file = { path: 'train.toml', text: '' };
    const base = { pretrained_model_name_or_path: 'sdxl', network_module: 'networks.lora' };
    readConfig(file, nodeOf({ ...base, max_train_steps: 800 }), [file], draft, jsonParsers);
    assert.equal(draft.get('steps'), 800);
    readConfig(file, nodeOf({ ...base, max_train_epochs: 10 }), [file], draft, jsonParsers);
    assert.deepEqual([draft.get('steps'), draft.get('epochs')], [undefined, 10]);
    draft.set('steps', 5, { source: 'command', certainty: 'stated' });
    readConfig(file, nodeOf({ ...base, max_train_epochs: 10 }), [file], draft, jsonParsers);
    assert.equal(draft.get('steps'), 5);
  });

  it('stop after 1600 steps when told nothing', async () => {
    const job = await reading({ 'train.toml': options.replace('max_train_epochs = 10', '').replace(/dataset_config.*/, '') });
    assert.deepEqual([job.get('steps'), job.from('steps'), job.get('microBatch'), job.from('microBatch')], [1600, 'default', 1, 'default']);
  });

  it('describe images by pixels, folders and repeats', async () => {
    const job = await reading({ 'images.toml': images });
    assert.deepEqual([job.get('resolution'), job.get('microBatch'), job.get('dataset'), job.draft.fact('dataset')?.note], [Math.round(Math.sqrt(1024 * 768)), 2, 'images/one', 'repeats 10']);
    assert.deepEqual([job.get('samples'), job.get('steps')], [undefined, undefined]);
    assert.equal(job.draft.fact('microBatch')?.line, 5);
  });

  it('are read whatever section the options stand in', async () => {
    const job = await reading({ 'train.toml': `[model_arguments]\npretrained_model_name_or_path = "stable-diffusion-v1-5"\n[training_arguments]\nmax_train_steps = 300\nnetwork_module = "networks.lora"\nresolution = "512,768"\n` });
    assert.deepEqual([job.get('steps'), job.get('loraRank'), job.get('resolution'), job.from('steps')], [300, 4, 627, 'config 4']);
  });

  it('say which file they name in vain', async () => {
    const job = await reading({ 'train.toml': options });
    assert.deepEqual(job.gaps.map(({ code, detail }) => [code, detail]), [['missingFile', 'my_sdxl_dataset_config.toml']]);
  });
});

describe('an Ultralytics config', () => {
  it('counts its batch over all GPUs', async () => {
    const job = await reading({ 'args.yaml': `
task: detect
mode: train
model: yolov8n.pt
data: coco.yaml
epochs: 50
batch: 64
imgsz: 640
device: 0,1
amp: true
optimizer: SGD
` });
    assert.deepEqual(
      [job.modelName(), job.get('task'), job.get('globalBatch'), job.get('microBatch'), job.get('gpus'), job.get('epochs'), job.get('resolution'), job.get('precision'), job.get('optimizer')],
      ['yolov8n', 'detection', 64, undefined, 2, 50, 640, 'fp16', 'sgd'],
    );
    assert.equal(job.get('samples'), 118_287);
  });

  it('has defaults, and no batch where memory decides', async () => {
    const job = await reading({ 'args.yaml': 'model: yolo11m.pt\ndata: mine.yaml\nimgsz: 320\n' });
    assert.deepEqual([job.get('epochs'), job.get('globalBatch'), job.from('globalBatch'), job.get('samples')], [100, 16, 'default', undefined]);
    const automatic = await reading({ 'args.yaml': 'model: yolo11m.pt\nimgsz: 320\nbatch: -1\n' });
    assert.equal(automatic.get('globalBatch'), undefined);
    const share = await reading({ 'args.yaml': 'model: yolo11m.pt\nimgsz: 320\nbatch: 0.7\n' });
    assert.equal(share.get('globalBatch'), undefined);
  });

  it('has no epochs where hours end it, and a part of the data where that is asked for', async () => {
    const job = await reading({ 'args.yaml': 'model: yolov8n.pt\ndata: coco.yaml\nimgsz: 640\nepochs: 100\ntime: 2\nfraction: 0.1\n' });
    assert.deepEqual([job.get('epochs'), job.get('samples')], [undefined, 11_829]);
  });
});

describe('nnU-Net plans', () => {
  const arch = (features: readonly number[]) => ({
    network_class_name: 'dynamic_network_architectures.architectures.unet.PlainConvUNet',
    arch_kwargs: {
      n_stages: 6, features_per_stage: features, kernel_sizes: Array.from({ length: 6 }, () => [3, 3, 3]),
      strides: [[1, 1, 1], ...Array.from({ length: 5 }, () => [2, 2, 2])], n_conv_per_stage: [2, 2, 2, 2, 2, 2], n_conv_per_stage_decoder: [2, 2, 2, 2, 2],
    },
  });
  const plans = {
    dataset_name: 'Dataset027_ACDC', plans_name: 'nnUNetPlans',
    configurations: {
      '2d': { batch_size: 12, patch_size: [512, 512] },
      '3d_fullres': { batch_size: 2, patch_size: [128, 128, 128], architecture: arch([32, 64, 128, 256, 320, 320]) },
    },
  };

  it('give the batch, and a fixed number of iterations', async () => {
    const job = await reading({ 'nnUNetPlans.json': JSON.stringify(plans) });
    assert.deepEqual(
      [job.get('stack'), job.get('task'), job.get('dataset'), job.get('globalBatch'), job.get('steps'), job.from('steps'), job.get('evalPasses'), job.get('precision'), job.get('optimizer'), job.get('resolution')],
      ['nnunet', 'medical', 'Dataset027_ACDC', 2, 250_000, 'default', 50_000, 'fp16', 'sgd', 128],
    );
  });

  it('plan the network whose size the authors state: about 31 million parameters', async () => {
    const job = await reading({ 'nnUNetPlans.json': JSON.stringify(plans) });
    const model = job.get('model');
    assert.ok(model !== undefined && Math.abs(model.paramsM / 31 - 1) < 0.03, `${model?.paramsM}`);
    assert.ok((model.gmacs ?? 0) > 300 && (model.gmacs ?? 0) < 700, `${model.gmacs}`);
  });

  it('grow with the features, and fall back on the flat configuration', async () => {
    const wide = { ...plans, configurations: { '3d_fullres': { ...plans.configurations['3d_fullres'], architecture: arch([64, 128, 256, 512, 640, 640]) } } };
    const narrow = await reading({ 'p.json': JSON.stringify(plans) });
    const twice = await reading({ 'p.json': JSON.stringify(wide) });
    assert.ok(Math.abs((twice.get('model')?.paramsM ?? 0) / (narrow.get('model')?.paramsM ?? 1) - 4) < 0.1);
    const flat = await reading({ 'p.json': JSON.stringify({ ...plans, configurations: { '2d': plans.configurations['2d'] } }) });
    assert.deepEqual([flat.get('globalBatch'), flat.get('resolution'), flat.get('model')], [12, 512, undefined]);
  });
});
