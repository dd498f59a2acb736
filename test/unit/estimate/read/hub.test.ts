import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { hubNames, withHub, type HubFacts } from '../../../../src/estimate/read/hub.ts';
import { gapCodes, questionNames, readText } from './support.ts';

const script = `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from datasets import load_dataset
model = AutoModelForCausalLM.from_pretrained("some-lab/unheard-of-model")
data = load_dataset("some-lab/unheard-of-data", split="train")
Trainer(model=model, args=TrainingArguments(output_dir="o", num_train_epochs=2), train_dataset=data).train()
`;
const facts = (change: Partial<HubFacts> = {}): HubFacts => ({
  models: new Map([['some-lab/unheard-of-model', { name: 'llama', paramsM: 1235, layers: 16 }]]),
  splits: new Map([['some-lab/unheard-of-data', [{ config: 'default', split: 'train', rows: 4321 }, { config: 'default', split: 'test', rows: 9 }]]]),
  ...change,
});

describe('what the Hub is asked for', () => {
  it('is a model that no table knows and a data set whose rows nobody said', () => {
    assert.deepEqual(hubNames(readText(script)), { model: 'some-lab/unheard-of-model', dataset: 'some-lab/unheard-of-data' });
  });

  it('is nothing that is known, and nothing that is no name there', () => {
    assert.deepEqual(hubNames(readText(script.replace('some-lab/unheard-of-model', 'gpt2').replace('some-lab/unheard-of-data', 'tatsu-lab/alpaca'))), {});
    for (const name of ['./local/model', '/data/model', 'model.safetensors', 'a/b/c', 'dir/weights.bin', '../up', 'secret-project']) {
      assert.deepEqual(hubNames(readText(script.replace('some-lab/unheard-of-model', name).replace('some-lab/unheard-of-data', 'tatsu-lab/alpaca'))), {}, name);
    }
  });
});

describe('what the Hub says', () => {
  it('takes the place of the gap and of the questions, with the place of the name', () => {
    const before = readText(script);
    assert.ok(gapCodes(before).includes('unknownModel') && questionNames(before).includes('samples'));
    const reading = withHub(before, facts());
    assert.deepEqual([reading.workload.model, reading.workload.samples], [{ name: 'some-lab/unheard-of-model', paramsM: 1235, layers: 16 }, 4321]);
    assert.deepEqual(reading.facts.find(({ name }) => name === 'model'), { name: 'model', value: 'some-lab/unheard-of-model', source: 'hub', certainty: 'stated', note: 'config.json', file: 'train.py', line: 3 });
    assert.deepEqual(reading.facts.find(({ name }) => name === 'samples'), { name: 'samples', value: 4321, source: 'hub', certainty: 'assumed', note: 'default, train' });
    assert.ok(!gapCodes(reading).includes('unknownModel') && !questionNames(reading).some((name) => name === 'model' || name === 'samples'));
    assert.deepEqual(hubNames(reading), {});
  });

  it('is left alone where a data set has several parts, or none for training', () => {
    const parts = (...rows: readonly (readonly [string, string, number])[]): HubFacts => facts({ splits: new Map([['some-lab/unheard-of-data', rows.map(([config, split, count]) => ({ config, split, rows: count }))]]) });
    for (const unclear of [parts(['a', 'train', 5], ['b', 'train', 6]), parts(['a', 'test', 5]), parts(['a', 'train', 0]), parts()]) assert.equal(withHub(readText(script), unclear).workload.samples, undefined);
  });

  it('changes nothing of what a script states', () => {
    const stated = readText(script.replace('num_train_epochs=2', 'max_steps=5').replace('some-lab/unheard-of-model', 'gpt2'));
    assert.equal(withHub(stated, facts()).workload.model?.name, stated.workload.model?.name);
    const nothing: HubFacts = { models: new Map(), splits: new Map() };
    fc.assert(fc.property(fc.constantFrom('gpt2', 'a/b', 'some-lab/unheard-of-model'), (name) => {
      const reading = readText(script.replace('some-lab/unheard-of-model', name));
      assert.equal(withHub(reading, nothing), reading);
    }));
  });
});
