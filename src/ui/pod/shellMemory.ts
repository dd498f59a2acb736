/** What VS Code's Memento of a workspace is to it. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const key = 'pod.shells';

/** The kept shells that this window had open, so that it opens them again. */
export class ShellMemory {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  of(alias: string): readonly string[] {
    const kept = this.#all()[alias];
    return Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [];
  }

  add(alias: string, name: string): void {
    this.#set(alias, [...this.of(alias).filter((one) => one !== name), name]);
  }

  remove(alias: string, name: string): void {
    this.#set(alias, this.of(alias).filter((one) => one !== name));
  }

  #all(): Readonly<Record<string, unknown>> {
    const kept = this.#memory.get(key);
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  }

  #set(alias: string, names: readonly string[]): void {
    const { [alias]: _, ...others } = this.#all();
    void this.#memory.update(key, names.length === 0 ? others : { ...others, [alias]: names });
  }
}
