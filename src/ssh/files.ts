/**
 * Files that are whole or not there: written beside their place, flushed, then renamed or linked
 * into it. Another window, ssh itself or a power cut never meets half of one.
 */
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface FileLook {
  readonly mode: number;
  readonly owner?: { readonly uid: number; readonly gid: number };
}

const ownerOnly: FileLook = { mode: 0o600 };

export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeAtomic(path: string, content: string | Buffer, look: FileLook = ownerOnly): Promise<void> {
  await viaTemp(path, content, look, (temp) => persistently(() => rename(temp, path)));
}

/** False when the file was there already; then it was not touched. */
export async function createOnce(path: string, content: string | Buffer): Promise<boolean> {
  try {
    await viaTemp(path, content, ownerOnly, (temp) => link(temp, path));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function viaTemp(path: string, content: string | Buffer, look: FileLook, put: (temp: string) => Promise<void>) {
  const temp = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temp, 'wx', look.mode);
    try {
      await file.writeFile(content);
      await file.chmod(look.mode); // the umask may have taken bits away
      if (look.owner) await file.chown(look.owner.uid, look.owner.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await put(temp);
  } finally {
    await rm(temp, { force: true });
  }
  await flushFolder(dirname(path));
}

/** Makes the new name durable too; not every file system can, and Windows has no such thing. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const heldOnWindows = ['EPERM', 'EACCES', 'EBUSY'];

/** On Windows a scanner or an editor that has the file open for a moment makes a rename fail. */
export async function persistently(
  work: () => Promise<void>,
  platform: NodeJS.Platform = process.platform,
  patience = 60,
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (platform !== 'win32' || tried >= patience || !heldOnWindows.includes(errorCode(error) ?? '')) throw error;
      await pause(Math.min(tried * 10, 250));
    }
  }
}
