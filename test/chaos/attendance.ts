/** When some window was there that could do something, whatever the weather. */
export interface Stretch {
  readonly from: number;
  to: number;
}

export class Attendance {
  readonly #lives: Stretch[] = [];
  readonly #naps: Stretch[] = [];

  /** A window has opened, or the laptop fell asleep; whoever gets the stretch says when that ends. */
  opened(at: number): Stretch {
    return begin(this.#lives, at);
  }

  slept(at: number): Stretch {
    return begin(this.#naps, at);
  }

  /** The first moment from `time` on with a window that is awake; Infinity when there was none any more. */
  from(time: number): number {
    const alive = Math.min(...this.#lives.filter(({ to }) => to > time).map(({ from }) => Math.max(from, time)));
    const nap = this.#naps.find(({ from, to }) => from <= alive && to > alive);
    return nap === undefined ? alive : this.from(nap.to);
  }
}

function begin(stretches: Stretch[], from: number): Stretch {
  const stretch = { from, to: Infinity };
  stretches.push(stretch);
  return stretch;
}
