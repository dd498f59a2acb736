import type { PodEntry, PodStat } from './podFiles.ts';
import { join, nameOf, parentOf } from './podPath.ts';

/** An editor asks for each entry of a folder that it has just listed. */
const keptMs = 2000;

export interface Listing {
  readonly entries: readonly PodEntry[];
  readonly unreadable: number;
}

interface Kept<T> {
  readonly at: number;
  readonly value: T;
}

/**
 * What was read a moment ago. A change of our own forgets all of it, and all that is being read: one file may be known
 * under many names, where links lead to it.
 */
export class PodCache {
  readonly #elapsed: () => number;
  readonly #stats = new Map<string, Kept<PodStat>>();
  readonly #listings = new Map<string, Kept<Listing & { readonly byName: ReadonlyMap<string, PodStat> }>>();
  readonly #reading = new Map<string, Promise<unknown>>();
  #age = 0;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Undefined when it is not known; null when there is no such thing. */
  stat(path: string): PodStat | null | undefined {
    const kept = this.#fresh(this.#stats.get(path));
    if (kept !== undefined || path === '/') return kept;
    const listing = this.#fresh(this.#listings.get(parentOf(path)));
    if (listing === undefined) return undefined;
    // A name that could not be read may be this one, seen by another tongue.
    return listing.byName.get(nameOf(path)) ?? (listing.unreadable > 0 ? undefined : null);
  }

  listing(path: string): Listing | undefined {
    return this.#fresh(this.#listings.get(path));
  }

  readStat(path: string, read: () => Promise<PodStat>): Promise<PodStat> {
    return this.#read(`stat ${path}`, read, (stat) => this.#stats.set(path, { at: this.#elapsed(), value: stat }));
  }

  readListing(path: string, read: () => Promise<Listing>): Promise<Listing> {
    return this.#read(`list ${path}`, read, (value) => {
      const byName = new Map(value.entries.map(({ name, stat }) => [name, stat]));
      this.#listings.set(path, { at: this.#elapsed(), value: { ...value, byName } });
      for (const { name } of value.entries) this.#stats.delete(join(path, name));
    });
  }

  forget(): void {
    this.#age++;
    this.#stats.clear();
    this.#listings.clear();
    this.#reading.clear();
  }

  /** Two who ask for the same thing at the same time get one answer. */
  #read<T>(key: string, read: () => Promise<T>, keep: (value: T) => void): Promise<T> {
    const before = this.#reading.get(key) as Promise<T> | undefined;
    if (before !== undefined) return before;
    const age = this.#age;
    const reading = read().then((value) => {
      if (age === this.#age) keep(value);
      return value;
    }).finally(() => {
      if (this.#reading.get(key) === reading) this.#reading.delete(key);
      this.#sweep();
    });
    this.#reading.set(key, reading);
    return reading;
  }

  #fresh<T>(kept: Kept<T> | undefined): T | undefined {
    return kept !== undefined && this.#elapsed() - kept.at < keptMs ? kept.value : undefined;
  }

  #sweep(): void {
    for (const map of [this.#stats, this.#listings]) {
      for (const [path, kept] of map) {
        if (this.#fresh<unknown>(kept) !== undefined) break; // the oldest are first
        map.delete(path);
      }
    }
  }
}
