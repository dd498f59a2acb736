import assert from 'node:assert/strict';
import { assertFacts, questionNames, readText, type Expected } from './support.ts';

/** A Trainer on this expression. */
const trained = (expression: string, before = ''): string => `from datasets import load_dataset, concatenate_datasets
from torchvision import datasets
from transformers import Trainer, TrainingArguments
${before}
data = ${expression}
Trainer(model="gpt2", args=TrainingArguments(num_train_epochs=1, per_device_train_batch_size=4), train_dataset=data)
`;
const check = (expression: string, expected: Expected, before = ''): void => {
  const text = trained(expression, before);
  assertFacts(readText(text), [{ path: 'train.py', text }], expected);
};

describe('the data of a script', () => {
  it('is followed through everything that was done to it', () => {
    check('load_dataset("tatsu-lab/alpaca", split="train")', { dataset: ['tatsu-lab/alpaca'], samples: [52_002] });
    check('load_dataset("tatsu-lab/alpaca")["train"].map(f).shuffle(seed=1)', { samples: [52_002] });
    check('load_dataset("tatsu-lab/alpaca", split="train[:1000]")', { samples: [1000] });
    check('load_dataset("tatsu-lab/alpaca", split="train[:10%]")', { samples: [5200] });
    check('load_dataset("nyu-mll/glue", "sst2")["train"]', { dataset: ['nyu-mll/glue'], samples: [67_349] });
    check('raw["train"]', { samples: [52_002] }, 'raw = load_dataset("tatsu-lab/alpaca")');
  });

  it('is a part where a part is taken', () => {
    check('load_dataset("tatsu-lab/alpaca", split="train").select(range(500))', { samples: [500, 'range(500)'] });
    check('load_dataset("tatsu-lab/alpaca", split="train").take(300)', { samples: [300] });
    check('parts["train"]', { samples: [46_802] }, 'parts = load_dataset("tatsu-lab/alpaca", split="train").train_test_split(test_size=0.1)');
    check('load_dataset("tatsu-lab/alpaca", split="train").select(range(100)).map(f).select(range(50))', { samples: [50] });
  });

  it('is its name alone where the table does not know it', () => {
    check('load_dataset("someone/something", split="train")', { dataset: ['someone/something'], samples: undefined });
    check('load_dataset("json", data_files="x.jsonl")', { dataset: undefined, samples: undefined });
    const reading = readText(trained('load_dataset("someone/something")'));
    assert.ok(questionNames(reading).includes('samples'));
  });

  it('is not guessed where a script loads several', () => {
    check('pick()', { dataset: undefined, samples: undefined }, 'a = load_dataset("tatsu-lab/alpaca")\nb = load_dataset("gsm8k", "main")');
    check('pick()', { dataset: ['tatsu-lab/alpaca'] }, 'a = load_dataset("tatsu-lab/alpaca")');
  });
});

describe('adapters and weights', () => {
  const script = (model: string, more = ''): string => `import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig, Trainer, TrainingArguments
from peft import LoraConfig, get_peft_model
model = AutoModelForCausalLM.from_pretrained("gpt2"${model})
${more}
Trainer(model=model, args=TrainingArguments())
`;
  const facts = (text: string, expected: Expected): void => assertFacts(readText(text), [{ path: 'train.py', text }], expected);

  it('tell full training, LoRA and QLoRA apart', () => {
    facts(script(''), { method: undefined, loraRank: undefined, baseWeights: undefined });
    facts(script(', torch_dtype=torch.bfloat16'), { method: undefined, baseWeights: ['bf16', 'torch_dtype'] });
    facts(script('', 'model = get_peft_model(model, LoraConfig(r=4 * 4))'), { method: ['lora'], loraRank: [16, 'r=4 * 4'] });
    facts(script('', 'model = get_peft_model(model, LoraConfig())'), { method: ['lora'], loraRank: [8] });
    facts(script(', load_in_8bit=True', 'model = get_peft_model(model, LoraConfig(r=2))'), { method: ['lora'], baseWeights: ['int8', 'load_in_8bit'] });
    facts(script(', quantization_config=BitsAndBytesConfig(load_in_4bit=True)', 'model = get_peft_model(model, LoraConfig(r=2))'), { method: ['qlora'], baseWeights: ['nf4', 'load_in_4bit'] });
    facts(script(', load_in_4bit=False', 'model = get_peft_model(model, LoraConfig(r=2))'), { method: ['lora'], baseWeights: undefined });
  });

  it('know the model by what the trainer gets, not by what else is loaded', () => {
    const text = 'from transformers import AutoModelForCausalLM, Trainer, TrainingArguments\nteacher = AutoModelForCausalLM.from_pretrained("gpt2-xl")\nstudent = AutoModelForCausalLM.from_pretrained("distilgpt2")\nother = AutoModelForCausalLM.from_pretrained("gpt2-large")\nTrainer(model=student, args=TrainingArguments())\n';
    facts(text, { model: ['distilbert/distilgpt2', 'student ='] });
  });

  it('see eager attention, compilation and 8-bit optimizers', () => {
    const text = script(', attn_implementation="eager"').replace('TrainingArguments()', 'TrainingArguments(torch_compile=True, optim="adamw_bnb_8bit", deepspeed={"zero_optimization": {"stage": 2}}, tf32=True)');
    facts(text, { flashAttention: [false, 'eager'], compile: [true, 'torch_compile'], optimizer: ['adamw-8bit'], parallelism: ['zero2'], precision: ['tf32', 'tf32=True'] });
  });
});
