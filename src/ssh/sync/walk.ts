/** What a folder here holds that may go to a machine, found without holding it all. Links are told, never followed. */
import { type Dirent, readlinkSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwn, Rules } from './ignoring.ts';
import type { Item } from './item.ts';
import type { Left } from './left.ts';
import { linkStays } from './safePath.ts';
import type { Slices } from './slices.ts';
import { statHere } from './statHere.ts';

/** Names of one folder that are held at a time. */
const atOnce = 1024;

interface Name {
  readonly path: string;
  readonly entry: Dirent;
}

/** Everything below `root`, or only what is named. */
export async function* walk(root: string, left: Left, slices: Slices, signal: AbortSignal, only?: readonly string[]): AsyncGenerator<Item, void, undefined> {
  const rules = await Rules.of(root);
  if (only !== undefined) return yield* named(root, only, rules, left);
  const folders: { readonly path: string; readonly rules: Rules }[] = [{ path: '', rules }];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for await (const names of groups(root, at.path, left)) {
      signal.throwIfAborted();
      for (const { path, entry } of names) {
        const item = isKept(path, entry.isDirectory(), at.rules, left) ? look(root, path, left) : undefined;
        await slices.breathe();
        if (item === undefined) continue;
        yield item;
        if (item.kind === 'folder') folders.push({ path: item.path, rules: await at.rules.in(item.path) });
      }
    }
  }
}

/** Names that are no UTF-8 have no spelling that the other side would understand. */
async function* groups(root: string, folder: string, left: Left): AsyncGenerator<readonly Name[], void, undefined> {
  let names: Name[] = [];
  // Latin-1 keeps every byte of a name, whatever it was meant to be.
  const entries = await opendir(join(root, folder), { encoding: 'latin1', bufferSize: 1024 }).catch((error: unknown) => {
    if (folder === '') throw error;
    left.add(folder, 'It cannot be read.');
    return [];
  });
  for await (const entry of entries) {
    const bytes = Buffer.from(entry.name, 'latin1');
    const path = `${folder === '' ? '' : `${folder}/`}${bytes.toString('utf8')}`;
    if (!isUtf8(bytes)) left.add(path, 'Its name is not UTF-8.');
    else if (!isOwn(bytes.toString('utf8'))) names.push({ path, entry });
    if (names.length < atOnce) continue;
    yield names;
    names = [];
  }
  yield names;
}

function isKept(path: string, isFolder: boolean, rules: Rules, left: Left): boolean {
  const why = rules.leavesOut(path, isFolder);
  if (why !== undefined) left.add(path, why);
  return why === undefined;
}

function look(root: string, path: string, left: Left): Item | undefined {
  const found = statHere(join(root, path));
  if (found === undefined) return undefined; // gone since its folder was read
  const { size: bytes, mtimeMs, mode } = found;
  const item = { path, bytes, modified: Math.floor(mtimeMs / 1000), mode: mode & 0o777 };
  if (found.isFile()) return { ...item, kind: 'file' };
  if (found.isDirectory()) return { ...item, kind: 'folder', bytes: 0 };
  if (!found.isSymbolicLink()) left.add(path, 'It is no file, folder or link.');
  else if (linkStays(path, readlinkSync(join(root, path)))) return { ...item, kind: 'link', bytes: 0 };
  else left.add(path, 'It is a link that leads out of the folder.');
  return undefined;
}

/** The folders above each come first, as in a walk. */
async function* named(root: string, only: readonly string[], rules: Rules, left: Left): AsyncGenerator<Item, void, undefined> {
  const seen = new Map<string, Rules | undefined>([['', rules]]);
  for (const path of only) {
    const names = path.split('/');
    for (let depth = 1; depth <= names.length; depth++) {
      const at = names.slice(0, depth).join('/');
      if (seen.has(at)) continue;
      const above = seen.get(names.slice(0, depth - 1).join('/'));
      const item = above === undefined ? undefined : look(root, at, left);
      const kept = item !== undefined && above !== undefined && isKept(at, item.kind === 'folder', above, left) && !isOwn(names[depth - 1] ?? '');
      seen.set(at, kept && item.kind === 'folder' ? await above.in(at) : undefined);
      if (kept) yield item;
    }
  }
}
