import { z90 } from '../band.ts';
import type { Machine } from '../machine.ts';
import type { Fit, MemoryPrediction } from '../result.ts';
import type { Workload } from '../workload.ts';
import { predictMemory } from './predictMemory.ts';
import { type Remedy, remedies } from './remedies.ts';

/**
 * Whether a run fits a card, as a probability, because the peak is known to some fifteen per cent only; and the
 * nearest change that would make it fit.
 */

/** GiB that are lost to the driver's context, and the part of the memory that cards keep back. */
const contextGb = 0.5;
const usableShare = 0.98;
/** Eight of ten is `fits`, as for every band; two of ten is worth no try. */
const surely = 0.8;
const hardly = 0.2;

/** Share of runs of this prediction whose peak stays below what the card leaves: a log-normal. */
export function fitProbability({ gb }: MemoryPrediction, vramGb: number): number {
  const usable = vramGb * usableShare - contextGb;
  if (usable <= 0 || gb.likely <= 0) return gb.likely <= 0 ? 1 : 0;
  const sigma = Math.max(1e-6, Math.log(gb.high / gb.likely) / z90);
  return normalCdf(Math.log(usable / gb.likely) / sigma);
}

/** Logistic form, within 0.0002 of the normal distribution and strictly rising everywhere. */
const normalCdf = (z: number): number => 1 / (1 + Math.exp(-(1.5976 * z + 0.070565992 * z ** 3)));

const verdictOf = (probability: number): Fit['verdict'] => probability >= surely ? 'fits' : probability >= hardly ? 'risky' : 'no';

/** Undefined where the model is unknown. */
export function fitOn(workload: Workload, machine: Machine): Fit | undefined {
  const memory = predictMemory(workload, machine);
  if (memory === undefined) return undefined;
  const probability = fitProbability(memory, machine.gpu.vramGb);
  const verdict = verdictOf(probability);
  if (verdict === 'fits') return { verdict, probability };
  const remedy = nearest(workload, machine);
  return { verdict, probability, ...(remedy === undefined ? {} : { remedy }) };
}

/** The least slow of the first kind of change that is enough: what keeps the method goes before what replaces it. */
function nearest(workload: Workload, machine: Machine): Remedy | undefined {
  for (const group of remedies(workload, machine)) {
    const enough = group.filter(({ change }) => {
      const memory = predictMemory({ ...workload, ...change }, machine);
      return memory !== undefined && fitProbability(memory, machine.gpu.vramGb) >= surely;
    });
    const best = enough.toSorted((a, b) => a.slowdown - b.slowdown)[0];
    if (best !== undefined) return best;
  }
  return undefined;
}
