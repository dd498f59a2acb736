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

const classify = `# Trains an image classifier from scratch.
import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms

EPOCHS = 20
BATCH = 128

augment = transforms.Compose([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
data = torchvision.datasets.CIFAR10("data", train=True, download=True, transform=augment)
loader = DataLoader(data, batch_size=BATCH, shuffle=True, num_workers=8, pin_memory=True)

model = torchvision.models.resnet50(num_classes=10).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
scaler = torch.amp.GradScaler("cuda")
loss_of = nn.CrossEntropyLoss()

for epoch in range(EPOCHS):
    for images, labels in loader:
        images, labels = images.cuda(non_blocking=True), labels.cuda(non_blocking=True)
        optimizer.zero_grad()
        with torch.autocast("cuda", dtype=torch.float16):
            loss = loss_of(model(images), labels)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    print(f"epoch {epoch + 1}/{EPOCHS} loss {loss.item():.3f}", flush=True)
`;

const dreambooth = `# Teaches SDXL one subject from a handful of photographs.
accelerate launch --mixed_precision=bf16 train_dreambooth_lora_sdxl.py \\
  --pretrained_model_name_or_path=stabilityai/stable-diffusion-xl-base-1.0 \\
  --instance_data_dir=photographs \\
  --instance_prompt="a photo of sks dog" \\
  --resolution=1024 \\
  --train_batch_size=1 \\
  --gradient_accumulation_steps=4 \\
  --gradient_checkpointing \\
  --rank=16 \\
  --max_train_steps=500 \\
  --output_dir=out
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
  'classify.py': classify,
  'dreambooth.sh': dreambooth,
  'hello.py': hello,
  'requirements.txt': 'datasets\npeft\ntransformers\ntrl\n',
  '.gitignore': 'out/\n__pycache__/\n',
};

/** A small project to look at offers, estimate and run from. */
export function writeSampleWorkspace(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
