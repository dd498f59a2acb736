/**
 * SFTP version 3 on the wire (draft-ietf-secsh-filexfer-02, with OpenSSH's departures): numbers,
 * reading a request, building an answer. Strings are kept as latin1, one character a byte, so
 * that file names that are not UTF-8 survive.
 */

export const REQUEST = {
  init: 1, open: 3, close: 4, read: 5, write: 6, lstat: 7, fstat: 8, setstat: 9, fsetstat: 10, opendir: 11, readdir: 12,
  remove: 13, mkdir: 14, rmdir: 15, realpath: 16, stat: 17, rename: 18, readlink: 19, symlink: 20, extended: 200,
} as const;

export const STATUS = {
  ok: 0, eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4, badMessage: 5, unsupported: 8,
} as const;

export const OPEN = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

const ANSWER = { version: 2, status: 101, handle: 102, data: 103, name: 104, attributes: 105, extendedReply: 201 } as const;

/** OpenSSH's own limit for a whole packet; its clients never send or ask for more. */
export const MAX_PACKET = 256 * 1024;
/** What is left of a packet for the bytes of a file. */
export const MAX_DATA = MAX_PACKET - 1024;

/** A request that cannot be read is the end of the session, as with OpenSSH. */
export class BadRequest extends Error {}

export class Reader {
  readonly #packet: Buffer;
  #at = 0;

  constructor(packet: Buffer) {
    this.#packet = packet;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#packet.length) throw new BadRequest('The request is shorter than it says');
    const part = this.#packet.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  u8(): number {
    return this.#take(1).readUInt8();
  }

  u32(): number {
    return this.#take(4).readUInt32BE();
  }

  u64(): number {
    return Number(this.#take(8).readBigUInt64BE());
  }

  bytes(): Buffer {
    return this.#take(this.u32());
  }

  text(): string {
    return this.bytes().toString('latin1');
  }
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.trunc(value))));
  return bytes;
}

export function text(value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  return Buffer.concat([u32(bytes.length), bytes]);
}

/** An answer without its request id, which the dispatcher puts in. */
export interface Answer {
  readonly type: number;
  readonly body: readonly Buffer[];
}

const MESSAGES: Readonly<Record<number, string>> = {
  [STATUS.ok]: 'Success',
  [STATUS.eof]: 'End of file',
  [STATUS.noSuchFile]: 'No such file',
  [STATUS.permissionDenied]: 'Permission denied',
  [STATUS.failure]: 'Failure',
  [STATUS.badMessage]: 'Bad message',
  [STATUS.unsupported]: 'Operation unsupported',
};

export const status = (code: number): Answer => ({ type: ANSWER.status, body: [u32(code), text(MESSAGES[code] ?? ''), text('')] });
export const handle = (id: Buffer): Answer => ({ type: ANSWER.handle, body: [text(id)] });
export const data = (bytes: Buffer): Answer => ({ type: ANSWER.data, body: [u32(bytes.length), bytes] });
export const attributes = (encoded: Buffer): Answer => ({ type: ANSWER.attributes, body: [encoded] });
export const extendedReply = (...body: Buffer[]): Answer => ({ type: ANSWER.extendedReply, body });

export interface Name {
  readonly name: string;
  readonly long: string;
  readonly attributes: Buffer;
}

export const names = (list: readonly Name[]): Answer => ({
  type: ANSWER.name,
  body: [u32(list.length), ...list.flatMap((each) => [text(each.name), text(each.long), each.attributes])],
});

function framed(type: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  return Buffer.concat([u32(length), Buffer.of(type), ...parts]);
}

export const encode = (id: number, answer: Answer): Buffer => framed(answer.type, [u32(id), ...answer.body]);

export const encodeVersion = (extensions: Readonly<Record<string, string>>): Buffer =>
  framed(ANSWER.version, [u32(3), ...Object.entries(extensions).flatMap(([name, version]) => [text(name), text(version)])]);

/** Cuts a byte stream into packets, whatever the pieces it arrives in. */
export async function* packets(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let have = 0;
  let need = 4;
  for await (const chunk of source) {
    waiting.push(chunk);
    have += chunk.length;
    if (have < need) continue;
    let bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting);
    need = 4;
    while (bytes.length >= 4) {
      const length = bytes.readUInt32BE();
      if (length === 0 || length > MAX_PACKET) throw new BadRequest(`A packet of ${length} bytes`);
      need = 4 + length;
      if (bytes.length < need) break;
      yield bytes.subarray(4, need);
      bytes = bytes.subarray(need);
      need = 4;
    }
    waiting = bytes.length === 0 ? [] : [bytes];
    have = bytes.length;
  }
}
