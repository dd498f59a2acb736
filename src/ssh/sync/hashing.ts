import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const smallBytes = 256 * 1024;

/** Undefined for a file that cannot be read, which then is like no other. */
export async function hashFile(path: string, bytes: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    if (bytes <= smallBytes) hash.update(readFileSync(path));
    else await pipeline(createReadStream(path, { highWaterMark: smallBytes }), hash);
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
