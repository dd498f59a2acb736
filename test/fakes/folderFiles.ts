/** The files of this computer with the errors, and the steps, of a machine's. */
import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, link, lstat, mkdir, open, readdir, readFile, readlink, realpath, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RemoteFileError, type FileKind, type FileProblem, type RemoteEntry, type RemoteFiles, type RemoteStat } from '../../src/domain/machineLink.ts';

const problems: Readonly<Record<string, FileProblem>> = {
  ENOENT: 'notFound', EEXIST: 'exists', EACCES: 'noPermission', EPERM: 'noPermission', ENOTDIR: 'notFound', ELOOP: 'notFound', EISDIR: 'isFolder',
  ENOTEMPTY: 'notEmpty', ENOSPC: 'diskFull', ENAMETOOLONG: 'badName', ERR_INVALID_ARG_VALUE: 'badName',
};

/** `ask` is called before each, and may refuse. */
export function folderFiles(ask: (call: string) => Promise<void>): RemoteFiles {
  async function call<T>(name: string, path: string, work: () => Promise<T>): Promise<T> {
    await ask(`${name} ${path}`);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw new RemoteFileError(problems[String(error.code)] ?? 'failed', path, error);
    }
  }

  return {
    stat: (path) => call('stat', path, async () => toStat(await stat(path))),
    lstat: (path) => call('lstat', path, async () => toStat(await lstat(path))),
    list: (path) => call('list', path, () => list(path)),
    read: (path, range) => call('read', path, () => read(path, range)),
    write: (path, content, { mode } = {}) => call('write', path, async () => {
      const target = await realpath(path).catch(() => path);
      const before = await stat(target).catch(() => undefined);
      if (before?.isDirectory()) throw new RemoteFileError('isFolder', path);
      if (before !== undefined) await access(target, constants.W_OK);
      const beside = join(dirname(target), `.${randomBytes(6).toString('hex')}.part`);
      try {
        await writeFile(beside, content, { mode: mode ?? ((before?.mode ?? 0o644) & 0o7777), flag: 'wx' });
        await rename(beside, target);
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    }),
    makeFolder: (path) => call('makeFolder', path, () => mkdir(path)),
    removeFile: (path) => call('removeFile', path, async () => {
      if ((await lstat(path)).isDirectory()) throw new RemoteFileError('isFolder', path);
      await unlink(path);
    }),
    removeFolder: (path) => call('removeFolder', path, async () => {
      if (!(await lstat(path)).isDirectory()) throw new RemoteFileError('notFolder', path);
      await rmdir(path);
    }),
    rename: (from, to, { overwrite = false } = {}) => call('rename', from, async () => {
      const before = await lstat(from);
      const there = await lstat(to).catch(() => undefined);
      if (there !== undefined && !overwrite) throw new RemoteFileError('exists', to);
      if (overwrite || before.isDirectory()) return rename(from, to);
      await link(from, to); // in one step, and never over what is there
      await unlink(from);
    }),
    readLink: (path) => call('readLink', path, () => readlink(path)),
    realPath: (path) => call('realPath', path, () => realpath(path)),
    setModified: (path, at) => call('setModified', path, () => utimes(path, at / 1000, at / 1000)),
  };
}

async function list(path: string): ReturnType<RemoteFiles['list']> {
  const names = await readdir(path, { encoding: 'buffer' });
  const entries: RemoteEntry[] = [];
  let unreadable = 0;
  for (const bytes of names) {
    const name = bytes.toString();
    if (!Buffer.from(name).equals(bytes)) unreadable++;
    else {
      const found = await lstat(join(path, name)).catch(() => undefined);
      if (found !== undefined) entries.push({ name, stat: toStat(found) });
    }
  }
  return { entries, unreadable };
}

async function read(path: string, range: { readonly offset: number; readonly length: number } | undefined): Promise<Uint8Array> {
  if (range === undefined) return readFile(path);
  await using file = await open(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(range.length), 0, range.length, range.offset);
  return buffer.subarray(0, bytesRead);
}

const kindOf = (stats: Stats): FileKind =>
  stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other';

const toStat = (stats: Stats): RemoteStat =>
  ({ kind: kindOf(stats), bytes: stats.size, modifiedAt: Math.floor(stats.mtimeMs / 1000) * 1000, mode: stats.mode & 0o7777 });
