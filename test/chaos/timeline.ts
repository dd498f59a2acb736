/** The one scheduler of a simulation: markets, machines, windows and people act in the order of true time. */

export interface Planned {
  cancel(): void;
}

interface Entry extends Planned {
  readonly time: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** More than this and the schedule is going round in circles. */
const manySteps = 150_000;

export class Timeline {
  readonly #heap: Entry[] = [];
  readonly startAt: number;
  readonly #mostSteps: number;
  #now: number;
  #order = 0;
  #steps = 0;

  constructor(startAt: number, mostSteps = manySteps) {
    this.startAt = startAt;
    this.#mostSteps = mostSteps;
    this.#now = startAt;
  }

  /** Epoch milliseconds, true whatever a laptop's clock says. */
  get now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  at(time: number, run: () => void): Planned {
    const entry: Entry = { time: Math.max(time, this.#now), order: this.#order++, run, cancel: () => (entry.run = undefined) };
    this.#push(entry);
    return entry;
  }

  after(ms: number, run: () => void): Planned {
    return this.at(this.#now + Math.max(0, ms), run);
  }

  /** Runs what is due until then, or until `done`; what an event sets off runs out before the next one comes. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    await quiescence();
    while (!done()) {
      const next = this.#heap[0];
      if (next === undefined || next.time > until) {
        this.#now = Math.max(this.#now, until);
        return;
      }
      this.#pop();
      if (next.run === undefined) continue;
      if (++this.#steps > this.#mostSteps) throw new Hung('it does not come to rest');
      this.#now = next.time;
      next.run();
      await quiescence();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!before(entry, heap[above])) break;
      heap[index] = heap[above] as Entry;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = index * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Entry, heap[below])) below++;
      if (!before(heap[below] as Entry, last)) break;
      heap[index] = heap[below] as Entry;
      index = below;
    }
    heap[index] = last;
  }
}

export class Hung extends Error {}

const before = (one: Entry, other: Entry | undefined): boolean =>
  other === undefined || one.time < other.time || (one.time === other.time && one.order < other.order);

/** Every promise that can go on has gone on: nothing in a simulation waits for the real world. */
export const quiescence = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
