/** On a machine where this very step was measured, the measured rate stands in the place of a prediction. */
import { bandAround } from '../band.ts';
import type { EstimateTools } from '../offers/tools.ts';
import type { Machine } from '../machine.ts';
import type { Run } from '../run.ts';
import { stepOf } from '../step.ts';
import type { Workload } from '../workload.ts';

/** Hosts of one card differ by about this much; the log's own rate is far better known. */
const betweenHosts = 0.05;

export function measuredTools(tools: EstimateTools, own: readonly Run[]): EstimateTools {
  if (own.length === 0) return tools;
  const measured = new Map(own.flatMap(({ workload, gpu, vramGb, gpuCount, secondsPerSample }) =>
    (secondsPerSample === undefined ? [] : [[keyOf(workload, gpu, vramGb, gpuCount), secondsPerSample] as const])));
  return {
    ...tools,
    predict: (workload, machine) => {
      const predicted = tools.predict(workload, machine);
      const seconds = measured.get(machineKey(workload, machine));
      if (seconds === undefined) return predicted;
      return { secondsPerSample: bandAround(seconds, betweenHosts), bound: predicted?.bound ?? 'compute', basis: 'ownRuns', lowConfidence: false };
    },
  };
}

const machineKey = (workload: Workload, { gpu, count }: Machine): string => keyOf(workload, gpu.name, gpu.vramGb, count);

const keyOf = (workload: Workload, gpu: string, vramGb: number, count: number): string =>
  JSON.stringify([Object.entries(stepOf(workload)).toSorted(([a], [b]) => (a < b ? -1 : 1)), gpu, Math.round(vramGb), count]);
