/** When a window was there that could do something about a machine, whatever the weather at the providers. */
export interface Stretch {
  readonly from: number;
  to: number;
}

export class Attendance {
  readonly #lives: Stretch[] = [];
  readonly #breaks: Stretch[] = [];

  /** A window has opened; whoever gets the stretch says when that ends. */
  opened(at: number): Stretch {
    return begin(this.#lives, at);
  }

  /** The laptop sleeps or is offline; whoever gets the stretch says when that ends. */
  away(at: number): Stretch {
    return begin(this.#breaks, at);
  }

  /** The moment by which somebody has been there for `ms` in all since `time`; Infinity when that never came. */
  after(time: number, ms: number): number {
    let left = ms;
    for (let at = this.from(time); at < Infinity; at = this.from(at)) {
      const end = this.#until(at);
      if (at + left <= end) return at + left;
      left -= end - at;
      at = end;
    }
    return Infinity;
  }

  /** The first moment from `time` on with somebody there; Infinity when there was none any more. */
  from(time: number): number {
    const alive = Math.min(...this.#lives.filter(({ to }) => to > time).map(({ from }) => Math.max(from, time)));
    const pause = this.#breaks.find(({ from, to }) => from <= alive && to > alive);
    return pause === undefined ? alive : this.from(pause.to);
  }

  /** How long at least somebody who is there stays. */
  #until(at: number): number {
    const life = Math.max(...this.#lives.filter(({ from, to }) => from <= at && to > at).map(({ to }) => to));
    return Math.min(life, ...this.#breaks.filter(({ from }) => from > at).map(({ from }) => from));
  }
}

function begin(stretches: Stretch[], from: number): Stretch {
  const stretch = { from, to: Infinity };
  stretches.push(stretch);
  return stretch;
}
