import assert from 'node:assert/strict';
import fc from 'fast-check';
import { datasetRows } from '../../../../src/estimate/catalogue/datasetTable.ts';
import { findDataset } from '../../../../src/estimate/catalogue/datasets.ts';

describe('finding a data set', () => {
  const known: readonly (readonly [string, { readonly subset?: string; readonly split?: string }, number])[] = [
    ['yahma/alpaca-cleaned', {}, 51_760],
    ['unsloth/alpaca-cleaned', { split: 'train' }, 51_760],
    ['tatsu-lab/alpaca', {}, 52_002],
    ['./alpaca_data.json', {}, 52_002],
    ['databricks/databricks-dolly-15k', {}, 15_011],
    ['HuggingFaceH4/ultrachat_200k', {}, 207_865],
    ['HuggingFaceH4/ultrachat_200k', { split: 'train_sft+test_sft' }, 230_975],
    ['openai/gsm8k', { subset: 'main', split: 'test' }, 1_319],
    ['nyu-mll/glue', { subset: 'mrpc' }, 3_668],
    ['glue', { subset: 'sst2', split: 'validation' }, 872],
    ['wikitext', { subset: 'wikitext-103-raw-v1' }, 1_801_350],
    ['HuggingFaceFW/fineweb-edu', { subset: 'sample-10BT' }, 9_672_101],
    ['mozilla-foundation/common_voice_11_0', { subset: 'hi', split: 'train+validation' }, 6_540],
    ['ImageNet', {}, 1_281_167],
    ['coco.yaml', {}, 118_287],
    ['lambdalabs/naruto-blip-captions', {}, 1_221],
    ['playground/data/llava_v1_5_mix665k.json', {}, 665_298],
  ];
  for (const [name, at, samples] of known) {
    it(`knows the ${samples} samples of ${name} ${JSON.stringify(at)}`, () => assert.equal(findDataset(name, at)?.samples, samples));
  }

  const unknown: readonly (readonly [string, { readonly subset?: string; readonly split?: string }])[] = [
    ['someone/alpaca', {}], ['my-data', {}], ['', {}], ['./data/train.jsonl', {}], ['nyu-mll/glue', {}], ['nyu-mll/glue', { subset: 'nope' }],
    ['imdb', { split: 'nope' }], ['imdb', { split: 'train+nope' }], ['imdb', { split: 'train[oops]' }], ['imdb', { split: 'train[80%:20%]' }],
    ['mozilla-foundation/common_voice_11_0', { subset: 'xx' }], ['constructor', {}],
  ];
  for (const [name, at] of unknown) {
    it(`does not guess at ${JSON.stringify(name)} ${JSON.stringify(at)}`, () => assert.equal(findDataset(name, at), undefined));
  }

  it('counts a slice of a split', () => {
    assert.equal(findDataset('imdb', { split: 'train[:1000]' })?.samples, 1_000);
    assert.equal(findDataset('imdb', { split: 'train[:10%]' })?.samples, 2_500);
    assert.equal(findDataset('imdb', { split: 'train[90%:]' })?.samples, 2_500);
    assert.equal(findDataset('imdb', { split: 'train[-100:]' })?.samples, 100);
    assert.equal(findDataset('imdb', { split: 'train[:999999]' })?.samples, 25_000);
  });

  it('says nothing about tokens that nobody counted, nor of images', () => {
    assert.equal(findDataset('cifar10')?.tokensPerSample, undefined);
    assert.ok((findDataset('openwebtext')?.tokensPerSample ?? 0) > 1_000);
  });

  it('never gives more samples than the whole split, nor fewer than one', () => {
    const rows = datasetRows.filter(({ subset }) => subset === undefined);
    fc.assert(fc.property(fc.constantFrom(...rows), fc.integer({ min: -200_000, max: 200_000 }), fc.integer({ min: -200_000, max: 200_000 }), fc.boolean(), (row, from, to, percent) => {
      const unit = percent ? '%' : '';
      const found = findDataset(row.names[0] ?? '', { split: `${row.split}[${from}${unit}:${to}${unit}]` });
      if (found !== undefined) assert.ok(found.samples >= 1 && found.samples <= row.samples);
    }));
  });

  it('ends on any text without throwing', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (name, subset, split) => {
      assert.ok((findDataset(name, { subset, split })?.samples ?? 1) > 0);
    }));
  });
});

describe('the table of data sets', () => {
  it('lists each split of each subset once, with whole numbers', () => {
    const seen = new Set<string>();
    for (const { names, subset, split, samples, tokensPerSample } of datasetRows) {
      assert.ok(Number.isInteger(samples) && samples > 0 && (tokensPerSample === undefined || tokensPerSample > 0), names[0]);
      for (const name of names) {
        const key = [name.toLowerCase(), subset, split].join(' ');
        assert.ok(!seen.has(key), `${key} is listed twice`);
        seen.add(key);
      }
    }
  });

  it('makes a set of billions of tokens out of the samples of the large corpora', () => {
    const corpora: readonly (readonly [string, string | undefined, number])[] = [['openwebtext', undefined, 9e9], ['fineweb-edu', 'sample-10BT', 10e9], ['fineweb-edu', 'sample-100BT', 100e9]];
    for (const [name, subset, tokens] of corpora) {
      const found = findDataset(name, subset === undefined ? {} : { subset });
      assert.ok(Math.abs(((found?.samples ?? 0) * (found?.tokensPerSample ?? 0)) / tokens - 1) < 0.02, name);
    }
  });
});
