import assert from 'node:assert/strict';
import * as scripts from '../scripts.ts';
import { assertFacts, gapCodes, questionNames, read, readText } from '../support.ts';

describe('families of pictures', () => {
  it('reads Lightning through the module, its loader and the trainer', () => {
    const files = [{ path: 'train.py', text: scripts.lightningScript }];
    const reading = read(files);
    assertFacts(reading, files, {
      stack: ['lightning'], epochs: [30, 'max_epochs'], precision: ['bf16', 'precision='], gpus: [2, 'devices=2'], parallelism: ['ddp', 'strategy'], accumulation: [4, 'accumulate'],
      microBatch: [96, 'batch_size: int = 96'], optimizer: ['sgd', 'SGD'], model: ['resnet18', 'resnet18('], resolution: [160, 'RandomResizedCrop(160)'], samples: [50_000], steps: undefined,
    });
    assert.equal(reading.anchor?.line, scripts.lightningScript.split('\n').findIndex((line) => line.includes('L.Trainer(')) + 1);
  });

  it('reads what LightningCLI is told', () => {
    const text = `${scripts.lightningScript.split('trainer = ')[0] ?? ''}from lightning.pytorch.cli import LightningCLI\nLightningCLI(Classifier, trainer_defaults={\n    "max_epochs": 90,\n    "devices": 1,\n})\n`;
    assertFacts(readText(text), [{ path: 'train.py', text }], { epochs: [90, '"max_epochs": 90'], gpus: [1, '"devices"'], precision: ['fp32'], microBatch: [96], accumulation: [1] });
  });

  it('knows what Lightning does when it is told nothing, and only then', () => {
    const silent = scripts.lightningScript.replace(/max_epochs=30,\n {4}precision="bf16-mixed",/, '');
    assertFacts(readText(silent), [], { epochs: [1000], precision: ['fp32'] });
    assertFacts(readText(scripts.lightningScript.replace('max_epochs=30', 'max_epochs=how_many()')), [], { epochs: undefined });
    assertFacts(readText(scripts.lightningScript.replace('max_epochs=30', 'max_time="00:01:00:00"')), [], { epochs: undefined });
  });

  it("reads somebody's own loop, with the loader of the training data", () => {
    const files = [{ path: 'main.py', text: scripts.plainLoop }];
    const reading = read(files);
    assertFacts(reading, files, {
      stack: ['pytorch'], microBatch: [128, '--batch-size'], epochs: [90, '--epochs'], model: ['resnet50'], optimizer: ['sgd', 'SGD('], precision: ['fp16', 'autocast'], compile: [true, 'torch.compile'],
      dataset: ['CIFAR10'], samples: [50_000], resolution: [32, 'RandomCrop'], accumulation: [1], steps: undefined, parallelism: undefined,
    });
    const typed = read(files, { args: '--batch-size 64 --arch=resnet18' });
    assertFacts(typed, files, { microBatch: [64], model: ['resnet18'] });
    // What is typed stands in no file.
    assert.deepEqual(typed.facts.find(({ name }) => name === 'microBatch'), { name: 'microBatch', value: 64, source: 'user', certainty: 'stated' });
    assert.equal(reading.anchor?.line, scripts.plainLoop.split('\n').findIndex((line) => line.includes('for epoch in')) + 1);
  });

  it('reads what a person fixed over everything', () => {
    const reading = readText(scripts.plainLoop, 'main.py', { args: '--epochs 5', overrides: { epochs: 2, gpus: 4 } });
    assertFacts(reading, [], { epochs: [2], gpus: [4] });
    assert.equal(reading.facts.find(({ name }) => name === 'epochs')?.source, 'user');
  });

  it('reads a loop whose step lies in another file, with the loader that is named for training', () => {
    const text = 'from torch.utils.data import DataLoader\nfrom engine import train_one_epoch, evaluate\nval_loader = DataLoader(val, batch_size=500)\ntrain_loader = DataLoader(data, sampler=s, batch_size=48)\nfor epoch in range(12):\n    train_one_epoch(model, train_loader)\n    evaluate(model, val_loader)\n';
    assertFacts(readText(text), [{ path: 'train.py', text }], { microBatch: [48, 'batch_size=48'], epochs: [12, 'range(12)'], precision: undefined });
    assert.deepEqual(gapCodes(readText('model.train()\nfor x in range(3):\n    model.train()\n')), ['notTraining']);
  });

  it('does not take a class of the same name for a library', () => {
    const text = 'class Trainer:\n    def __init__(self, epochs):\n        self.epochs = epochs\n\n    def train(self):\n        for epoch in range(self.epochs):\n            loss.backward()\n            optimizer.step()\n\nTrainer(7).train()\n';
    assertFacts(readText(text), [{ path: 'train.py', text }], { stack: ['pytorch'], epochs: [7, 'Trainer(7)'], microBatch: undefined });
  });

  describe('ultralytics', () => {
    it('reads the call, with its defaults', () => {
      const files = [{ path: 'yolo.py', text: scripts.yoloScript }];
      assertFacts(read(files), files, {
        stack: ['ultralytics'], model: ['yolov8n', 'YOLO('], epochs: [50, 'epochs=50'], resolution: [480, 'imgsz'], microBatch: [32, 'batch=32'], accumulation: [2], gpus: [2, 'device='], precision: ['fp16'], samples: [128],
      });
      assertFacts(readText('from ultralytics import YOLO\nYOLO("yolov8n.pt").train(data="mine.yaml", batch=-1)\n'), [], { epochs: [100], resolution: [640], microBatch: undefined, samples: undefined });
      assertFacts(readText('from ultralytics import YOLO\nYOLO("yolov8n.pt").train(data="mine.yaml", time=3)\n'), [], { epochs: undefined });
    });

    it('reads the command', () => {
      const files = [{ path: 'run.sh', text: '# once\nyolo detect train data=coco.yaml \\\n  model=yolov8m.pt epochs=300 imgsz=640\n' }];
      const reading = read(files);
      assertFacts(reading, files, { model: ['yolov8m', 'yolov8m'], epochs: [300, 'epochs=300'], microBatch: [16], samples: [118_287], dataset: ['coco.yaml', 'data=coco'] });
      assert.deepEqual(reading.anchor, { file: 'run.sh', line: 2 });
      assert.deepEqual(gapCodes(readText('yolo predict model=yolov8n.pt source=x.jpg\n', 'run.sh')), ['notTraining']);
    });
  });

  it('reads detectron2, whose batch is that of all GPUs', () => {
    const files = [{ path: 'train.py', text: scripts.detectron }];
    assertFacts(read(files), files, {
      stack: ['detectron2'], globalBatch: [8, '2 * 4'], steps: [27_000, 'MAX_ITER'], precision: ['fp16', 'AMP'], dataset: ['coco_2017_train'], microBatch: undefined, optimizer: ['sgd'], epochs: undefined,
    });
    assertFacts(read(files, { args: '--num-gpus 4 SOLVER.MAX_ITER 100' }), files, { steps: [27_000] });
  });

  describe('MMDetection', () => {
    const files = [{ path: 'configs/mine.py', text: scripts.mmConfig }, { path: 'configs/base.py', text: scripts.mmBase }];

    it('merges what it inherits, and says which file a value is from', () => {
      const reading = read(files);
      assertFacts(reading, files, { stack: ['mmdetection'], epochs: [24, 'max_epochs=24'], microBatch: [4, 'batch_size=4'], optimizer: ['sgd', "type='SGD'"], precision: ['fp16', 'Amp'], dataset: ['data/coco/', 'data_root'], steps: undefined });
      assert.equal(reading.facts.find(({ name }) => name === 'optimizer')?.file, 'configs/base.py');
    });

    it('says what it could not follow', () => {
      assert.deepEqual(gapCodes(read(files.slice(0, 1))), ['missingFile']);
      const circle = [files[0] ?? assert.fail(), { path: 'configs/base.py', text: `_base_ = './mine.py'\n${scripts.mmBase}` }];
      const reading = read(circle);
      assert.ok(gapCodes(reading).includes('circular'));
      assertFacts(reading, circle, { epochs: [24] });
    });
  });

  it('reads nnU-Net, whose epoch is so many iterations', () => {
    const files = [{ path: 'trainer.py', text: scripts.nnUnetTrainer }];
    const reading = read(files);
    assertFacts(reading, files, { stack: ['nnunet'], task: ['medical'], epochs: [100, 'num_epochs'], steps: [12_500, 'iterations'], precision: ['fp16'], optimizer: ['sgd'], microBatch: undefined });
    assert.ok(questionNames(reading).includes('microBatch'));
    const plans = { path: 'nnUNetPlans.json', text: '{"configurations": {"3d_fullres": {\n"batch_size": 2,\n"patch_size": [64, 128, 128]}}}' };
    const command = [{ path: 'go.sh', text: 'nnUNetv2_train 4 3d_fullres 0 -tr nnUNetTrainer_250epochs -num_gpus 2\n' }, plans];
    assertFacts(read(command), command, { epochs: [250], steps: [62_500], gpus: [2], dataset: ['Dataset004'], microBatch: [2, '"batch_size"'], resolution: [128] });
    assertFacts(read([{ path: 'go.sh', text: 'nnUNetv2_train 4 3d_fullres 0 -tr MyTrainer\n' }]), [], { epochs: undefined, steps: undefined });
  });

  describe('timm', () => {
    const run = (text: string) => [{ path: 'train.sh', text }];

    it('reads the command with the defaults of its script', () => {
      const files = run('./distributed_train.sh 4 /data/imagenet --model efficientnet_b0 -b 256 --amp --opt adamw --epochs 100\n');
      assertFacts(read(files), files, { stack: ['timm'], gpus: [4], model: ['efficientnet_b0'], microBatch: [256], precision: ['fp16', '--amp'], optimizer: ['adamw'], epochs: [100], accumulation: [1] });
      const plain = run('python train.py /data --model resnet50 --sched cosine\n');
      assertFacts(read(plain), plain, { microBatch: [128], epochs: [300], optimizer: ['sgd'], precision: ['fp32'], gpus: undefined });
    });
  });

  describe('diffusion', () => {
    it('reads the command of a README with its variables and the precision of the launcher', () => {
      const files = [{ path: 'README.md', text: scripts.diffusersReadme }];
      assertFacts(read(files), files, {
        stack: ['diffusers'], task: ['diffusion'], model: ['CompVis/stable-diffusion-v1-4', 'MODEL_NAME \\'], dataset: ['lambdalabs/naruto-blip-captions'], microBatch: [1, 'train_batch_size=1'],
        accumulation: [1], epochs: [100, '100'], precision: ['fp16', 'mixed_precision'], method: ['lora'], loraRank: [4], resolution: [512, 'resolution=512'], checkpointEvery: [5000], gpus: undefined,
      });
    });

    it('reads the defaults that the script declares, where it stands beside', () => {
      const script = 'import argparse\nfrom diffusers import UNet2DConditionModel\ndef parse_args():\n    parser = argparse.ArgumentParser()\n    parser.add_argument("--pretrained_model_name_or_path", required=True)\n    parser.add_argument("--train_batch_size", type=int, default=16)\n    parser.add_argument("--num_train_epochs", type=int, default=100)\n    parser.add_argument("--rank", type=int, default=8)\n    parser.add_argument("--gradient_checkpointing", action="store_true")\n    return parser.parse_args()\nargs = parse_args()\n';
      const files = [{ path: 'train_text_to_image_lora.py', text: script }, { path: 'README.md', text: scripts.diffusersReadme }];
      assertFacts(read(files), files, { loraRank: [8, '--rank'], microBatch: [1, 'train_batch_size=1'], checkpointing: [false, 'store_true'], model: ['CompVis/stable-diffusion-v1-4'] });
      assertFacts(read(files.slice(0, 1)), files, { microBatch: [16, 'default=16'], model: undefined });
    });

    it("reads kohya's command, whose epochs win over its steps, with the data set's file", () => {
      const files = [{ path: 'run.sh', text: scripts.kohyaShell }, { path: 'data.toml', text: scripts.kohyaToml }];
      assertFacts(read(files), files, {
        stack: ['kohya'], method: ['lora', 'network_module'], loraRank: [32, 'network_dim'], optimizer: ['adamw-8bit'], epochs: [10, 'max_train_epochs'], steps: undefined, precision: ['bf16'], checkpointing: [true],
        microBatch: [4, 'batch_size = 4'], resolution: [1024, 'resolution = 1024'],
      });
      const alone = read(files.slice(0, 1));
      assertFacts(alone, files, { microBatch: [1], resolution: undefined });
      assert.deepEqual(gapCodes(alone), ['missingFile']);
      assertFacts(readText(scripts.kohyaShell.replace(/.*max_train.*\n/g, ''), 'run.sh'), [], { steps: [1600] });
    });
  });
});
