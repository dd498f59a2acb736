import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fact, FactName, Reading } from '../../../../src/estimate/facts.ts';
import { modelSaid, overridesOf, withGiven } from '../../../../src/estimate/read/given.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';

const workload: Workload = { task: 'language', stack: 'hf', method: 'full', precision: 'bf16', optimizer: 'adamw', parallelism: 'single', packing: false, checkpointing: false, compile: false, flashAttention: true };
const fact = (name: FactName, value: Fact['value'], source: Fact['source']): Fact => ({ name, value, source, certainty: 'stated' });
const reading = (change: Partial<Reading> = {}): Reading => ({ workload, facts: [], questions: [], gaps: [], ...change });
const given = (...said: [FactName, Fact['value']][]): ReadonlyMap<FactName, Fact['value']> => new Map(said);

describe('a model that somebody names', () => {
  it('is the published one, however it is written', () => {
    assert.equal(Math.round((modelSaid('meta-llama/Llama-3.1-8B')?.paramsM ?? 0) / 100), 80);
    assert.ok(modelSaid('Llama-3.1-8B')?.layers);
  });

  it('is as large as its name says where nobody knows it', () => {
    assert.deepEqual(['our-house-model 7B', 'acme/tiny-350m-base', '1.5 b', 'acme 0.5T'].map((name) => modelSaid(name)?.paramsM), [7000, 350, 1500, 500_000]);
    assert.deepEqual(modelSaid('our-house-model 7B'), { name: 'our-house-model 7B', paramsM: 7000 });
  });

  it('is unknown without a size', () => {
    for (const name of ['', 'our-house-model', 'v7', '0B', 'web3d', 'mp3 7 bananas', '12']) assert.equal(modelSaid(name), undefined, name);
  });

  it('never has a size that is not one', () => {
    fc.assert(fc.property(fc.string(), (name) => {
      const { paramsM } = modelSaid(name) ?? { paramsM: 1 };
      return Number.isFinite(paramsM) && paramsM > 0;
    }));
  });
});

describe('what somebody says', () => {
  it('is handed to the reader, the model with all that is known of it', () => {
    const overrides = overridesOf(given(['epochs', 5], ['packing', true], ['model', 'acme 7B']));
    assert.deepEqual(overrides, { epochs: 5, packing: true, model: { name: 'acme 7B', paramsM: 7000 } });
    assert.deepEqual(overridesOf(given(['model', 'nobody knows'])), {}, 'a name alone must not become a model');
  });

  it('changes nothing where nothing is said', () => {
    const read = reading();
    assert.equal(withGiven(read, given()), read);
  });

  it('of epochs goes before the steps of the script', () => {
    const read = reading({ workload: { ...workload, steps: 100, epochs: 5 }, facts: [fact('steps', 100, 'script'), fact('epochs', 5, 'user')] });
    const after = withGiven(read, given(['epochs', 5]));
    assert.deepEqual([after.workload.steps, after.workload.epochs, after.facts.map(({ name }) => name)], [undefined, 5, ['epochs']]);
    assert.equal(withGiven(read, given(['epochs', 5], ['steps', 100])).workload.steps, 100, 'unless both were said');
    assert.equal(withGiven(read, given(['seqLen', 5])).workload.steps, 100);
  });

  it('of an unknown model is told to be unknown', () => {
    const read = reading({ gaps: [{ code: 'unknownModel', file: 'a.py', line: 3, detail: 'x' }, { code: 'syntax' }] });
    assert.deepEqual(withGiven(read, given(['model', 'house'])).gaps, [{ code: 'syntax' }, { code: 'unknownModel', detail: 'house' }]);
    assert.deepEqual(withGiven(read, given(['model', 'house 7B'])).gaps, [{ code: 'syntax' }]);
    assert.equal(withGiven(read, given(['epochs', 3])).gaps.length, 2);
  });

  it('of a known data set answers how much it is, where the script does not', () => {
    const read = reading({ questions: [{ name: 'samples', suggestions: [] }, { name: 'seqLen', suggestions: [] }] });
    const after = withGiven(read, given(['dataset', 'tatsu-lab/alpaca']));
    assert.equal(after.workload.samples, 52_002);
    assert.deepEqual(after.facts.find(({ name }) => name === 'samples'), fact('samples', 52_002, 'table'));
    assert.deepEqual(after.questions.map(({ name }) => name), ['seqLen']);
    const stated = reading({ workload: { ...workload, samples: 10 }, facts: [fact('samples', 10, 'script')] });
    assert.equal(withGiven(stated, given(['dataset', 'tatsu-lab/alpaca'])).workload.samples, 10);
    assert.equal(withGiven(read, given(['dataset', 'tatsu-lab/alpaca'], ['samples', 7])).facts.some(({ name }) => name === 'samples'), false);
    assert.deepEqual(withGiven(read, given(['dataset', 'nobody/knows'])), read);
  });
});
