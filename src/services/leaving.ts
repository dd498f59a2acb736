/**
 * Leaving a machine well: what is still only there, bringing it home, and removing the traces. Nothing in here ends a
 * machine, and nothing in here may keep anybody from ending one.
 */
import { RentError } from '../domain/errors.ts';
import type { LeftBehind } from '../domain/leftBehind.ts';
import type { MachineLinks } from '../domain/machineLink.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { Marks } from '../domain/store.ts';
import type { FolderSync, SyncProgress, SyncResult } from '../domain/sync.ts';
import type { Wiped } from '../domain/wiped.ts';
import { changedScript, lookScript, parseChanged, parseLook, type LookOrder } from '../scripts/leftBehind.ts';
import { parseWipe, wipeScript } from '../scripts/wipe.ts';
import { askWorkFolder, readWorkFolder } from '../scripts/workFolder.ts';

export interface LeavingDeps {
  readonly machines: MachineLinks;
  /** Without it nothing can be brought home. */
  readonly sync?: Pick<FolderSync, 'down'>;
  readonly marks: Marks;
  readonly clock: Clock;
  readonly log: Log;
}

/** Which machine, and where work is done on it. */
export interface Place {
  readonly alias: string;
  /** The provider's usual folders, best first. */
  readonly folders: readonly string[];
  /** How long it has been there: an age, because a provider's clock is its own. */
  readonly ageMs: number | undefined;
}

export interface Look {
  readonly left: LeftBehind;
  /** When everything was last fetched from it, epoch milliseconds; undefined when it never was. */
  readonly fetchedAt: number | undefined;
  /** When it was looked at, by the same clock. */
  readonly at: number;
}

export interface Fetched extends SyncResult {
  /** What changed on the machine while it was fetched; undefined when it could not be asked any more. */
  readonly since: LeftBehind | undefined;
}

/** A person waits for the question whether to destroy. */
const lookMs = 12_000;
const wipeMs = 10 * 60_000;
/** Between our clock's reading and the machine's. Files within it count as changed. */
const slackMs = 2000;

export class Leaving {
  readonly #deps: LeavingDeps;

  constructor(deps: LeavingDeps) {
    this.#deps = deps;
  }

  /** Undefined when the machine does not say within some seconds, for whatever reason. Never throws. */
  async look(place: Place, signal: AbortSignal): Promise<Look | undefined> {
    const fetchedAt = this.fetchedAt(place.alias);
    const left = await this.#changedSince(place, this.#from(place), signal);
    return left && { left, fetchedAt, at: this.#deps.clock.now() };
  }

  get canFetch(): boolean {
    return this.#deps.sync !== undefined;
  }

  /** Throws like `FolderSync.down`, also when cancelled; only a whole download counts as one. */
  async bringHome(place: Place, folder: string, localFolder: string, signal: AbortSignal, onProgress: (progress: SyncProgress) => void): Promise<Fetched> {
    const { machines, sync, clock } = this.#deps;
    if (sync === undefined) throw new RentError('notAllowed', { detail: 'nothing was given that downloads' });
    const begun = clock.now();
    const only = await this.#names(place, signal);
    const result = await sync.down({ link: machines.of(place.alias), localFolder, remoteFolder: folder, signal, onProgress, ...(only === undefined ? {} : { only }) });
    signal.throwIfAborted();
    if (result.skipped.length === 0) this.#noteFetched(place.alias, begun);
    return { ...result, since: await this.#changedSince(place, begun, signal) };
  }

  /** Throws when the machine did not do it to the end. */
  async wipe({ alias, folders }: Place, signal: AbortSignal): Promise<Wiped> {
    const { stdout, code } = await this.#inTime(wipeMs, signal, (inTime) => this.#deps.machines.of(alias).run(wipeScript(folders), { signal: inTime }));
    const wiped = parseWipe(stdout);
    if (wiped === undefined) throw new RentError('sshUnreachable', { detail: `the machine was not wiped to the end (exit ${code})` });
    return wiped;
  }

  /** Of a folder, just now. It counts where all work lies in it and nothing was left out. Never throws. */
  async noteDownload({ alias, folders }: Place, folder: string, { seconds, skipped }: SyncResult, signal: AbortSignal): Promise<void> {
    if (skipped.length > 0) return;
    const begun = this.#deps.clock.now() - 1000 * seconds;
    try {
      const { stdout } = await this.#deps.machines.of(alias).run(askWorkFolder(folders), { signal, repeatable: true });
      const work = readWorkFolder(stdout);
      if (work !== undefined && `${work}/`.startsWith(`${folder.replace(/\/+$/, '')}/`)) this.#noteFetched(alias, begun);
    } catch (error) {
      this.#deps.log.debug(`${alias} does not say whether all of its work was downloaded`, error);
    }
  }

  #noteFetched(alias: string, at: number): void {
    try {
      this.#deps.marks.raise(markOf(alias), at);
    } catch (error) {
      this.#deps.log.warn('that a machine’s files are here cannot be kept; they may be offered again', error);
    }
  }

  fetchedAt(alias: string): number | undefined {
    try {
      return this.#deps.marks.highest(markOf(alias));
    } catch {
      return undefined;
    }
  }

  /** Of what would be lost; undefined for everything, where they cannot be told. */
  async #names(place: Place, signal: AbortSignal): Promise<readonly string[] | undefined> {
    const script = changedScript(this.#order(place, this.#from(place)));
    try {
      return parseChanged((await this.#deps.machines.of(place.alias).run(script, { signal, repeatable: true })).stdout);
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined; // more names than an answer may have, or a line that the download itself tries again
    }
  }

  /** From when on what changed is only there. */
  #from({ alias, ageMs }: Place): number | undefined {
    return this.fetchedAt(alias) ?? (ageMs === undefined ? undefined : this.#deps.clock.now() - ageMs);
  }

  #order({ folders }: Place, at: number | undefined): LookOrder {
    return { folders, ...(at === undefined ? {} : { withinSeconds: (this.#deps.clock.now() - at + slackMs) / 1000 }) };
  }

  async #changedSince(place: Place, at: number | undefined, signal: AbortSignal): Promise<LeftBehind | undefined> {
    const { machines, clock, log } = this.#deps;
    const { alias } = place;
    const script = lookScript(this.#order(place, at));
    try {
      const { stdout } = await this.#inTime(lookMs, signal, (inTime) => machines.of(alias).run(script, { signal: inTime, mostBytes: 256 * 1024, repeatable: true }));
      return parseLook(stdout, clock.now());
    } catch (error) {
      log.warn(`${alias} could not be looked at`, error);
      return undefined;
    }
  }

  /** Does not rely on the work to notice its signal. */
  async #inTime<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const done = new AbortController();
    const late = new AbortController();
    const tooLate = this.#deps.clock.sleep(ms, AbortSignal.any([signal, done.signal])).then(() => {
      late.abort();
      throw new RentError('sshUnreachable', { detail: 'the machine did not answer in time' });
    });
    try {
      return await Promise.race([work(AbortSignal.any([signal, late.signal])), tooLate]);
    } finally {
      tooLate.catch(() => undefined);
      done.abort();
    }
  }
}

const markOf = (alias: string): string => `fetched/${alias}`;
