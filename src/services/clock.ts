import type { Clock } from '../domain/ports.ts';

/** Timers cannot wait longer than a 32-bit count of milliseconds: they fire at once instead. */
const longestMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => Math.round(performance.now()),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const stop = (): void => {
        clearTimeout(timer);
        reject(aborted());
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, Math.min(Math.max(0, ms), longestMs));
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** Always an AbortError, whatever reason the signal was given: cancelling is told apart by name. */
export const aborted = (): DOMException => new DOMException('cancelled', 'AbortError');
