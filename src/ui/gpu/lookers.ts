import type { Disposable } from '../../domain/ports.ts';

/** Who looks at which machines: each place says what it shows now, and what nobody shows any more is let go of. */
export class Lookers {
  readonly #look: (alias: string) => Disposable;
  readonly #at = new Map<string, ReadonlyMap<string, Disposable>>();

  constructor(look: (alias: string) => Disposable) {
    this.#look = look;
  }

  at(place: string, aliases: readonly string[]): void {
    const before = this.#at.get(place) ?? new Map<string, Disposable>();
    this.#at.set(place, new Map(aliases.map((alias) => [alias, before.get(alias) ?? this.#look(alias)])));
    for (const [alias, looking] of before) if (!aliases.includes(alias)) looking.dispose();
  }

  dispose(): void {
    for (const place of this.#at.keys()) this.at(place, []);
  }
}
