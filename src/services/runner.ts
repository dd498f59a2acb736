import { isAbort } from '../domain/errors.ts';
import type { Clock, Disposable, Log } from '../domain/ports.ts';

export interface Job {
  readonly name: string;
  /** Asked before every wait, because what is worth polling changes. Undefined: asleep until woken. */
  readonly everyMs: () => number | undefined;
  readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface RunningJob extends Disposable {
  /** Runs now, and goes on from there. Several wakes during one run make one more run. */
  wake(): void;
}

/** The only timers of the product. A job never overlaps itself and survives its own failures. */
export function runJob(job: Job, clock: Clock, log: Log): RunningJob {
  const ended = new AbortController();
  let alarm = new AbortController();
  let wanted = false;

  const wait = async (): Promise<void> => {
    if (wanted) return;
    alarm = new AbortController();
    try {
      // A year stands for "until woken": timers cannot wait for ever.
      await clock.sleep(job.everyMs() ?? 365 * 24 * 3_600_000, AbortSignal.any([alarm.signal, ended.signal]));
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  };

  const loop = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await wait();
      if (ended.signal.aborted) return;
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
    dispose: () => ended.abort(),
  };
}
