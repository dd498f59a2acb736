import type { Log } from '../domain/ports.ts';
import type { Marks } from '../domain/store.ts';

/** Lets a thing be said once, over windows and restarts. A store that fails must not silence a warning. */
export class Once {
  readonly #marks: Marks;
  readonly #log: Log;
  /** What this window has said, in case the store cannot keep it. */
  readonly #said = new Map<string, number>();

  constructor(marks: Marks, log: Log) {
    this.#marks = marks;
    this.#log = log;
  }

  /** Whether this is the first word about `name`, or about a higher step of it. */
  first(name: string, step = 1): boolean {
    if (step <= (this.#said.get(name) ?? 0)) return false;
    this.#said.set(name, step);
    try {
      return this.#marks.raise(`said/${name}`, step);
    } catch (error) {
      this.#log.warn('what was said cannot be kept; it may be said again', error);
      return true;
    }
  }
}
