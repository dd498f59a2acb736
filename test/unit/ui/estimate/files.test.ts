import assert from 'node:assert/strict';
import fc from 'fast-check';
import { companionsOf, mostCompanions, namedBy } from '../../../../src/ui/estimate/companions.ts';
import { trainingLine } from '../../../../src/ui/estimate/looksLikeTraining.ts';
import { cellAt, notebookJson, type Cell } from '../../../../src/ui/estimate/notebook.ts';

describe('what belongs to a script', () => {
  const beside = { folder: 'exp', names: ['train.py', 'model.py', 'other.py', 'ds.json', 'unused.yaml', 'run.sh', 'README.md', 'notes.md', 'photo.png'] };

  it('is what it names and imports, how it is started, and the tasks of the workspace', () => {
    const text = 'from model import GPT\nimport os\nargs = parse("ds.json")\n';
    assert.deepEqual(companionsOf('exp/train.py', text, beside), ['exp/ds.json', 'exp/model.py', 'exp/run.sh', 'exp/README.md', '.vscode/tasks.json', '.vscode/launch.json']);
  });

  it('may lie in another folder of the workspace, meant from the script or from the root', () => {
    const paths = companionsOf('exp/train.py', 'load("configs/a.yaml"); load("../shared/b.toml"); load("./c.yaml")', beside);
    assert.deepEqual(paths.slice(0, 5), ['exp/configs/a.yaml', 'configs/a.yaml', 'shared/b.toml', 'exp/c.yaml', 'c.yaml']);
  });

  it('never lies outside the workspace', () => {
    const hostile = fc.array(fc.constantFrom('..', '.', 'a', 'etc', 'b'), { maxLength: 8 }).map((steps) => `open("${steps.join('/')}/secret.json") open("/etc/${steps.join('/')}/x.yaml")`);
    fc.assert(fc.property(hostile, (text) => {
      for (const path of [...companionsOf('exp/train.py', text, beside), ...namedBy(text, beside)]) assert.ok(!path.startsWith('/') && !path.split('/').includes('..') && path !== '', path);
    }));
  });

  it('never is the script itself, twice the same, or more than a few', () => {
    const names = Array.from({ length: 60 }, (_, index) => `c${index}.yaml`);
    const paths = companionsOf('train.py', `${names.join(' ')} train.py c1.yaml`, { folder: '', names: [...names, 'train.py'] });
    assert.equal(paths.length, mostCompanions);
    assert.ok(!paths.includes('train.py'));
    assert.equal(new Set(paths).size, paths.length);
  });

  it('goes on to what a shell script names', () => {
    assert.deepEqual(namedBy('accelerate launch --config_file ds.json train.py --config missing.yaml', beside), ['exp/ds.json', 'exp/train.py']);
  });
});

describe('a script that trains', () => {
  const at = (text: string): number | undefined => trainingLine(text);

  it('is known by its trainer, its loop or its command, at that line', () => {
    assert.equal(at('import x\n\ntrainer = SFTTrainer(model)\ntrainer.train()'), 3);
    assert.equal(at('import torch\nfor x in y:\n    loss.backward()'), 3);
    assert.equal(at('from ultralytics import YOLO\nYOLO("x").train(data="coco8.yaml")'), 2);
    assert.equal(at('#!/bin/sh\nset -e\ntorchrun --nproc_per_node 8 train.py'), 3);
    assert.equal(at('accelerate launch x.py'), 1);
    assert.equal(at('base_model: meta-llama/Llama-3.1-8B\nmicro_batch_size: 2\n'), 1);
    assert.equal(at('a: 1\n"num_train_epochs": 3,\n"learning_rate": 1e-4'), 2);
  });

  it('is not any script', () => {
    for (const text of ['', 'print("hello")', '# trainer = Trainer(model)', 'model.train()', 'learning_rate: 3', 'import pandas\ndf.fit(3)', 'bus.train(passengers)', 'services:\n  web:\n    image: x']) assert.equal(at(text), undefined, text);
  });

  it('is found quickly in whatever is open', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => {
      const line = at(text);
      assert.ok(line === undefined || (line >= 1 && line <= text.split('\n').length));
    }));
  });
});

describe('a notebook', () => {
  const cells: readonly Cell[] = [{ code: false, text: '# Title\ntext' }, { code: true, text: 'import torch\n\nmodel = "x"' }, { code: true, text: '' }];

  it('becomes the file that it would be saved as', () => {
    assert.deepEqual(JSON.parse(notebookJson(cells)).cells, [
      { cell_type: 'markdown', metadata: {}, source: ['# Title\n', 'text'] },
      { cell_type: 'code', metadata: {}, execution_count: null, outputs: [], source: ['import torch\n', '\n', 'model = "x"'] },
      { cell_type: 'code', metadata: {}, execution_count: null, outputs: [], source: [''] },
    ]);
  });

  it('finds the cell of every line of it', () => {
    const cell = fc.record({ code: fc.boolean(), text: fc.string() });
    fc.assert(fc.property(fc.array(cell, { maxLength: 6 }), (some) => {
      const lines = notebookJson(some).split('\n');
      const found = lines.flatMap((written, index) => {
        const place = cellAt(some, index + 1);
        return place === undefined ? [] : [{ ...place, written }];
      });
      const expected = some.flatMap(({ text }, index) => text.split('\n').map((source, line, all) => ({ cell: index, line: line + 1, source: line < all.length - 1 ? `${source}\n` : source })));
      assert.deepEqual(found.map(({ cell: at, line }) => [at, line]), expected.map(({ cell: at, line }) => [at, line]));
      for (const [index, { written }] of found.entries()) assert.equal(JSON.parse(written.trim().replace(/,$/, '')), expected[index]?.source);
    }));
  });
});
