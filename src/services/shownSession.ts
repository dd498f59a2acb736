import type { Usd } from '../domain/money.ts';
import type { Log } from '../domain/ports.ts';
import { shownSpend, type ShownSpend } from '../domain/shownSpend.ts';
import type { Marks } from '../domain/store.ts';

/** The session's figure as every window shows it: what one of them held at its highest, the others do not show lower. */
export class ShownSession {
  readonly #marks: Marks;
  readonly #log: Log;
  #last: ShownSpend | undefined;

  constructor(marks: Marks, log: Log) {
    this.#marks = marks;
    this.#log = log;
  }

  /** `session` is when it began, `figure` what is true at `at`. */
  show(session: number, figure: Usd, at: number): ShownSpend {
    const name = `shown/${session}`;
    const kept = this.#kept(name);
    const own = this.#last?.session === session ? this.#last : undefined;
    const before = kept !== undefined && kept > (own?.shown ?? 0) ? { session, shown: kept } : own;
    const now = shownSpend(before, session, figure, at);
    // A write for every tick would wear the disk for nothing: only what is held needs keeping.
    if (now.shown > figure && now.shown > (kept ?? 0)) this.#keep(name, now.shown);
    this.#last = now;
    return now;
  }

  #kept(name: string): Usd | undefined {
    try {
      return this.#marks.highest(name) as Usd | undefined;
    } catch (error) {
      this.#log.warn('what was shown before cannot be read', error);
      return undefined;
    }
  }

  #keep(name: string, shown: Usd): void {
    try {
      this.#marks.raise(name, shown);
    } catch (error) {
      this.#log.warn('what is shown cannot be kept for other windows', error);
    }
  }
}
