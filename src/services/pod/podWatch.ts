/**
 * Looks every few seconds at what somebody has before their eyes on a machine: open files and listed folders. Whole trees
 * are not watched: a data set of a million files would cost its machine more than it tells.
 */
import { createEmitter } from '../../domain/emitter.ts';
import { isAbort } from '../../domain/errors.ts';
import type { MachineLink } from '../../domain/machineLink.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import { looks, lookAt } from '../../scripts/podLook.ts';
import type { PodChange, PodFiles } from './podFiles.ts';
import { join } from './podPath.ts';

export interface PodWatchParts {
  readonly link: MachineLink;
  readonly files: Pick<PodFiles, 'list' | 'forget'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Paths on this machine that are open now. */
  readonly open: () => readonly string[];
  /** Somebody looks at the window. */
  readonly attentive: () => boolean;
}

const everyMs = 3000;
const unattendedMs = 20_000;
const mostFolders = 100;
const mostPaths = 400;

export class PodWatch implements Disposable {
  readonly #parts: PodWatchParts;
  readonly #changed = createEmitter<readonly PodChange[]>();
  /** By somebody else, as far as can be told: our own changes may be among them. */
  readonly onDidChange = this.#changed.event;
  readonly #ended = new AbortController();
  readonly #asked = new Map<string, number>();
  /** The names in each folder when it was listed last, the latest at the end. */
  readonly #listed = new Map<string, ReadonlySet<string>>();
  #marks = new Map<string, string | undefined>();

  constructor(parts: PodWatchParts) {
    this.#parts = parts;
  }

  /** Looks until it is disposed of. */
  async start(): Promise<void> {
    const { clock, attentive, log } = this.#parts;
    try {
      for (;;) {
        await clock.sleep(attentive() ? everyMs : unattendedMs, this.#ended.signal);
        await this.look().catch((error: unknown) => isAbort(error) || log.debug('what is open on the machine could not be looked at', error));
      }
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  watch(path: string): Disposable {
    this.#asked.set(path, (this.#asked.get(path) ?? 0) + 1);
    return {
      dispose: () => {
        const left = (this.#asked.get(path) ?? 1) - 1;
        if (left > 0) this.#asked.set(path, left);
        else this.#asked.delete(path);
      },
    };
  }

  /** To be called with what a folder was listed to hold: it stands before somebody's eyes. */
  listed(folder: string, names: Iterable<string>): void {
    this.#listed.delete(folder);
    this.#listed.set(folder, new Set(names));
    for (const oldest of this.#listed.keys()) {
      if (this.#listed.size <= mostFolders) break;
      this.#listed.delete(oldest);
    }
  }

  async look(): Promise<void> {
    const { link, files } = this.#parts;
    // A machine that is not spoken with is not called for this.
    if (link.state.kind !== 'connected') return;
    const paths = this.#paths();
    if (paths.length === 0) return;
    const { stdout } = await link.run(lookAt(paths), { signal: this.#ended.signal });
    const seen = looks(stdout, paths.length);
    if (seen === undefined) return;
    const before = this.#marks;
    this.#marks = new Map(paths.map((path, at) => [path, seen[at]]));
    // What is seen for the first time may have changed since it was opened.
    const moved = paths.filter((path, at) => !before.has(path) || before.get(path) !== seen[at]);
    if (moved.length === 0) return;
    files.forget();
    const changes = (await Promise.all(moved.map((path) => this.#changesAt(path, before.has(path))))).flat();
    if (changes.length > 0) this.#changed.fire(changes);
  }

  dispose(): void {
    this.#ended.abort();
  }

  #paths(): string[] {
    const folders = [...this.#listed.keys()].toReversed();
    return [...new Set([...this.#parts.open(), ...folders, ...this.#asked.keys()])].slice(0, mostPaths);
  }

  async #changesAt(path: string, seenBefore: boolean): Promise<PodChange[]> {
    if (this.#marks.get(path) === undefined) {
      this.#listed.delete(path);
      return seenBefore ? [{ path, how: 'removed' }] : [];
    }
    const before = this.#listed.get(path);
    if (before === undefined) return [{ path, how: 'changed' }];
    const { entries } = await this.#parts.files.list(path);
    const after = new Set(entries.map(({ name }) => name));
    this.#listed.set(path, after);
    return [
      ...[...before].filter((name) => !after.has(name)).map((name): PodChange => ({ path: join(path, name), how: 'removed' })),
      ...[...after].filter((name) => !before.has(name)).map((name): PodChange => ({ path: join(path, name), how: 'created' })),
    ];
  }
}
