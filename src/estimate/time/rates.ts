import { hasBf16, matmulTflops } from '../catalogue/gpus.ts';
import type { Gpu } from '../machine.ts';
import type { Workload } from '../workload.ts';

/** What a card does in a second for this workload, in units and bytes. */
export interface Rates {
  readonly matmul: number;
  readonly attention: number;
  readonly bandwidth: number;
  /** Bytes of an activation. */
  readonly width: number;
}

/** No vector unit reaches its data sheet either. */
const vectorEfficiency = 0.85;
/** Widely used attention kernels were written for Ampere and reach about this on newer cards. */
const attentionCap: Readonly<Record<string, number>> = { Hopper: 420e12, Blackwell: 700e12, 'Blackwell Ultra': 700e12 };
const olderThanAmpere = new Set(['Turing', 'Volta', 'Pascal', 'Maxwell', 'Kepler', 'CDNA', 'CDNA2', 'CDNA3', 'CDNA4']);
/** Stacks of the GPU's maker bring their own. */
const ownKernels = new Set(['nemo']);
/** Gain of 8-bit matrix products over 16-bit ones in a whole step, scaling included. */
const fp8Gain = 1.5;

export function ratesOf(gpu: Gpu, { precision, stack }: Workload): Rates {
  const vector = gpu.fp32Tflops * 1e12 * vectorEfficiency;
  const tensor = matmulTflops(gpu) * 1e12;
  const bandwidth = gpu.bandwidthGbPerS * 1e9;
  if (precision === 'fp32' || (precision === 'tf32' && olderThanAmpere.has(gpu.architecture))) {
    return { matmul: vector, attention: vector, bandwidth, width: 4 };
  }
  if (precision === 'tf32') return { matmul: Math.max(vector, tensor / 2), attention: Math.max(vector, tensor / 2), bandwidth, width: 4 };
  // Trainers fall back to float16 where bfloat16 has no tensor cores, so the rate is the same.
  const sixteen = gpu.tensorTflops === undefined && !hasBf16(gpu) ? vector : tensor;
  const attention = Math.min(sixteen, ownKernels.has(stack) ? Infinity : attentionCap[gpu.architecture] ?? Infinity);
  return { matmul: precision === 'fp8' && gpu.fp8Tflops !== undefined ? sixteen * fp8Gain : sixteen, attention, bandwidth, width: 2 };
}
