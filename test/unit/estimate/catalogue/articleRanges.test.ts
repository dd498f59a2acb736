import assert from 'node:assert/strict';
import { articleRanges, articleRangesOf, type ArticleRange, type ArticleSeller } from '../../../../src/estimate/catalogue/articleRanges.ts';
import { gpuName } from '../../../../src/domain/gpu.ts';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';

const vast = (gpu: string, vramGb: number): readonly (number | undefined)[] => {
  const range = articleRangesOf(gpu, vramGb).find(({ seller }) => seller === 'vast');
  return [range?.min, range?.max, range?.average];
};

describe('the price tables of the articles', () => {
  it('hold the range and the average that they name for Vast.ai', () => {
    assert.deepEqual(vast('RTX 5090', 32), [0.38, 1.08, 0.65]);
    assert.deepEqual(vast('RTX 4090', 24), [0.29, 0.78, 0.45]);
    assert.deepEqual(vast('RTX 3090', 24), [0.18, 0.6, 0.35]);
    assert.deepEqual(vast('RTX A6000', 48), [0.4, 0.7, 0.52]);
    assert.deepEqual(vast('L4', 24), [0.35, 0.5, undefined]);
  });

  it('find a card in every form that providers sell it in, and tell it from its neighbours', () => {
    assert.deepEqual(vast('H100 SXM', 80), [1.47, 2.94, undefined]);
    assert.deepEqual(vast('H100 PCIe', 80), vast('H100 SXM', 80));
    assert.deepEqual(vast('A100 SXM', 80), [0.84, 1.49, undefined]);
    assert.deepEqual(vast('A100 PCIe', 40), [0.8, 1.2, undefined]);
    for (const [gpu, gb] of [['RTX 3090 Ti', 24], ['RTX 4090 D', 24], ['RTX 4090', 48], ['L40S', 48], ['H200', 141], ['', 24]] as const) assert.deepEqual(articleRangesOf(gpu, gb), [], gpu);
  });

  it('are prices of one GPU by the names of our tables, each once', () => {
    for (const { gpu, vramGb, min, max, average = min, asOf } of articleRanges) {
      assert.equal(gpuName(gpu), gpu);
      assert.ok(findGpu(gpu, vramGb), gpu);
      assert.ok(min > 0.05 && max >= min && max < 8 && average >= min && average <= max, gpu);
      assert.match(asOf, /^20\d\d-\d\d(-\d\d)?$/);
    }
    assert.equal(new Set(articleRanges.map(({ gpu, vramGb, seller, asOf }) => [gpu, vramGb, seller, asOf].join())).size, articleRanges.length);
  });

  it('do not bear out the analysis below them', () => {
    const of = (gpu: string, gb: number, seller: ArticleSeller): ArticleRange | undefined => articleRangesOf(gpu, gb).find((range) => range.seller === seller);
    const percentBelow = (which: 'min' | 'average') => ([gpu, gb]: readonly [string, number]): number =>
      Math.round(100 * (1 - (of(gpu, gb, 'vast')?.[which] ?? NaN) / (of(gpu, gb, 'runpod-secure')?.min ?? NaN)));
    const cards = [['RTX 4090', 24], ['RTX 5090', 32], ['RTX 3090', 24], ['RTX A6000', 48]] as const;
    // "Vast.ai's low end beats RunPod's pricing by 30-50%."
    assert.deepEqual(cards.map(percentBelow('min')), [51, 57, 61, 18]);
    // "At median pricing, the gap narrows to 15-25%."
    assert.deepEqual(cards.map(percentBelow('average')), [24, 27, 24, -6]);
  });
});
