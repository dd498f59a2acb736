/** What SFTP does to names: everything that needs no open file. */
import {
  chmod, chown, lchown, link, lstat, lutimes, mkdir, readlink, realpath, rename, rmdir, stat, symlink, truncate, unlink, utimes,
} from 'node:fs/promises';
import { posix } from 'node:path';
import { applyTo, type Changeable, encodeStats, NO_ATTRIBUTES, type Wanted } from './attributes.ts';
import { type Answer, attributes, names, STATUS, status } from './protocol.ts';

export interface Paths {
  /** A name as it came, made absolute: what is relative starts at the home folder. */
  at(path: string): Buffer;
  stat(path: string): Promise<Answer>;
  lstat(path: string): Promise<Answer>;
  setStat(path: string, wanted: Wanted): Promise<Answer>;
  setLinkStat(path: string, wanted: Wanted): Promise<Answer>;
  makeFolder(path: string, wanted: Wanted): Promise<Answer>;
  removeFolder(path: string): Promise<Answer>;
  removeFile(path: string): Promise<Answer>;
  /** Refuses an existing target, as version 3 asks. */
  rename(from: string, to: string): Promise<Answer>;
  replace(from: string, to: string): Promise<Answer>;
  hardLink(from: string, to: string): Promise<Answer>;
  softLink(target: string, path: string): Promise<Answer>;
  readLink(path: string): Promise<Answer>;
  resolve(path: string): Promise<Answer>;
  expand(path: string): Promise<Answer>;
}

const oneName = (name: string): Answer => names([{ name, long: name, attributes: NO_ATTRIBUTES }]);

const bytes = (path: string): Buffer => Buffer.from(path, 'latin1');

async function done(work: Promise<unknown>): Promise<Answer> {
  await work;
  return status(STATUS.ok);
}

function changeable(path: Buffer): Changeable {
  return {
    truncate: (size) => truncate(path, size),
    chmod: (mode) => chmod(path, mode),
    utimes: (access, modify) => utimes(path, access, modify),
    chown: (uid, gid) => chown(path, uid, gid),
  };
}

/** Size and mode of a link itself cannot be set anywhere we run. */
function changeableLink(path: Buffer): Changeable {
  return {
    ...changeable(path),
    utimes: (access, modify) => lutimes(path, access, modify),
    chown: (uid, gid) => lchown(path, uid, gid),
  };
}

/** The last part may be missing: clients resolve a name before they create it. */
async function resolveReal(path: string): Promise<string> {
  try {
    return await realpath(bytes(path), 'latin1');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    if (await lstat(bytes(path)).catch(() => undefined)) throw error;
    return posix.join(await realpath(bytes(posix.dirname(path)), 'latin1'), posix.basename(path));
  }
}

export function pathsFrom(homeFolder: string): Paths {
  const home = Buffer.from(homeFolder).toString('latin1');
  // Dots stay for the kernel: `link/..` is not the folder the link lies in.
  const absolute = (path: string): string => (path === '' ? home : path.startsWith('/') ? path : `${home}/${path}`);
  const at = (path: string): Buffer => bytes(absolute(path));
  return {
    at,
    stat: async (path) => attributes(encodeStats(await stat(at(path)))),
    lstat: async (path) => attributes(encodeStats(await lstat(at(path)))),
    setStat: (path, wanted) => done(applyTo(changeable(at(path)), wanted)),
    setLinkStat: (path, wanted) => done(applyTo(changeableLink(at(path)), wanted)),
    makeFolder: (path, wanted) => done(mkdir(at(path), (wanted.mode ?? 0o777) & 0o7777)),
    removeFolder: (path) => done(rmdir(at(path))),
    removeFile: (path) => done(unlink(at(path))),
    async rename(from, to) {
      const taken = await lstat(at(to)).catch(() => undefined);
      return taken === undefined ? done(rename(at(from), at(to))) : status(STATUS.failure);
    },
    replace: (from, to) => done(rename(at(from), at(to))),
    hardLink: (from, to) => done(link(at(from), at(to))),
    softLink: (target, path) => done(symlink(bytes(target), at(path))),
    readLink: async (path) => oneName(await readlink(at(path), 'latin1')),
    resolve: async (path) => oneName(await resolveReal(absolute(path))),
    expand: async (path) => oneName(await resolveReal(absolute(path.replace(/^~(root)?(?=\/|$)/, home)))),
  };
}
