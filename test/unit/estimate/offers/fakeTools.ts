import type { EstimateTools } from '../../../../src/estimate/offers/tools.ts';
import { bandAround } from '../../../../src/estimate/band.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { Fit, MemoryPrediction, TimePrediction } from '../../../../src/estimate/result.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';

/** Simple laws in the place of predictions, and a count of how often each was asked. */
export interface FakeTools extends EstimateTools {
  readonly asked: { predict: number; memory: number; fit: number };
  readonly machines: Machine[];
}

const parts: MemoryPrediction['parts'] = { weights: 16, gradients: 0, optimizer: 0, activations: 2, logits: 1, overhead: 1 };

/** A second for each sample on one GPU of 1000 GB/s; needs 20 GB. */
export function fakeTools(change: Partial<TimePrediction> = {}): FakeTools {
  const asked = { predict: 0, memory: 0, fit: 0 };
  const machines: Machine[] = [];
  return {
    asked, machines,
    gpu: (name, vramGb) => ({
      name, vramGb, fp32Tflops: 80, architecture: name === 'RTX 9999' ? 'unknown' : 'Ada',
      bandwidthGbPerS: name.startsWith('H100') ? 4000 : 1000,
    }),
    predict: (workload: Workload, machine: Machine): TimePrediction | undefined => {
      asked.predict++;
      machines.push(machine);
      if (workload.model === undefined) return undefined;
      const seconds = 1000 / machine.gpu.bandwidthGbPerS / machine.count;
      return { secondsPerSample: bandAround(seconds, 0.25), bound: 'bandwidth', basis: 'sameStack', lowConfidence: false, ...change };
    },
    memory: (): MemoryPrediction => {
      asked.memory++;
      return { gb: bandAround(20, 0.15), parts };
    },
    fit: (_workload: Workload, { gpu }: Machine): Fit => {
      asked.fit++;
      if (gpu.vramGb < 18) return { verdict: 'no', probability: 0.1, remedy: { code: 'checkpointing', change: { checkpointing: true }, slowdown: 1.33 } };
      return gpu.vramGb < 22 ? { verdict: 'risky', probability: 0.6 } : { verdict: 'fits', probability: 0.97 };
    },
  };
}
