import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FactName, Gap } from '../../../src/estimate/facts.ts';
import type { Assumption, Fit, Reason, RemedyCode } from '../../../src/estimate/result.ts';
import { fitWords } from '../../../src/estimate/wordsFit.ts';
import { assumptionWords, gapWords, inEnglish, reasonWords, remedyWords, type Translate } from '../../../src/estimate/words.ts';
import { questionWords } from '../../../src/estimate/wordsFacts.ts';

// Records over the whole union: a code that is added fails to compile here until it has words.
const reasons: Record<Reason, true> = { launchBound: true, computeBound: true, bandwidthBound: true, linksBound: true, inputBound: true, downloadBound: true, setupBound: true };
const verdicts: Record<Fit['verdict'], true> = { fits: true, risky: true, no: true };
const remedyCodes: Record<RemedyCode, true> = { checkpointing: true, smallerBatch: true, optimizer8bit: true, lora: true, qlora: true, sharding: true };
const assumptionCodes: Record<Assumption['code'], true> = {
  usualStack: true, meanLength: true, gpuFromOffer: true, networkSpeed: true, interruptionRate: true, checkpointTime: true,
  imageSize: true, datasetSize: true, oneGpu: true, lowConfidence: true, unknownSteps: true, oneRequest: true, usualPrompt: true, usualAnswer: true, alwaysBusy: true, optimisedServer: true, usualReliability: true,
};
const gapCodes: Record<Gap['code'], true> = { empty: true, notTraining: true, syntax: true, tooLarge: true, circular: true, missingFile: true, unknownModel: true, impossibleValue: true };

function keys<Name extends string>(all: Record<Name, true>): Name[] {
  const names: Name[] = [];
  for (const name in all) names.push(name);
  return names;
}

const questions: readonly FactName[] = ['model', 'dataset', 'samples', 'epochs', 'steps', 'seqLen', 'tokensPerSample', 'resolution', 'frames', 'microBatch', 'gpus', 'loraRank'];

/** Everything that can be said, with a detail and without. */
function everything(t: Translate): string[] {
  return [
    ...keys(reasons).map((reason) => reasonWords(reason, t)),
    ...keys(verdicts).map((verdict) => fitWords({ verdict, probability: 0.5 }, t)),
    ...keys(remedyCodes).flatMap((code) => [1, 1.33].map((slowdown) => remedyWords({ code, change: {}, slowdown }, t))),
    ...keys(assumptionCodes).flatMap((code) => [assumptionWords({ code, detail: 'x7' }, t), ...(always.has(code) ? [] : [assumptionWords({ code }, t)])]),
    ...keys(gapCodes).flatMap((code) => [gapWords({ code, detail: 'x7' }, t), gapWords({ code }, t)]),
    ...questions.map((name) => questionWords(name, t)),
  ];
}
/** These always come with their detail. */
const always = new Set<Assumption['code']>(['gpuFromOffer', 'interruptionRate', 'usualPrompt', 'usualAnswer', 'usualReliability']);

describe('the words of an estimate', () => {
  it('are whole sentences, said calmly, for every code', () => {
    for (const text of everything(inEnglish)) {
      assert.doesNotMatch(text, /\{\d\}|undefined|NaN|\(\)|\s{2}/, text);
      assert.doesNotMatch(text, /!|\bplease\b|\bsuccessfully\b|\b(terminat|delet|kill)/i, text);
      assert.ok(/^[A-Z].*[.?)]$|^(fits|does not fit|may not fit \(50 % likely\))$/.test(text), text);
    }
  });

  it('differ from code to code', () => {
    const texts = [...keys(assumptionCodes).map((code) => assumptionWords({ code, detail: 'x' }, inEnglish)), ...keys(reasons).map((one) => reasonWords(one, inEnglish)),
      ...keys(gapCodes).map((code) => gapWords({ code, detail: 'x' }, inEnglish)), ...questions.map((name) => questionWords(name, inEnglish))];
    assert.equal(new Set(texts).size, texts.length);
  });

  it('go through the translator, every one', () => {
    const asked: string[] = [];
    const spoken = everything((message) => (asked.push(message), '§'));
    assert.ok(asked.length >= spoken.length);
    for (const text of spoken) assert.match(text, /§/);
  });

  it('show a detail as it is', () => {
    assert.match(assumptionWords({ code: 'meanLength', detail: '2048' }, inEnglish), /2048 tokens/);
    assert.match(assumptionWords({ code: 'gpuFromOffer', detail: 'RTX 9999' }, inEnglish), /RTX 9999/);
    assert.match(assumptionWords({ code: 'networkSpeed', detail: '1000 Mb/s' }, inEnglish), /\(1000 Mb\/s\)$/);
    assert.match(gapWords({ code: 'unknownModel', detail: 'me/my-model' }, inEnglish), /me\/my-model/);
    assert.match(gapWords({ code: 'syntax', detail: 'line {0} of $&' }, inEnglish), /\(line \{0\} of \$&\)$/);
  });

  it('say how much longer a remedy makes a step, and nothing where it does not', () => {
    assert.match(remedyWords({ code: 'checkpointing', change: {}, slowdown: 1.33 }, inEnglish), /33 % longer\.$/);
    assert.doesNotMatch(remedyWords({ code: 'checkpointing', change: {}, slowdown: 1 }, inEnglish), /longer/);
  });

  it('never flatter a chance', () => {
    assert.match(fitWords({ verdict: 'risky', probability: 0.799 }, inEnglish), /79 %/);
    assert.match(fitWords({ verdict: 'risky', probability: 7 }, inEnglish), /100 %/);
  });

  it('are written out where they are used, so that translators find them', () => {
    for (const file of ['words.ts', 'wordsFacts.ts']) {
      const source = readFileSync(new URL(`../../../src/estimate/${file}`, import.meta.url), 'utf8');
      const calls = [...source.matchAll(/\bt\(\s*(.)/g)];
      assert.ok(calls.length > 10);
      for (const [call, first] of calls) assert.equal(first, "'", call);
      for (const [, text = ''] of source.matchAll(/\bt\('([^']*)'/g)) {
        const holes = [...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index));
        assert.deepEqual(holes, holes.map((_, index) => index), text);
      }
    }
  });
});

describe('English', () => {
  it('fills holes with what it is given, once', () => {
    assert.equal(inEnglish('{0} of {1}', '{1}', 2), '{1} of 2');
    assert.equal(inEnglish('{0} and {0}', 'a'), 'a and a');
    assert.equal(inEnglish('none'), 'none');
  });
});
