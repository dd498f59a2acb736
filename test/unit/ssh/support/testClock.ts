import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../../src/domain/ports.ts';

export interface TestClock extends Clock {
  /** Sleeps nobody has ended: a limit or a wait that is still counted on. */
  readonly pending: readonly number[];
  /** The short sleeps, in order. */
  readonly slept: readonly number[];
  advance(ms: number): void;
}

/**
 * Short sleeps (the waits between tries) are over at once and move the time on; long ones (the
 * limits) last until the time has come, so that real sockets get all the real time they need.
 */
export function createTestClock(shortMs = 5000): TestClock {
  let now = 1_800_000_000_000;
  const sleepers = new Set<{ readonly ms: number; readonly until: number; readonly wake: () => void }>();
  const slept: number[] = [];

  function advance(ms: number): void {
    now += ms;
    for (const sleeper of [...sleepers]) if (sleeper.until <= now) sleeper.wake();
  }

  return {
    now: () => now,
    elapsed: () => now,
    slept,
    advance,
    get pending() {
      return [...sleepers].map(({ ms }) => ms);
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      if (ms <= shortMs) {
        slept.push(ms);
        advance(ms);
        await turn();
        signal?.throwIfAborted();
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const end = (settle: () => void) => () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', stop);
          settle();
        };
        const stop = end(() => reject(signal?.reason));
        const sleeper = { ms, until: now + ms, wake: end(resolve) };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', stop);
      });
    },
  };
}
