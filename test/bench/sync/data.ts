/** What is sent: bytes that no cipher and no packer can shorten, the same in every run. */
import { createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
const bytes = (count: number): Buffer => noise.update(Buffer.alloc(count));

export function layBig(folder: string, size: number): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, 'model.bin'), 'w');
  for (let left = size; left > 0; left -= 2 ** 20) writeSync(file, bytes(Math.min(left, 2 ** 20)));
  closeSync(file);
}

/** As a project has them: a hundred to a folder, up to 4 KiB each. */
export function laySmall(folder: string, count: number): void {
  for (let at = 0; at < count; at++) {
    const under = join(folder, `part ${Math.floor(at / 1000)}`, `${Math.floor(at / 100)}`);
    if (at % 100 === 0) mkdirSync(under, { recursive: true });
    writeFileSync(join(under, `${at}.txt`), bytes(200 + ((at * 37) % 3900)));
  }
}

export function layFolder(folder: string, entries: number): void {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < entries; at++) writeFileSync(join(folder, `${at}.txt`), bytes(1024));
}
