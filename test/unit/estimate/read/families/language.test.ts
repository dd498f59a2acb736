import assert from 'node:assert/strict';
import * as scripts from '../scripts.ts';
import { assertFacts, gapCodes, notebook, questionNames, read, readText } from '../support.ts';

describe('language families', () => {
  describe('nanoGPT', () => {
    const train = { path: 'train.py', text: scripts.nanoGpt };

    it('reads the globals of the script, and fixes the batch of all GPUs where the number of GPUs is open', () => {
      const reading = read([train]);
      assertFacts(reading, [train], {
        stack: ['nanogpt'], microBatch: [12, 'batch_size = 12'], accumulation: undefined, globalBatch: [480, '5 * 8'], steps: [600_000, 'max_iters'],
        seqLen: [1024, 'block_size'], precision: ['bf16', "'bfloat16' if"], compile: [true, 'compile = True'], gpus: undefined,
        model: ['12 layers × 768', 'n_layer = 12'], dataset: ['openwebtext', "'openwebtext'"], evalPasses: [120_400], checkpointEvery: [2000, 'eval_interval'],
      });
      assert.equal(reading.workload.model?.vocab, 50_304);
      assert.ok(questionNames(reading).includes('gpus'));
      assert.deepEqual(reading.anchor, { file: 'train.py', line: 20 });
    });

    it('takes the config that is open over the script beside it, with the command of its comment', () => {
      const config = { path: 'config/big.py', text: scripts.nanoGptConfig };
      const reading = read([config, train]);
      assertFacts(reading, [config, train], {
        gpus: [8, 'nproc_per_node=8'], microBatch: [6, 'batch_size = 6'], accumulation: [10, '5 * 16'], globalBatch: undefined, steps: [300_000, 'max_iters = 300000'],
        seqLen: [1024, 'block_size = 1024'], model: ['24 layers × 768', 'n_layer = 24'], evalPasses: [120_400], parallelism: ['ddp', 'DDP(model)'],
      });
      assert.equal(reading.anchor?.file, 'config/big.py');
    });

    it('takes flags over both', () => {
      const config = { path: 'config/big.py', text: scripts.nanoGptConfig };
      const reading = read([config, train], { args: '--batch_size=3 --dtype=float16 --compile=False --init_from=gpt2-xl' });
      assertFacts(reading, [config, train], { microBatch: [3], precision: ['fp16'], compile: [false], model: ['openai-community/gpt2-xl'] });
      assert.equal(reading.facts.find(({ name }) => name === 'microBatch')?.source, 'user');
    });
  });

  describe('a loop over blocks of one stream', () => {
    const files = [{ path: 'train_gpt2.py', text: scripts.blocks }];

    it('knows that the script fixes the batch of all GPUs', () => {
      const reading = read(files);
      assertFacts(reading, files, {
        stack: ['pytorch'], microBatch: [64, 'B = 64'], seqLen: [1024, 'T = 1024'], steps: [19_073, 'max_steps = 19073'], precision: ['bf16', 'autocast'],
        optimizer: ['adamw', 'AdamW'], accumulation: undefined, globalBatch: [512, 'accum ='], model: ['12 layers × 768'], tokensPerSample: [1024], epochs: undefined,
      });
      assert.deepEqual(questionNames(reading), ['gpus']);
    });

    it('divides by the processes of the command', () => {
      const shell = { path: 'run.sh', text: 'torchrun --standalone --nproc_per_node=4 train_gpt2.py\n' };
      assertFacts(read([...files, shell]), [...files, shell], { gpus: [4, 'nproc_per_node'], accumulation: [2], globalBatch: undefined, parallelism: ['ddp', 'DDP(model)'] });
    });
  });

  it('reads an Accelerate loop through functions, dictionaries and decided conditions', () => {
    const files = [{ path: 'nlp.py', text: scripts.accelerateLoop }];
    const reading = read(files);
    assertFacts(reading, files, {
      microBatch: [16, 'MAX_GPU_BATCH_SIZE = 16'], accumulation: [2, '// MAX_GPU_BATCH_SIZE'], epochs: [3, '"num_epochs": 3'], optimizer: ['adamw', 'AdamW('], dataset: ['nyu-mll/glue'], samples: [3668],
      model: ['google-bert/bert-base-cased'], precision: undefined, seqLen: undefined,
    });
    const undecided = scripts.accelerateLoop.replace('accelerator.distributed_type != "XLA"', 'is_friday()');
    assertFacts(readText(undecided), [], { microBatch: undefined, accumulation: undefined });
    const small = [{ path: 'nlp.py', text: scripts.accelerateLoop.replace('"batch_size": 32', '"batch_size": 16') }];
    assertFacts(read(small), small, { microBatch: [16, '"batch_size": 16'], accumulation: [1, 'gradient_accumulation_steps = 1'] });
    assertFacts(read(small, { args: '--mixed_precision bf16' }), small, { precision: ['bf16'] });
    assert.equal(reading.anchor?.line, scripts.accelerateLoop.split('\n').findIndex((line) => line.includes('for epoch in')) + 1);
  });

  describe("the Trainer's arguments on the command line", () => {
    const files = [{ path: 'train.py', text: scripts.trainerDataclasses }, { path: 'README.md', text: scripts.trainerReadme }];

    it('are those of the first command of the README, over the defaults of the dataclasses', () => {
      assertFacts(read(files), files, {
        stack: ['hf'], gpus: [4, 'nproc_per_node=4'], model: ['facebook/opt-6.7b', 'opt-6.7b'], dataset: ['./alpaca_data.json', 'data_path'], samples: [52_002],
        precision: ['bf16', '--bf16'], epochs: [3, 'num_train_epochs'], microBatch: [4, 'train_batch_size 4'], accumulation: [8, 'accumulation_steps 8'],
        parallelism: ['fsdp', 'full_shard'], seqLen: [512, 'default=512'], optimizer: ['adamw', 'adamw_torch'], steps: undefined, loraRank: undefined,
      });
    });

    it('are the defaults where there is no command', () => {
      assertFacts(read(files.slice(0, 1)), files, { model: ['facebook/opt-125m', 'opt-125m'], microBatch: [8], epochs: [3], precision: ['fp32'], dataset: undefined, gpus: undefined });
    });

    it('never fall back to the default model when the command names one that nobody knows', () => {
      const unknown = [files[0] ?? assert.fail(), { path: 'README.md', text: scripts.trainerReadme.replace('facebook/opt-6.7b', '"<your_path>"') }];
      const reading = read(unknown);
      assertFacts(reading, unknown, { model: undefined });
      assert.equal(questionNames(reading)[0], 'model');
      assert.deepEqual(reading.gaps.map(({ code, detail, line }) => ({ code, detail, line })), [{ code: 'unknownModel', detail: '<your_path>', line: 5 }]);
    });
  });

  it('reads TRL with an adapter over four bits', () => {
    const files = [{ path: 'sft.py', text: scripts.sftScript }];
    const reading = read(files);
    assertFacts(reading, files, {
      stack: ['hf'], model: ['meta-llama/Llama-3.1-8B', 'from_pretrained'], baseWeights: ['nf4', 'load_in_4bit'], method: ['qlora'], loraRank: [64, 'r=64'],
      microBatch: [2, 'per_device'], accumulation: [16, 'accumulation'], steps: undefined, epochs: [2, 'num_train_epochs'], seqLen: [4096, 'max_length'], packing: [true, 'packing'],
      precision: ['bf16', 'bf16=True'], optimizer: ['adamw-8bit', 'optim='], checkpointing: [true, 'gradient_checkpointing'], dataset: ['tatsu-lab/alpaca'], samples: [20_000, 'range(20_000)'],
    });
    assert.equal(reading.anchor?.line, scripts.sftScript.split('\n').findIndex((line) => line.startsWith('trainer = ')) + 1);
    assert.deepEqual(reading.questions, []);
  });

  it('lets positive steps stand beside epochs', () => {
    assertFacts(readText(scripts.sftScript.replace('max_steps=-1', 'max_steps=500')), [], { steps: [500], epochs: [2] });
  });

  it('reads an Unsloth notebook on the lines of its file, without what never runs', () => {
    const text = notebook(
      '%%capture\n!pip install unsloth',
      'from unsloth import FastLanguageModel\nmax_seq_length = 2048\nload_in_4bit = True\nmodel, tokenizer = FastLanguageModel.from_pretrained(\n    model_name = "unsloth/Llama-3.1-8B",\n    max_seq_length = max_seq_length,\n    load_in_4bit = load_in_4bit,\n)',
      'model = FastLanguageModel.get_peft_model(\n    model,\n    r = 16, # any number > 0\n    use_gradient_checkpointing = "unsloth",\n)',
      'from datasets import load_dataset\ndataset = load_dataset("unsloth/alpaca-cleaned", split = "train")',
      'from trl import SFTConfig, SFTTrainer\ntrainer = SFTTrainer(\n    model = model,\n    train_dataset = dataset,\n    args = SFTConfig(\n        per_device_train_batch_size = 2,\n        gradient_accumulation_steps = 4,\n        # num_train_epochs = 1,\n        max_steps = 60,\n        optim = "adamw_8bit",\n    ),\n)',
      'if False:\n    from unsloth import FastLanguageModel\n    model, tokenizer = FastLanguageModel.from_pretrained(model_name = "gpt2", load_in_4bit = False)\n!nvidia-smi',
    );
    const files = [{ path: 'llama.ipynb', text }];
    const reading = read(files);
    assertFacts(reading, files, {
      stack: ['unsloth'], model: ['unsloth/Llama-3.1-8B', 'Llama-3.1-8B'], method: ['qlora'], loraRank: [16, 'r = 16'], seqLen: [2048, 'max_seq_length = 2048'],
      baseWeights: ['nf4', 'load_in_4bit = True'], checkpointing: [true, 'use_gradient'], microBatch: [2, 'per_device'], accumulation: [4, 'accumulation'], steps: [60, 'max_steps'], epochs: undefined,
      optimizer: ['adamw-8bit', 'adamw_8bit'], samples: [51_760], packing: undefined,
    });
    assert.deepEqual(gapCodes(reading), []);
    assert.ok(text.split('\n')[(reading.anchor?.line ?? 0) - 1]?.includes('SFTTrainer('));
  });

  it('reads Whisper in a notebook, with two splits of its data', () => {
    const text = notebook(
      'from datasets import load_dataset, DatasetDict\ncv = DatasetDict()\ncv["train"] = load_dataset("mozilla-foundation/common_voice_11_0", "hi", split="train+validation", use_auth_token=True)\ncv["test"] = load_dataset("mozilla-foundation/common_voice_11_0", "hi", split="test")',
      'from transformers import WhisperForConditionalGeneration, Seq2SeqTrainer, Seq2SeqTrainingArguments\nmodel = WhisperForConditionalGeneration.from_pretrained("openai/whisper-small")',
      'args = Seq2SeqTrainingArguments(\n    per_device_train_batch_size=64,\n    gradient_accumulation_steps=1,  # twice for half the batch\n    max_steps=5000,\n    evaluation_strategy="steps",\n    eval_steps=1000,\n    gradient_checkpointing=True,\n    fp16=True,\n    generation_max_length=225,\n    save_steps=1000,\n)\ntrainer = Seq2SeqTrainer(args=args, model=model, train_dataset=cv["train"], eval_dataset=cv["test"])',
    );
    const files = [{ path: 'whisper.ipynb', text }];
    assertFacts(read(files), files, {
      task: ['speech'], model: ['openai/whisper-small', 'whisper-small'], microBatch: [64, '=64'], accumulation: [1], steps: [5000, 'max_steps'], checkpointing: [true], precision: ['fp16', 'fp16=True'],
      seqLen: undefined, checkpointEvery: [1000, 'save_steps'], dataset: ['mozilla-foundation/common_voice_11_0'], samples: [6540], evalPasses: [5 * Math.ceil(2894 / 64), 'eval_steps=1000'], method: undefined,
    });
  });

  it('knows that weights of four bits are trained through an adapter alone', () => {
    const files = [{ path: 'run.sh', text: 'python qlora.py --model_name_or_path huggyllama/llama-7b --bits 4 \\\n  --lora_r 64 --per_device_train_batch_size 1 --max_steps 1875 --dataset oasst1\n' }];
    assertFacts(read(files), files, { method: ['qlora', '--lora_r'], baseWeights: ['nf4', '--bits'], loraRank: [64], steps: [1875], epochs: undefined, dataset: ['oasst1'] });
    assertFacts(readText('python run.py --per_device_train_batch_size $1 --num_train_epochs $N\n', 'run.sh'), [], { microBatch: undefined, epochs: undefined, accumulation: [1] });
  });

  it('finds the length in a function that is handed to `map`', () => {
    const text = `${scripts.trainerDataclasses.split('def train')[0] ?? ''}def train(cutoff: int = 256):\n    def tokenize(row):\n        return tokenizer(row["text"], truncation=True, max_length=cutoff)\n    data = load().map(tokenize)\n    args = transformers.TrainingArguments(per_device_train_batch_size=3)\n    transformers.Trainer(model="gpt2", args=args, train_dataset=data)\ntrain()\n`;
    assertFacts(readText(text), [{ path: 'train.py', text }], { seqLen: [256, 'cutoff: int = 256'], microBatch: [3] });
  });

  it('reads a vision-language shell file with its DeepSpeed configuration', () => {
    const files = [{ path: 'scripts/finetune.sh', text: scripts.llavaShell }, { path: 'scripts/zero3.json', text: '{\n  "bf16": {"enabled": "auto"},\n  "zero_optimization": {\n    "stage": 3\n  },\n  "train_micro_batch_size_per_gpu": "auto"\n}' }];
    const reading = read(files);
    assertFacts(reading, files, {
      task: ['vision-language'], gpus: [8, '--num_gpus=8'], parallelism: ['zero3', '"stage": 3'], microBatch: [16, 'train_batch_size 16'], accumulation: [1], epochs: [1], seqLen: [2048], checkpointing: [true],
      precision: ['bf16', '--bf16'], samples: [665_298],
    });
    assert.equal(reading.workload.model?.layers, 40);
    assertFacts(read(files.slice(0, 1)), files, { parallelism: ['zero3', 'zero3.json'] });
    assert.deepEqual(gapCodes(read(files.slice(0, 1))), ['missingFile']);
  });
});
