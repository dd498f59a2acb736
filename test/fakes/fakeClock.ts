import type { Clock } from '../../src/domain/ports.ts';
import { aborted } from '../../src/services/clock.ts';

/** Time passes only by sleeping: every sleep moves the clock and lets waiting work run. */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;
  readonly slept: number[] = [];

  constructor(now = Date.UTC(2026, 10, 22, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Backwards is somebody setting the clock. */
  advance(ms: number): void {
    this.#now += ms;
    this.#elapsed += Math.max(0, ms);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw aborted();
    this.slept.push(ms);
    this.advance(ms);
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw aborted();
  }
}
