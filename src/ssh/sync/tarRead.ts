/**
 * The members of a tar stream that a machine sends. It may hold anything: what is returned here is only what it says,
 * and whoever writes takes from it what was asked for by name.
 */
import { RentError } from '../../domain/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { blockBytes } from './tarWrite.ts';

export interface Member {
  readonly path: string;
  /** `0` is a plain file. */
  readonly type: string;
  readonly bytes: number;
}

/** Names above this are nobody's. */
const mostNameBytes = 16 * 1024;
const mostBytes = 2 ** 52;

export class TarReader {
  readonly #source: ByteSource;
  #unread = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Undefined at the end. Several archives may follow each other: xargs starts tar as often as it must. */
  async next(): Promise<Member | undefined> {
    let long: string | undefined;
    for (;;) {
      await this.#source.skip(this.#unread);
      this.#unread = 0;
      const head = await this.#source.block(blockBytes);
      if (head === undefined) return undefined;
      if (head.every((byte) => byte === 0)) continue;
      const bytes = checked(head);
      this.#unread = bytes + ((blockBytes - (bytes % blockBytes)) % blockBytes);
      const type = String.fromCharCode(head[156] ?? 0).replace('\0', '0');
      if ('LKxg'.includes(type)) {
        const content = await this.#named(bytes);
        if (type === 'L') long = text(content);
        else if (type === 'x') long = /^\d+ path=(.*)\n/m.exec(content.toString())?.[1] ?? long;
        continue;
      }
      return { path: plain(long ?? nameIn(head)), type, bytes };
    }
  }

  /** The content of the member that `next` gave, piece by piece. */
  async *content(bytes: number): AsyncGenerator<Buffer, void, undefined> {
    for (let left = bytes; left > 0; ) {
      const piece = await this.#source.upTo(left);
      left -= piece.length;
      this.#unread -= piece.length;
      yield piece;
    }
  }

  async #named(bytes: number): Promise<Buffer> {
    if (bytes > mostNameBytes) throw unreadable('a name that is none');
    const content = (await this.#source.block(bytes)) ?? Buffer.alloc(0);
    this.#unread -= bytes;
    return content;
  }
}

function checked(head: Buffer): number {
  const said = octal(head, 148, 8);
  const sum = head.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (said !== sum) throw unreadable('no tar archive');
  const bytes = octal(head, 124, 12);
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > mostBytes) throw unreadable('a size that is none');
  return bytes;
}

function octal(from: Buffer, at: number, length: number): number {
  const field = from.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((all, byte) => all * 256 + byte, (field[0] ?? 0) & 0x7f);
  const digits = text(field).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : NaN;
}

/** POSIX archives hold the front part of a name in a field of its own. */
function nameIn(head: Buffer): string {
  const posix = head.toString('latin1', 257, 263) === 'ustar\0';
  const front = posix ? text(head.subarray(345, 500)) : '';
  const name = text(head.subarray(0, 100));
  return front === '' ? name : `${front}/${name}`;
}

const text = (field: Buffer): string => {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
};

const plain = (path: string): string => path.replace(/^\.\//, '');
const unreadable = (what: string): RentError => new RentError('badResponse', { detail: `the machine sent ${what}` });
