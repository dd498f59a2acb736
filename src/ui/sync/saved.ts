/** Sends what was saved in a folder that was uploaded before, a moment later and without a word. */
import { sep } from 'node:path';
import { isAbort } from '../../domain/errors.ts';
import type { MachineLinks } from '../../domain/machineLink.ts';
import type { Clock, Disposable, Log } from '../../domain/ports.ts';
import { type FindSecrets, type FolderSync, type SkippedFile, withSecrets } from '../../domain/sync.ts';
import type { Fleet } from '../../services/fleet.ts';
import type { Pairs } from './pairs.ts';

export interface SavedDeps {
  readonly fleet: Pick<Fleet, 'instances'>;
  readonly machines: MachineLinks;
  readonly sync: FolderSync;
  readonly findSecrets: FindSecrets;
  readonly pairs: Pairs;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once for each streak of failures, and of what stayed here because of what is in it. */
  readonly failed: (error: unknown) => void;
  readonly leftOut: (files: readonly SkippedFile[]) => void;
}

/** An editor that saves all saves many within this. */
const quietMs = 600;

export class SavedFiles implements Disposable {
  readonly #deps: SavedDeps;
  readonly #waiting = new Map<string, Set<string>>();
  readonly #ended = new AbortController();
  #sending = Promise.resolve();
  #failing = false;

  constructor(deps: SavedDeps) {
    this.#deps = deps;
  }

  saved(path: string): void {
    const folder = this.#deps.pairs.holding(path, sep);
    if (folder === undefined) return;
    const waiting = this.#waiting.get(folder);
    const name = path.slice(folder.length + 1).replaceAll(sep, '/');
    if (waiting !== undefined) return void waiting.add(name);
    this.#waiting.set(folder, new Set([name]));
    this.#sending = this.#sending.then(() => this.#send(folder));
  }

  /** When all that was saved has been sent. */
  get settled(): Promise<void> {
    return this.#sending;
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #send(folder: string): Promise<void> {
    const { clock, pairs, fleet, machines, sync, findSecrets, log, failed, leftOut } = this.#deps;
    const { signal } = this.#ended;
    try {
      await clock.sleep(quietMs, signal);
      const only = [...(this.#waiting.get(folder) ?? [])];
      this.#waiting.delete(folder);
      const pair = pairs.of(folder);
      const up = fleet.instances.some(({ alias, state }) => alias === pair?.alias && state === 'ready');
      if (pair === undefined || !up) return;
      const secrets: SkippedFile[] = [];
      const vet = async (paths: Iterable<string>): Promise<readonly SkippedFile[]> => {
        secrets.push(...withSecrets(await findSecrets(folder, paths, signal)).filter(({ path }) => !pair.allowed.includes(path)));
        return secrets;
      };
      const { files, bytes } = await sync.up({ link: machines.of(pair.alias), localFolder: folder, remoteFolder: pair.remoteFolder, signal, only, vet });
      log.debug(`sent ${files} saved files (${bytes} bytes) to ${pair.alias}`);
      this.#failing = false;
      if (secrets.length > 0) leftOut(secrets);
    } catch (error) {
      if (isAbort(error)) return;
      log.warn('saved files could not be sent', error);
      if (!this.#failing) failed(error);
      this.#failing = true;
    }
  }
}
