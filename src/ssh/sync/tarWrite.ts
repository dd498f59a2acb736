/**
 * Headers of GNU's tar format, which is the one that GNU tar, bsdtar and BusyBox all read with names and sizes of any
 * length. Owners are left out: whoever unpacks owns.
 */
import type { Item } from './item.ts';

export const blockBytes = 512;
export const archiveEnd: Buffer = Buffer.alloc(2 * blockBytes);

/** `target` is a link's. */
export function tarHeader(item: Item, target = ''): Buffer {
  const name = Buffer.from(`./${item.path}${item.kind === 'folder' ? '/' : ''}`);
  const link = Buffer.from(target);
  return Buffer.concat([
    ...(link.length > 100 ? longName('K', link) : []),
    ...(name.length > 100 ? longName('L', name) : []),
    header(name, link, item),
  ]);
}

/** What follows a content of this many bytes, up to the next block. */
export const padding = (bytes: number): Buffer => archiveEnd.subarray(0, (blockBytes - (bytes % blockBytes)) % blockBytes);

const typeOf = { file: '0', link: '2', folder: '5' } as const;

function header(name: Buffer, link: Buffer, { kind, bytes, modified, mode }: Item): Buffer {
  return block(name, typeOf[kind], kind === 'file' ? bytes : 0, modified, mode & 0o777, link);
}

/** A member that holds the name of the one behind it. */
function longName(type: 'K' | 'L', name: Buffer): Buffer[] {
  const content = Buffer.concat([name, Buffer.of(0)]);
  return [block(Buffer.from('././@LongLink'), type, content.length, 0, 0, Buffer.alloc(0)), content, padding(content.length)];
}

function block(name: Buffer, type: string, size: number, modified: number, mode: number, link: Buffer): Buffer {
  const to = Buffer.alloc(blockBytes);
  name.copy(to, 0, 0, 100);
  number(to, 100, 8, mode);
  number(to, 108, 8, 0);
  number(to, 116, 8, 0);
  number(to, 124, 12, size);
  number(to, 136, 12, Math.max(0, modified));
  to.write('        ', 148, 'latin1'); // the checksum counts itself as spaces
  to.write(type, 156, 'latin1');
  link.copy(to, 157, 0, 100);
  to.write('ustar  \0', 257, 'latin1');
  to.write(`${to.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return to;
}

/** Octal digits, or a big-endian number behind a set bit where those do not suffice: above 8 GiB. */
function number(to: Buffer, at: number, length: number, value: number): void {
  const digits = value.toString(8);
  if (digits.length < length) {
    to.write(digits.padStart(length - 1, '0'), at, 'latin1');
    return;
  }
  to[at] = 0x80;
  to.writeBigUInt64BE(BigInt(value), at + length - 8);
}
