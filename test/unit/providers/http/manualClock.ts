import type { Clock } from '../../../../src/domain/ports.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Time stands still until `run` moves it from sleeper to sleeper, so that many can wait at once. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  /** How late the next timer comes, as real timers do. */
  late: () => number = () => 0;

  constructor(now = Date.UTC(2026, 10, 22, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  set(now: number): void {
    this.#now = now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { due: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(new DOMException('cancelled', 'AbortError'));
      });
    });
  }

  /** Until nobody sleeps any more, or up to a time. */
  async run(until = Infinity): Promise<void> {
    for (;;) {
      await settled();
      const [next] = this.#sleepers.toSorted((a, b) => a.due - b.due);
      if (next === undefined || next.due > until) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.due + this.late());
      next.wake();
    }
    if (until !== Infinity) this.#now = Math.max(this.#now, until);
  }

  /** Moves on for as long as `work` needs, which may wait for more than this clock. */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    const state = { open: true };
    const close = (): void => {
      state.open = false;
    };
    work.then(close, close);
    while (state.open) await this.run();
    return work;
  }
}

/** Lets everything that is ready to run do so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
