/** How far a run is, from the last lines of its log, whatever program writes them. */
import type { RunProgress } from '../domain/run.ts';
import { progressBetween, type Look } from '../estimate/learn/progress.ts';
import { readProgress } from '../estimate/learn/readLog.ts';

/** A counter that was read, and when by the machine's clock: where lines name no times, two of them do. */
export interface ProgressLook {
  readonly progress: RunProgress;
  readonly look?: Look;
}

/** `first` is the earliest look at the same run. */
export function lookAtProgress(tail: string, at: number, first: Look | undefined): ProgressLook {
  const measured = readProgress(tail);
  const counted = lastCount(tail, stepCount);
  const step = measured?.step ?? counted?.value;
  const steps = measured?.totalSteps ?? counted?.total;
  const epoch = lastCount(tail, epochCount);
  const loss = lastLoss(tail);
  const look: Look | undefined = step === undefined ? undefined : { step, ...(steps === undefined ? {} : { totalSteps: steps }), at };
  const secondsPerStep = measured?.secondsPerStep ?? (look && first && progressBetween(first, look)?.secondsPerStep);
  const leftMs = steps === undefined || step === undefined || secondsPerStep === undefined ? undefined : Math.max(0, steps - step) * secondsPerStep * 1000;
  return {
    progress: {
      ...(step === undefined ? {} : { step }),
      ...(steps === undefined || steps === 0 ? {} : { steps }),
      ...(epoch === undefined ? {} : { epoch: epoch.value, ...(epoch.total === undefined ? {} : { epochs: epoch.total }) }),
      ...(loss === undefined ? {} : { loss }),
      ...(leftMs === undefined ? {} : { leftMs }),
    },
    ...(look === undefined ? {} : { look }),
  };
}

const counter = (word: string): RegExp => new RegExp(`(?<![\\w-])${word}\\b["']?[\\s:=#\\[(]*(\\d[\\d,]*(?:\\.\\d+)?)(?:\\s*(?:/|of)\\s*(\\d[\\d,]*))?`, 'gi');
const stepCount = counter('(?:global[ _]?)?(?:step|iter(?:ation)?)s?');
const epochCount = counter('epochs?');

interface Count {
  readonly value: number;
  readonly total?: number;
}

function lastCount(text: string, pattern: RegExp): Count | undefined {
  const found = [...text.matchAll(pattern)].at(-1);
  const value = numberOf(found?.[1]);
  const total = numberOf(found?.[2]);
  return value === undefined ? undefined : { value, ...(total === undefined ? {} : { total }) };
}

const losses = /(?<![\w-])(?:train(?:ing)?[ _/])?loss\b["']?\s*[:=]?\s*(\d+(?:\.\d+)?(?:e[-+]?\d+)?)/gi;

const lastLoss = (text: string): number | undefined => numberOf([...text.matchAll(losses)].at(-1)?.[1]);

/** A figure of more digits than a number keeps is a machine's joke. */
function numberOf(text: string | undefined): number | undefined {
  const value = Number(text?.replaceAll(',', '') ?? NaN);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
