import assert from 'node:assert/strict';
import * as scripts from './scripts.ts';
import { assertFacts, gapCodes, notebook, questionNames, read, readText } from './support.ts';

const trainer = (more: string): string => `from transformers import Trainer, TrainingArguments\nargs = TrainingArguments("out", ${more})\ntrainer = Trainer(model="gpt2", args=args)\n`;

describe('reading a script', () => {
  it('says so when there is nothing, or nothing that trains', () => {
    assert.deepEqual(gapCodes(read([])), ['empty']);
    assert.deepEqual(gapCodes(readText('\n  \n')), ['empty']);
    for (const text of ['print("hello")\n', 'import torch\nmodel = torch.load("x")\nmodel.eval()\n', 'def f(:\n']) {
      const reading = readText(text);
      assert.ok(gapCodes(reading).includes('notTraining'), text);
      assert.deepEqual(reading.questions, []);
      assert.equal(reading.anchor, undefined);
    }
    assert.deepEqual(gapCodes(readText('some: thing\n', 'x.yaml')), ['notTraining']);
  });

  it('does not go into files of a size that nobody writes', () => {
    const huge = { path: 'train.py', text: `${scripts.plainLoop}\n`.repeat(5_000) };
    assert.ok(huge.text.length > 5_000_000);
    const reading = read([huge]);
    assert.deepEqual(reading.gaps, [{ code: 'tooLarge', file: 'train.py' }]);
    assert.deepEqual(reading.facts, []);
    assertFacts(read([{ path: 'main.py', text: scripts.plainLoop }, huge]), [], { epochs: [90] });
    assert.deepEqual(gapCodes(read([{ path: 'main.py', text: scripts.plainLoop }, huge])), ['tooLarge']);
  });

  it('comes to an end with a long file of calls of calls', () => {
    const text = `${Array.from({ length: 3_000 }, (_, n) => `def f${n}(a=${n}):\n    return g(f${n + 1}(a), f${n + 2}(a))`).join('\n')}\n${scripts.plainLoop}`;
    assert.ok(text.length > 100_000);
    assert.ok(read([{ path: 'train.py', text }]).facts.length > 0);
  });

  it('says where a mistake is, and reads what stands around it', () => {
    const text = scripts.sftScript.replace('lora = ', 'def broken(:\nlora = ');
    const reading = readText(text);
    assert.ok(gapCodes(reading).includes('syntax'));
    assertFacts(reading, [{ path: 'train.py', text }], { microBatch: [2, 'per_device'] });
  });

  it('refuses what cannot be, with its line', () => {
    for (const [argument, name] of [['per_device_train_batch_size=-4', 'microBatch'], ['num_train_epochs=1e400', 'epochs'], ['per_device_train_batch_size=0', 'microBatch'], ['gradient_accumulation_steps=2.5', 'accumulation'], ['max_steps=10**300', 'steps']] as const) {
      const reading = readText(trainer(argument));
      const fact = reading.facts.find((candidate) => candidate.name === name);
      assert.ok(fact === undefined || fact.source === 'default', `${argument}: ${JSON.stringify(fact)}`);
      assert.deepEqual(reading.gaps.map(({ code, line }) => [code, line]), [['impossibleValue', 2]], argument);
    }
    assert.deepEqual(readText(trainer('max_steps=-1')).gaps, []);
  });

  it('gives framework defaults no place, and keeps what is said but open unknown', () => {
    const reading = readText(trainer('learning_rate=1e-4'));
    const batch = reading.facts.find(({ name }) => name === 'microBatch');
    assert.deepEqual(batch, { name: 'microBatch', value: 8, source: 'default', certainty: 'stated' });
    assertFacts(readText(trainer('per_device_train_batch_size=choose(), num_train_epochs=ask()')), [], { microBatch: undefined, epochs: undefined, accumulation: [1] });
  });

  it('asks three things at most, the dearest first', () => {
    assert.deepEqual(questionNames(readText(trainer('num_train_epochs=2'))), ['samples', 'tokensPerSample']);
    assert.deepEqual(questionNames(readText('for x in data:\n    loss.backward()\n    optimizer.step()\n')), ['model', 'samples', 'epochs']);
    assert.deepEqual(questionNames(readText(trainer('max_steps=5'), 'train.py', { overrides: { tokensPerSample: 100 } })), []);
    const reading = readText(trainer('max_steps=5').replace('"out"', '"out", per_device_train_batch_size=4'));
    assert.ok((reading.questions[0]?.suggestions.length ?? 0) >= 2);
  });

  it('reads the configuration that a command names, with what the command says over it', () => {
    const yaml = 'base_model: meta-llama/Llama-3.1-8B\nadapter: lora\nlora_r: 16\nmicro_batch_size: 2\ngradient_accumulation_steps: 4\nnum_epochs: 3\nsequence_len: 2048\ndatasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\n';
    const files = [{ path: 'run.sh', text: 'accelerate launch --num_processes 4 -m axolotl.cli.train configs/a.yml \\\n  --num_epochs 1\n' }, { path: 'configs/a.yml', text: yaml }];
    const reading = read(files);
    assertFacts(reading, files, { gpus: [4, 'num_processes'], parallelism: ['ddp'], epochs: [1, '--num_epochs'], microBatch: [2, 'micro_batch_size'], model: ['meta-llama/Llama-3.1-8B', 'base_model'], method: ['lora'] });
    const open = read([files[1] ?? assert.fail()]);
    assertFacts(open, files, { epochs: [3, 'num_epochs: 3'] });
    assert.deepEqual(open.anchor, { file: 'configs/a.yml', line: 6 });
    assert.deepEqual(gapCodes(read(files.slice(0, 1))), ['missingFile', 'notTraining']);
  });

  it('takes precision and processes from the configuration of Accelerate', () => {
    const files = [{ path: 'go.sh', text: 'accelerate launch --config_file acc.yaml main.py\n' }, { path: 'main.py', text: scripts.accelerateLoop }, { path: 'acc.yaml', text: 'distributed_type: MULTI_GPU\nmixed_precision: bf16\nnum_processes: 2\n' }];
    assertFacts(read(files), files, { gpus: [2, 'num_processes'], precision: ['bf16', 'mixed_precision'], parallelism: ['ddp'], microBatch: [16] });
  });

  it('anchors in the file that is open, wherever the training lies', () => {
    const script = { path: 'train.py', text: scripts.trainerDataclasses };
    const readme = { path: 'README.md', text: scripts.trainerReadme };
    const shell = { path: 'go.sh', text: '# first\ntorchrun train.py \\\n  --num_train_epochs 3 --data_path x\n' };
    const trainerLine = script.text.split('\n').findIndex((line) => line.includes('transformers.Trainer(model=')) + 1;
    assert.deepEqual(read([script, readme]).anchor, { file: 'train.py', line: trainerLine });
    assert.deepEqual(read([shell, script]).anchor, { file: 'go.sh', line: 3 });
    assert.deepEqual(read([readme, script]).anchor, { file: 'README.md', line: 8 });
  });

  it('reads tasks and launch configurations that are open', () => {
    const tasks = { path: '.vscode/tasks.json', text: '{"tasks": [{\n"command": "yolo train model=yolov8n.pt data=coco128.yaml epochs=9"}]}' };
    const reading = read([tasks]);
    assertFacts(reading, [tasks], { epochs: [9, 'epochs=9'], samples: [128] });
    assert.deepEqual(reading.anchor, { file: '.vscode/tasks.json', line: 2 });
  });

  describe('a notebook', () => {
    it('is read on the lines of its file, with one string for a cell as well', () => {
      const text = notebook('x = 1', trainer('num_train_epochs=2').trim());
      assertFacts(readText(text, 'a.ipynb'), [{ path: 'a.ipynb', text }], { epochs: [2, 'num_train_epochs=2'] });
      const single = JSON.stringify({ cells: [{ cell_type: 'markdown', source: 'num_train_epochs=9' }, { cell_type: 'code', source: trainer('num_train_epochs=2') }] }, null, 1);
      assertFacts(readText(single, 'a.ipynb'), [{ path: 'a.ipynb', text: single }], { epochs: [2, 'num_train_epochs=2'] });
    });

    it('may start its training in a shell', () => {
      const text = notebook('!pip install ultralytics', '!yolo train model=yolov8n.pt data=coco128.yaml epochs=7');
      const reading = readText(text, 'a.ipynb');
      assertFacts(reading, [{ path: 'a.ipynb', text }], { epochs: [7, 'epochs=7'], model: ['yolov8n'] });
      assert.ok(text.split('\n')[(reading.anchor?.line ?? 0) - 1]?.includes('yolo train'));
    });

    it('that is broken is no training', () => {
      assert.ok(gapCodes(readText('{"cells": [', 'a.ipynb')).includes('notTraining'));
      assert.ok(gapCodes(readText('not json at all', 'a.ipynb')).includes('notTraining'));
    });
  });
});
