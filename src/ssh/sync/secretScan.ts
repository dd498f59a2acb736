/** Keys and passwords in what is about to leave this computer. The scanner is big, so it is read when it is first needed. */
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../domain/ports.ts';
import type { FindSecrets, SecretFinding } from '../../domain/sync.ts';
import { ownSecrets } from './ownSecrets.ts';
import { Slices } from './slices.ts';

/** People write keys into code and settings; what is bigger than this is data. */
const mostBytes = 512 * 1024;
const mostFindings = 1000;

export const createSecretScan = (clock: Clock): FindSecrets => async (folder, paths, signal) => {
  const { lint } = await import('./secretLint.ts');
  const slices = new Slices(clock);
  const found: SecretFinding[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    await slices.breathe();
    const text = readText(join(folder, path));
    if (text === undefined) continue;
    const seen = new Set<string>();
    for (const { at, what } of [...ownSecrets(text, path), ...(await lint(text, path))]) {
      const line = text.slice(0, at).split('\n').length;
      if (seen.has(`${line} ${what}`) || found.length >= mostFindings) continue;
      seen.add(`${line} ${what}`);
      found.push({ path, line, what });
    }
  }
  return found;
};

/** Undefined for what is no text, or cannot be read: sending it will fail as well. */
function readText(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > mostBytes) return undefined;
      const content = Buffer.allocUnsafe(size);
      const read = content.subarray(0, readSync(file, content, 0, size, 0));
      return read.includes(0) || !isUtf8(read) ? undefined : read.toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
