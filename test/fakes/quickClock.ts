import type { Clock } from '../../src/domain/ports.ts';
import { systemClock } from '../../src/services/clock.ts';

/** Real time, run fast: waits that are minutes to the product are seconds to the test. */
export function quickClock(rate: number): Clock {
  const start = Date.now();
  return {
    now: () => Math.round(start + (Date.now() - start) * rate),
    elapsed: () => Math.round((Date.now() - start) * rate),
    sleep: (ms, signal) => systemClock.sleep(ms / rate, signal),
  };
}
