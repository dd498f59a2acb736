import assert from 'node:assert/strict';
import { reading } from './reading.ts';

describe('an accelerate config', () => {
  it('says how many GPUs there are and how they share', async () => {
    const job = await reading({ 'default_config.yaml': `
compute_environment: LOCAL_MACHINE
distributed_type: MULTI_GPU
mixed_precision: fp16
num_machines: 2
num_processes: 16
` });
    assert.deepEqual([job.get('gpus'), job.get('parallelism'), job.get('precision'), job.get('stack')], [16, 'ddp', 'fp16', undefined]);
    assert.equal(job.from('gpus'), 'config 5');
  });

  it('says full precision by a word that YAML takes for false', async () => {
    const job = await reading({ 'default_config.yaml': "compute_environment: LOCAL_MACHINE\ndistributed_type: 'NO'\nmixed_precision: no\nnum_processes: 1\n" });
    assert.deepEqual([job.get('precision'), job.get('parallelism')], ['fp32', 'single']);
  });

  it('holds FSDP and its kind of sharding', async () => {
    const text = 'distributed_type: FSDP\nnum_processes: 4\nmixed_precision: bf16\nfsdp_config:\n  fsdp_sharding_strategy: FULL_SHARD\n  fsdp_activation_checkpointing: true\n';
    const full = await reading({ 'fsdp.yaml': text });
    assert.deepEqual([full.get('parallelism'), full.get('checkpointing'), full.from('parallelism')], ['fsdp', true, 'config 5']);
    const grad = await reading({ 'fsdp.yaml': text.replace('FULL_SHARD', 'SHARD_GRAD_OP') });
    assert.equal(grad.get('parallelism'), 'zero2');
    const none = await reading({ 'fsdp.yaml': text.replace('FULL_SHARD', 'NO_SHARD') });
    assert.equal(none.get('parallelism'), 'ddp');
  });

  it('holds DeepSpeed inline or in a file', async () => {
    const inline = await reading({ 'ds.yaml': 'distributed_type: DEEPSPEED\nnum_processes: 8\ndeepspeed_config:\n  zero_stage: 3\n  gradient_accumulation_steps: 2\n' });
    assert.deepEqual([inline.get('parallelism'), inline.get('accumulation')], ['zero3', 2]);
    const inFile = await reading({ 'ds.yaml': 'distributed_type: DEEPSPEED\ndeepspeed_config:\n  deepspeed_config_file: ds.json\n', 'ds.json': '{"zero_optimization": {"stage": 1}}' });
    assert.equal(inFile.get('parallelism'), 'zero1');
  });

  it('compiles where a backend is named', async () => {
    const text = 'compute_environment: LOCAL_MACHINE\ndynamo_config:\n  dynamo_backend: INDUCTOR\n';
    assert.equal((await reading({ 'a.yaml': text })).get('compile'), true);
    assert.equal((await reading({ 'a.yaml': text.replace('INDUCTOR', "'NO'") })).get('compile'), false);
    assert.equal((await reading({ 'a.yaml': 'compute_environment: LOCAL_MACHINE\n' })).get('compile'), undefined);
  });

  it('counts no GPUs where the CPU is used', async () => {
    assert.equal((await reading({ 'a.yaml': 'compute_environment: LOCAL_MACHINE\nuse_cpu: true\nnum_processes: 4\n' })).get('gpus'), undefined);
  });
});

describe('a DeepSpeed config', () => {
  it('leaves to the trainer what it calls auto', async () => {
    const job = await reading({ 'zero3.json': `{
  "fp16": { "enabled": "auto" },
  "bf16": { "enabled": "auto" },
  "train_micro_batch_size_per_gpu": "auto",
  "train_batch_size": "auto",
  "gradient_accumulation_steps": "auto",
  "zero_optimization": { "stage": 3, "overlap_comm": true }
}` });
    assert.equal(job.known, true);
    assert.deepEqual(job.draft.facts.map(({ name, value, line }) => [name, value, line]), [['parallelism', 'zero3', 7]]);
    assert.deepEqual(job.gaps, []);
  });

  it('states batches, precision and optimizer of its own', async () => {
    const job = await reading({ 'ds.json': `{
  "train_batch_size": 256, "train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 8,
  "bf16": { "enabled": true }, "fp16": { "enabled": false },
  "optimizer": { "type": "AdamW" }, "zero_optimization": { "stage": 0 }
}` });
    assert.deepEqual(
      [job.get('globalBatch'), job.get('microBatch'), job.get('accumulation'), job.get('precision'), job.get('optimizer'), job.get('parallelism')],
      [256, 4, 8, 'bf16', 'adamw', 'ddp'],
    );
  });
});

describe('settings of FSDP alone', () => {
  it('are known by their prefix', async () => {
    const job = await reading({ 'fsdp.json': '{"fsdp_transformer_layer_cls_to_wrap": "LlamaDecoderLayer", "fsdp_offload_params": false, "fsdp_sharding_strategy": 2}' });
    assert.deepEqual([job.known, job.get('parallelism')], [true, 'zero2']);
  });
});

describe('a trainer that names its sharding', () => {
  it('says it in words or in a list', async () => {
    for (const fsdp of ['full_shard auto_wrap', '[full_shard, auto_wrap]']) {
      const job = await reading({ 't.yaml': `model_name_or_path: gpt2\nper_device_train_batch_size: 2\nfsdp: ${fsdp}\n` });
      assert.equal(job.get('parallelism'), 'fsdp', fsdp);
    }
    const off = await reading({ 't.yaml': 'model_name_or_path: gpt2\nper_device_train_batch_size: 2\nfsdp: ""\n' });
    assert.equal(off.get('parallelism'), undefined);
  });

  it('needs no model beside it', async () => {
    const job = await reading({ 'args.json': '{"per_device_train_batch_size": 2, "gradient_accumulation_steps": 4, "num_train_epochs": 2, "fp16": true, "save_steps": 200}' });
    assert.deepEqual(
      [job.known, job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('precision'), job.get('checkpointEvery'), job.get('model')],
      [true, 2, 4, 2, 'fp16', 200, undefined],
    );
  });
});

describe('a hub config beside the script', () => {
  it('is the model, dearer than a table and cheaper than a script', async () => {
    const job = await reading({ 'config.json': JSON.stringify({ architectures: ['GPT2LMHeadModel'], model_type: 'gpt2', n_layer: 6, n_embd: 512, n_head: 8, vocab_size: 32_000 }) });
    assert.deepEqual([job.get('model')?.layers, job.get('model')?.vocab, job.from('model')], [6, 32_000, 'hub 1']);
    assert.equal(job.draft.fact('model')?.certainty, 'derived');
  });
});
