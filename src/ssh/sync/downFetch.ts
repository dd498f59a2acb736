/** Fetches what a plan names. Of what a machine sends only files that were asked for by name are written. */
import { rm } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { isRentError, RentError } from '../../domain/errors.ts';
import { archiveScript, cutScript } from '../../scripts/syncGet.ts';
import { blockBytes } from '../../scripts/syncLook.ts';
import { ByteSource } from './byteSource.ts';
import type { Item } from './item.ts';
import type { Job } from './lanes.ts';
import { hereOr, type Landing, openPart } from './landing.ts';
import type { Left } from './left.ts';
import type { Machine } from './machine.ts';
import { bigBytes, hashPieces, type Piece, partName, pieceCount, piecesOf } from './pieces.ts';
import type { Progress } from './progress.ts';
import type { Slices } from './slices.ts';
import { TarReader } from './tarRead.ts';
import type { Plan } from './upPlan.ts';
import { batches } from './upSend.ts';

export interface DownFetchParts {
  readonly landing: Landing;
  readonly machine: Machine;
  readonly left: Left;
  readonly progress: Progress;
  readonly slices: Slices;
  readonly tools: { readonly tar: boolean; readonly sha256: boolean };
  readonly packs: () => boolean;
  /** By the machine's clock, when it was listed: a file of that second may change again within it. */
  readonly listedAt: number;
}

const archiveBytes = 16 * 2 ** 20;
const archiveItems = 2000;
/** What is only ever added to: its beginning is worth having while the rest is written. */
const growing = /\.(?:log|out|err|txt|jsonl|csv|tsv)$|tfevents/i;
const changedWhile = 'It changed while it was fetched, or cannot be read.';

export async function* downJobs({ small, big }: Plan, parts: DownFetchParts): AsyncGenerator<Job, void, undefined> {
  for (const items of batches(small, archiveBytes, archiveItems)) {
    if (parts.tools.tar) yield (signal) => fetchArchive(items, parts, signal);
    else for (const item of items) yield* bigJobs(item, parts);
  }
  for (const item of big) yield* bigJobs(item, parts);
}

interface Received {
  readonly item: Item;
  readonly from: string;
}

async function fetchArchive(items: readonly Item[], parts: DownFetchParts, signal: AbortSignal): Promise<void> {
  const { machine, progress } = parts;
  const received: Received[] = [];
  const settled = new Set<Item>();
  try {
    await receive(items, received, parts, signal);
    const now = await machine.looks(received.map(({ item }) => item.path));
    for (const { item, from } of received) {
      const look = now.get(item.path);
      if (look?.kind !== 'file' || look.bytes !== item.bytes || look.modified !== item.modified) continue;
      settled.add(item);
      await settle(item, from, parts);
      await parts.slices.breathe();
    }
  } catch (error) {
    // The whole archive comes again; what has its name already is only written once more.
    progress.moved(-received.reduce((sum, { item }) => sum + item.bytes, 0));
    progress.arrived(-settled.size);
    throw error;
  }
  for (const { item, from } of received) {
    if (settled.has(item)) continue;
    progress.moved(-item.bytes);
    await rm(from, { force: true });
  }
  // Links to one file, and what changed meanwhile, come again one by one.
  for (const item of items) if (!settled.has(item)) for await (const job of bigJobs(item, parts)) await job(signal);
}

async function receive(items: readonly Item[], received: Received[], parts: DownFetchParts, signal: AbortSignal): Promise<void> {
  const { landing, machine, progress, packs, slices } = parts;
  const asked = new Map(items.map((item) => [item.path, item]));
  const packed = packs();
  // What headers, long names and the ends of archives can add.
  const most = items.reduce((sum, { bytes, path }) => sum + bytes + 2048 + 4 * path.length, 2 ** 20);
  using told = await machine.read(archiveScript(machine.folder, machine.mark, packed), asked.keys(), most);
  const reader = new TarReader(packed ? new ByteSource(unpacked(told.source), most) : told.source);
  try {
    for (let member = await reader.next(); member !== undefined; member = await reader.next()) {
      signal.throwIfAborted();
      const item = asked.get(member.path);
      if (item === undefined || member.type !== '0' || member.bytes !== item.bytes) continue;
      asked.delete(member.path);
      const content: Buffer[] = [];
      for await (const piece of reader.content(member.bytes)) content.push(piece);
      const from = landing.newPath();
      landing.write(from, content, item, timeFor(item, parts));
      await slices.breathe();
      received.push({ item, from });
      progress.moved(item.bytes);
    }
  } catch (error) {
    if (!isRentError(error)) await told.exit; // a lost line shows as broken packing
    throw error;
  }
  await told.exit;
}

const unpacked = (source: ByteSource): AsyncIterable<Uint8Array> => pipeline(Readable.from(source.all()), createGunzip(), () => undefined);

/** A file that may change again in the second of its listing must not look settled next time: it gets a time that no machine says. */
const timeFor = ({ modified }: Item, { listedAt }: DownFetchParts): number => modified * 1000 + (modified >= listedAt - 1 ? 500 : 0);

async function settle(item: Item, from: string, { landing, left, progress }: DownFetchParts): Promise<void> {
  const problem = await landing.place(from, item.path);
  if (problem === undefined) return progress.arrived(1);
  left.add(item.path, problem);
  await rm(from, { force: true });
}

async function* bigJobs(listed: Item, parts: DownFetchParts): AsyncGenerator<Job, void, undefined> {
  const { machine, left, progress, landing } = parts;
  const lookAgain = async () => (await machine.looks([listed.path])).get(listed.path);
  const before = await lookAgain();
  const giveUp = (): void => {
    left.add(listed.path, changedWhile);
    progress.spared(listed.bytes);
  };
  if (before?.kind !== 'file') return giveUp();
  progress.spared(listed.bytes - before.bytes);
  const item = { ...listed, bytes: before.bytes, modified: before.modified, mode: before.mode };
  const from = landing.partPath(partName(machine.folder, item, before.modified));
  const there = await resumable(item, from, parts);
  const missing = [...piecesOf(item.bytes)].filter((_, at) => !there.has(at));
  progress.spared(item.bytes - missing.reduce((sum, { bytes }) => sum + bytes, 0));
  let toCome = missing.length;
  let short = false;

  const finish = async (): Promise<void> => {
    const after = await lookAgain();
    const same = after?.bytes === item.bytes && after.modified === item.modified;
    const grew = growing.test(item.path) && after !== undefined && after.bytes > item.bytes;
    if (short || !(same || grew)) {
      await rm(from, { force: true });
      return giveUp();
    }
    await landing.complete(from, item, timeFor(item, parts));
    await settle(item, from, parts);
  };
  if (missing.length === 0) yield finish;
  for (const piece of missing) {
    let came = false;
    yield async (signal) => {
      // Said by any of them, and taken back by none.
      if (!came && !short && !(await fetchPiece(item, piece, from, parts, signal))) short = true;
      if (!came) toCome--;
      came = true;
      if (toCome === 0) await finish();
    };
  }
}

async function resumable({ path, bytes }: Item, from: string, { machine, tools }: DownFetchParts): Promise<ReadonlySet<number>> {
  if (!tools.sha256 || bytes < bigBytes) return new Set();
  const here = await hashPieces(from, pieceCount(bytes)).catch(() => []);
  const there = here.length === 0 ? [] : await machine.parts(`${machine.folder}/${path}`, here.length);
  return new Set(here.flatMap((hash, at) => (hash === there[at] ? [at] : [])));
}

/** False when the file is shorter than it was. */
async function fetchPiece({ path }: Item, { at, bytes }: Piece, from: string, { machine, progress }: DownFetchParts, signal: AbortSignal): Promise<boolean> {
  let came = 0;
  try {
    const script = cutScript(`${machine.folder}/${path}`, at / blockBytes, Math.ceil(bytes / blockBytes), machine.mark);
    // A file that grew fills its last block.
    using told = await machine.read(script, [], bytes + 2 * blockBytes);
    await using file = await openPart(from);
    for await (const { chunks, bytes: more } of portions(told.source.all(), bytes)) {
      signal.throwIfAborted();
      const { bytesWritten } = await hereOr(() => file.writev(chunks, at + came));
      // A disk may take the last of what fits on it without a word.
      if (bytesWritten < more) throw new RentError('diskFullHere', { detail: `of ${more} bytes ${bytesWritten} were written` });
      came += more;
      progress.moved(more);
    }
    await told.exit;
    return came === bytes;
  } catch (error) {
    progress.moved(-came);
    // It is gone, or may not be read any more.
    if (isRentError(error, 'folderRefused') && came === 0) return false;
    throw error;
  }
}

const portionBytes = 256 * 1024;

/** What is written at once, of the first `most` bytes: packets are too small for a call each. */
async function* portions(source: AsyncIterable<Buffer>, most: number): AsyncGenerator<{ readonly chunks: readonly Buffer[]; readonly bytes: number }, void, undefined> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let left = most;
  for await (const chunk of source) {
    const wanted = chunk.subarray(0, left);
    chunks.push(wanted);
    bytes += wanted.length;
    left -= wanted.length;
    if (bytes < portionBytes) continue;
    yield { chunks, bytes };
    chunks = [];
    bytes = 0;
  }
  if (bytes > 0) yield { chunks, bytes };
}
