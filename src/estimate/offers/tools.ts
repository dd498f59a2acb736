/**
 * What an estimate is made with, and its memory: a market has ten thousand offers and a few hundred different
 * machines. Keep the memory as long as the tools; it forgets a workload when nobody holds that any more.
 */
import type { Offer } from '../../domain/offer.ts';
import { exactly } from '../band.ts';
import { usedGpus } from '../cost/jobSize.ts';
import type { Gpu, Machine } from '../machine.ts';
import type { Fit, MemoryPrediction, TimePrediction } from '../result.ts';
import type { Workload } from '../workload.ts';

export interface EstimateTools {
  /** The card of an offer; one that no table knows carries the architecture `unknown`. */
  readonly gpu: (name: string, vramGb: number) => Gpu;
  readonly predict: (workload: Workload, machine: Machine) => TimePrediction | undefined;
  readonly memory: (workload: Workload, machine: Machine) => MemoryPrediction | undefined;
  readonly fit: (workload: Workload, machine: Machine) => Fit | undefined;
}

/** What a kind of machine makes of a workload, whoever offers it. */
export interface MachineEstimate {
  readonly machine: Machine;
  readonly time: TimePrediction | undefined;
  readonly memory: MemoryPrediction;
  readonly fit: Fit;
}

/** Stands where nobody knows the model, so that nothing can be said: compare with it before showing a figure. */
export const unknownMemory: MemoryPrediction = {
  gb: exactly(0), parts: { weights: 0, gradients: 0, optimizer: 0, activations: 0, logits: 0, overhead: 0 },
};
const unknownFit: Fit = { verdict: 'risky', probability: 0.5 };

/** Gives the same object for offers of the same kind of machine. */
export type MachineMemory = (workload: Workload, offer: Offer) => MachineEstimate;

export function rememberMachines(tools: EstimateTools): MachineMemory {
  const known = new WeakMap<Workload, Map<string, MachineEstimate>>();
  return (workload, { gpu, vramGb, gpuCount, details }) => {
    const machines = known.get(workload) ?? new Map<string, MachineEstimate>();
    known.set(workload, machines);
    const count = usedGpus(workload, gpuCount);
    const cpuCores = nearest(coreSteps, details.cpuCores);
    // One card talks to nobody.
    const pcieGbPerS = count === 1 ? undefined : nearest(pcieSteps, details.pcieGbPerS);
    const key = `${gpu}|${vramGb}|${gpuCount}|${cpuCores}|${pcieGbPerS}`;
    const before = machines.get(key);
    if (before !== undefined) return before;
    const machine: Machine = {
      gpu: tools.gpu(gpu, vramGb), count,
      ...(cpuCores === undefined ? {} : { cpuCores }),
      ...(pcieGbPerS === undefined ? {} : { pcieGbPerS }),
    };
    const estimate = {
      machine,
      time: tools.predict(workload, machine),
      memory: tools.memory(workload, machine) ?? unknownMemory,
      fit: tools.fit(workload, machine) ?? unknownFit,
    };
    machines.set(key, estimate);
    return estimate;
  };
}

/** Hosts state cores and links to the decimal; such steps lie below what a prediction can tell apart. */
const coreSteps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const pcieSteps = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

function nearest(steps: readonly number[], value: number | undefined): number | undefined {
  if (value === undefined || !(value > 0)) return undefined;
  // Between two steps the geometric mean decides.
  return steps.find((step, index) => value * value < step * (steps[index + 1] ?? Infinity));
}
