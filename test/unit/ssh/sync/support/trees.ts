import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function lay(root: string, files: Readonly<Record<string, string | Buffer>>): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** What is in a folder, with what it says of itself: kind, mode, seconds and a hash of the content. */
export function tree(root: string, under = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(join(root, under)).toSorted().flatMap((name) => {
    const path = under === '' ? name : `${under}/${name}`;
    const found = lstatSync(join(root, path));
    if (found.isSymbolicLink()) return [[path, `-> ${readlinkSync(join(root, path))}`]];
    if (found.isDirectory()) return [[`${path}/`, ''], ...Object.entries(tree(root, path))];
    const hash = createHash('sha256').update(readFileSync(join(root, path))).digest('hex').slice(0, 16);
    return [[path, `${(found.mode & 0o777).toString(8)} ${Math.floor(found.mtimeMs / 1000)} ${hash}`]];
  }));
}
