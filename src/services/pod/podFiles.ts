/**
 * The files of one machine as an editor wants them: its rules of creating and overwriting, links told from what they
 * lead to, whole trees copied and removed by the machine itself, and an answer in bounded time whatever the line does.
 */
import { createEmitter } from '../../domain/emitter.ts';
import { RentError } from '../../domain/errors.ts';
import { RemoteFileError, type FileProblem, type MachineLink, type RemoteEntry, type RemoteStat } from '../../domain/machineLink.ts';
import type { Clock } from '../../domain/ports.ts';
import { copyTree, moveTree, problemIn, removeTree } from '../../scripts/podTrees.ts';
import { inTime } from './inTime.ts';
import { PodCache, type Listing } from './podCache.ts';
import { checkedPath, join, liesIn, nameOf, parentOf } from './podPath.ts';
import { TooLarge } from './tooLarge.ts';

export interface PodStat {
  /** Of what a link leads to; `other` where it leads nowhere. */
  readonly kind: 'file' | 'folder' | 'other';
  readonly link: boolean;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly mode: number;
}

export interface PodEntry {
  readonly name: string;
  readonly stat: PodStat;
}

export interface PodChange {
  readonly path: string;
  readonly how: 'created' | 'changed' | 'removed';
}

export interface PodFilesParts {
  readonly link: MachineLink;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
}

/** A question; what moves bytes or whole trees may take as long as it goes on. */
const answerMs = 30_000;
const treeMs = 15 * 60_000;
const mostBytes = 512 * 1024 * 1024;
const linksAtOnce = 32;
/** A line that is known to be down is tried again by one question in so long; the others are answered at once. */
const retryMs = 5000;

export class PodFiles {
  readonly #parts: PodFilesParts;
  readonly #cache: PodCache;
  readonly #changed = createEmitter<readonly PodChange[]>();
  /** By us. */
  readonly onDidChange = this.#changed.event;
  #triedAt = -Infinity;

  constructor(parts: PodFilesParts) {
    this.#parts = parts;
    this.#cache = new PodCache(() => parts.clock.elapsed());
  }

  async stat(given: string): Promise<PodStat> {
    const path = checkedPath(given);
    const known = this.#cache.stat(path);
    if (known === null) throw new RemoteFileError('notFound', path);
    return known ?? this.#cache.readStat(path, () => this.#ask(() => this.#look(path)));
  }

  async list(given: string): Promise<Listing> {
    const path = checkedPath(given);
    return this.#cache.listing(path) ?? this.#cache.readListing(path, () => this.#ask(() => this.#list(path)));
  }

  async read(given: string): Promise<Uint8Array> {
    const path = checkedPath(given);
    const { kind, bytes } = await this.stat(path);
    if (kind === 'folder') throw new RemoteFileError('isFolder', path);
    if (bytes > mostBytes) throw new TooLarge(path, bytes);
    return this.#ask(() => this.#parts.link.files.read(path), treeMs);
  }

  async write(given: string, content: Uint8Array, { create, overwrite }: { readonly create: boolean; readonly overwrite: boolean }): Promise<void> {
    const path = checkedPath(given);
    const there = await this.#there(path);
    if (there === undefined && !create) throw new RemoteFileError('notFound', path);
    if (there !== undefined && create && !overwrite) throw new RemoteFileError('exists', path);
    if (there?.kind === 'folder') throw new RemoteFileError('isFolder', path);
    await this.#change([{ path, how: there === undefined ? 'created' : 'changed' }], () => this.#parts.link.files.write(path, content), treeMs);
  }

  async makeFolder(given: string): Promise<void> {
    const path = checkedPath(given);
    await this.#change([{ path, how: 'created' }], () => this.#parts.link.files.makeFolder(path));
  }

  async remove(given: string, { recursive }: { readonly recursive: boolean }): Promise<void> {
    const path = checkedPath(given);
    const { files } = this.#parts.link;
    const { kind } = await this.#ask(() => files.lstat(path));
    const gone: readonly PodChange[] = [{ path, how: 'removed' }];
    if (kind !== 'folder') return this.#change(gone, () => files.removeFile(path));
    if (!recursive) return this.#change(gone, () => files.removeFolder(path));
    if (isRootLevel(path)) throw new RemoteFileError('noPermission', path);
    await this.#change(gone, () => this.#run(removeTree(path), path), treeMs);
  }

  async rename(givenFrom: string, givenTo: string, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
    const [from, to] = [checkedPath(givenFrom), checkedPath(givenTo)];
    if (from === to) return void (await this.#ask(() => this.#parts.link.files.lstat(from)));
    await this.#notWithin(from, to);
    const changes: PodChange[] = [{ path: from, how: 'removed' }, { path: to, how: 'created' }];
    await this.#change(changes, async () => {
      try {
        await this.#parts.link.files.rename(from, to, { overwrite });
      } catch (error) {
        // Another disk may be mounted at either end; SFTP calls that a failure and no more.
        if (!isProblem(error, 'failed') || isRootLevel(from)) throw error;
        await this.#run(moveTree(from, to, this.#beside(to), overwrite), to);
      }
    }, treeMs);
  }

  async copy(givenFrom: string, givenTo: string, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
    const [from, to] = [checkedPath(givenFrom), checkedPath(givenTo)];
    if (from === to) throw new RemoteFileError('exists', to);
    await this.#notWithin(from, to);
    await this.#ask(() => this.#parts.link.files.lstat(from));
    const there = await this.#there(to);
    if (there !== undefined && !overwrite) throw new RemoteFileError('exists', to);
    if ((await this.#there(parentOf(to)))?.kind !== 'folder') throw new RemoteFileError('notFound', parentOf(to));
    const how = there === undefined ? 'created' : 'changed';
    await this.#change([{ path: to, how }], () => this.#run(copyTree(from, to, this.#beside(to), overwrite), to), treeMs);
  }

  /** To be called when somebody else has changed something. */
  forget(): void {
    this.#cache.forget();
  }

  /** A tree cannot be put into itself, nor in the place of one that holds it. */
  async #notWithin(from: string, to: string): Promise<void> {
    if (liesIn(to, from) || liesIn(from, to)) throw new RemoteFileError('failed', to);
  }

  #beside = (path: string): string => join(parentOf(path), `.${nameOf(path).slice(0, 80)}.${Buffer.from(this.#parts.random(6)).toString('hex')}.part`);

  async #look(path: string): Promise<PodStat> {
    const { files } = this.#parts.link;
    const own = await files.lstat(path);
    return own.kind === 'link' ? this.#behind(path, own) : plainStat(own);
  }

  async #behind(path: string, own: RemoteStat): Promise<PodStat> {
    try {
      return { ...plainStat(await this.#parts.link.files.stat(path)), link: true };
    } catch (error) {
      // It leads nowhere, round in a circle or to where we may not look.
      if (error instanceof RemoteFileError) return { ...plainStat(own), kind: 'other', link: true };
      throw error;
    }
  }

  async #list(path: string): Promise<Listing> {
    const { entries, unreadable } = await this.#parts.link.files.list(path).catch(async (error: unknown) => {
      if (isProblem(error, 'notFound', 'failed') && (await this.#look(path)).kind !== 'folder') throw new RemoteFileError('notFolder', path, error);
      throw error;
    });
    const sound = entries.filter(({ name }) => isName(name));
    const found: PodEntry[] = [];
    const read = sound.values();
    const follow = async (): Promise<void> => {
      for (const entry of read) found.push(await this.#followed(path, entry));
    };
    await Promise.all(Array.from({ length: linksAtOnce }, follow));
    return { entries: found, unreadable: unreadable + hidden(entries) - sound.length };
  }

  async #followed(folder: string, { name, stat }: RemoteEntry): Promise<PodEntry> {
    return { name, stat: stat.kind === 'link' ? await this.#behind(join(folder, name), stat) : plainStat(stat) };
  }

  /** As it is now, whatever was read before. */
  async #there(path: string): Promise<PodStat | undefined> {
    try {
      return await this.#ask(() => this.#look(path));
    } catch (error) {
      if (isProblem(error, 'notFound')) return undefined;
      throw error;
    }
  }

  async #run(script: string, path: string): Promise<void> {
    const { code, stderr } = await this.#parts.link.run(script);
    if (code !== 0) throw new RemoteFileError(problemIn(stderr), path, new Error(stderr.slice(0, 500)));
  }

  /** What was read while a change was under way is as doubtful as what was read before. */
  async #change(changes: readonly PodChange[], work: () => Promise<void>, ms = answerMs): Promise<void> {
    this.#cache.forget();
    try {
      await this.#ask(work, ms);
      this.#changed.fire(changes);
    } finally {
      this.#cache.forget();
    }
  }

  async #ask<T>(work: () => Promise<T>, ms = answerMs): Promise<T> {
    const { link, clock } = this.#parts;
    if (link.state.kind === 'lost') {
      const now = clock.elapsed();
      if (now - this.#triedAt < retryMs) throw new RentError('sshUnreachable', { detail: `${link.alias} cannot be reached`, cause: link.state.reason });
      this.#triedAt = now;
    }
    return inTime(clock, ms, work);
  }
}

/** A folder at the root is the system's, or a disk. */
const isRootLevel = (path: string): boolean => path.lastIndexOf('/') === 0;

const plainStat = ({ kind, bytes, modifiedAt, mode }: RemoteStat): PodStat =>
  ({ kind: kind === 'link' ? 'other' : kind, link: false, bytes, modifiedAt, mode });

/** Whatever a server lists: nothing that leads elsewhere is a name. */
const isName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
const hidden = (entries: readonly RemoteEntry[]): number => entries.filter(({ name }) => name !== '.' && name !== '..').length;

const isProblem = (error: unknown, ...problems: readonly FileProblem[]): boolean =>
  error instanceof RemoteFileError && problems.includes(error.problem);
