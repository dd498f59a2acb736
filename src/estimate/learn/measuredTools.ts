/**
 * Predictions that a person's own runs correct. Where this very step was measured on this kind of machine, the measured
 * rate stands. Elsewhere the prediction is scaled by what it got wrong there: most of that is the code's own, and goes
 * with it from card to card, and to other settings of the same model in the same code base.
 */
import { bandAround, z90 } from '../band.ts';
import type { EstimateTools } from '../offers/tools.ts';
import type { Machine } from '../machine.ts';
import type { TimePrediction } from '../result.ts';
import type { Run } from '../run.ts';
import { stepOf } from '../step.ts';
import type { Workload } from '../workload.ts';

/** Hosts of one card differ by about this much; the log's own rate is far better known. */
const betweenHosts = 0.05;
/** The same step on another card; other settings of it. How far a correction carries, and what doubt is left. */
const otherCard = { carries: 0.9, sigma: 0.12 } as const;
const otherSettings = { carries: 0.7, sigma: 0.2 } as const;

interface Measured {
  readonly workload: Workload;
  readonly step: string;
  readonly machine: Machine;
  readonly seconds: number;
}

export function measuredTools(tools: EstimateTools, own: readonly Run[]): EstimateTools {
  const measured = own.flatMap(({ workload, gpu, vramGb, gpuCount, secondsPerSample }): Measured[] =>
    (secondsPerSample === undefined ? [] : [{ workload, step: stepKey(workload), machine: { gpu: tools.gpu(gpu, vramGb), count: gpuCount }, seconds: secondsPerSample }]));
  const byCode = Map.groupBy(measured, ({ workload }) => codeKey(workload));
  const mistakeOf = mistakes(tools);
  return {
    ...tools,
    predict: (workload, machine) => {
      const predicted = tools.predict(workload, machine);
      const same = byCode.get(codeKey(workload));
      if (same === undefined) return predicted;
      const step = stepKey(workload);
      const steps = same.filter((one) => one.step === step);
      // The newest last: a machine that was measured twice is what it was the second time.
      const here = steps.findLast((one) => isSame(one.machine, machine));
      if (here !== undefined) return { secondsPerSample: bandAround(here.seconds, betweenHosts), bound: predicted?.bound ?? 'compute', basis: 'ownRuns', lowConfidence: false };
      if (predicted === undefined) return undefined;
      const nearest = steps.length > 0 ? steps : same;
      return corrected(predicted, mean(nearest.flatMap(mistakeOf)), steps.length > 0 ? otherCard : otherSettings);
    },
  };
}

/** By how much a prediction was wrong, as a logarithm; worked out once for each run. */
function mistakes(tools: EstimateTools): (run: Measured) => readonly number[] {
  const known = new Map<Measured, readonly number[]>();
  return (run) => {
    const before = known.get(run);
    if (before !== undefined) return before;
    const predicted = tools.predict(run.workload, run.machine)?.secondsPerSample.likely;
    const made = predicted === undefined || !(predicted > 0) ? [] : [Math.log(run.seconds / predicted)];
    known.set(run, made);
    return made;
  };
}

/** Never wider than before: what is known of the code can only help. */
function corrected(predicted: TimePrediction, mistake: number | undefined, { carries, sigma }: typeof otherCard | typeof otherSettings): TimePrediction {
  if (mistake === undefined) return predicted;
  const { likely, high } = predicted.secondsPerSample;
  const before = Math.log(high / likely) / z90;
  return { ...predicted, secondsPerSample: bandAround(likely * Math.exp(carries * mistake), Math.min(before, sigma)), basis: 'ownRuns' };
}

const isSame = (a: Machine, b: Machine): boolean => a.count === b.count && a.gpu.name === b.gpu.name && Math.round(a.gpu.vramGb) === Math.round(b.gpu.vramGb);

const mean = (values: readonly number[]): number | undefined => (values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length);

const codeKey = ({ model, stack, method, task }: Workload): string => JSON.stringify([model?.name, model?.paramsM, stack, method, task]);

const stepKey = (workload: Workload): string => JSON.stringify(Object.entries(stepOf(workload)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
