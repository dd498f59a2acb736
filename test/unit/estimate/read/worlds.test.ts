import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Draft } from '../../../../src/estimate/read/draft.ts';
import { questionsOf } from '../../../../src/estimate/read/questions.ts';
import { reconcile } from '../../../../src/estimate/read/worlds.ts';
import { readText } from './support.ts';

const draftOf = (values: Readonly<Record<string, number>>): Draft => {
  const draft = new Draft();
  for (const name of ['microBatch', 'accumulation', 'steps', 'epochs', 'gpus'] as const) {
    if (values[name] !== undefined) draft.set(name, values[name], { source: 'script', certainty: 'stated', file: 'x.py', line: 3 });
  }
  return draft;
};

describe('a script read for one process and for two', () => {
  it('keeps what is the same, and knows a batch that is fixed', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 9 }), (micro, half, steps) => {
      const merged = reconcile(draftOf({ microBatch: micro, accumulation: 2 * half, steps }), draftOf({ microBatch: micro, accumulation: half, steps }));
      assert.equal(merged.get('microBatch'), micro);
      assert.equal(merged.get('accumulation'), undefined);
      assert.equal(merged.get('globalBatch'), micro * 2 * half);
      assert.equal(merged.get('steps'), steps);
    }));
  });

  it('drops what changes in any other way', () => {
    const merged = reconcile(draftOf({ microBatch: 8, steps: 100, gpus: 1 }), draftOf({ microBatch: 8, steps: 50, gpus: 2 }));
    assert.deepEqual(merged.facts.map(({ name }) => name), ['microBatch']);
  });

  it('finds the batch that is split between processes', () => {
    const text = 'import os\nfrom torch.utils.data import DataLoader\nworld = int(os.environ.get("WORLD_SIZE", 1))\nbatch = 256 // world\nloader = DataLoader(data, batch_size=batch, shuffle=True)\nfor epoch in range(3):\n    for x in loader:\n        f(x).backward()\n        optimizer.step()\n';
    const reading = readText(text);
    assert.equal(reading.workload.globalBatch, 256);
    assert.equal(reading.workload.microBatch, undefined);
    assert.equal(reading.workload.epochs, 3);
    assert.equal(reading.facts.find(({ name }) => name === 'globalBatch')?.line, 4);
    const told = readText(`# torchrun --nproc_per_node=4 train.py\n${text}`);
    assert.deepEqual([told.workload.microBatch, told.workload.gpus, told.workload.globalBatch, told.workload.parallelism], [64, 4, undefined, 'ddp']);
  });
});

describe('questions', () => {
  const names = (fill: (draft: Draft) => void, gap?: 'notTraining'): readonly string[] => {
    const draft = new Draft();
    fill(draft);
    return questionsOf(draft, gap ? [{ code: gap }] : []).map(({ name }) => name);
  };
  const from = { source: 'script', certainty: 'stated' } as const;
  const model = (draft: Draft): void => void draft.set('model', { name: 'm', paramsM: 1 }, from);

  it('come for what is unknown and matters, three at most', () => {
    assert.deepEqual(names(() => undefined), ['model', 'samples', 'epochs']);
    assert.deepEqual(names(() => undefined, 'notTraining'), []);
    assert.deepEqual(names((draft) => { model(draft); draft.set('steps', 5, from); }), ['microBatch']);
  });

  it('ask for lengths of text, unless every sample is full', () => {
    const text = (packing: boolean) => names((draft) => {
      model(draft);
      draft.set('task', 'language', from);
      draft.set('steps', 5, from);
      draft.set('microBatch', 5, from);
      draft.set('seqLen', 1024, from);
      draft.set('packing', packing, from);
    });
    assert.deepEqual(text(false), ['tokensPerSample']);
    assert.deepEqual(text(true), []);
  });

  it('ask for the size of pictures, and for GPUs where the batch is that of all of them', () => {
    const asked = names((draft) => {
      model(draft);
      draft.set('task', 'diffusion', from);
      draft.set('steps', 5, from);
      draft.set('globalBatch', 64, from);
    });
    assert.deepEqual(asked, ['resolution', 'gpus']);
  });

  it('offer lengths up to the cap', () => {
    const draft = new Draft();
    draft.set('task', 'language', from);
    draft.set('seqLen', 2048, from);
    draft.set('steps', 5, from);
    const question = questionsOf(draft, []).find(({ name }) => name === 'tokensPerSample');
    assert.deepEqual(question?.suggestions, [256, 512, 1024, 2048]);
  });
});
