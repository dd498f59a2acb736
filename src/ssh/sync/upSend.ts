/** Sends what a plan names: small files together in archives, big ones in pieces. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { blockBytes } from '../../scripts/syncLook.ts';
import { bundleScript, pieceScript, wholeScript } from '../../scripts/syncPut.ts';
import { incomingName, type Item } from './item.ts';
import type { Job } from './lanes.ts';
import type { Left } from './left.ts';
import type { Machine } from './machine.ts';
import { bigBytes, hashPieces, partName, pieceCount, piecesOf, readPiece } from './pieces.ts';
import type { Progress } from './progress.ts';
import type { Slices } from './slices.ts';
import { archiveEnd, padding, tarHeader } from './tarWrite.ts';
import type { Plan } from './upPlan.ts';

export interface UpSendParts {
  readonly root: string;
  readonly machine: Machine;
  readonly left: Left;
  readonly progress: Progress;
  readonly slices: Slices;
  readonly tools: { readonly tar: boolean; readonly sha256: boolean };
  /** Asked before each archive: packing pays on a slow or long line. */
  readonly packs: () => boolean;
}

const archiveBytes = 16 * 2 ** 20;
const archiveItems = 4000;
/** Read together, and written as one. */
const groupBytes = 2 * 2 ** 20;
const groupItems = 64;
const changedWhile = 'It changed while it was sent.';

export async function* upJobs(plan: Plan, parts: UpSendParts): AsyncGenerator<Job, void, undefined> {
  // Without tar every file goes like a big one, and a link or an empty folder not at all.
  for (const items of batches(plan.small, archiveBytes, archiveItems)) {
    if (parts.tools.tar) yield (signal) => sendArchive(items, parts, signal);
    else for (const item of items) yield* withoutTar(item, parts);
  }
  for (const item of plan.big) yield* bigJobs(item, parts);
}

export function* batches(items: Iterable<Item>, mostBytes: number, mostItems: number): Generator<Item[], void, undefined> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    batch.push(item);
    bytes += item.bytes;
    if (bytes < mostBytes && batch.length < mostItems) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function sendArchive(items: readonly Item[], parts: UpSendParts, signal: AbortSignal): Promise<void> {
  const { machine, progress } = parts;
  const packed = parts.packs();
  const sent = { files: 0, bytes: 0 };
  const skipped: Item[] = [];
  const archive = archiveOf(items, parts, sent, (item) => skipped.push(item), (bytes) => progress.moved(bytes));
  const script = bundleScript(machine.folder, incomingName, randomBytes(8).toString('hex'), machine.mark, packed);
  try {
    await machine.feed(script, 'placed', async (write) => {
      for await (const chunk of packed ? pipeline(Readable.from(archive), createGzip({ level: 1 }), () => undefined) : archive) {
        signal.throwIfAborted();
        await write(chunk as Buffer);
      }
    });
  } catch (error) {
    progress.moved(-sent.bytes);
    throw error;
  }
  progress.arrived(sent.files);
  for (const { path, bytes } of skipped) {
    parts.left.add(path, changedWhile);
    progress.spared(bytes);
  }
}

async function* archiveOf(items: readonly Item[], { root, slices }: UpSendParts, sent: { files: number; bytes: number }, skip: (item: Item) => void, moved: (bytes: number) => void): AsyncGenerator<Buffer, void, undefined> {
  for (const group of batches(items, groupBytes, groupItems)) {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for (const item of group) {
      const member = memberOf(item, join(root, item.path));
      await slices.breathe();
      if (member === undefined) skip(item);
      else {
        pieces.push(...member);
        if (item.kind !== 'folder') sent.files++;
        bytes += item.kind === 'file' ? (member[1]?.length ?? 0) : 0;
      }
    }
    yield Buffer.concat(pieces);
    sent.bytes += bytes;
    moved(bytes);
  }
  yield archiveEnd;
}

/** Read whole before anything is said of it, so that an archive never promises what a file no longer has. */
function memberOf(item: Item, path: string): Buffer[] | undefined {
  try {
    if (item.kind === 'folder') return [tarHeader(item)];
    if (item.kind === 'link') return [tarHeader(item, readlinkSync(path))];
    return withFile(path, (file) => {
      const before = fstatSync(file);
      if (!before.isFile() || before.size > 2 * bigBytes) return undefined;
      const content = Buffer.allocUnsafe(before.size + 1);
      const bytes = readSync(file, content, 0, content.length, 0);
      if (bytes !== before.size || fstatSync(file).mtimeMs !== before.mtimeMs) return undefined;
      return [tarHeader({ ...item, bytes, modified: Math.floor(before.mtimeMs / 1000) }), content.subarray(0, bytes), padding(bytes)];
    });
  } catch {
    return undefined;
  }
}

/** A pipe that took a file's place must not be waited for. */
function withFile<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}

async function* withoutTar(item: Item, parts: UpSendParts): AsyncGenerator<Job, void, undefined> {
  if (item.kind === 'file') yield* bigJobs(item, parts);
  else if (item.kind === 'link') parts.left.add(item.path, 'The machine has no tar, which links need.');
}

/** Pieces that are there from an earlier try stay; the job that finishes last gives the file its name. */
async function* bigJobs(planned: Item, parts: UpSendParts): AsyncGenerator<Job, void, undefined> {
  const { root, machine, left, progress } = parts;
  const path = join(root, planned.path);
  const before = await lookAt(path);
  const giveUp = (): void => {
    left.add(planned.path, changedWhile);
    progress.spared(planned.bytes);
  };
  if (before === undefined) return giveUp();
  const item = { ...planned, bytes: before.bytes, modified: before.modified };
  const name = partName(machine.folder, item, before.version);
  const there = await resumable(item, path, name, parts);
  const missing = [...piecesOf(item.bytes)].filter((_, at) => !there.has(at));
  progress.spared(item.bytes - missing.reduce((sum, { bytes }) => sum + bytes, 0));
  let unsent = missing.length;
  let changed = false;

  const finish = async (): Promise<void> => {
    if (changed || (await lookAt(path))?.version !== before.version) return giveUp();
    await machine.feed(wholeScript(machine.folder, incomingName, name, machine.mark, item), 'whole', () => Promise.resolve());
    progress.arrived(1);
  };
  if (missing.length === 0) yield finish;
  for (const piece of missing) {
    let sent = false;
    yield async (signal) => {
      if (!sent && !changed) {
        await using file = await open(path, 'r');
        if (!(await sendPiece(file, piece, name, parts, signal))) changed = true; // said by any, and taken back by none
      }
      // Giving the name may have to be tried again; the piece is there then.
      if (!sent) unsent--;
      sent = true;
      if (unsent === 0) await finish();
    };
  }
}

/** Small files are not worth the question. */
async function resumable({ bytes }: Item, path: string, name: string, { machine, tools }: UpSendParts): Promise<ReadonlySet<number>> {
  if (!tools.sha256 || bytes < bigBytes) return new Set();
  const there = await machine.parts(`${machine.folder}/${incomingName}/p-${name}`, pieceCount(bytes));
  const here = there.length === 0 ? [] : await hashPieces(path, there.length);
  return new Set(there.flatMap((hash, at) => (hash === here[at] ? [at] : [])));
}

/** False when the file is shorter than it was. */
async function sendPiece(file: FileHandle, piece: { readonly at: number; readonly bytes: number }, name: string, { machine, progress }: UpSendParts, signal: AbortSignal): Promise<boolean> {
  let sent = 0;
  try {
    await machine.feed(pieceScript(machine.folder, incomingName, name, piece.at / blockBytes, machine.mark), 'written', async (write) => {
      for await (const chunk of readPiece(file, piece)) {
        signal.throwIfAborted();
        await write(chunk);
        sent += chunk.length;
        progress.moved(chunk.length);
      }
    });
  } catch (error) {
    progress.moved(-sent);
    throw error;
  }
  return sent === piece.bytes;
}

async function lookAt(path: string): Promise<{ readonly bytes: number; readonly modified: number; readonly version: string } | undefined> {
  try {
    const { size, mtimeNs } = await stat(path, { bigint: true });
    return { bytes: Number(size), modified: Number(mtimeNs / 1_000_000_000n), version: String(mtimeNs) };
  } catch {
    return undefined;
  }
}
