/**
 * What the two articles say that GPUs cost, in dollars per hour of one GPU: the comparison of RunPod and Vast.ai of
 * 12 February 2026, and the older ranges of the article on inference, which names the turn of 2023 to 2024. For
 * holding live prices against them; nothing is ever bought at these.
 */
import { sameGpu } from '../../domain/gpu.ts';

export type ArticleSeller = 'runpod-secure' | 'runpod-community' | 'runpod' | 'vast' | 'vast-spot' | 'aws';

export interface ArticleRange {
  /** `A100` and `H100` alone, as the articles write them, mean every form of that card. */
  readonly gpu: string;
  readonly vramGb: number;
  readonly seller: ArticleSeller;
  readonly min: number;
  readonly max: number;
  /** Only where the article names one. */
  readonly average?: number;
  /** Day of the article, or of the prices where the article says that they are older. */
  readonly asOf: string;
}

const comparison = '2026-02-12';
const inference = '2024-01';

type Row = readonly [gpu: string, vramGb: number, seller: ArticleSeller, min: number, max: number, average?: number];

const dated = (asOf: string, rows: readonly Row[]): readonly ArticleRange[] =>
  rows.map(([gpu, vramGb, seller, min, max, average]) => ({ gpu, vramGb, seller, min, max, asOf, ...(average === undefined ? {} : { average }) }));

export const articleRanges: readonly ArticleRange[] = [
  ...dated(comparison, [
    ['RTX 5090', 32, 'runpod-secure', 0.89, 0.89],
    ['RTX 5090', 32, 'runpod-community', 0.55, 0.85],
    ['RTX 5090', 32, 'vast', 0.38, 1.08, 0.65],
    ['RTX 4090', 24, 'runpod-secure', 0.59, 0.59],
    ['RTX 4090', 24, 'runpod-community', 0.44, 0.55],
    ['RTX 4090', 24, 'vast', 0.29, 0.78, 0.45],
    ['RTX 3090', 24, 'runpod-secure', 0.46, 0.46],
    ['RTX 3090', 24, 'runpod-community', 0.32, 0.4],
    ['RTX 3090', 24, 'vast', 0.18, 0.6, 0.35],
    ['RTX A6000', 48, 'runpod-secure', 0.49, 0.49],
    ['RTX A6000', 48, 'runpod-community', 0.4, 0.48],
    ['RTX A6000', 48, 'vast', 0.4, 0.7, 0.52],
    ['A100', 40, 'runpod-community', 1.09, 1.29],
    ['A100', 40, 'vast', 0.8, 1.2],
    ['A100', 40, 'aws', 4.1, 4.1],
    ['A100', 80, 'runpod-secure', 1.39, 1.49],
    ['A100', 80, 'runpod-community', 1.19, 1.35],
    ['A100', 80, 'vast', 0.84, 1.49],
    ['A100', 80, 'aws', 4.1, 4.1],
    ['H100', 80, 'runpod-secure', 2.39, 2.39],
    ['H100', 80, 'runpod-community', 1.89, 2.29],
    ['H100', 80, 'vast', 1.47, 2.94],
    ['H100', 80, 'aws', 6.9, 6.9],
    ['L4', 24, 'runpod-secure', 0.39, 0.39],
    ['L4', 24, 'runpod-community', 0.29, 0.35],
    ['L4', 24, 'vast', 0.35, 0.5],
    ['L4', 24, 'aws', 0.8, 0.8],
  ]),
  ...dated(inference, [
    ['H100', 80, 'runpod', 2.5, 3.5],
    ['A100', 80, 'runpod', 1.5, 2],
    ['RTX 4090', 24, 'runpod', 0.35, 0.5],
    ['RTX A6000', 48, 'runpod', 0.7, 0.9],
    ['H100', 80, 'vast-spot', 1.5, 2.5],
    ['A100', 80, 'vast-spot', 0.7, 1.2],
    ['RTX 4090', 24, 'vast-spot', 0.15, 0.3],
    ['RTX 3090', 24, 'vast-spot', 0.1, 0.25],
  ]),
];

/** What was asked for such a card; `vramGb` tells an A100 of 40 GB from one of 80. */
export const articleRangesOf = (gpu: string, vramGb: number): readonly ArticleRange[] =>
  gpu.trim() === '' ? [] : articleRanges.filter((range) => sameGpu(gpu, range.gpu) && Math.abs(range.vramGb - vramGb) <= 0.05 * range.vramGb);
