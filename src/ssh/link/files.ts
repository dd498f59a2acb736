/** A machine's files by SFTP. */
import { randomBytes } from 'node:crypto';
import type { FileEntryWithStats, Stats } from 'ssh2';
import { isRentError } from '../../domain/errors.ts';
import { RemoteFileError, type FileKind, type FileProblem, type RemoteFiles, type RemoteStat } from '../../domain/machineLink.ts';
import { isEnd, type Sftp } from './sftp.ts';

/** As much in flight as a channel's window takes: 2 MB. */
const chunkBytes = 128 * 1024;
const inFlight = 16;

export function createFiles(sftp: Sftp): RemoteFiles {
  const statOf = async (path: string, how: 'stat' | 'lstat'): Promise<RemoteStat> =>
    toStat(await again(() => sftp.call<Stats>(path, (door, take) => door[how](path, take))));
  const exists = (path: string): Promise<boolean> => statOf(path, 'lstat').then(() => true, (error: unknown) => !isProblem(error, 'notFound') && fail(error));
  const plain = (path: string, ask: Parameters<typeof sftp.call<void>>[1]): Promise<void> => sftp.call<void>(path, ask);

  /** Puts a file that lies beside it in the place of `to`, in one step where the server can. */
  async function replace(from: string, to: string): Promise<void> {
    try {
      await plain(to, (door, take) => door.ext_openssh_rename(from, to, (error) => take(error, undefined)));
    } catch (error) {
      if (!isProblem(error, 'unsupported')) throw error;
      await plain(to, (door, take) => door.unlink(to, (gone) => take(gone, undefined))).catch((gone: unknown) => isProblem(gone, 'notFound') || fail(gone));
      await plain(to, (door, take) => door.rename(from, to, (moved) => take(moved, undefined)));
    }
  }

  /** `failure` may mean that the disk is full, which the server can tell. */
  async function whyNotWritten(refusal: unknown, path: string): Promise<unknown> {
    if (!isProblem(refusal, 'failed')) return refusal;
    const free = await freeBlocks(sftp, parentOf(path) || '/').catch(() => undefined);
    return free !== undefined && free < 16 ? new RemoteFileError('diskFull', path, refusal) : refusal;
  }

  return {
    stat: (path) => statOf(path, 'stat'),
    lstat: (path) => statOf(path, 'lstat'),
    list: (path) => again(() => list(sftp, path)),
    read: (path, range) => again(() => read(sftp, path, range)),

    async write(path, content, { mode } = {}) {
      const before = await statOf(path, 'lstat').catch((error: unknown) => (isProblem(error, 'notFound') ? undefined : fail(error)));
      if (before?.kind === 'folder') throw new RemoteFileError('isFolder', path);
      // A link goes on pointing where it does; its target is what changes.
      const target = before?.kind === 'link' ? await this.realPath(path) : path;
      const kept = before?.kind === 'link' ? (await statOf(target, 'stat').catch(() => undefined))?.mode : before?.mode;
      const beside = `${parentOf(target)}/.${nameOf(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.part`;
      try {
        await write(sftp, beside, content, (mode ?? kept ?? 0o644) & 0o7777);
        await replace(beside, target);
      } catch (error) {
        const why = await whyNotWritten(error, path);
        await plain(beside, (door, take) => door.unlink(beside, (gone) => take(gone, undefined))).catch(() => undefined);
        throw why instanceof RemoteFileError ? new RemoteFileError(why.problem, path, why) : why;
      }
    },

    async makeFolder(path) {
      await plain(path, (door, take) => door.mkdir(path, take as never)).catch(async (error: unknown) => {
        if (isProblem(error, 'failed') && (await exists(path))) throw new RemoteFileError('exists', path, error);
        throw await whyNotWritten(error, path);
      });
    },

    async removeFile(path) {
      await plain(path, (door, take) => door.unlink(path, take as never)).catch(async (error: unknown) => {
        if (isProblem(error, 'failed') && (await statOf(path, 'lstat')).kind === 'folder') throw new RemoteFileError('isFolder', path, error);
        throw error;
      });
    },

    async removeFolder(path) {
      await plain(path, (door, take) => door.rmdir(path, take as never)).catch(async (error: unknown) => {
        if (!isProblem(error, 'failed')) throw error;
        if ((await statOf(path, 'lstat')).kind !== 'folder') throw new RemoteFileError('notFolder', path, error);
        if ((await list(sftp, path)).entries.length > 0) throw new RemoteFileError('notEmpty', path, error);
        throw error;
      });
    },

    async rename(from, to, { overwrite = false } = {}) {
      await statOf(from, 'lstat');
      if (!overwrite && (await exists(to))) throw new RemoteFileError('exists', to);
      // The plain call refuses what is there, so nothing that came meanwhile is lost.
      const moving = overwrite ? replace(from, to) : plain(to, (door, take) => door.rename(from, to, take as never));
      await moving.catch(async (error: unknown) => {
        if (!isProblem(error, 'failed')) throw error;
        const there = await statOf(to, 'lstat').catch(() => undefined);
        if (there !== undefined && !overwrite) throw new RemoteFileError('exists', to, error);
        if (there?.kind === 'folder') throw new RemoteFileError('notEmpty', to, error);
        throw error;
      });
    },

    readLink: (path) => again(() => sftp.call<string>(path, (door, take) => door.readlink(path, take))),
    realPath: (path) => again(() => sftp.call<string>(path, (door, take) => door.realpath(path, take))),
    setModified: (path, at) => plain(path, (door, take) => door.utimes(path, at / 1000, at / 1000, take as never)),
  };
}

/** The types say that it gives nothing. */
const freeBlocks = (sftp: Sftp, path: string): Promise<number> =>
  sftp.call(path, (door, take) => door.ext_openssh_statvfs(path, (error, ...said: unknown[]) => take(error, Number((said[0] as { f_bavail?: number } | undefined)?.f_bavail))));

/** For what only reads: once more after a lost connection. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isRentError(error, 'sshUnreachable')) throw error;
    return work();
  }
}

/** Requests overlap: a server gives a hundred names at a time, and a far one would take seconds for thousands. */
async function list(sftp: Sftp, path: string): ReturnType<RemoteFiles['list']> {
  const handle = await sftp.call<Buffer>(path, (door, take) => door.opendir(path, take));
  const found: FileEntryWithStats[] = [];
  let ended = false;
  const readOn = async (): Promise<void> => {
    while (!ended) {
      const some = await sftp.call<FileEntryWithStats[] | undefined>(path, (door, take) =>
        // The library takes a handle here; its types know of paths only.
        door.readdir(handle as unknown as string, (error, names) => (isEnd(error) ? take(undefined, undefined) : take(error, names))),
      );
      if (some === undefined) ended = true;
      else found.push(...some);
    }
  };
  try {
    await Promise.all(Array.from({ length: 8 }, readOn));
  } finally {
    closeLater(sftp, path, handle);
  }
  const readable = found.filter(({ filename }) => isReadable(filename));
  return { entries: readable.map(({ filename, attrs }) => ({ name: filename, stat: toStat(attrs as Stats) })), unreadable: found.length - readable.length };
}

/** A name that was no UTF-8 has lost what it was; one with a slash is an attack. */
const isReadable = (name: string): boolean => name !== '' && !name.includes('�') && !name.includes('/') && !name.includes('\0');

async function read(sftp: Sftp, path: string, range: { readonly offset: number; readonly length: number } | undefined): Promise<Uint8Array> {
  const handle = await sftp.call<Buffer>(path, (door, take) => door.open(path, 'r', take));
  try {
    const stat = await sftp.call<Stats>(path, (door, take) => door.fstat(handle, take));
    if (kindOf(stat.mode) === 'folder') throw new RemoteFileError('isFolder', path);
    const offset = range?.offset ?? 0;
    // What has no size, such as a file in /proc, is read until it ends.
    if (stat.size === 0 && range === undefined) return await readToEnd(sftp, path, handle);
    const length = Math.max(0, Math.min(range?.length ?? Infinity, stat.size - offset));
    const whole = Buffer.alloc(length);
    let [next, end] = [0, length];
    const readOn = async (): Promise<void> => {
      while (next < end) {
        const from = next;
        const size = Math.min(chunkBytes, end - from);
        next += size;
        let done = 0;
        while (done < size) {
          const got = await readAt(sftp, path, handle, whole.subarray(from + done, from + size), offset + from + done);
          if (got === 0) {
            end = Math.min(end, from + done); // it was cut meanwhile
            return;
          }
          done += got;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(inFlight, Math.ceil(length / chunkBytes)) }, readOn));
    return whole.subarray(0, end);
  } finally {
    closeLater(sftp, path, handle);
  }
}

async function readToEnd(sftp: Sftp, path: string, handle: Buffer): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (let offset = 0; ; ) {
    const part = Buffer.alloc(chunkBytes);
    const got = await readAt(sftp, path, handle, part, offset);
    if (got === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, got));
    offset += got;
  }
}

const readAt = (sftp: Sftp, path: string, handle: Buffer, into: Buffer, position: number): Promise<number> =>
  sftp.call<number>(path, (door, take) =>
    door.read(handle, into, 0, into.length, position, (error, bytes) => (isEnd(error) ? take(undefined, 0) : take(error, bytes))),
  );

async function write(sftp: Sftp, path: string, content: Uint8Array, mode: number): Promise<void> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  // Readable by nobody else until it has its real mode.
  const handle = await sftp.call<Buffer>(path, (door, take) => door.open(path, 'wx', 0o600, take));
  try {
    let next = 0;
    const writeOn = async (): Promise<void> => {
      while (next < bytes.length) {
        const from = next;
        const size = Math.min(chunkBytes, bytes.length - from);
        next += size;
        await sftp.call<void>(path, (door, take) => door.write(handle, bytes, from, size, from, take as never));
      }
    };
    await Promise.all(Array.from({ length: Math.min(inFlight, Math.ceil(bytes.length / chunkBytes)) }, writeOn));
    await sftp.call<void>(path, (door, take) => door.fchmod(handle, mode, take as never));
    await sftp.call<void>(path, (door, take) => door.ext_openssh_fsync(handle, take as never)).catch((error: unknown) => isProblem(error, 'unsupported') || fail(error));
  } catch (error) {
    closeLater(sftp, path, handle);
    throw error;
  }
  // A full network disk may speak only here.
  await sftp.call<void>(path, (door, take) => door.close(handle, take as never));
}

/** Nobody waits for it: what was read was read. */
const closeLater = (sftp: Sftp, path: string, handle: Buffer): void =>
  void sftp.call<void>(path, (door, take) => door.close(handle, take as never)).catch(() => undefined);

const typeBits = 0o170000;
function kindOf(mode: number): FileKind {
  switch (mode & typeBits) {
    case 0o040000: return 'folder';
    case 0o100000: return 'file';
    case 0o120000: return 'link';
    default: return 'other';
  }
}

const toStat = ({ mode, size, mtime }: Pick<Stats, 'mode' | 'size' | 'mtime'>): RemoteStat =>
  ({ kind: kindOf(mode), bytes: Number.isSafeInteger(size) ? size : 0, modifiedAt: mtime * 1000, mode: mode & 0o7777 });

const isProblem = (error: unknown, problem: FileProblem): boolean => error instanceof RemoteFileError && error.problem === problem;
const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/'))).replace(/\/$/, '');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
function fail(error: unknown): never {
  throw error;
}
