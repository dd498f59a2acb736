import { hasBf16, matmulTflops } from '../catalogue/gpus.ts';
import type { Gpu } from '../machine.ts';
import type { Run } from '../run.ts';
import { shapeOf } from '../time/shape.ts';
import { forwardGmacs } from '../time/transferPhysics.ts';
import type { Workload } from '../workload.ts';

/**
 * Whether a run is faster than its card can multiply. Then what the table states is not what was measured: samples
 * were packed, cut or unpadded, images were smaller, a batch was that of all cards.
 *
 * Nothing but the products that such a step cannot do without is counted: tokens without padding, no recomputation,
 * no gradient of frozen weights. It is held against the best rate that anybody measured of a product alone, where no
 * step, which also moves memory, ever gets. Above that is impossible; below it nothing is said.
 */
export function beyondPeak({ workload, phase, gpuCount, secondsPerSample }: Run, gpu: Gpu): boolean {
  if (secondsPerSample === undefined || (phase !== 'training' && phase !== 'images')) return false;
  const forward = forwardFlops(workload);
  if (forward === undefined) return false;
  const passes = phase === 'images' ? 1 : workload.method === 'full' ? 3 : 2;
  return forward * passes / (secondsPerSample * gpuCount) > bestRate(gpu, workload);
}

/** Of one sample; undefined where its size is not stated and would have to be guessed. */
function forwardFlops(workload: Workload): number | undefined {
  const { task, model, resolution, seqLen, tokensPerSample } = workload;
  if (model === undefined) return undefined;
  const length = tokensPerSample ?? seqLen;
  if (task === 'language' || task === 'encoder') {
    const shape = shapeOf(model);
    if (shape === undefined || length === undefined) return undefined;
    // Looking a word up multiplies nothing, unless the same matrix is the head.
    const embedding = model.tiedEmbeddings === false ? shape.vocab * shape.hidden : 0;
    const attention = (task === 'encoder' ? 4 : 2) * shape.layers * shape.hidden * length;
    return (2 * (shape.active - embedding) + attention) * length;
  }
  const stated = task === 'diffusion' ? resolution !== undefined : model.gmacs !== undefined || (length !== undefined && resolution === undefined);
  const gmacs = stated ? forwardGmacs(workload) : undefined;
  return gmacs === undefined ? undefined : 2e9 * gmacs;
}

/** In FLOPs per second. Frameworks may take TF32 for products of 32 bits without a word. */
function bestRate(gpu: Gpu, { precision }: Workload): number {
  const sixteen = matmulTflops(gpu);
  const tflops = precision === 'fp8' ? Math.max(sixteen, gpu.fp8Tflops ?? 0)
    : precision === 'fp32' || precision === 'tf32' ? Math.max(gpu.fp32Tflops, hasBf16(gpu) ? sixteen / 2 : 0) : sixteen;
  return tflops * 1e12;
}
