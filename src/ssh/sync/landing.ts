/**
 * The folder here that files from a machine come into. Each is written under a name of ours first and moved to its own
 * when it is whole, and no way to it leads through a link: whoever made that link could send it anywhere.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, futimesSync, openSync, renameSync, writeSync } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readlink, realpath, rename, rm, rmdir, stat, statfs, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { RentError } from '../../domain/errors.ts';
import { errorCode, messageOf, persistently } from '../files.ts';
import { incomingName, type Item } from './item.ts';
import { foldedName } from './safePath.ts';

const staleMs = 7 * 24 * 3_600_000;
const mostRemembered = 50_000;

export class Landing {
  readonly root: string;
  /** Names that differ in case alone are one file here. */
  readonly #folds: boolean;
  readonly #taken = new Set<string>();
  /** Folders that were looked at: real ones, all the way down. */
  #sound = new Set<string>(['']);
  readonly #own = randomBytes(8).toString('hex');
  #written = 0;

  private constructor(root: string, folds: boolean) {
    this.root = root;
    this.#folds = folds;
  }

  /** Makes the folder where it is missing. */
  static async open(folder: string, now: number): Promise<Landing> {
    return hereOr(async () => {
      await mkdir(folder, { recursive: true });
      const root = await realpath(folder);
      const incoming = join(root, incomingName);
      if (await lstat(incoming).then((found) => !found.isDirectory(), () => false)) await rm(incoming);
      await mkdir(incoming, { recursive: true });
      for (const name of await readdir(incoming)) {
        const old = await lstat(join(incoming, name)).then(({ mtimeMs }) => now - mtimeMs > staleMs, () => false);
        if (old) await rm(join(incoming, name), { force: true });
      }
      return new Landing(root, await stat(join(root, incomingName.toUpperCase())).then(() => true, () => false));
    });
  }

  /** Bytes. */
  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.root);
    return bavail * bsize;
  }

  /** Below our own folder; the same for the same name, so that half files are found again. */
  partPath = (name: string): string => join(this.root, incomingName, `p-${name}`);
  /** A new one each time. */
  newPath = (): string => join(this.root, incomingName, `n-${this.#own}-${this.#written++}`);

  /** Why something else cannot have this name here as well; undefined when it can. */
  claim(path: string): string | undefined {
    if (!this.#folds) return undefined;
    const folded = foldedName(path);
    if (this.#taken.has(folded)) return 'Its name differs from another in case alone, which this disk takes for one.';
    this.#taken.add(folded);
    return undefined;
  }

  /** Makes the folder and those above it. Why it cannot be entered, or undefined. */
  async folder(path: string): Promise<string | undefined> {
    if (this.#sound.has(path)) return undefined;
    const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    const problem = await this.folder(above);
    if (problem !== undefined) return problem;
    const full = join(this.root, path);
    await hereOr(() => mkdir(full).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    }));
    const found = await lstat(full);
    if (found.isSymbolicLink()) return 'A link here stands in its way.';
    if (!found.isDirectory()) return 'A file here has the name of its folder.';
    if (this.#sound.size > mostRemembered) this.#sound = new Set(['']);
    this.#sound.add(path);
    return undefined;
  }

  /** A whole file, under a name of ours. */
  write(to: string, content: readonly Buffer[], item: Item, modifiedMs: number): void {
    hereOrSync(() => {
      const file = openSync(to, 'wx', modeHere(item));
      try {
        for (const piece of content) writeAll(file, piece);
        futimesSync(file, modifiedMs / 1000, modifiedMs / 1000);
      } finally {
        closeSync(file);
      }
    });
  }

  /** A half file has everything now. */
  async complete(part: string, item: Item, modifiedMs: number): Promise<void> {
    await using file = await openPart(part);
    await hereOr(async () => {
      await file.truncate(item.bytes);
      await file.chmod(modeHere(item));
      await file.sync();
      await file.utimes(modifiedMs / 1000, modifiedMs / 1000);
    });
  }

  /** What was written takes its name. Why it cannot, or undefined. */
  place = (from: string, path: string): Promise<string | undefined> => this.#to(path, from, () => Promise.resolve());

  async placeLink({ path }: Item, target: string): Promise<string | undefined> {
    if ((await readlink(join(this.root, path)).catch(() => undefined)) === target) return undefined;
    const from = this.newPath();
    return this.#to(path, from, () => symlink(target, from));
  }

  /** Only files whose way led nowhere else. */
  async touch({ path }: Item, modifiedMs: number): Promise<void> {
    if ((await this.folder(parentOf(path))) === undefined) await utimes(join(this.root, path), modifiedMs / 1000, modifiedMs / 1000).catch(() => undefined);
  }

  /** What was not placed goes; half files that can be gone on with stay. */
  async tidy(): Promise<void> {
    const incoming = join(this.root, incomingName);
    for (const name of await readdir(incoming).catch(() => [])) if (name.startsWith(`n-${this.#own}-`)) await rm(join(incoming, name), { force: true });
    await rmdir(incoming).catch(() => undefined);
  }

  async #to(path: string, from: string, prepare: () => Promise<void>): Promise<string | undefined> {
    const problem = await this.folder(parentOf(path));
    if (problem !== undefined) return problem;
    const to = join(this.root, path);
    return hereOr(async () => {
      await prepare();
      try {
        if (process.platform === 'win32') await persistently(() => rename(from, to));
        else renameSync(from, to);
      } catch (error) {
        const code = errorCode(error) ?? '';
        if (['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(code)) return 'A folder here has that name.';
        if (code !== 'EXDEV') throw error;
        // A folder in it is another disk.
        const beside = `${to}.${this.#own}`;
        await copyFile(from, beside);
        await rename(beside, to);
      }
      return undefined;
    });
  }
}

/** Nobody but their owner changes files that a machine sent, whatever it says. */
const modeHere = ({ mode }: Item): number => (mode & 0o755) | 0o600;

function writeAll(file: number, piece: Buffer): void {
  for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
}

export const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** What this computer's own disk refuses. */
export async function hereOr<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw told(error);
  }
}

function hereOrSync(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw told(error);
  }
}

const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL', 'EIO', 'EBUSY'];

function told(error: unknown): unknown {
  const code = errorCode(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return new RentError('diskFullHere', { detail: messageOf(error), cause: error });
  return refusals.includes(code) ? new RentError('folderRefused', { detail: messageOf(error), cause: error }) : error;
}

/** A half file to go on with, or a new one. */
export async function openPart(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  return hereOr(async () => {
    // Several pieces of one file come at once, so whoever is first makes it.
    return open(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
  });
}
