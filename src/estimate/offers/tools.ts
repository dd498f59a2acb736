/**
 * What an estimate is made with, and its memory: a market has ten thousand offers and a few hundred different
 * machines. Keep the memory as long as the tools; it forgets a workload when nobody holds that any more.
 */
import type { Gpu, Machine } from '../machine.ts';
import type { Fit, MemoryPrediction, TimePrediction } from '../result.ts';
import type { Workload } from '../workload.ts';

export interface EstimateTools {
  /** The card of an offer; one that no table knows carries the architecture `unknown`. */
  readonly gpu: (name: string, vramGb: number) => Gpu;
  readonly predict: (workload: Workload, machine: Machine) => TimePrediction | undefined;
  readonly memory: (workload: Workload, machine: Machine) => MemoryPrediction;
  readonly fit: (workload: Workload, machine: Machine) => Fit;
}

/** What a kind of machine makes of a workload, whoever offers it. */
export interface MachineEstimate {
  readonly machine: Machine;
  readonly time: TimePrediction | undefined;
  readonly memory: MemoryPrediction;
  readonly fit: Fit;
}

/** The part of an offer that time and memory depend on. */
export interface MachineOffer {
  readonly gpu: string;
  readonly vramGb: number;
  readonly count: number;
  readonly cpuCores: number | undefined;
  readonly pcieGbPerS: number | undefined;
}

export type MachineMemory = (workload: Workload, offer: MachineOffer) => MachineEstimate;

export function rememberMachines(tools: EstimateTools): MachineMemory {
  const known = new WeakMap<Workload, Map<string, MachineEstimate>>();
  return (workload, offer) => {
    const machines = known.get(workload) ?? new Map<string, MachineEstimate>();
    known.set(workload, machines);
    const cpuCores = nearest(coreSteps, offer.cpuCores);
    // One card talks to nobody.
    const pcieGbPerS = offer.count === 1 ? undefined : nearest(pcieSteps, offer.pcieGbPerS);
    const key = `${offer.gpu}|${offer.vramGb}|${offer.count}|${cpuCores}|${pcieGbPerS}`;
    const before = machines.get(key);
    if (before !== undefined) return before;
    const machine: Machine = {
      gpu: tools.gpu(offer.gpu, offer.vramGb),
      count: offer.count,
      ...(cpuCores === undefined ? {} : { cpuCores }),
      ...(pcieGbPerS === undefined ? {} : { pcieGbPerS }),
    };
    const estimate = { machine, time: tools.predict(workload, machine), memory: tools.memory(workload, machine), fit: tools.fit(workload, machine) };
    machines.set(key, estimate);
    return estimate;
  };
}

/** Hosts state cores and links to the decimal; steps of a fifth and less lie far below what a prediction can tell apart. */
const coreSteps = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const pcieSteps = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

function nearest(steps: readonly number[], value: number | undefined): number | undefined {
  if (value === undefined || !(value > 0)) return undefined;
  const distance = (step: number): number => Math.abs(Math.log(step / value));
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}
