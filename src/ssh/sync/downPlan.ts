/** Which of the machine's files differ from what is here. What its names could do is decided here, before anything else. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RemoteLook } from '../../scripts/syncLook.ts';
import { hashFile } from './hashing.ts';
import { type Item, sameMode } from './item.ts';
import type { Landing } from './landing.ts';
import type { Left } from './left.ts';
import type { Machine } from './machine.ts';
import { Packed } from './packed.ts';
import { bigBytes } from './pieces.ts';
import { linkStays, pathProblem } from './safePath.ts';
import type { Slices } from './slices.ts';
import { statHere } from './statHere.ts';
import { isUnder, type Plan, windows } from './upPlan.ts';

export interface DownPlan extends Plan {
  /** Made when every file has come, so that nothing is ever written through one. */
  readonly links: readonly { readonly item: Item; readonly target: string }[];
}

export interface DownPlanParts {
  readonly landing: Landing;
  readonly machine: Machine;
  readonly left: Left;
  readonly slices: Slices;
  readonly hashes: boolean;
  readonly signal: AbortSignal;
  readonly only?: readonly string[];
}

const windowItems = 4000;
const mostLinks = 1_000_000;

export async function planDown(parts: DownPlanParts): Promise<DownPlan> {
  const { machine, left, landing, slices, signal } = parts;
  const plan = { small: new Packed(), big: new Packed(), links: [] as { item: Item; target: string }[] };
  const blocked = new Set<string>();
  const listed = machine.list((path) => left.add(path, 'Its name is not UTF-8.'));
  for await (const window of windows(usable(chosen(listed, parts.only), landing, left), windowItems)) {
    signal.throwIfAborted();
    const links = window.filter(({ kind }) => kind === 'link');
    const targets = await machine.links(links.map(({ path }) => path));
    const doubtful: Item[] = [];
    for (const item of window) {
      if (isUnder(item.path, blocked)) left.add(item.path, 'It lies in a folder that cannot be made here.');
      else if (item.kind === 'folder') {
        const problem = await landing.folder(item.path);
        if (problem === undefined) continue;
        left.add(item.path, problem);
        blocked.add(item.path);
      } else if (item.kind === 'link') {
        const target = insideTarget(item.path, targets.get(item.path), machine.folder);
        if (target === undefined) left.add(item.path, 'It is a link that leads out of the folder.');
        else if (plan.links.length < mostLinks && (await readlink(join(landing.root, item.path)).catch(() => undefined)) !== target) plan.links.push({ item, target });
      } else {
        const verdict = compare(item, landing.root, parts.hashes);
        await slices.breathe();
        if (verdict === 'differs') take(plan, item);
        else if (verdict === 'doubtful') doubtful.push(item);
      }
    }
    for (const item of await differing(doubtful, parts)) take(plan, item);
  }
  return plan;
}

const take = ({ small, big }: Plan, item: Item): void => (item.bytes >= bigBytes ? big : small).add(item);

/** Of a whole listing, the named files and the folders on the way to them. */
async function* chosen(listed: AsyncIterable<RemoteLook>, only: readonly string[] | undefined): AsyncGenerator<RemoteLook, void, undefined> {
  const wanted = only && new Set(only.flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))));
  for await (const look of listed) if (wanted === undefined || wanted.has(look.path)) yield look;
}

async function* usable(listed: AsyncIterable<RemoteLook>, landing: Landing, left: Left): AsyncGenerator<Item, void, undefined> {
  for await (const { kind, ...look } of listed) {
    const problem = pathProblem(look.path) ?? (kind === 'other' ? 'It is no file, folder or link.' : kind === 'folder' ? undefined : landing.claim(look.path));
    if (problem !== undefined) left.add(look.path, problem);
    else if (kind !== 'other') yield { ...look, kind };
  }
}

/** A link that names the folder itself with its whole path leads inside as well; here it is said from where it stands. */
function insideTarget(path: string, target: string | undefined, folder: string): string | undefined {
  if (target === undefined) return undefined;
  const within = target.startsWith(`${folder}/`) ? `${'../'.repeat(path.split('/').length - 1)}${target.slice(folder.length + 1)}` : target;
  return linkStays(path, within) ? within : undefined;
}

function compare(item: Item, root: string, hashes: boolean): 'same' | 'differs' | 'doubtful' {
  const here = statHere(join(root, item.path));
  if (here === undefined || !here.isFile() || here.size !== item.bytes) return 'differs';
  const modes = process.platform === 'win32' || sameMode(here.mode, item.mode);
  if (modes && here.mtimeMs === item.modified * 1000) return 'same';
  return hashes ? 'doubtful' : 'differs';
}

async function differing(items: readonly Item[], { landing, machine, slices }: DownPlanParts): Promise<Item[]> {
  const known = await machine.hashes(items.map(({ path }) => path));
  const differ: Item[] = [];
  for (const item of items) {
    const path = join(landing.root, item.path);
    const hash = known.get(item.path);
    const here = statHere(path);
    await slices.breathe();
    const modes = here !== undefined && (process.platform === 'win32' || sameMode(here.mode, item.mode));
    if (hash === undefined || !modes || hash !== (await hashFile(path, item.bytes))) differ.push(item);
    else if (Math.floor(here.mtimeMs / 1000) !== item.modified) await landing.touch(item, item.modified * 1000);
  }
  return differ;
}
