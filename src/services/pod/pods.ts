/** One view of each machine's files for all of a window. */
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import { createEmitter } from '../../domain/emitter.ts';
import type { MachineLink } from '../../domain/machineLink.ts';
import { PodFiles, type PodChange } from './podFiles.ts';
import { PodWatch } from './podWatch.ts';
import type { PodPresence } from './presence.ts';

export interface PodsParts {
  readonly presence: Pick<PodPresence, 'link' | 'use'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: (bytes: number) => Uint8Array;
  /** Paths on that machine that are open in an editor now. */
  readonly open: (alias: string) => readonly string[];
  readonly attentive: () => boolean;
}

export interface Pod {
  readonly files: PodFiles;
  readonly watch: PodWatch;
}

export interface PodChanges {
  readonly alias: string;
  readonly changes: readonly PodChange[];
}

export class Pods implements Disposable {
  readonly #parts: PodsParts;
  readonly #changed = createEmitter<PodChanges>();
  readonly onDidChange = this.#changed.event;
  readonly #pods = new Map<string, Pod & Disposable>();

  constructor(parts: PodsParts) {
    this.#parts = parts;
  }

  /** Waits for the machine's address, and throws what `PodPresence.link` does. */
  async at(alias: string): Promise<Pod> {
    const link = await this.#parts.presence.link(alias);
    const known = this.#pods.get(alias);
    if (known !== undefined) return known;
    const pod = this.#open(link);
    this.#pods.set(alias, pod);
    return pod;
  }

  dispose(): void {
    for (const pod of this.#pods.values()) pod.dispose();
    this.#pods.clear();
  }

  #open(link: MachineLink): Pod & Disposable {
    const { presence, open, attentive, clock, log, random } = this.#parts;
    const { alias } = link;
    const files = new PodFiles({ link, clock, random });
    const watch = new PodWatch({ link, files, clock, log, attentive, open: () => open(alias) });
    const tell = (changes: readonly PodChange[]): void => this.#changed.fire({ alias, changes });
    const parts = [presence.use(alias), files.onDidChange(tell), watch.onDidChange(tell), watch];
    void watch.start();
    return { files, watch, dispose: () => parts.forEach((part) => part.dispose()) };
  }
}
