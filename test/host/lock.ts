import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.ts';
import { until } from './until.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    // Whoever held it may have been killed before it could let go.
    try {
      const holder = Number(readFileSync(path, 'utf8'));
      if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
    } catch {
      // It was let go of in this very moment: the next try will tell.
    }
    return false;
  }
}

/** One process at a time does `work`, so that two commands started together do not build into one folder. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `${name}.lock`);
  await until(`another process to finish with ${path}`, () => tryLock(path), { seconds: 1200 });
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
