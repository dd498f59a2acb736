import { crc32, deflateRawSync } from 'node:zlib';

/** A zip archive as `zip -j` writes one: each file with its header, then the directory. */
export function zipArchive(files: Readonly<Record<string, string>>, { packed = true }: { readonly packed?: boolean } = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const data = packed ? deflateRawSync(content) : content;
    const sizes = Buffer.alloc(20);
    sizes.writeUInt16LE(packed ? 8 : 0, 0);
    sizes.writeUInt32LE(crc32(content), 6);
    sizes.writeUInt32LE(data.length, 10);
    sizes.writeUInt32LE(content.length, 14);
    sizes.writeUInt16LE(name.length, 18);
    const extra = Buffer.from('UT\u0005\0\u0003abcd');
    const extraLength = Buffer.alloc(2);
    extraLength.writeUInt16LE(extra.length, 0);
    const body = Buffer.concat([Buffer.from('PK\u0003\u0004\u0014\0\0\0'), sizes, extraLength, Buffer.from(name), extra, data]);
    const places = Buffer.alloc(14);
    places.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\0\u0014\0\0\0'), sizes, Buffer.alloc(2), places, Buffer.from(name)]));
    bodies.push(body);
    at += body.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, listed, Buffer.from('PK\u0005\u0006'), end]);
}
