import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../domain/ports.ts';

const sliceMs = 8;

/**
 * Disk work in slices. For a small file the asynchronous calls cost ten times what the work itself does, and with
 * thousands of them that is most of a transfer; so they are made at once, but never for so long that others notice.
 */
export class Slices {
  readonly #clock: Clock;
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.elapsed();
  }

  /** Between two calls: lets others have their turn when there was enough of this. */
  breathe(): Promise<void> | undefined {
    return this.#clock.elapsed() - this.#since < sliceMs ? undefined : this.#turn();
  }

  async #turn(): Promise<void> {
    await turn();
    this.#since = this.#clock.elapsed();
  }
}
