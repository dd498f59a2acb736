import { firstNumber } from './text.ts';

/** Lengths as tables give them: a cap, a mean, or both. */
export interface Lengths {
  readonly seqLen?: number;
  readonly tokensPerSample?: number;
}

/** `1024`, `<1024`, `max 768 (mean 210)` for the cell; `dataset tokens mean 3234+-2547` among the notes. */
export function lengthsOf(cell: string, notes: string): Lengths {
  const seqLen = firstNumber(cell);
  const stated = firstNumber(/mean (\d[\d,.]*)/i.exec(cell)?.[1]);
  const spread = /tokens mean (\d+) ?(?:\+-|±) ?(\d+)/i.exec(notes);
  const mean = stated ?? (spread ? truncatedMean(Number(spread[1]), Number(spread[2]), seqLen ?? Infinity) : undefined);
  return { ...(seqLen === undefined ? {} : { seqLen }), ...(mean === undefined ? {} : { tokensPerSample: mean }) };
}

/** Lengths of texts are about log-normal; what is longer than the cap is cut to it. */
export function truncatedMean(mean: number, deviation: number, cap: number): number {
  if (!Number.isFinite(cap) || deviation <= 0) return Math.min(mean, cap);
  const variance = Math.log(1 + (deviation / mean) ** 2);
  const sigma = Math.sqrt(variance);
  const mu = Math.log(mean) - variance / 2;
  const z = (Math.log(cap) - mu) / sigma;
  return mean * normalCdf(z - sigma) + cap * (1 - normalCdf(z));
}

/** Abramowitz and Stegun 26.2.17, good to 1e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = 0.3989422804 * Math.exp(-x * x / 2)
    * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x > 0 ? 1 - tail : tail;
}
