import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { factKinds, factNames, isAbout, isFactName, parseFact } from '../../../../src/ui/estimate/factKinds.ts';
import { factLabel, questionWords } from '../../../../src/estimate/wordsFacts.ts';
import { originWords } from '../../../../src/ui/estimate/factWords.ts';
import { factsViews } from '../../../../src/ui/estimate/factViews.ts';
import { placeOf } from '../../../../src/ui/estimate/places.ts';
import { english } from '../support/english.ts';
import { path, reading, workload } from './support/estimates.ts';

const views = (change: Partial<Parameters<typeof factsViews>[0]> = {}) => factsViews({ reading: reading(), given: new Map(), refused: undefined, script: path, ...change }, english.t);
const named = <T extends { name: string }>(all: readonly T[], name: string): T => {
  const found = all.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

describe('a typed fact', () => {
  it('is taken as what it can be', () => {
    assert.deepEqual([parseFact('epochs', '1.5'), parseFact('steps', '1000'), parseFact('evalPasses', '0'), parseFact('precision', 'bf16'), parseFact('packing', 'true'), parseFact('packing', false), parseFact('model', ' Qwen ')], [1.5, 1000, 0, 'bf16', true, false, 'Qwen']);
  });

  it('or not at all', () => {
    for (const [name, typed] of [['epochs', '0'], ['epochs', '-1'], ['steps', '1.5'], ['steps', '0'], ['steps', ''], ['gpus', 'two'], ['gpus', '1e99'], ['steps', 'NaN'], ['steps', 'Infinity'], ['precision', 'bf17'], ['precision', true], ['packing', 'maybe'], ['model', '   '], ['model', true], ['steps', true]] as const) {
      assert.equal(parseFact(name, typed), undefined, `${name} ${String(typed)}`);
    }
  });

  it('never lets a number through that is not finite, positive and in bounds', () => {
    fc.assert(fc.property(fc.constantFrom(...factNames), fc.oneof(fc.string(), fc.double().map(String), fc.boolean()), (name, typed) => {
      const value = parseFact(name, typed);
      const kind = factKinds[name];
      if (typeof value !== 'number') return;
      assert.ok(kind.kind === 'number' && Number.isFinite(value) && value >= kind.least && value <= kind.most && (kind.whole ? Number.isInteger(value) : value > 0));
    }));
  });

  it('knows its names, and not those of every object', () => {
    assert.ok(isFactName('epochs') && !isFactName('constructor') && !isFactName('__proto__') && !isFactName(''));
  });
});

describe('the facts on show', () => {
  it('stand in the order of thought, each with its value, origin and place', () => {
    const { facts } = views();
    assert.deepEqual(facts.map(({ name }) => name), ['model', 'method', 'samples', 'epochs', 'microBatch', 'accumulation', 'precision', 'checkpointing']);
    assert.deepEqual(named(facts, 'epochs'), { name: 'epochs', label: 'Epochs', control: { kind: 'number', value: '3', least: 0, whole: false }, origin: 'script', said: false, place: placeOf({ file: path, line: 15 }, path) });
    const { origin, note, place } = named(facts, 'accumulation');
    assert.deepEqual([origin, note, place?.text], ['configuration, computed', '16 // 8', 'train.yaml:12']);
    assert.equal(named(facts, 'samples').place, undefined);
    assert.equal(named(facts, 'checkpointing').origin, 'usual value, assumed');
  });

  it('ask at most three questions, and none that was answered', () => {
    const questions = (['seqLen', 'samples', 'epochs', 'gpus'] as const).map((name) => ({ name, suggestions: [1, 2] }));
    const bare = reading({ facts: [], questions });
    assert.deepEqual(views({ reading: bare }).questions.map(({ name }) => name), ['seqLen', 'samples', 'epochs']);
    const answered = views({ reading: bare, given: new Map([['seqLen', 512]]) });
    assert.deepEqual(answered.questions.map(({ name }) => name), ['samples', 'epochs', 'gpus']);
    assert.deepEqual([named(answered.facts, 'seqLen').said, named(answered.facts, 'seqLen').origin], [true, 'you said so']);
  });

  it('let everything else be said, with what is taken meanwhile', () => {
    const { questions, facts, unread } = views();
    assert.deepEqual([...questions, ...facts, ...unread].map(({ name }) => name).toSorted(), factNames.filter((name) => isAbout('training', name)).toSorted());
    for (const name of factNames) assert.ok(isAbout('training', name) || isAbout('inference', name), `${name} can be said somewhere`);
    assert.deepEqual(named(unread, 'optimizer').control, { kind: 'choice', value: 'adamw', options: ['adamw', 'adamw-bf16', 'adamw-8bit', 'sgd', 'adafactor', 'lion', 'muon', 'other'].map((value) => ({ value, label: value })) });
    assert.deepEqual([named(unread, 'steps').origin, named(unread, 'optimizer').origin], ['not read', 'usual value, assumed']);
  });

  it('show a published model by its name', () => {
    assert.deepEqual(named(views({ reading: reading({ facts: [] }) }).unread, 'model').control, { kind: 'text', value: 'Qwen/Qwen2.5-1.5B' });
  });

  it('say why a value was refused, where it was typed', () => {
    assert.equal(named(views({ refused: 'microBatch' }).facts, 'microBatch').refused, 'A whole number is needed, 1 at least.');
    assert.equal(named(views({ refused: 'epochs' }).facts, 'epochs').refused, 'That cannot be.');
    assert.equal(named(views({ refused: 'tokensPerSample' }).questions, 'tokensPerSample').refused, 'That cannot be.');
    assert.equal(named(views({ refused: 'epochs' }).facts, 'microBatch').refused, undefined);
  });
});

describe('the words of facts', () => {
  it('name every fact differently', () => {
    const labels = factNames.map((name) => factLabel(name, english.t));
    assert.equal(new Set(labels).size, factNames.length);
    for (const label of labels) assert.match(label, /^[A-Z]/);
    for (const name of factNames) assert.match(questionWords(name, english.t), /^[A-Z]/);
  });

  it('cover every property of a workload', () => {
    const all: Required<Workload> = { ...workload(), baseWeights: 'bf16', cpuOffload: true, gpus: 1, globalBatch: 1, steps: 1, seqLen: 1, tokensPerSample: 1, resolution: 1, frames: 1, evalPasses: 1, checkpointEvery: 1, tensorParallel: 1, pipelineParallel: 1, model: { name: '', paramsM: 1 }, dataset: '', loraRank: 1, microBatch: 1, accumulation: 1, epochs: 1, samples: 1, work: 'training', engine: 'vllm', servedWeights: 'fp16', concurrency: 1, promptTokens: 1, answerTokens: 1, contextTokens: 1 };
    assert.deepEqual(Object.keys(all).toSorted(), [...factNames].toSorted());
  });

  it('tell apart what was said, computed and assumed', () => {
    const words = (certainty: 'stated' | 'derived' | 'assumed') => originWords({ source: 'config', certainty }, english.t);
    assert.deepEqual([words('stated'), words('derived'), words('assumed')], ['configuration', 'configuration, computed', 'configuration, assumed']);
    assert.equal(originWords({ source: 'user', certainty: 'assumed' }, english.t), 'you said so');
  });
});
