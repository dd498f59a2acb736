/** Short scripts in the style of each family, written for these tests. */
export const nanoGpt = `"""
$ python train.py --batch_size=32 --compile=False
$ torchrun --standalone --nproc_per_node=4 train.py
"""
import os
import torch
from contextlib import nullcontext
from torch.nn.parallel import DistributedDataParallel as DDP
from model import GPTConfig, GPT
eval_interval = 2000
eval_iters = 200
init_from = 'scratch'
dataset = 'openwebtext'
gradient_accumulation_steps = 5 * 8
batch_size = 12
block_size = 1024
n_layer = 12
n_head = 12
n_embd = 768
max_iters = 600000
dtype = 'bfloat16' if torch.cuda.is_available() and torch.cuda.is_bf16_supported() else 'float16'
compile = True
config_keys = [k for k, v in globals().items() if not k.startswith('_')]
exec(open('configurator.py').read())
ddp = int(os.environ.get('RANK', -1)) != -1
if ddp:
    ddp_world_size = int(os.environ['WORLD_SIZE'])
    gradient_accumulation_steps //= ddp_world_size
else:
    ddp_world_size = 1
ptdtype = {'float32': torch.float32, 'bfloat16': torch.bfloat16, 'float16': torch.float16}[dtype]
ctx = torch.amp.autocast(device_type='cuda', dtype=ptdtype)
model = GPT(GPTConfig(n_layer=n_layer, n_head=n_head, n_embd=n_embd, block_size=block_size, vocab_size=50304))
optimizer = model.configure_optimizers(0.1, 6e-4, (0.9, 0.95), 'cuda')
if compile:
    model = torch.compile(model)
if ddp:
    model = DDP(model)
iter_num = 0
while True:
    for micro_step in range(gradient_accumulation_steps):
        with ctx:
            logits, loss = model(X, Y)
        loss.backward()
    optimizer.step()
    iter_num += 1
    if iter_num > max_iters:
        break
`;

export const nanoGptConfig = `# four days on eight of them
# $ torchrun --standalone --nproc_per_node=8 train.py config/big.py
wandb_run_name = 'gpt2-124M'
batch_size = 6
gradient_accumulation_steps = 5 * 16
max_iters = 300000
lr_decay_iters = 300000
eval_interval = 1000
n_layer = 24
`;

export const blocks = `import os
import torch
from torch.nn.parallel import DistributedDataParallel as DDP

class Config:
    pass

class Loader:
    def __init__(self, B, T, split):
        self.B = B
        self.T = T

class GPT(torch.nn.Module):
    def __init__(self, vocab_size, n_layer, n_head, n_embd):
        super().__init__()

ddp = int(os.environ.get('RANK', -1)) != -1
world = int(os.environ['WORLD_SIZE']) if ddp else 1
total_batch_size = 524288
B = 64
T = 1024
accum = total_batch_size // (B * T * world)
train_loader = Loader(B=B, T=T, split="train")
val_loader = Loader(B=B, T=T, split="val")
model = GPT(vocab_size=50304, n_layer=12, n_head=12, n_embd=768)
if ddp:
    model = DDP(model)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, fused=True)
max_steps = 19073
for step in range(max_steps):
    if step % 250 == 0:
        x, y = val_loader.next_batch()
    for micro_step in range(accum):
        x, y = train_loader.next_batch()
        with torch.autocast(device_type='cuda', dtype=torch.bfloat16):
            logits, loss = model(x, y)
        loss.backward()
    optimizer.step()
`;

export const accelerateLoop = `import argparse
from accelerate import Accelerator
from datasets import load_dataset
from torch.optim import AdamW
from torch.utils.data import DataLoader
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MAX_GPU_BATCH_SIZE = 16

def loaders(accelerator, batch_size=4):
    tokenizer = AutoTokenizer.from_pretrained("bert-base-cased")
    data = load_dataset("nyu-mll/glue", "mrpc")
    tokenized = data.map(lambda rows: tokenizer(rows["sentence1"], truncation=True), batched=True)
    train = DataLoader(tokenized["train"], shuffle=True, batch_size=batch_size)
    evaluation = DataLoader(tokenized["validation"], shuffle=False, batch_size=64)
    return train, evaluation

def training(config, args):
    accelerator = Accelerator(mixed_precision=args.mixed_precision)
    batch_size = int(config["batch_size"])
    gradient_accumulation_steps = 1
    if batch_size > MAX_GPU_BATCH_SIZE and accelerator.distributed_type != "XLA":
        gradient_accumulation_steps = batch_size // MAX_GPU_BATCH_SIZE
        batch_size = MAX_GPU_BATCH_SIZE
    train, evaluation = loaders(accelerator, batch_size)
    model = AutoModelForSequenceClassification.from_pretrained("bert-base-cased")
    optimizer = AdamW(params=model.parameters(), lr=config["lr"])
    model, optimizer, train, evaluation = accelerator.prepare(model, optimizer, train, evaluation)
    for epoch in range(int(config["num_epochs"])):
        for step, batch in enumerate(train):
            loss = model(**batch).loss / gradient_accumulation_steps
            accelerator.backward(loss)
            optimizer.step()

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mixed_precision", type=str, default=None)
    args = parser.parse_args()
    config = {"lr": 2e-5, "num_epochs": 3, "batch_size": 32}
    training(config, args)

if __name__ == "__main__":
    main()
`;

export const trainerDataclasses = `from dataclasses import dataclass, field
from typing import Optional
import transformers

@dataclass
class ModelArguments:
    model_name_or_path: Optional[str] = field(default="facebook/opt-125m")

@dataclass
class DataArguments:
    data_path: str = field(default=None, metadata={"help": "Path to the training data."})

@dataclass
class TrainingArguments(transformers.TrainingArguments):
    optim: str = field(default="adamw_torch")
    model_max_length: int = field(
        default=512,
        metadata={"help": "Longer ones are cut."},
    )

def train():
    parser = transformers.HfArgumentParser((ModelArguments, DataArguments, TrainingArguments))
    model_args, data_args, training_args = parser.parse_args_into_dataclasses()
    model = transformers.AutoModelForCausalLM.from_pretrained(model_args.model_name_or_path)
    data = build(data_args.data_path)
    trainer = transformers.Trainer(model=model, args=training_args, train_dataset=data)
    trainer.train()

if __name__ == "__main__":
    train()
`;

export const trainerReadme = `# Training

\`\`\`bash
torchrun --nproc_per_node=4 --master_port=2000 train.py \\
    --model_name_or_path facebook/opt-6.7b \\
    --data_path ./alpaca_data.json \\
    --bf16 True \\
    --num_train_epochs 3 \\
    --per_device_train_batch_size 4 \\
    --gradient_accumulation_steps 8 \\
    --fsdp "full_shard auto_wrap" \\
    --tf32 True
\`\`\`

With less memory:

\`\`\`bash
torchrun --nproc_per_node=2 train.py --per_device_train_batch_size 1
\`\`\`
`;

export const sftScript = `import torch
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

data = load_dataset("tatsu-lab/alpaca", split="train").select(range(20_000))
quantization = BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")
model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B", quantization_config=quantization)
lora = LoraConfig(r=64, target_modules="all-linear")
config = SFTConfig(
    output_dir="out",
    per_device_train_batch_size=2,
    gradient_accumulation_steps=16,
    max_steps=-1,
    num_train_epochs=2,
    max_length=4096,
    packing=True,
    bf16=True,
    optim="paged_adamw_8bit",
    gradient_checkpointing=True,
)
trainer = SFTTrainer(model=model, args=config, train_dataset=data, peft_config=lora)
trainer.train()
`;

export const lightningScript = `import lightning as L
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.models import resnet18

class Classifier(L.LightningModule):
    def __init__(self, lr: float = 0.1, batch_size: int = 96):
        super().__init__()
        self.lr = lr
        self.batch_size = batch_size
        self.model = resnet18(num_classes=10)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.lr)

    def train_dataloader(self):
        steps = transforms.Compose([transforms.RandomResizedCrop(160), transforms.ToTensor()])
        return DataLoader(datasets.CIFAR10("data", transform=steps), batch_size=self.batch_size, shuffle=True)

trainer = L.Trainer(
    max_epochs=30,
    precision="bf16-mixed",
    devices=2,
    strategy="ddp",
    accumulate_grad_batches=4,
)
trainer.fit(Classifier())
`;

export const plainLoop = `import argparse
import torch
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

def epoch_of(model, loader, optimizer, scaler):
    for images, target in loader:
        with torch.cuda.amp.autocast():
            loss = torch.nn.functional.cross_entropy(model(images), target)
        scaler.scale(loss).backward()
        scaler.step(optimizer)

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--batch-size', type=int, default=128, metavar='N')
    parser.add_argument('--epochs', type=int, default=90)
    parser.add_argument('--arch', default='resnet50')
    args = parser.parse_args()
    model = models.__dict__[args.arch]()
    model = torch.compile(model)
    data = datasets.CIFAR10('data', train=True, transform=transforms.Compose([transforms.RandomCrop(32)]))
    test = datasets.CIFAR10('data', train=False)
    loader = DataLoader(data, batch_size=args.batch_size, shuffle=True)
    test_loader = DataLoader(test, batch_size=1000)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.cuda.amp.GradScaler()
    for epoch in range(args.epochs):
        epoch_of(model, loader, optimizer, scaler)

if __name__ == '__main__':
    main()
`;

export const detectron = `from detectron2 import model_zoo
from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer

cfg = get_cfg()
cfg.merge_from_file(model_zoo.get_config_file("COCO-Detection/faster_rcnn_R_50_FPN_1x.yaml"))
cfg.DATASETS.TRAIN = ("coco_2017_train",)
cfg.SOLVER.IMS_PER_BATCH = 2 * 4
cfg.SOLVER.MAX_ITER = 27_000
cfg.SOLVER.AMP.ENABLED = True
trainer = DefaultTrainer(cfg)
trainer.train()
`;

export const mmBase = `model = dict(type='FasterRCNN', backbone=dict(type='ResNet', depth=50))
train_dataloader = dict(batch_size=2, dataset=dict(type='CocoDataset'))
data_root = 'data/coco/'
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))
`;

export const mmConfig = `_base_ = ['./base.py']
train_cfg = dict(max_epochs=24)
train_dataloader = dict(batch_size=4)
optim_wrapper = dict(type='AmpOptimWrapper')
`;

export const nnUnetTrainer = `from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

class nnUNetTrainerShort(nnUNetTrainer):
    def __init__(self, plans, configuration, fold, dataset_json, device):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.num_epochs = 100
        self.num_iterations_per_epoch = 125
`;

export const yoloScript = `from ultralytics import YOLO

model = YOLO("yolov8n.pt")
results = model.train(data="coco128.yaml", epochs=50, imgsz=480, batch=32, device=[0, 1])
metrics = model.val(batch=1)
`;

export const llavaShell = `#!/bin/bash
export MODEL=lmsys/vicuna-13b-v1.5
deepspeed --num_gpus=8 llava/train/train_mem.py \\
    --deepspeed ./scripts/zero3.json \\
    --model_name_or_path $MODEL \\
    --data_path ./playground/llava_v1_5_mix665k.json \\
    --vision_tower openai/clip-vit-large-patch14-336 \\
    --bf16 True \\
    --num_train_epochs 1 \\
    --per_device_train_batch_size 16 \\
    --gradient_accumulation_steps 1 \\
    --model_max_length 2048 \\
    --gradient_checkpointing True
`;

export const kohyaShell = `accelerate launch --num_cpu_threads_per_process 1 sdxl_train_network.py \\
  --pretrained_model_name_or_path="stabilityai/stable-diffusion-xl-base-1.0" \\
  --dataset_config="data.toml" \\
  --network_module=networks.lora \\
  --network_dim=32 \\
  --optimizer_type="AdamW8bit" \\
  --max_train_epochs=10 \\
  --max_train_steps=1600 \\
  --mixed_precision="bf16" \\
  --gradient_checkpointing \\
  --cache_latents
`;

export const kohyaToml = `[general]
caption_extension = ".txt"

[[datasets]]
resolution = 1024
batch_size = 4

  [[datasets.subsets]]
  image_dir = "images"
  num_repeats = 10
`;

export const diffusersReadme = `Two cards would do:

\`\`\`bash
export MODEL_NAME="CompVis/stable-diffusion-v1-4"
export DATASET_NAME="lambdalabs/naruto-blip-captions"

accelerate launch --mixed_precision="fp16" train_text_to_image_lora.py \\
  --pretrained_model_name_or_path=$MODEL_NAME \\
  --dataset_name=$DATASET_NAME --caption_column="text" \\
  --resolution=512 --random_flip \\
  --train_batch_size=1 \\
  --num_train_epochs=100 --checkpointing_steps=5000
\`\`\`
`;
