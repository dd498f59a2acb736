import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Gap } from '../../../../../src/estimate/facts.ts';
import { at, placed } from '../../../../../src/estimate/read/config/node.ts';
import { readConfig } from '../../../../../src/estimate/read/config/readConfig.ts';
import { withReferences } from '../../../../../src/estimate/read/config/references.ts';
import { Draft } from '../../../../../src/estimate/read/draft.ts';
import { jsonParsers, nodeOf, type Plain } from './node.ts';
import { parsers, reading } from './reading.ts';

describe('references', () => {
  const resolved = (plain: Plain) => {
    const gaps: Gap[] = [];
    return { gaps, root: withReferences(placed(nodeOf(plain), 'c.yaml'), gaps) };
  };

  it('are replaced by what they name, through others and inside text', () => {
    const { root, gaps } = resolved({ a: 3, b: '${a}', c: '${b}', d: 'runs/${a}-${e.f}', e: { f: 'x', g: '${.f}', h: '${..a}' }, m: '${e}' });
    assert.deepEqual([at(root, 'c')?.value, at(root, 'd')?.value, at(root, 'e.g')?.value, at(root, 'e.h')?.value, at(root, 'm.f')?.value], [3, 'runs/3-x', 'x', 3, 'x']);
    assert.deepEqual(gaps, []);
  });

  it('keep the line on which they are used', () => {
    assert.equal(at(resolved({ a: 3, b: '${a}' }).root, 'b')?.line, 2);
  });

  it('take the fallback of the environment, and nothing for what they do not know', () => {
    const { root } = resolved({ a: '${oc.env:WORLD_SIZE,8}', b: '${nowhere}', c: '${now:%Y}', d: 'x${nowhere}' });
    assert.deepEqual([at(root, 'a')?.value, at(root, 'b')?.value, at(root, 'c')?.value, at(root, 'd')?.value], [8, null, null, null]);
  });

  it('end in a gap where they go in circles, once for each circle', () => {
    for (const circle of [{ a: '${a}' }, { a: '${b}', b: '${a}' }, { a: { b: '${a}' } }, { a: '${b.c}', b: { c: 'x${a}' } }]) {
      const { gaps } = resolved(circle);
      assert.ok(gaps.length >= 1 && gaps.every(({ code }) => code === 'circular'), JSON.stringify(circle));
    }
  });

  it('end although copies of copies grow as powers', () => {
    const bomb: Record<string, Plain> = { x0: { v: 1 } };
    for (let level = 1; level < 30; level += 1) bomb[`x${level}`] = { l: `\${x${level - 1}}`, r: `\${x${level - 1}}` };
    const text: Record<string, Plain> = { y0: 'laugh' };
    for (let level = 1; level < 30; level += 1) text[`y${level}`] = `\${y${level - 1}}\${y${level - 1}}`;
    assert.deepEqual(resolved({ ...bomb }).gaps, []);
    assert.ok(String(at(resolved(text).root, 'y29')?.value).length <= 10_000);
  });

  it('end in a chain of thousands', () => {
    const chain = (links: number): Plain => Object.fromEntries(Array.from({ length: links + 1 }, (_, link) => [`k${link}`, link === links ? 1 : `\${k${link + 1}}`]));
    assert.equal(at(resolved(chain(20_000)).root, 'k0')?.value, null);
    assert.equal(at(resolved(chain(50)).root, 'k0')?.value, 1);
  });

  it('end on any web of references', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd');
    const value = fc.oneof(fc.integer(), key.map((name) => `\${${name}}`), fc.tuple(key, key).map(([x, y]) => `\${${x}}/\${..${y}}`));
    fc.assert(fc.property(fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value))), (web) => {
      const { root } = resolved(web as Plain);
      assert.ok(root.entries instanceof Map);
    }));
  });
});

describe('a Hydra config', () => {
  const files = {
    'conf/config.yaml': 'defaults:\n  - model: resnet\n  - optimizer: sgd\n  - _self_\ntrainer:\n  epochs: 90\ndata:\n  batch_size: 256\n',
    'conf/model/resnet.yaml': 'name: resnet50\n',
    'conf/optimizer/sgd.yaml': '_target_: torch.optim.SGD\nlr: 0.1\n',
  };

  it('is composed of its files, each fact at its own place', async () => {
    const job = await reading(files);
    assert.deepEqual([job.modelName(), job.get('optimizer'), job.get('epochs'), job.get('microBatch')], ['resnet50', 'sgd', 90, 256]);
    assert.deepEqual([job.draft.fact('model')?.file, job.draft.fact('model')?.line], ['conf/model/resnet.yaml', 1]);
    assert.deepEqual([job.draft.fact('optimizer')?.file, job.draft.fact('epochs')?.file, job.from('epochs')], ['conf/optimizer/sgd.yaml', 'conf/config.yaml', 'config 6']);
  });

  it('lets its own values win, unless it puts itself first', async () => {
    const text = 'defaults:\n  - train: fast\n  - _self_\ntrain:\n  epochs: 5\n  batch_size: 8\n';
    const fast = { 'conf/train/fast.yaml': 'epochs: 1\nbatch_size: 4\n' };
    assert.equal((await reading({ 'conf/config.yaml': text, ...fast })).get('epochs'), 5);
    assert.equal((await reading({ 'conf/config.yaml': text.replace('  - _self_\n', ''), ...fast })).get('epochs'), 5);
    const first = text.replace('  - train: fast\n  - _self_\n', '  - _self_\n  - train: fast\n');
    assert.equal((await reading({ 'conf/config.yaml': first, ...fast })).get('epochs'), 1);
  });

  it('does not take a file of another group for the one that is missing', async () => {
    const job = await reading({ ...files, 'conf/config.yaml': files['conf/config.yaml'].replace('model: resnet', 'model: sgd') });
    assert.deepEqual([job.get('model'), job.gaps.map(({ code, detail }) => [code, detail])], [undefined, [['missingFile', 'model/sgd']]]);
  });

  it('says which file is missing', async () => {
    const job = await reading({ ...files, 'conf/config.yaml': files['conf/config.yaml'].replace('model: resnet', 'model: vit') });
    assert.deepEqual(job.gaps, [{ code: 'missingFile', file: 'conf/config.yaml', line: 2, detail: 'model/vit' }]);
    assert.equal(job.get('epochs'), 90);
  });

  it('ends where files name each other', async () => {
    const job = await reading({ 'a.yaml': 'defaults:\n  - b\nepochs: 3\nbatch_size: 2\n', 'b.yaml': 'defaults:\n  - a\nmax_steps: 7\n' });
    assert.deepEqual([job.get('epochs'), job.get('microBatch'), job.get('steps')], [3, 2, 7]);
    assert.deepEqual(job.gaps.map(({ code, file, detail }) => [code, file, detail]), [['circular', 'b.yaml', 'a']]);
  });

  it('does not take the batch of validation for that of training', async () => {
    const job = await reading({ 'c.yaml': 'train:\n  batch_size: 16\n  epochs: 2\nval:\n  batch_size: 99\neval_batch_size: 77\n' });
    assert.equal(job.get('microBatch'), 16);
  });
});

describe('a Lightning config', () => {
  it('is the trainer and what it trains', async () => {
    const job = await reading({ 'config.yaml': `
trainer:
  max_epochs: 90
  devices: 4
  num_nodes: 2
  precision: bf16-mixed
  strategy: deepspeed_stage_2
  accumulate_grad_batches: 2
model:
  class_path: my.ImageNetModel
  init_args:
    arch: resnet18
data:
  class_path: my.Data
  init_args:
    batch_size: 256
` });
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('task'), job.get('epochs'), job.get('gpus'), job.get('precision'), job.get('parallelism'), job.get('accumulation'), job.get('microBatch')],
      ['resnet18', 'lightning', 'vision', 90, 8, 'bf16', 'zero2', 2, 256],
    );
    assert.deepEqual([job.from('gpus'), job.draft.fact('gpus')?.note], ['config 3', '4 × 2']);
  });

  it('runs a thousand epochs in full precision when told nothing', async () => {
    const job = await reading({ 'config.yaml': 'fit:\n  trainer:\n    accelerator: gpu\n    devices: auto\n' });
    assert.deepEqual([job.get('epochs'), job.from('epochs'), job.get('precision'), job.get('gpus'), job.get('accumulation')], [1000, 'default', 'fp32', undefined, 1]);
    const steps = await reading({ 'config.yaml': 'trainer:\n  max_steps: 500\n' });
    assert.deepEqual([steps.get('steps'), steps.get('epochs')], [500, undefined]);
  });

  it('is of NeMo where layers are spread over GPUs', async () => {
    const job = await reading({ 'megatron.yaml': `
trainer:
  devices: 8
  num_nodes: 4
  max_steps: 1000
  precision: bf16
model:
  micro_batch_size: 2
  global_batch_size: 256
  tensor_model_parallel_size: 4
  encoder_seq_length: 4096
  num_layers: 32
  hidden_size: 4096
  ffn_hidden_size: 11008
  num_attention_heads: 32
  vocab_size: 32000
  activation: fast-swiglu
  share_embeddings_and_output_weights: false
` });
    assert.deepEqual(
      [job.get('stack'), job.get('parallelism'), job.get('gpus'), job.get('microBatch'), job.get('globalBatch'), job.get('seqLen'), job.get('steps')],
      ['nemo', 'tensor', 32, 2, 256, 4096, 1000],
    );
    assert.ok(Math.abs((job.get('model')?.paramsM ?? 0) / 6738 - 1) < 0.01);
  });

  it('counts devices that are listed', async () => {
    for (const devices of ['[0, 2, 3]', '"0,2,3"']) {
      assert.equal((await reading({ 'config.yaml': `trainer:\n  max_steps: 5\n  devices: ${devices}\n` })).get('gpus'), 3, devices);
    }
    assert.equal((await reading({ 'config.yaml': 'trainer:\n  max_steps: 5\n  devices: -1\n' })).get('gpus'), undefined);
  });
});

describe('any config', () => {
  for (const [path, text] of [
    ['docker-compose.yml', 'services:\n  web:\n    image: nginx\n    ports: [80]\n'], ['package.json', '{"name": "x", "version": "1.0.0", "scripts": {"test": "y"}}'],
    ['pyproject.toml', '[project]\nname = "x"\n[tool.ruff]\nline-length = 100\n'], ['data.yaml', 'train: images\nval: images\nnames: [a, b]\n'],
    ['empty.yaml', ''], ['word.yaml', 'hello'], ['list.json', '[1, 2]'], ['ci.yml', 'on: push\njobs:\n  test:\n    steps: [{run: make}]\n'],
  ] as const) {
    it(`that is ${path} tells nothing`, async () => {
      const job = await reading({ [path]: text });
      assert.deepEqual([job.known, job.draft.facts, job.gaps], [false, [], []]);
    });
  }

  const words = [
    'model_name_or_path', 'base_model', 'trainer', 'train', 'config', 'process', 'defaults', 'datasets', 'dataset', 'subsets', 'zero_optimization', 'stage', 'max_duration',
    'global_train_batch_size', 'per_device_train_batch_size', 'micro_batch_size', 'max_steps', 'num_epochs', 'resolution', 'model', '_component_', 'data_backend_config', 'imgsz',
    'configurations', 'plans_name', '3d_fullres', 'patch_size', 'kernel_sizes', 'batch_size', 'epochs', 'deepspeed', 'fsdp', 'fsdp_config', 'sample', 'sample_every', 'devices',
    'checkpoint_dir', 'finetuning_type', 'max_samples', 'val_size', 'evals_per_epoch', 'val_set_size', 'architectures', 'n_layer', 'n_embd', 'n_head', 'vocab_size', 'save_interval',
  ];
  const scalar = fc.oneof(
    fc.constantFrom<Plain>(null, true, false, 0, -1, 1, 8, 512, 0.5, -7, 1e308, 'auto', 'gpt2', 'torchtune.models.llama3.lora_llama3_8b', '${a}', '${model}', '10ba', 'c.json', '1024,1024', 'lora'),
    fc.double(), fc.string(),
  );
  const tree: fc.Memo<Plain> = fc.memo((depth) => (depth <= 1 ? scalar : fc.oneof(
    scalar, fc.array(tree(depth - 1), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...words), tree(depth - 1), { maxKeys: 10 }),
  )));

  it('is read to an end, and tells only what can be', () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...words), tree(4), { maxKeys: 14 }), (config) => {
      const draft = new Draft();
      const gaps: Gap[] = [];
      const file = { path: 'c.json', text: JSON.stringify(config) };
      const known = readConfig(file, nodeOf(config as Plain), [file], draft, jsonParsers, gaps);
      if (!known) assert.deepEqual(draft.facts, []);
      for (const { name, value, source, line } of draft.facts) {
        if (typeof value === 'number') assert.ok(Number.isFinite(value) && value > 0 && (name === 'epochs' || Number.isInteger(value)), `${name} ${value}`);
        if (source === 'config') assert.ok(line !== undefined, `${name} has no line`);
        if (source === 'default' || source === 'table') assert.equal(line, undefined);
      }
    }), { numRuns: 1500 });
  });

  it('that is nothing but mistakes has no more gaps than a person can look through', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`part${index}`, { batch_size: -5, epochs: -3 }]));
    const gaps: Gap[] = [];
    const file = { path: 'c.json', text: '' };
    assert.equal(readConfig(file, nodeOf(many), [file], new Draft(), jsonParsers, gaps), true);
    assert.deepEqual([gaps.length, new Set(gaps.map((gap) => JSON.stringify(gap))).size], [50, 50]);
  });

  it('does not mind a file that parsers give nothing for', async () => {
    const ready = await parsers;
    const file = { path: 'c.toml', text: 'dataset_config = "x.toml"\npretrained_model_name_or_path = "sdxl"\n' };
    const gaps: Gap[] = [];
    assert.equal(readConfig(file, ready.toml(file.text) ?? nodeOf({}), [file, { path: 'x.toml', text: '\u0000[[[' }], new Draft(), ready, gaps), true);
  });
});
