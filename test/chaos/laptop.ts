/** One laptop with several windows: they share its clock, its sleep and its network. */
import type { Clock } from '../../src/domain/ports.ts';
import { aborted } from '../../src/services/clock.ts';
import { Attendance, type Stretch } from './attendance.ts';
import { never, type Life } from './life.ts';
import type { Timeline } from './timeline.ts';

export class Laptop {
  readonly timeline: Timeline;
  /** By how much its wall clock is wrong, milliseconds. */
  skewMs = 0;
  #offline: Stretch | undefined;
  readonly attendance = new Attendance();
  #wakesAt = 0;
  #nap: Stretch | undefined;
  readonly #waiting: (() => void)[] = [];

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  get asleep(): boolean {
    return this.#nap !== undefined;
  }

  get offline(): boolean {
    return this.#offline !== undefined;
  }

  set offline(is: boolean) {
    if (this.#offline) this.#offline.to = this.timeline.now;
    this.#offline = is ? this.attendance.away(this.timeline.now) : undefined;
  }

  /** Sleeps until the latest of all the times it was put to sleep for. */
  sleep(ms: number): void {
    this.#nap ??= this.attendance.away(this.timeline.now);
    this.#wakesAt = Math.max(this.#wakesAt, this.timeline.now + ms);
    this.timeline.after(ms, () => {
      if (this.timeline.now >= this.#wakesAt) this.wake();
    });
  }

  wake(): void {
    if (this.#nap) this.#nap.to = this.timeline.now;
    this.#nap = undefined;
    for (const run of this.#waiting.splice(0)) run();
  }

  /** Now, or when it wakes. */
  whenAwake(run: () => void): void {
    if (this.asleep) this.#waiting.push(run);
    else run();
  }
}

/** A window can hang on its own while the others go on: a debugger, a busy extension, a swapped-out process. */
export class Freezer {
  #frozen = false;
  readonly #waiting: (() => void)[] = [];

  get frozen(): boolean {
    return this.#frozen;
  }

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    for (const run of this.#waiting.splice(0)) run();
  }

  whenFree(run: () => void): void {
    if (this.#frozen) this.#waiting.push(run);
    else run();
  }
}

/** A window's own clock and timers. */
export class WindowClock implements Clock {
  readonly #laptop: Laptop;
  readonly #freezer: Freezer;
  readonly #life: Life;
  readonly #openedAt: number;

  constructor(laptop: Laptop, freezer: Freezer, life: Life) {
    this.#laptop = laptop;
    this.#freezer = freezer;
    this.#life = life;
    this.#openedAt = laptop.timeline.now;
  }

  now(): number {
    return this.#laptop.timeline.now + this.#laptop.skewMs;
  }

  elapsed(): number {
    return this.#laptop.timeline.now - this.#openedAt;
  }

  /** A timer fires late when the laptop sleeps or the window hangs, and never after a crash. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.#life.goesOn()) return never();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      const stop = (): void => {
        timer.cancel();
        if (!this.#life.over) reject(aborted());
      };
      const timer = this.#laptop.timeline.after(ms, () =>
        this.runHere(() => {
          if (signal?.aborted) return;
          signal?.removeEventListener('abort', stop);
          if (this.#life.goesOn()) resolve();
        }));
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** As soon as this window can do anything at all. */
  runHere(run: () => void): void {
    this.#laptop.whenAwake(() => this.#freezer.whenFree(run));
  }
}
