/** What is wrong with the world outside the laptop just now, and when it was. */
import type { Provider } from '../../src/practice/faults.ts';

/** `silent`: requests get no answer. `refusing`: a gateway answers 503 to everything. */
export type Outage = 'silent' | 'refusing';

export class Weather {
  readonly outages = new Map<Provider, Outage>();
  readonly revokedKeys = new Set<Provider>();
  /** Instances younger than this are on no list and cannot be read, milliseconds. */
  readonly lagMs = new Map<Provider, number>();
  /** Most lists of a provider, and some looks at one machine, come so much later than they were true, milliseconds. */
  readonly lateMs = new Map<Provider, number>();
  /** So many creates are delivered twice by a gateway. */
  doubledCreates = 0;
  readonly #troubles: { readonly from: number; to: number }[] = [];

  /** Some trouble lasts from now until then. */
  trouble(from: number, to: number): void {
    this.#troubles.push({ from, to });
  }

  /** The first moment from `time` on that lies in no trouble. */
  calmFrom(time: number): number {
    let calm = time;
    for (const { from, to } of this.#troubles.toSorted((a, b) => a.from - b.from)) {
      if (from <= calm + calmMs && to > calm) calm = to;
    }
    return calm;
  }

  clear(): void {
    this.outages.clear();
    this.revokedKeys.clear();
    this.lagMs.clear();
    this.lateMs.clear();
    this.doubledCreates = 0;
  }
}

/** Something needs this long without trouble to get done. */
const calmMs = 240_000;
