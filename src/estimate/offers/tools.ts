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
  const known = new WeakMap<Workload, Map<string, Map<number, MachineEstimate>>>();
  return (workload, { gpu, vramGb, gpuCount, details }) => {
    const cards = entry(known, workload, () => new Map<string, Map<number, MachineEstimate>>());
    const machines = entry(cards, gpu, () => new Map<number, MachineEstimate>());
    const count = usedGpus(workload, gpuCount);
    const cores = nearest(coreSteps, details.cpuCores);
    // One card talks to nobody.
    const pcie = count === 1 ? -1 : nearest(pcieSteps, details.pcieGbPerS);
    // Ten thousand text keys would take longer than all the rest; steps have fewer than 31 members.
    const key = ((gpuCount * 32 + cores + 1) * 32 + pcie + 1) * 4096 + vramGb;
    return entry(machines, key, () => estimateMachine(tools, workload, {
      gpu: tools.gpu(gpu, vramGb), count,
      ...(cores < 0 ? {} : { cpuCores: coreSteps[cores] ?? 1 }),
      ...(pcie < 0 ? {} : { pcieGbPerS: pcieSteps[pcie] ?? 1 }),
    }));
  };
}

const estimateMachine = (tools: EstimateTools, workload: Workload, machine: Machine): MachineEstimate => ({
  machine,
  time: tools.predict(workload, machine),
  memory: tools.memory(workload, machine) ?? unknownMemory,
  fit: tools.fit(workload, machine) ?? unknownFit,
});

/** What the map holds under the key; made and put there when it holds nothing yet. */
function entry<Key, Value>(map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown }, key: Key, make: () => Value): Value {
  const before = map.get(key);
  if (before !== undefined) return before;
  const made = make();
  map.set(key, made);
  return made;
}

/** Hosts state cores and links to the decimal; such steps lie below what a prediction can tell apart. */
const coreSteps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const pcieSteps = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** The place of the nearest step, by ratio; -1 where the host says nothing. */
function nearest(steps: readonly number[], value: number | undefined): number {
  if (value === undefined || !(value > 0)) return -1;
  return steps.findIndex((step, index) => value * value < step * (steps[index + 1] ?? Infinity));
}
