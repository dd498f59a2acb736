import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { SourceFile } from '../../../../../src/domain/source.ts';
import { gatherImports, importsIn } from '../../../../../src/estimate/read/imports/gather.ts';
import { modulePaths } from '../../../../../src/estimate/read/imports/modules.ts';
import { joinedPath } from '../../../../../src/estimate/read/imports/paths.ts';
import { assertFacts, gapCodes, read } from '../support.ts';

const file = (path: string, text: string): SourceFile => ({ path, text });
const from = (files: readonly SourceFile[]) => {
  const asked: string[] = [];
  return { asked, read: (path: string): Promise<string | undefined> => { asked.push(path); return Promise.resolve(files.find((one) => one.path === path)?.text); } };
};

describe('where a module lies', () => {
  it('is beside the script, above it, in the workspace, and beside whoever imports it', () => {
    assert.deepEqual(modulePaths('config', 'exp/a/train.py', 'exp/a/train.py').filter((path) => path.endsWith('g.py')), ['exp/a/config.py', 'exp/config.py', 'config.py', 'src/config.py']);
    assert.deepEqual(modulePaths('models.unet', 'train.py', 'train.py').slice(0, 2), ['models/unet.py', 'models/unet/__init__.py']);
    assert.ok(modulePaths('helpers', 'pkg/inner/b.py', 'train.py').includes('pkg/inner/helpers.py'));
  });

  it('is counted in dots from the file itself', () => {
    assert.deepEqual(modulePaths('.config', 'pkg/train.py', 'pkg/train.py'), ['pkg/config.py', 'pkg/config/__init__.py']);
    assert.deepEqual(modulePaths('..common.data', 'pkg/a/train.py', 'pkg/a/train.py'), ['pkg/common/data.py', 'pkg/common/data/__init__.py']);
    assert.deepEqual(modulePaths('.', 'pkg/train.py', 'pkg/train.py'), ['pkg/__init__.py']);
  });

  it('is never outside of the workspace, and nowhere for what is installed', () => {
    assert.deepEqual(modulePaths('...secrets', 'train.py', 'train.py'), []);
    assert.deepEqual(modulePaths('torch.nn', 'train.py', 'train.py'), []);
    assert.equal(joinedPath('a/b', '../../../etc'), undefined);
    fc.assert(fc.property(fc.stringMatching(/^\.{0,5}[a-z.]{0,20}$/), fc.stringMatching(/^([a-z]{1,3}\/){0,3}[a-z]{1,3}\.py$/), (name, path) => {
      for (const found of modulePaths(name, path, path)) assert.ok(!found.startsWith('/') && !found.split('/').includes('..'), found);
    }));
  });
});

describe('what a text imports', () => {
  it('is every module it names, and what may be a module of a package', () => {
    assert.deepEqual(importsIn('import config, utils.data as d\nfrom .model import (\n  Net,\n  Head as H,\n)\nfrom . import loops\n# import not_this\nx = "import nor this"\n'),
      ['config', 'utils.data', '.model', '.model.Net', '.model.Head', '.', '.loops']);
  });

  it('is found in the cells of a notebook', () => {
    assert.deepEqual(importsIn('{"cells": [{"source": [\n "import config\\n",\n "from model import Net"\n]}]}').filter((name) => !name.includes('.')), ['config', 'model']);
  });
});

describe('collecting what a script imports', () => {
  const files = [file('exp/train.py', 'from config import A\nimport torch\n'), file('exp/config.py', 'from shared.base import B\n'), file('shared/base.py', 'import config\n'), file('other.py', '')];

  it('takes files and what these import in turn, each once, round a circle too', async () => {
    const { read: reading, asked } = from(files);
    const found = await gatherImports(files.slice(0, 1), reading);
    assert.deepEqual(found.map(({ path }) => path), ['exp/config.py', 'shared/base.py']);
    assert.ok(!asked.some((path) => path.includes('torch')));
    assert.equal(asked.filter((path) => path === 'exp/config.py').length, 1);
  });

  it('looks for what is imported out of a file in that file alone, and out of a package in its folder', async () => {
    const plain = [file('train.py', 'from model import Net, Head\n'), file('model.py', '')];
    const { read: reading, asked } = from(plain);
    await gatherImports(plain.slice(0, 1), reading);
    assert.ok(!asked.some((path) => path.includes('model/')), asked.join());
    const pack = [file('train.py', 'from nets import unet\n'), file('nets/__init__.py', ''), file('nets/unet.py', '')];
    assert.deepEqual((await gatherImports(pack.slice(0, 1), from(pack).read)).map(({ path }) => path), ['nets/__init__.py', 'nets/unet.py']);
  });

  it('takes no file twice that the caller has', async () => {
    assert.deepEqual((await gatherImports(files.slice(0, 2), from(files).read)).map(({ path }) => path), ['shared/base.py']);
  });

  it('ends, however many there are, however deep and however long they are', async () => {
    const chain = Array.from({ length: 60 }, (_, index) => file(`m${index}.py`, `import m${index + 1}\n`));
    assert.ok((await gatherImports(chain.slice(0, 1), from(chain).read)).length <= 5);
    const wide = [file('train.py', Array.from({ length: 90 }, (_, index) => `import w${index}`).join('\n')), ...Array.from({ length: 90 }, (_, index) => file(`w${index}.py`, 'x = 1'))];
    assert.equal((await gatherImports(wide.slice(0, 1), from(wide).read)).length, 30);
    const long = [file('train.py', 'import big\n'), file('big.py', 'x'.repeat(500_000))];
    assert.deepEqual(await gatherImports(long.slice(0, 1), from(long).read), []);
    const heavy = [file('train.py', Array.from({ length: 20 }, (_, index) => `import h${index}`).join('\n')), ...Array.from({ length: 20 }, (_, index) => file(`h${index}.py`, 'x'.repeat(390_000)))];
    assert.ok((await gatherImports(heavy.slice(0, 1), from(heavy).read)).length <= 6);
  });
});

const loop = `import torch
from config import Config
from lib.engine import train_one_epoch
import lib.data as data

def main():
    cfg = Config()
    model = build(cfg)
    loader = data.loader(cfg)
    optimizer = torch.optim.AdamW(model.parameters())
    for epoch in range(cfg.epochs):
        train_one_epoch(model, loader, optimizer)

if __name__ == "__main__":
    main()
`;
const config = `from dataclasses import dataclass

@dataclass
class Config:
    epochs: int = 12
    batch_size: int = 48
`;
const engine = `def train_one_epoch(model, loader, optimizer):
    for batch in loader:
        loss = model(batch)
        loss.backward()
        optimizer.step()

if __name__ == "__main__":
    train_one_epoch(1, 2, 3)
`;
const loaders = `from torch.utils.data import DataLoader
from torchvision import datasets

def loader(cfg):
    return DataLoader(datasets.CIFAR10("data", train=True), batch_size=cfg.batch_size, shuffle=True)
`;

describe('a script in several files', () => {
  const files = [file('train.py', loop), file('config.py', config), file('lib/engine.py', engine), file('lib/data.py', loaders)];

  it('is read through its imports, each fact with its own file and line', () => {
    const reading = read(files);
    assert.deepEqual(gapCodes(reading), []);
    assertFacts(reading, files, { epochs: [12, 'epochs: int = 12'], microBatch: [48, 'batch_size: int = 48'], dataset: ['CIFAR10', 'datasets.CIFAR10'], samples: [50_000], optimizer: ['adamw', 'AdamW'] });
    assert.deepEqual(['epochs', 'dataset', 'optimizer'].map((name) => reading.facts.find((fact) => fact.name === name)?.file), ['config.py', 'lib/data.py', 'train.py']);
  });

  it('is read as far as it goes where a file is not there', () => {
    const reading = read(files.slice(0, 1));
    assertFacts(reading, files, { optimizer: ['adamw'], epochs: undefined });
  });

  it('takes settings by star, and from a module by its name', () => {
    const star = [file('train.py', 'from settings import *\nimport extra\nfrom transformers import Trainer, TrainingArguments\nTrainer(args=TrainingArguments(output_dir="o", max_steps=STEPS, per_device_train_batch_size=extra.BATCH)).train()\n'), file('settings.py', 'STEPS = 70\n_HIDDEN = 1\n'), file('extra.py', 'BATCH = 6\n')];
    assertFacts(read(star), star, { steps: [70, 'STEPS = 70'], microBatch: [6, 'BATCH = 6'] });
  });

  it('knows a trainer by its base in another file', () => {
    const own = [file('train.py', 'from lib.own import MyTrainer, arguments\nMyTrainer(args=arguments(3)).train()\n'), file('lib/own.py', 'from transformers import Trainer, TrainingArguments\nclass MyTrainer(Trainer):\n    pass\ndef arguments(n):\n    return TrainingArguments(output_dir="o", num_train_epochs=n)\n')];
    assertFacts(read(own), own, { epochs: [3, 'arguments(3)'], stack: ['hf'] });
  });

  it('does not start what it imports, nor go through what it never calls', () => {
    const reading = read([file('a.py', 'import engine\nprint("hello")\n'), file('engine.py', engine)]);
    assert.deepEqual(gapCodes(reading), ['notTraining']);
  });

  it('ends where files import each other', () => {
    const circle = [file('train.py', 'from a import x\nfrom transformers import Trainer, TrainingArguments\nTrainer(args=TrainingArguments(output_dir="o", max_steps=x)).train()\n'), file('a.py', 'from b import y\nx = y * 2\n'), file('b.py', 'y = 5\nfrom a import x\nimport train\n')];
    assertFacts(read(circle), circle, { steps: [10] });
  });

  it('survives files that are cut anywhere', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 3 }), fc.nat(), (index, at) => {
      const broken = files.map((one, position) => (position === index ? file(one.path, one.text.slice(0, at % (one.text.length + 1))) : one));
      for (const fact of read(broken).facts) assert.ok(fact.line === undefined || fact.line >= 1);
    }), { numRuns: 60 });
  });
});
