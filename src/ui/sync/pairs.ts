/** Which folder of a machine belongs to which folder here, remembered with the project. */
import * as z from 'zod/mini';
import type { Drawer } from '../offers/preferences.ts';

export interface Pair {
  /** The machine. */
  readonly alias: string;
  /** Absolute, on the machine. */
  readonly remoteFolder: string;
  /** Files that a person sent although they looked as if they held a secret. */
  readonly allowed: readonly string[];
}

const key = 'gpuRental.sync';
const saved = z.record(z.string(), z.object({ alias: z.string(), remoteFolder: z.string(), allowed: z.array(z.string()) }));

export class Pairs {
  readonly #drawer: Drawer;

  constructor(drawer: Drawer) {
    this.#drawer = drawer;
  }

  of(localFolder: string): Pair | undefined {
    return this.#all()[localFolder];
  }

  async keep(localFolder: string, pair: Pair): Promise<void> {
    await this.#drawer.update(key, { ...this.#all(), [localFolder]: pair });
  }

  /** The innermost folder that was uploaded and holds this file. */
  holding(path: string, separator: string): string | undefined {
    return Object.keys(this.#all()).filter((folder) => path.startsWith(`${folder}${separator}`)).toSorted((a, b) => b.length - a.length)[0];
  }

  #all(): Readonly<Record<string, Pair>> {
    return z.safeParse(saved, this.#drawer.get(key)).data ?? {};
  }
}
