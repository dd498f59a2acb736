import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { hashPieces, type Piece, pieceBytes, pieceCount, piecesOf, readPiece } from '../../../../src/ssh/sync/pieces.ts';
import { tempFolder } from '../support/tools.ts';

const chunk = 256 * 1024;

describe('a piece of a file', () => {
  const temp = tempFolder();
  const content = randomBytes(4 * chunk + 17);
  let path: string;
  let file: FileHandle;
  before(async () => {
    path = temp('file');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    file = await open(path, 'r');
  });
  after(() => file.close());

  async function read(piece: Piece): Promise<Buffer> {
    const parts: Buffer[] = [];
    // A chunk holds until the next is asked for, so whoever keeps one copies it.
    for await (const part of readPiece(file, piece)) parts.push(Buffer.from(part));
    return Buffer.concat(parts);
  }

  it('is read as it is, from anywhere and as far as the file goes', async () => {
    const around = fc.integer({ min: 0, max: 4 }).chain((chunks) => fc.integer({ min: -1, max: 18 }).map((more) => Math.max(0, chunks * chunk + more)));
    await fc.assert(
      fc.asyncProperty(around, around, async (at, bytes) => {
        assert.ok((await read({ at, bytes })).equals(content.subarray(at, at + bytes)));
      }),
      { numRuns: 60 },
    );
  });

  it('can be left in the middle, and its file closed', async () => {
    const own = await open(path, 'r');
    for await (const part of readPiece(own, { at: 0, bytes: content.length })) {
      assert.ok(part.equals(content.subarray(0, part.length)));
      break;
    }
    await own.close();
  });

  it('fails where its file cannot be read', async () => {
    const gone = await open(path, 'r');
    await gone.close();
    await assert.rejects(readPiece(gone, { at: 0, bytes: 1 }).next());
  });

  it('has the hash of what is in it', async () => {
    assert.deepEqual(await hashPieces(path, 2), [createHash('sha256').update(content).digest('hex')]);
    assert.deepEqual(await hashPieces(path, 0), []);
  });

  it('is one of as many as make up the file', () => {
    for (const bytes of [0, 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes]) {
      const pieces = [...piecesOf(bytes)];
      assert.equal(pieces.length, pieceCount(bytes));
      assert.equal(pieces.reduce((at, piece) => (assert.equal(piece.at, at), at + piece.bytes), 0), bytes);
    }
  });
});
