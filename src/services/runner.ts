import { isAbort } from '../domain/errors.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';

export interface Job {
  readonly name: string;
  /** Asked before every wait, because what is worth polling changes. Undefined: not now. */
  readonly everyMs: () => number | undefined;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface RunningJob extends Disposable {
  /** Runs now, and goes on from there. Several wakes during one run make one more run. */
  wake(): void;
}

/** How often a job that has nothing to do asks again whether it has. */
const idleMs = 60_000;

/** The only timers of the product. A job never overlaps itself and survives its own failures. */
export function runJob(job: Job, clock: Clock, log: Log): RunningJob {
  const ended = new AbortController();
  let alarm = new AbortController();
  let wanted = false;

  /** True when it is time to run. */
  const wait = async (): Promise<boolean> => {
    if (wanted) return true;
    const due = job.everyMs();
    alarm = new AbortController();
    try {
      await clock.sleep(due ?? idleMs, alarm.signal);
      return due !== undefined;
    } catch (error) {
      if (!isAbort(error)) throw error;
      return wanted;
    }
  };

  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      if (!(await wait()) || ended.signal.aborted) continue;
      wanted = false;
      try {
        await job.run(ended.signal);
      } catch (error) {
        if (!isAbort(error)) log.error(`${job.name} failed`, error);
      }
    }
  };
  loop().catch((error: unknown) => log.error(`${job.name} ended`, error));

  return {
    wake: () => {
      wanted = true;
      alarm.abort();
    },
    dispose: () => {
      ended.abort();
      alarm.abort();
    },
  };
}
