/** Which of the files here differ from what the machine has. It is asked about some thousands at a time. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteLook } from '../../scripts/syncLook.ts';
import { hashFile } from './hashing.ts';
import { type Item, sameMode } from './item.ts';
import type { Left } from './left.ts';
import type { Machine } from './machine.ts';
import { Packed } from './packed.ts';
import { bigBytes } from './pieces.ts';
import type { Slices } from './slices.ts';

export interface Plan {
  /** What goes together in archives: small files, links, and folders that are not there. */
  readonly small: Packed;
  readonly big: Packed;
}

export interface UpPlanParts {
  readonly root: string;
  readonly machine: Machine;
  readonly left: Left;
  readonly slices: Slices;
  /** A file that changed before this second was compared or sent in an earlier transfer. */
  readonly settledBefore: number;
  /** Whether the machine can tell what is in a file. */
  readonly hashes: boolean;
  /** Permission bits here mean something. */
  readonly modes: boolean;
}

const windowItems = 4000;

export async function planUp(items: AsyncIterable<Item>, parts: UpPlanParts): Promise<Plan> {
  const plan = { small: new Packed(), big: new Packed() };
  /** Folders whose name is taken by something else there. */
  const blocked = new Set<string>();
  for await (const window of windows(items, windowItems)) {
    const there = await parts.machine.looks(window.map(({ path }) => path));
    const targets = await parts.machine.links(window.filter(({ kind, path }) => kind === 'link' && there.get(path)?.kind === 'link').map(({ path }) => path));
    const doubtful: Item[] = [];
    for (const item of window) {
      const look = there.get(item.path);
      const verdict = isUnder(item.path, blocked) ? 'blocked' : await compare(item, look, targets.get(item.path), parts);
      if (verdict === 'differs') take(plan, item, look, parts);
      else if (verdict === 'doubtful') doubtful.push(item);
      else if (verdict === 'blocked') {
        if (item.kind === 'folder') blocked.add(item.path);
        parts.left.add(item.path, look?.kind === 'folder' ? 'A folder has that name on the machine.' : 'A file has that name on the machine, or that of its folder.');
      }
    }
    for (const item of await differing(doubtful, there, parts)) take(plan, item, there.get(item.path), parts);
  }
  return plan;
}

export async function* windows<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T[], void, undefined> {
  let window: T[] = [];
  for await (const item of items) {
    window.push(item);
    if (window.length < most) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}

/** Whether any folder above is among `folders`. */
export function isUnder(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) if (folders.has(path.slice(0, end))) return true;
  return false;
}

type Verdict = 'same' | 'differs' | 'doubtful' | 'blocked';

async function compare(item: Item, look: RemoteLook | undefined, target: string | undefined, { root, settledBefore, hashes, modes }: UpPlanParts): Promise<Verdict> {
  if (look === undefined) return 'differs';
  switch (item.kind) {
    case 'folder':
      // A link there may well lead to a folder: it is the machine's owner who put it there.
      return look.kind === 'folder' || look.kind === 'link' ? 'same' : 'blocked';
    case 'link':
      if (look.kind === 'folder') return 'blocked';
      return target !== undefined && (await readlink(join(root, item.path)).catch(() => undefined)) === target ? 'same' : 'differs';
    case 'file':
      if (look.kind === 'folder') return 'blocked';
      if (look.kind !== 'file' || look.bytes !== item.bytes) return 'differs';
      // Two changes in one second leave the same time; what was there at the last transfer's end is beyond that doubt.
      if (look.modified === item.modified && item.modified < settledBefore && (!modes || sameMode(item.mode, look.mode))) return 'same';
      return hashes ? 'doubtful' : 'differs';
  }
}

/** Reads both sides. What turns out to be the same gets its time and mode, so that it is known without reading next time. */
async function differing(items: readonly Item[], there: ReadonlyMap<string, RemoteLook>, { root, machine, modes, slices }: UpPlanParts): Promise<Item[]> {
  const known = await machine.hashes(items.map(({ path }) => path));
  const differ: Item[] = [];
  const touched = new Map<string, Item[]>();
  for (const item of items) {
    const look = there.get(item.path);
    const hash = known.get(item.path);
    await slices.breathe();
    if (hash === undefined || hash !== (await hashFile(join(root, item.path), item.bytes))) differ.push(item);
    else if (look?.modified !== item.modified || (modes && !sameMode(look.mode, item.mode))) {
      const key = `${item.modified} ${item.mode}`;
      const group = touched.get(key);
      if (group === undefined) touched.set(key, [item]);
      else group.push(item);
    }
  }
  for (const [first, ...rest] of touched.values()) {
    if (first !== undefined) await machine.touch(first.modified, modes ? first.mode : undefined, [first, ...rest].map(({ path }) => path));
  }
  return differ;
}

function take({ small, big }: Plan, item: Item, look: RemoteLook | undefined, { modes }: UpPlanParts): void {
  // Windows knows nothing of what may be run: what is there keeps it, and new scripts are files.
  const mode = modes ? item.mode : (look?.mode ?? (item.kind === 'folder' ? 0o755 : 0o644));
  (item.kind === 'file' && item.bytes >= bigBytes ? big : small).add({ ...item, mode });
}
