/** Big files go in pieces, each by itself, so that what is there already is found again after a cut. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { blockBytes } from '../../scripts/syncLook.ts';
import type { Item } from './item.ts';

export const pieceBytes = 64 * 2 ** 20;
export const pieceBlocks = pieceBytes / blockBytes;
/** From this size on a file goes in pieces; smaller ones go together in archives. */
export const bigBytes = 4 * 2 ** 20;

export interface Piece {
  readonly at: number;
  readonly bytes: number;
}

export function* piecesOf(bytes: number): Generator<Piece, void, undefined> {
  for (let at = 0; at < bytes; at += pieceBytes) yield { at, bytes: Math.min(pieceBytes, bytes - at) };
}

export const pieceCount = (bytes: number): number => Math.ceil(bytes / pieceBytes);

/** What a half file is called: another content of the same file begins anew. */
export const partName = (folder: string, { path, bytes }: Item, version: number | string): string =>
  createHash('sha256').update([folder, path, bytes, version].join('\0')).digest('hex').slice(0, 32);

/** The hash of each of the first `count` pieces of a file here. */
export async function hashPieces(path: string, count: number): Promise<string[]> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const hashes: string[] = [];
  for (const piece of piecesOf(size)) {
    if (hashes.length >= count) break;
    const hash = createHash('sha256');
    for await (const chunk of readPiece(file, piece)) hash.update(chunk);
    hashes.push(hash.digest('hex'));
  }
  return hashes;
}

const chunkBytes = 256 * 1024;

/**
 * Ends early where the file does. A chunk holds until the next is asked for: two take turns, one being read while the
 * other is used, because new ones would have the whole file collected as garbage.
 */
export async function* readPiece(file: FileHandle, { at, bytes }: Piece): AsyncGenerator<Buffer, void, undefined> {
  const read = (into: Buffer, done: number) => file.read(into, 0, Math.min(into.length, bytes - done), at + done);
  let [used, free] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)];
  let reading = read(free, 0);
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return;
    done += bytesRead;
    [used, free] = [free, used];
    reading = read(free, done);
    reading.catch(() => undefined); // nobody may ask for it
    yield used.subarray(0, bytesRead);
  }
}
