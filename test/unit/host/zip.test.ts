import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { temporaryFolder } from '../../host/temporary.ts';
import { readZip, unpack } from '../../host/zip.ts';

interface Entry {
  readonly name: string;
  readonly data: Buffer;
  readonly deflate: boolean;
}

/** Writes a zip as streaming writers do: sizes only in the directory, extra fields, a comment at the end. */
function writeZip(entries: readonly Entry[], comment: string): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, deflate } of entries) {
    const content = deflate ? deflateRawSync(data) : data;
    const nameBytes = Buffer.from(name);
    const extra = Buffer.alloc(4);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(deflate ? 8 : 0, 8);
    header.writeUInt16LE(nameBytes.length, 26);
    header.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(deflate ? 8 : 0, 10);
    entry.writeUInt32LE(crc32(data), 16);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(nameBytes.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, nameBytes);
    local.push(header, nameBytes, extra, content);
    offset += header.length + nameBytes.length + extra.length + content.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...local, ...directory, end, Buffer.from(comment)]);
}

describe('reading a VSIX', () => {
  const entry = fc.record({
    name: fc.stringMatching(/^[a-zé]{1,12}(\/[a-z.]{1,12})?$/),
    data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    deflate: fc.boolean(),
  });

  it('gives back what was written', () => {
    fc.assert(fc.property(fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 8 }), fc.stringMatching(/^[a-z ]{0,20}$/), (entries, comment) => {
      const files = readZip(writeZip(entries, comment));
      assert.deepEqual([...files.keys()], entries.map(({ name }) => name));
      for (const { name, data } of entries) assert.deepEqual(files.get(name), data);
    }));
  });

  it('refuses what is no zip', () => {
    assert.throws(() => readZip(Buffer.from('plain text that is longer than a directory')), /not a zip/);
  });

  it('unpacks one folder of it', async () => {
    await using folder = await temporaryFolder('zip');
    const files = readZip(writeZip([
      { name: 'extension/dist/a.js', data: Buffer.from('a'), deflate: true },
      { name: 'other/b.js', data: Buffer.from('b'), deflate: false },
    ], ''));
    unpack(files, 'extension/', folder.path);
    assert.equal(readFileSync(join(folder.path, 'dist', 'a.js'), 'utf8'), 'a');
    assert.throws(() => readFileSync(join(folder.path, 'other', 'b.js')));
  });
});
