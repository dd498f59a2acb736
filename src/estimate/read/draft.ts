/**
 * A workload while it is being read. Every value comes as a fact with its place; of two facts of one name the one
 * from the better source stays, and of two from equal sources the later one, as in a file that is read downwards.
 */
import type { Fact, FactName, FactSource } from '../facts.ts';
import type { Model, Workload } from '../workload.ts';

/** The later in this list, the stronger: what somebody says outright beats what a framework does when told nothing. */
const strength: readonly FactSource[] = ['default', 'table', 'files', 'hub', 'config', 'script', 'command', 'user'];

export class Draft {
  readonly #facts = new Map<FactName, Fact>();
  readonly #values = new Map<FactName, Workload[FactName]>();

  /** False when a stronger fact of this name is there already. */
  set<N extends FactName>(name: N, value: NonNullable<Workload[N]>, from: Omit<Fact, 'name' | 'value'>): boolean {
    const before = this.#facts.get(name);
    if (before !== undefined && strength.indexOf(before.source) > strength.indexOf(from.source)) return false;
    this.#facts.set(name, { name, value: shownValue(value), ...from });
    this.#values.set(name, value);
    return true;
  }

  /** Takes a value back: a stronger statement made it meaningless, as `max_steps=-1` does. */
  drop(name: FactName): void {
    this.#facts.delete(name);
    this.#values.delete(name);
  }

  fact(name: FactName): Fact | undefined {
    return this.#facts.get(name);
  }

  get<N extends FactName>(name: N): Workload[N] | undefined {
    // The map holds under each name what `set` took for it.
    return this.#values.get(name) as Workload[N] | undefined;
  }

  get facts(): readonly Fact[] {
    return [...this.#facts.values()];
  }

  /** What is unknown of the required fields is filled by the plainest case, as every framework does when told nothing. */
  build(): Workload {
    return { ...plainest, ...Object.fromEntries(this.#values) };
  }
}

const plainest: Workload = {
  task: 'other', stack: 'pytorch', method: 'full', precision: 'fp32', optimizer: 'adamw', parallelism: 'single',
  work: 'training', packing: false, checkpointing: false, compile: false, flashAttention: true,
};

const shownValue = (value: Model | string | number | boolean): Fact['value'] => (typeof value === 'object' ? value.name : value);
