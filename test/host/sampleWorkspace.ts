import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const train = `# Fine-tunes a small language model with LoRA.
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainingArguments
from trl import SFTTrainer

MODEL = "Qwen/Qwen2.5-1.5B"

tokenizer = AutoTokenizer.from_pretrained(MODEL)
model = AutoModelForCausalLM.from_pretrained(MODEL, torch_dtype="bfloat16")
data = load_dataset("tatsu-lab/alpaca", split="train")

arguments = TrainingArguments(
    output_dir="out",
    num_train_epochs=3,
    per_device_train_batch_size=8,
    gradient_accumulation_steps=2,
    learning_rate=2e-4,
    bf16=True,
)
trainer = SFTTrainer(
    model=model,
    args=arguments,
    train_dataset=data,
    peft_config=LoraConfig(r=16, lora_alpha=32, target_modules=["q_proj", "v_proj"]),
)
trainer.train()
trainer.save_model("out")
`;

const hello = `# Needs nothing but Python: a first run on a rented machine.
import platform
import time

print(f"hello from {platform.node()}, Python {platform.python_version()}", flush=True)
for step in range(1, 6):
    print(f"step {step}/5  loss {1 / step:.3f}", flush=True)
    time.sleep(1)

with open("result.txt", "w") as file:
    file.write("done\\n")
`;

const files: Readonly<Record<string, string>> = {
  'train_lora.py': train,
  'hello.py': hello,
  'requirements.txt': 'datasets\npeft\ntransformers\ntrl\n',
  '.gitignore': 'out/\n__pycache__/\n',
};

/** A small project to look at offers, estimate and run from. */
export function writeSampleWorkspace(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
