// What is due when, in market time. An entry runs with the time it was planned
// for, however late the timer came, so a fast clock does not blur the bills.
import type { MarketClock } from './clock.ts';

export interface Entry {
  readonly time: number;
  cancel(): void;
}

export interface Agenda {
  /** Market time: inside an entry, the time it was planned for. */
  now(): number;
  at(time: number, run: (time: number) => void): Entry;
  /** Runs everything due, in order of time, and returns now(). Reads call it first. */
  settle(): number;
  close(): void;
}

// setTimeout overflows above 2^31-1 ms and then fires at once.
const longestTimerMs = 2 ** 31 - 1;

interface Planned extends Entry {
  readonly order: number;
  readonly run: (time: number) => void;
}

/** Runs something after real milliseconds, until it is called off. */
export type Alarm = (ms: number, run: () => void) => () => void;

const timer: Alarm = (ms, run) => {
  const timeout = setTimeout(run, ms);
  return () => clearTimeout(timeout);
};

export function createAgenda(clock: MarketClock, alarm: Alarm = timer): Agenda {
  const planned: Planned[] = [];
  let order = 0;
  let callOff = (): void => undefined;
  let closed = false;
  let settling = false;
  let planTime = 0;

  function arm(): void {
    callOff();
    const next = planned[0];
    if (closed || next === undefined) return;
    const wait = Math.min(Math.ceil(clock.realMsUntil(next.time)), longestTimerMs);
    callOff = alarm(wait, () => settle());
  }

  function insert(entry: Planned): void {
    let low = 0;
    let high = planned.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = planned[middle];
      if (other !== undefined && (other.time < entry.time || (other.time === entry.time && other.order < entry.order))) low = middle + 1;
      else high = middle;
    }
    planned.splice(low, 0, entry);
  }

  function settle(): number {
    const now = clock.now();
    if (settling) return planTime;
    if (closed) return now;
    settling = true;
    try {
      for (let next = planned[0]; next !== undefined && next.time <= now; next = planned[0]) {
        planned.shift();
        planTime = next.time;
        next.run(next.time);
      }
    } finally {
      settling = false;
      arm();
    }
    return now;
  }

  clock.onJump(() => settle());

  return {
    now: () => (settling ? planTime : clock.now()),
    at(time, run) {
      const entry: Planned = {
        time: Math.floor(time),
        order: order++,
        run,
        cancel() {
          const index = planned.indexOf(entry);
          if (index < 0) return;
          planned.splice(index, 1);
          if (index === 0 && !settling) arm();
        },
      };
      insert(entry);
      if (planned[0] === entry && !settling) arm();
      return entry;
    },
    settle,
    close() {
      closed = true;
      planned.length = 0;
      callOff();
    },
  };
}
