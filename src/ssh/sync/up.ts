import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { realpath, stat } from 'node:fs/promises';
import { RentError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';
import type { SyncOrder, SyncResult } from '../../domain/sync.ts';
import { messageOf } from '../files.ts';
import type { Item } from './item.ts';
import { runLanes } from './lanes.ts';
import { Left } from './left.ts';
import { Machine } from './machine.ts';
import { packing } from './packing.ts';
import { Packed } from './packed.ts';
import { Progress } from './progress.ts';
import { Slices } from './slices.ts';
import { type Plan, planUp } from './upPlan.ts';
import { upJobs } from './upSend.ts';
import { walk } from './walk.ts';

export async function syncUp({ link, localFolder, remoteFolder, signal, onProgress, only, vet }: SyncOrder, clock: Clock): Promise<SyncResult> {
  const began = clock.elapsed();
  const root = await folderHere(localFolder);
  const machine = new Machine({ link, folder: remoteFolder, clock, signal });
  const left = new Left();
  const progress = new Progress(clock, onProgress);
  const slices = new Slices(clock);

  // Times here are compared with this computer's clock alone: the machine's may be off.
  const startedAt = Math.floor(clock.now() / 1000);
  const stamp = createHash('sha256').update([hostname(), root, remoteFolder].join('\0')).digest('hex').slice(0, 32);
  const tools = await machine.tools(stamp, true);
  const compared = await planUp(walk(root, left, slices, signal, only), {
    root, machine, left, slices, settledBefore: tools.stamp ?? 0, hashes: tools.sha256, modes: process.platform !== 'win32',
  });
  if (only === undefined) await machine.stamp(stamp, startedAt - 2);
  const plan = vet === undefined ? compared : await vetted(compared, vet, left);

  const bytes = plan.small.bytes + plan.big.bytes;
  if (tools.free !== undefined && tools.free < bytes) {
    throw new RentError('diskFull', { detail: `${bytes} bytes are to go, and ${tools.free} are free` });
  }
  progress.begin(plan.small.files + plan.big.files, bytes);
  const packs = packing(machine, progress, tools);
  await runLanes(upJobs(plan, { root, machine, left, progress, slices, tools, packs }), { clock, signal, moved: () => progress.bytes });
  await machine.tidy();
  return { files: progress.files, bytes: progress.bytes, seconds: (clock.elapsed() - began) / 1000, skipped: left.list };
}

async function folderHere(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return await realpath(path);
  } catch (error) {
    throw new RentError('folderRefused', { detail: messageOf(error), cause: error });
  }
  throw new RentError('folderRefused', { detail: `${path} is no folder` });
}

async function vetted({ small, big }: Plan, vet: NonNullable<SyncOrder['vet']>, left: Left): Promise<Plan> {
  const out = new Set<string>();
  for (const { path, why } of await vet({ *[Symbol.iterator]() { yield* small.paths(); yield* big.paths(); } })) {
    out.add(path);
    left.add(path, why);
  }
  return out.size === 0 ? { small, big } : { small: without(small, out), big: without(big, out) };
}

function without(items: Iterable<Item>, out: ReadonlySet<string>): Packed {
  const kept = new Packed();
  for (const item of items) if (!out.has(item.path)) kept.add(item);
  return kept;
}
