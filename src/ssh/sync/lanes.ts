/**
 * Several pieces of work at once over one connection. One channel carries at most its window each round trip, so on a
 * long line more of them are faster, and on a short one they are not: another is added while that was worth it.
 */
import { isRentError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';

/** May be done again from its beginning when the connection was lost in the middle. */
export type Job = (signal: AbortSignal) => Promise<void>;

export interface LaneParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Bytes that went over the line so far. */
  readonly moved: () => number;
}

const first = 2;
/** Two less than the sessions that sshd allows, which others of this window use as well. */
const most = 6;
const measureMs = 750;
const worthIt = 1.1;
const waits = [1000, 3000, 9000] as const;

/** The first job that fails for good ends the others, and is what this fails with. */
export async function runLanes(jobs: AsyncGenerator<Job, void, undefined>, { clock, signal, moved }: LaneParts): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const lanes: Promise<void>[] = [];
  const speed = new Speed(clock, moved);

  async function lane(): Promise<void> {
    try {
      for (;;) {
        const { done, value: job } = await jobs.next();
        if (done === true || either.aborted) return;
        await patiently(job, clock, either);
        if (lanes.length < most && speed.wantsMore()) lanes.push(lane());
      }
    } catch (error) {
      failed.abort(error);
    }
  }

  for (let at = 0; at < first; at++) lanes.push(lane());
  for (let at = 0; at < lanes.length; at++) await lanes[at];
  await jobs.return();
  either.throwIfAborted();
}

/** Done once more, up to three times, when the line was lost in the middle. */
export async function patiently<T>(job: (signal: AbortSignal) => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await job(signal);
    } catch (error) {
      const wait = waits[tries];
      if (wait === undefined || signal.aborted || !isRentError(error, 'sshUnreachable')) throw error;
      await clock.sleep(wait, signal);
    }
  }
}

/** Whether the last lane that was added made it faster. */
class Speed {
  readonly #clock: Clock;
  readonly #moved: () => number;
  #since: number;
  #bytes = 0;
  #best = 0;
  #settled = false;

  constructor(clock: Clock, moved: () => number) {
    this.#clock = clock;
    this.#moved = moved;
    this.#since = clock.elapsed();
  }

  wantsMore(): boolean {
    const took = this.#clock.elapsed() - this.#since;
    if (this.#settled || took < measureMs) return false;
    const rate = (this.#moved() - this.#bytes) / took;
    this.#settled = rate < this.#best * worthIt;
    this.#best = Math.max(this.#best, rate);
    this.#since += took;
    this.#bytes = this.#moved();
    return !this.#settled;
  }
}
