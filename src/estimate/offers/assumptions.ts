import { usedGpus } from '../cost/jobSize.ts';
import type { Machine } from '../machine.ts';
import type { Assumption, TimePrediction } from '../result.ts';
import { tokensOf } from '../time/tokens.ts';
import type { Workload } from '../workload.ts';

/** What the figures for a kind of machine take for granted. */
export function machineAssumptions(workload: Workload, gpuCount: number, { gpu }: Machine, time: TimePrediction | undefined): Assumption[] {
  return [
    ...when(gpu.architecture === 'unknown', { code: 'gpuFromOffer', detail: gpu.name }),
    ...gpuAssumption(workload, gpuCount),
    ...when(time !== undefined && meansAreUnknown(workload), { code: 'meanLength', ...(workload.seqLen === undefined ? {} : { detail: String(workload.seqLen) }) }),
    ...when(time?.basis === 'similarRuns' || time?.basis === 'physics', { code: 'usualStack' }),
    ...when(time?.lowConfidence === true, { code: 'lowConfidence' }),
  ];
}

/** The cap on a sample's tokens can be many times their mean. */
const meansAreUnknown = (workload: Workload): boolean =>
  ['language', 'encoder', 'vision-language'].includes(workload.task) && tokensOf(workload).guessed;

/** A number as detail is what the script asks for where that is not what the machine has. */
function gpuAssumption(workload: Workload, gpuCount: number): Assumption[] {
  const used = usedGpus(workload, gpuCount);
  const { gpus } = workload;
  if (gpus !== undefined && gpus !== gpuCount && gpus > 1) return [{ code: 'oneGpu', detail: String(gpus) }];
  return when(used < gpuCount, { code: 'oneGpu' });
}

/** The first of each code: it was said where it mattered most. */
export const onceEach = (assumptions: readonly Assumption[]): Assumption[] =>
  assumptions.filter(({ code }, index) => assumptions.findIndex((other) => other.code === code) === index);

const when = (holds: boolean, assumption: Assumption): Assumption[] => (holds ? [assumption] : []);
