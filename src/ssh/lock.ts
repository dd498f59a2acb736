/**
 * One writer at a time among all windows and editors of a user: a file that only one can create.
 * It is held for milliseconds, so one that is seconds old belongs to a process that died.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { RentError } from '../domain/errors.ts';
import { errorCode } from './files.ts';

const staleMs = 10_000;
const patienceMs = 30_000;
// Windows says EPERM or EBUSY of a name whose deletion is under way.
const taken = process.platform === 'win32' ? ['EEXIST', 'EPERM', 'EBUSY'] : ['EEXIST'];

export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  await acquire(path, token);
  try {
    return await work();
  } finally {
    // A holder that slept through the stale limit must not free its successor's lock.
    if ((await readFile(path, 'utf8').catch(() => '')) === token) await rm(path, { force: true });
  }
}

async function acquire(path: string, token: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; ) {
    try {
      return await writeFile(path, token, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!taken.includes(errorCode(error) ?? '')) throw error;
    }
    await breakIfStale(path, `${path}.${token}`);
    const turnMs = 5 + Math.random() * 20;
    await pause(turnMs);
    waitedMs += turnMs;
  }
  throw new RentError('sshConfig', { detail: `${path} stays locked by another window` });
}

async function breakIfStale(path: string, aside: string): Promise<void> {
  const seen = await stat(path).catch(() => undefined);
  // File times are the system's, whatever clock the caller lives by.
  if (!seen || Date.now() - seen.mtimeMs < staleMs) return;
  try {
    await rename(path, aside);
  } catch {
    return; // another waiter was faster
  }
  const broken = await stat(aside);
  // Between the look and the rename somebody else broke it and took it: give theirs back.
  if (broken.ino !== seen.ino || broken.mtimeMs !== seen.mtimeMs) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
