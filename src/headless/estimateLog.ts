/** `--log FILE`: a run's own rate in the place of a prediction, kept for the next estimate. */
import type { RunLog } from '../domain/runLog.ts';
import { formatUsd, toDollars } from '../domain/money.ts';
import { allIn, type Offer } from '../domain/offer.ts';
import type { MeasuredRun } from '../estimate/learn/measuredRun.ts';
import type { StepUnit } from '../estimate/learn/progress.ts';
import { readRunFile } from '../estimate/learn/readRun.ts';
import { remaining } from '../estimate/learn/remaining.ts';
import { ownRunsOf, type OwnRun } from '../estimate/learn/ownRuns.ts';
import type { Gpu } from '../estimate/machine.ts';
import type { Workload } from '../estimate/workload.ts';
import { linesOf, measuredLine } from '../learning.ts';
import { figures } from './estimateAnswer.ts';
import { WrongCall } from './parse.ts';

export interface Learned {
  readonly own: readonly OwnRun[];
  readonly measured?: MeasuredRun;
}

export interface MeasuredJson {
  readonly text: string;
  readonly gpu: string;
  readonly gpuCount: number;
  readonly step: number;
  readonly totalSteps: number | null;
  readonly unit: StepUnit;
  readonly secondsPerStep: number;
  readonly remaining: { readonly steps: number; readonly hours: number; readonly usd: number; readonly offer: string } | null;
}

export interface LogCall {
  readonly script: string;
  readonly text: string;
  /** What `--gpu` names: where the log ran, unless it says so itself. */
  readonly gpu: Gpu | undefined;
  readonly gpuCount: number;
}

export async function learnFrom(log: RunLog, workload: Workload, call: LogCall | undefined, now: number): Promise<Learned> {
  const lines = await linesOf(log);
  if (call === undefined) return { own: ownRunsOf(lines) };
  const { progress, withoutTimes, gpu = call.gpu } = readRunFile(call.text);
  if (progress === undefined) throw new WrongCall(withoutTimes ? 'that trainer state holds no times until the run ends; its output does' : 'no rate was found in that log: thirty steps with a progress bar or with times are needed');
  if (gpu === undefined) throw new WrongCall('the log does not name its GPU: say it with --gpu NAME');
  const measured: MeasuredRun = { script: call.script, progress, gpu: gpu.name, vramGb: gpu.vramGb, gpuCount: call.gpuCount };
  const line = measuredLine(workload, measured, now);
  if (line === undefined) throw new WrongCall('the rate cannot be compared: how many samples a step has is not known');
  await log.append(line);
  return { own: ownRunsOf([...lines, line]), measured };
}

/** What is left of the run, at the price of the cheapest machine of its kind. */
export function measuredJson({ progress, gpu, gpuCount }: MeasuredRun, workload: Workload, offers: readonly Offer[]): MeasuredJson {
  const offer = offers.filter((one) => one.gpu === gpu && one.gpuCount === gpuCount).toSorted((a, b) => allIn(a) - allIn(b))[0];
  const left = offer && remaining(progress, workload, allIn(offer), gpuCount);
  const of = progress.totalSteps === undefined ? '' : ` of ${progress.totalSteps}`;
  const rest = left === undefined ? '' : ` ${left.hours.toFixed(2)} h and ${formatUsd(left.usd)} are left.`;
  return {
    text: `Measured on ${gpuCount}× ${gpu}: ${figures(progress.secondsPerStep)} s a ${progress.unit}, ${progress.step}${of} done.${rest}`,
    gpu, gpuCount, step: progress.step, totalSteps: progress.totalSteps ?? null, unit: progress.unit, secondsPerStep: figures(progress.secondsPerStep),
    remaining: left === undefined || offer === undefined ? null : { steps: left.steps, hours: figures(left.hours), usd: toDollars(left.usd), offer: offer.id },
  };
}
