import assert from 'node:assert/strict';
import { reading } from './reading.ts';

describe('an axolotl config', () => {
  const qlora = `
base_model: NousResearch/Meta-Llama-3-8B
load_in_8bit: false
load_in_4bit: true
datasets:
  - path: someone/alpaca_subset_1
    type: alpaca
val_set_size: 0
adapter: qlora
sequence_len: 4096
sample_packing: true
lora_r: 32
lora_target_linear: true
gradient_accumulation_steps: 4
micro_batch_size: 2
num_epochs: 4
optimizer: paged_adamw_32bit
bf16: auto
tf32: false
gradient_checkpointing: true
flash_attention: true
`;

  it('is read with every value at its line', async () => {
    const job = await reading({ 'qlora.yml': qlora });
    assert.equal(job.known, true);
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('method'), job.get('baseWeights'), job.get('loraRank'), job.get('precision'), job.get('optimizer')],
      ['NousResearch/Meta-Llama-3-8B', 'axolotl', 'qlora', 'nf4', 32, 'bf16', 'adamw'],
    );
    assert.deepEqual(
      [job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('seqLen'), job.get('packing'), job.get('checkpointing')],
      [2, 4, 4, 4096, true, true],
    );
    assert.deepEqual([job.from('model'), job.from('baseWeights'), job.from('loraRank'), job.from('epochs')], ['config 1', 'config 3', 'config 11', 'config 15']);
    assert.equal(job.draft.fact('model')?.file, 'qlora.yml');
  });

  it('does not guess the samples of an unknown set, nor the GPUs of the launcher', async () => {
    const job = await reading({ 'qlora.yml': qlora });
    assert.deepEqual([job.get('dataset'), job.get('samples'), job.get('gpus'), job.get('steps')], ['someone/alpaca_subset_1', undefined, undefined, undefined]);
  });

  it('keeps a LoRA base in bf16 unless bits are asked for, and holds samples out', async () => {
    const job = await reading({ 'lora.yml': `
base_model: NousResearch/Llama-3.2-1B
datasets:
  - path: teknium/GPT4-LLM-Cleaned
    type: alpaca
val_set_size: 0.1
adapter: lora
lora_r: 16
sequence_len: 2048
sample_packing: true
micro_batch_size: 2
gradient_accumulation_steps: 2
num_epochs: 1
optimizer: adamw_8bit
bf16: auto
gradient_checkpointing: true
evals_per_epoch: 4
` });
    assert.deepEqual([job.get('method'), job.get('baseWeights'), job.get('optimizer')], ['lora', 'bf16', 'adamw-8bit']);
    assert.equal(job.get('samples'), 54_568 - 5_457);
    assert.equal(job.from('samples'), 'table');
    const heldTokens = 5_456.7 * (job.get('tokensPerSample') ?? 0);
    assert.equal(job.get('evalPasses'), 4 * Math.ceil(heldTokens / 2048 / 2));
  });

  it('falls back on what axolotl does when told nothing', async () => {
    const job = await reading({ 'full.yml': 'base_model: gpt2\ndatasets: []\n' });
    assert.deepEqual([job.get('microBatch'), job.get('epochs'), job.get('seqLen'), job.get('packing'), job.get('method')], [1, 1, 512, false, 'full']);
    for (const name of ['microBatch', 'epochs', 'seqLen', 'packing', 'method'] as const) assert.equal(job.from(name), 'default');
  });

  it('reads the DeepSpeed file that it names', async () => {
    const files = { 'a/full.yml': 'base_model: gpt2\nmicro_batch_size: 1\ndeepspeed: deepspeed_configs/zero.json\n', 'deepspeed_configs/zero.json': '{\n "zero_optimization": {\n  "stage": 3\n }\n}' };
    const job = await reading(files);
    assert.equal(job.get('parallelism'), 'zero3');
    assert.deepEqual([job.draft.fact('parallelism')?.file, job.draft.fact('parallelism')?.line], ['deepspeed_configs/zero.json', 3]);
  });

  it('takes the stage of a missing file from its name, says so, and names the gap', async () => {
    const job = await reading({ 'full.yml': 'base_model: gpt2\nmicro_batch_size: 1\ndeepspeed: deepspeed_configs/zero2.json\n' });
    assert.deepEqual([job.get('parallelism'), job.draft.fact('parallelism')?.certainty], ['zero2', 'assumed']);
    assert.deepEqual(job.gaps, [{ code: 'missingFile', file: 'full.yml', line: 3, detail: 'deepspeed_configs/zero2.json' }]);
  });

  it('says which model and which number it could not take', async () => {
    const job = await reading({ 'odd.yml': 'base_model: nobody/knows\nmicro_batch_size: -4\nnum_epochs: 1.5\nmax_steps: -1\n' });
    assert.equal(job.get('model'), undefined);
    assert.deepEqual(job.gaps.map(({ code, line }) => [code, line]), [['unknownModel', 1], ['impossibleValue', 2]]);
    assert.deepEqual([job.get('epochs'), job.get('steps')], [1.5, undefined]);
  });
});

describe('a torchtune config', () => {
  const lora = `
model:
  _component_: torchtune.models.llama3_1.lora_llama3_1_8b
  lora_attn_modules: ['q_proj', 'v_proj', 'output_proj']
  lora_rank: 8
tokenizer:
  _component_: torchtune.models.llama3.llama3_tokenizer
  max_seq_len: null
checkpointer:
  _component_: torchtune.training.FullModelHFCheckpointer
  checkpoint_dir: /tmp/Meta-Llama-3.1-8B-Instruct/
dataset:
  _component_: torchtune.datasets.alpaca_cleaned_dataset
  packed: False
epochs: 1
max_steps_per_epoch: null
batch_size: 2
gradient_accumulation_steps: 8
optimizer:
  _component_: torch.optim.AdamW
  fused: True
enable_activation_checkpointing: True
compile: False
dtype: bf16
`;

  it('is read through the dotted names', async () => {
    const job = await reading({ 'configs/8B_lora_single_device.yaml': lora });
    assert.deepEqual(
      [job.modelName(), job.get('method'), job.get('loraRank'), job.get('baseWeights'), job.get('optimizer'), job.get('precision')],
      ['meta-llama/Llama-3.1-8B', 'lora', 8, 'bf16', 'adamw', 'bf16'],
    );
    assert.deepEqual(
      [job.get('samples'), job.get('packing'), job.get('gpus'), job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('checkpointing'), job.get('compile')],
      [51_760, false, 1, 2, 8, 1, true, false],
    );
    assert.deepEqual([job.get('seqLen'), job.get('steps')], [undefined, undefined]);
    assert.equal(job.from('model'), 'config 2');
  });

  it('keeps weights and moments of a full run in bf16', async () => {
    const full = lora.replace('lora_llama3_1_8b', 'llama3_1_8b').replace(/\n {2}lora_\w+:.*/g, '');
    const job = await reading({ 'configs/8B_full.yaml': full });
    assert.deepEqual([job.get('method'), job.get('optimizer'), job.get('gpus'), job.get('parallelism')], ['full', 'adamw-bf16', undefined, 'fsdp']);
    assert.equal(job.draft.fact('parallelism')?.certainty, 'assumed');
    const fp32 = await reading({ 'configs/8B_full.yaml': full.replace('dtype: bf16', 'dtype: fp32') });
    assert.equal(fp32.get('optimizer'), 'adamw');
  });

  it('does not take a reader of files for a data set', async () => {
    const job = await reading({ 'q.yaml': lora.replace('torchtune.datasets.alpaca_cleaned_dataset', 'torchtune.datasets.instruct_dataset\n  source: json\n  data_files: data/mine.json') });
    assert.deepEqual([job.get('dataset'), job.get('samples')], ['data/mine.json', undefined]);
  });

  it('knows QLoRA by its name and steps by their epoch', async () => {
    const job = await reading({ 'q.yaml': lora.replace('.lora_', '.qlora_').replace('max_steps_per_epoch: null', 'max_steps_per_epoch: 25').replace('epochs: 1', 'epochs: 2') });
    assert.deepEqual([job.get('method'), job.get('baseWeights'), job.get('steps'), job.draft.fact('steps')?.certainty], ['qlora', 'nf4', 50, 'derived']);
  });

  it('finds sizes with a decimal point in such a name', async () => {
    const job = await reading({ 'q.yaml': 'model:\n  _component_: torchtune.models.qwen2_5.lora_qwen2_5_1_5b_instruct\nbatch_size: 1\n' });
    assert.equal(job.modelName(), 'Qwen/Qwen2.5-1.5B');
  });
});

describe('a LLaMA-Factory config', () => {
  const lora = `
model_name_or_path: Qwen/Qwen3-4B-Instruct-2507
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 8
lora_target: all
dataset: identity,alpaca_en_demo
template: qwen3_nothink
cutoff_len: 2048
max_samples: 1000
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
num_train_epochs: 3.0
bf16: true
`;

  it('has checkpointing on although the file is silent', async () => {
    const job = await reading({ 'qwen3_lora_sft.yaml': lora });
    assert.deepEqual([job.get('checkpointing'), job.from('checkpointing')], [true, 'default']);
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('method'), job.get('loraRank'), job.get('baseWeights'), job.get('precision'), job.get('optimizer')],
      ['Qwen/Qwen3-4B-Instruct-2507', 'llama-factory', 'lora', 8, 'bf16', 'bf16', 'adamw'],
    );
    assert.deepEqual([job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('seqLen'), job.get('packing')], [1, 8, 3, 2048, false]);
    assert.equal(job.from('optimizer'), 'default');
  });

  it('turns it off by name, after anything else', async () => {
    const job = await reading({ 'x.yaml': `${lora}disable_gradient_checkpointing: true\n` });
    assert.deepEqual([job.get('checkpointing'), job.from('checkpointing')], [false, 'config 15']);
  });

  it('counts max_samples for each data set', async () => {
    const job = await reading({ 'x.yaml': lora.replace('identity,alpaca_en_demo', 'yahma/alpaca-cleaned, databricks/databricks-dolly-15k') });
    assert.deepEqual([job.get('samples'), job.draft.fact('samples')?.certainty], [2000, 'derived']);
    const small = await reading({ 'x.yaml': lora.replace('max_samples: 1000', 'max_samples: 500') });
    assert.equal(small.get('samples'), 91 + 500);
  });

  it('quantises by bits, and knows full fine-tuning', async () => {
    const four = await reading({ 'x.yaml': `${lora}quantization_bit: 4\n` });
    assert.deepEqual([four.get('method'), four.get('baseWeights')], ['qlora', 'nf4']);
    const eight = await reading({ 'x.yaml': `${lora}quantization_bit: 8\n` });
    assert.deepEqual([eight.get('method'), eight.get('baseWeights')], ['lora', 'int8']);
    const full = await reading({ 'x.yaml': lora.replace('finetuning_type: lora', 'finetuning_type: full') });
    assert.deepEqual([full.get('method'), full.get('loraRank')], ['full', undefined]);
  });
});

describe('a TRL config', () => {
  const handbook = `
model_name_or_path: mistralai/Mistral-7B-v0.1
torch_dtype: bfloat16
attn_implementation: flash_attention_2
load_in_4bit: true
use_peft: true
lora_r: 16
dataset_mixture:
  datasets:
    - id: HuggingFaceH4/ultrachat_200k
      config: default
      split: train_sft
      weight: 1.0
    - id: HuggingFaceH4/ultrachat_200k
      config: default
      split: test_sft
      weight: 1.0
  test_split_size: 1000
bf16: true
gradient_accumulation_steps: 2
gradient_checkpointing: true
max_length: 2048
max_steps: -1
num_train_epochs: 1
per_device_train_batch_size: 4
`;

  it('adds up a mixture and holds a thousand out', async () => {
    const job = await reading({ 'config_qlora.yaml': handbook });
    assert.equal(job.get('samples'), 207_865 + 23_110 - 1_000);
    assert.deepEqual(
      [job.modelName(), job.get('method'), job.get('loraRank'), job.get('baseWeights'), job.get('precision'), job.get('checkpointing')],
      ['mistralai/Mistral-7B-v0.1', 'qlora', 16, 'nf4', 'bf16', true],
    );
    assert.deepEqual(
      [job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('steps'), job.get('seqLen'), job.get('optimizer'), job.from('optimizer'), job.get('gpus')],
      [4, 2, 1, undefined, 2048, 'adamw', 'default', undefined],
    );
  });

  it('passes the held-out samples through after every epoch, in batches of the training', async () => {
    const job = await reading({ 'config_qlora.yaml': `${handbook.replace('num_train_epochs: 1', 'num_train_epochs: 2')}eval_strategy: epoch\n` });
    assert.equal(job.get('evalPasses'), 2 * 250);
    assert.equal((await reading({ 'config_qlora.yaml': handbook })).get('evalPasses'), undefined);
  });

  it('reads the older way of mixing, without the splits for evaluation', async () => {
    const job = await reading({ 'config.yaml': `
model_name_or_path: mistralai/Mistral-7B-v0.1
dataset_mixer:
  HuggingFaceH4/ultrachat_200k: 0.5
dataset_splits:
  - train_sft
  - test_sft
per_device_train_batch_size: 4
` });
    assert.equal(job.get('samples'), 103_933);
    assert.deepEqual([job.get('epochs'), job.from('epochs')], [3, 'default']);
  });

  it('counts no mixture of which a part is unknown', async () => {
    const job = await reading({ 'c.yaml': handbook.replace('- id: HuggingFaceH4/ultrachat_200k', '- id: someone/else') });
    assert.deepEqual([job.get('samples'), job.get('dataset')], [undefined, 'someone/else, HuggingFaceH4/ultrachat_200k']);
  });

  it('passes over a word that is left empty', async () => {
    const job = await reading({ 'c.yaml': handbook.replace('max_length: 2048', 'max_seq_length: null\nmax_length: 512') });
    assert.equal(job.get('seqLen'), 512);
  });

  it('lets steps stand for epochs, and a default for neither', async () => {
    const job = await reading({ 'config.yaml': 'model_name_or_path: gpt2\ndataset_name: stanfordnlp/imdb\nmax_steps: 60\n' });
    assert.deepEqual([job.get('steps'), job.get('epochs'), job.get('samples'), job.get('microBatch'), job.from('microBatch')], [60, undefined, 25_000, 8, 'default']);
  });
});

describe('a LitGPT config', () => {
  it('states a global batch, and quantises by its own words', async () => {
    const job = await reading({ 'qlora.yaml': `
checkpoint_dir: checkpoints/meta-llama/Llama-2-7b-hf
precision: bf16-true
quantize: bnb.nf4
devices: 1
lora_r: 32
data:
  class_path: litgpt.data.Alpaca2k
train:
  global_batch_size: 8
  micro_batch_size: 2
  epochs: 4
  max_seq_length: 512
` });
    assert.deepEqual(
      [job.modelName(), job.get('stack'), job.get('method'), job.get('baseWeights'), job.get('loraRank'), job.get('precision')],
      ['meta-llama/Llama-2-7b-hf', 'litgpt', 'qlora', 'nf4', 32, 'bf16'],
    );
    assert.deepEqual([job.get('globalBatch'), job.get('microBatch'), job.get('accumulation'), job.get('epochs'), job.get('seqLen'), job.get('gpus'), job.get('samples')], [8, 2, undefined, 4, 512, 1, 2_000]);
  });

  it('evaluates no more than was held out', async () => {
    const text = `
checkpoint_dir: checkpoints/meta-llama/Llama-2-7b-hf
data:
  class_path: litgpt.data.Alpaca2k
  init_args:
    val_split_fraction: 0.05
train:
  global_batch_size: 8
  micro_batch_size: 2
  epochs: 4
eval:
  interval: 100
  max_iters: 100
`;
    const job = await reading({ 'lora.yaml': text });
    const steps = (1_900 * 4) / 8;
    assert.equal(job.get('evalPasses'), Math.floor(steps / 100) * 50);
    const few = await reading({ 'lora.yaml': text.replace('max_iters: 100', 'max_iters: 10') });
    assert.equal(few.get('evalPasses'), Math.floor(steps / 100) * 10);
  });

  it('turns tokens into steps', async () => {
    const job = await reading({ 'pretrain.yaml': `
model_name: pythia-160m
devices: 4
num_nodes: 2
train:
  global_batch_size: 512
  micro_batch_size: 4
  max_seq_length: 2048
  max_tokens: 3e9
` });
    assert.deepEqual([job.get('steps'), job.get('gpus'), job.get('parallelism'), job.get('method')], [Math.ceil(3e9 / (512 * 2048)), 8, 'fsdp', 'full']);
  });
});

describe('an LLM Foundry config', () => {
  const mpt = `
variables:
  max_seq_len: 2048
  global_seed: 17
max_seq_len: \${variables.max_seq_len}
model:
  name: mpt_causal_lm
  d_model: 2048
  n_heads: 16
  n_layers: 24
  expansion_ratio: 4
  max_seq_len: \${variables.max_seq_len}
  vocab_size: 50368
train_loader:
  name: text
  dataset:
    local: ./my-copy-c4
    remote: null
    split: train
    max_seq_len: \${max_seq_len}
optimizer:
  name: decoupled_adamw
max_duration: 24800ba
eval_interval: 2000ba
global_train_batch_size: 512
device_train_microbatch_size: 4
precision: amp_bf16
fsdp_config:
  sharding_strategy: FULL_SHARD
  activation_checkpointing: false
save_interval: 500ba
`;

  it('follows references and leaves the accumulation to the number of GPUs', async () => {
    const job = await reading({ 'mpt-1b.yaml': mpt });
    assert.deepEqual(
      [job.get('seqLen'), job.from('seqLen'), job.get('steps'), job.get('globalBatch'), job.get('microBatch'), job.get('accumulation'), job.get('gpus')],
      [2048, 'config 4', 24_800, 512, 4, undefined, undefined],
    );
    assert.deepEqual([job.get('parallelism'), job.get('checkpointing'), job.get('precision'), job.get('optimizer'), job.get('checkpointEvery')], ['fsdp', false, 'bf16', 'adamw', 500]);
    const model = job.get('model');
    assert.ok(model !== undefined && Math.abs(model.paramsM / 1_312 - 1) < 0.01);
    assert.deepEqual([model.layers, model.hidden, model.heads, model.vocab], [24, 2048, 16, 50_368]);
  });

  for (const [duration, name, value] of [
    ['3ep', 'epochs', 3], ['2', 'epochs', 2], ['26e9tok', 'steps', Math.ceil(26e9 / (512 * 2048))], ['1_000_000sp', 'steps', Math.ceil(1e6 / 512)],
  ] as const) {
    it(`counts a duration of ${duration} in ${name}`, async () => {
      const job = await reading({ 'x.yaml': mpt.replace('24800ba', duration) });
      assert.equal(job.get(name), value);
    });
  }

  it('says nothing of a duration that makes no sense', async () => {
    for (const duration of ['soon', '-3ba', '0ep', '1e999tok']) {
      const job = await reading({ 'x.yaml': mpt.replace('24800ba', duration) });
      assert.deepEqual([job.get('steps'), job.get('epochs')], [undefined, undefined], duration);
    }
  });
});
