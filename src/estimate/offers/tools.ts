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

/**
 * A kind of machine is what predictions look at, and no more: every further property would multiply how many have to
 * be made when a fact changes. They know nothing of CPU cores, and of GPUs only those that work.
 */
export function rememberMachines(tools: EstimateTools): MachineMemory {
  const known = new WeakMap<Workload, Map<string, Map<number, MachineEstimate>>>();
  const cardOf = rememberCards(tools);
  return (workload, { gpu, vramGb, gpuCount, details }) => {
    const cards = entry(known, workload, () => new Map<string, Map<number, MachineEstimate>>());
    const machines = entry(cards, gpu, () => new Map<number, MachineEstimate>());
    const count = usedGpus(workload, gpuCount);
    const card = cardOf(gpu, vramGb);
    // One card talks to nobody, and cards with links of their own not over PCIe.
    const pcie = count === 1 || card.nvlinkGbPerS !== undefined ? -1 : nearest(pcieSteps, details.pcieGbPerS);
    // Ten thousand text keys would take longer than all the rest; there are fewer than 15 steps.
    const key = (count * 16 + pcie + 1) * 4096 + vramGb;
    return entry(machines, key, () => estimateMachine(tools, workload, { gpu: card, count, ...(pcie < 0 ? {} : { pcieGbPerS: pcieSteps[pcie] ?? 1 }) }));
  };
}

/** Cards do not depend on the workload: each is looked up once. */
function rememberCards({ gpu }: EstimateTools): (name: string, vramGb: number) => Gpu {
  const known = new Map<string, Map<number, Gpu>>();
  return (name, vramGb) => entry(entry(known, name, () => new Map<number, Gpu>()), vramGb, () => gpu(name, vramGb));
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

/** Hosts state links to the decimal; such steps lie below what a prediction can tell apart. */
const pcieSteps = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** The place of the nearest step, by ratio; -1 where the host says nothing. */
function nearest(steps: readonly number[], value: number | undefined): number {
  if (value === undefined || !(value > 0)) return -1;
  return steps.findIndex((step, index) => value * value < step * (steps[index + 1] ?? Infinity));
}
