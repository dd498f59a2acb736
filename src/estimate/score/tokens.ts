import { findDataset } from '../catalogue/datasets.ts';
import { firstNumber } from './text.ts';

/** Lengths as tables give them: a cap, a mean, or both. */
export interface Lengths {
  readonly seqLen?: number;
  readonly tokensPerSample?: number;
}

/**
 * `1024`, `<1024`, `max 768 (mean 210)` for the cell; `dataset tokens mean 3234+-2547` among the notes; else what is
 * known of the data set by its name.
 */
export function lengthsOf(cell: string, notes: string, dataset?: string): Lengths {
  const seqLen = firstNumber(cell);
  const cap = seqLen ?? Infinity;
  const stated = firstNumber(/mean (\d[\d,.]*)/i.exec(cell)?.[1]);
  const spread = /tokens mean (\d+) ?(?:\+-|±) ?(\d+)/i.exec(notes);
  const usual = dataset === undefined ? undefined : findDataset(dataset)?.tokensPerSample;
  const mean = stated
    ?? (spread ? meanBelow(Number(spread[1]), Number(spread[2]), cap) : undefined)
    ?? (usual === undefined ? undefined : truncatedMean(usual, usual * usualSpread, cap));
  return { ...(seqLen === undefined ? {} : { seqLen }), ...(mean === undefined ? {} : { tokensPerSample: mean }) };
}

/** Deviation over mean of the lengths in a set of texts. */
const usualSpread = 0.8;

/** Steps of the sums below; what is narrower than this share of the mean is taken for a single length. */
const steps = 400;
const narrow = 0.1;

interface Below {
  /** Share of samples below the cap, and their tokens per sample of the whole set. */
  readonly share: number;
  readonly tokens: number;
}

/** Lengths of texts follow about a gamma distribution: many short ones, a long tail. */
function below(mean: number, deviation: number, cap: number): Below {
  const shape = (mean / deviation) ** 2;
  const scale = deviation ** 2 / mean;
  // Relative to the density at the mean, so that narrow distributions do not overflow.
  const density = (x: number): number => Math.exp((shape - 1) * Math.log(x / mean) - (x - mean) / scale);
  const sum = (upTo: number, power: number): number => {
    let total = 0;
    // Squared steps: for small shapes the density rises without end towards zero.
    for (let step = 0; step < steps; step++) {
      const at = (step + 0.5) / steps;
      const x = at ** 2 * upTo;
      total += density(x) * x ** power * 2 * at * upTo / steps;
    }
    return total;
  };
  const farEnough = mean + 12 * deviation;
  const whole = sum(farEnough, 0);
  const to = Math.min(cap, farEnough);
  return { share: sum(to, 0) / whole, tokens: sum(to, 1) / whole };
}

/** Mean where what is longer than the cap is cut to it. */
export function truncatedMean(mean: number, deviation: number, cap: number): number {
  if (!Number.isFinite(cap) || deviation < mean * narrow) return Math.min(mean, cap);
  const { share, tokens } = below(mean, deviation, cap);
  return Math.min(mean, cap, tokens + cap * Math.max(0, 1 - share));
}

/**
 * Mean where what is longer than the cap is left out. Tables that state the spread of their lengths beside a cap far
 * below the mean give speeds that cut samples could not reach: they would exceed the peak of the card.
 */
export function meanBelow(mean: number, deviation: number, cap: number): number {
  if (!Number.isFinite(cap) || deviation < mean * narrow) return Math.min(mean, cap);
  const { share, tokens } = below(mean, deviation, cap);
  return share > 0 ? Math.min(mean, cap, tokens / share) : cap;
}
