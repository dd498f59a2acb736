/** Exact amounts from a stream that comes in pieces of any size. */
import { RentError } from '../../domain/errors.ts';

export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #most: number;
  #have: Buffer = Buffer.alloc(0);
  #came = 0;

  /** A stream that brings more than `most` bytes is cut off. */
  constructor(stream: AsyncIterable<Uint8Array>, most = Infinity) {
    this.#pieces = stream[Symbol.asyncIterator]();
    this.#most = most;
  }

  /** Undefined where the stream ends before the first of them. */
  async block(bytes: number): Promise<Buffer | undefined> {
    while (this.#have.length < bytes) {
      const more = await this.#more();
      if (more === undefined) {
        if (this.#have.length === 0) return undefined;
        throw cutOff();
      }
      this.#have = this.#have.length === 0 ? more : Buffer.concat([this.#have, more]);
    }
    return this.#take(bytes);
  }

  /** At least one byte and at most so many. */
  async upTo(bytes: number): Promise<Buffer> {
    while (this.#have.length === 0) {
      const more = await this.#more();
      if (more === undefined) throw cutOff();
      this.#have = more;
    }
    return this.#take(Math.min(bytes, this.#have.length));
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) left -= (await this.upTo(left)).length;
  }

  /** Passes over everything up to and with `mark`: a login shell may print what it likes before our program does. */
  async after(mark: string, within = 256 * 1024): Promise<void> {
    for (let passed = 0; ; ) {
      const at = this.#have.indexOf(mark, 0, 'latin1');
      if (at >= 0) {
        this.#take(at + mark.length);
        return;
      }
      const sure = Math.max(0, this.#have.length - mark.length);
      passed += this.#take(sure).length;
      const more = passed > within ? undefined : await this.#more();
      if (more === undefined) throw new RentError('sshUnreachable', { detail: 'the machine lets us in and runs no commands' });
      this.#have = Buffer.concat([this.#have, more]);
    }
  }

  /** Everything that is left, as it comes. */
  async *all(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#have.length > 0) yield this.#take(this.#have.length);
    for (let more = await this.#more(); more !== undefined; more = await this.#more()) yield more;
  }

  /** Everything that is left, up to `most`; the rest is read and forgotten. */
  async rest(most: number): Promise<Buffer> {
    const kept: Buffer[] = [];
    let bytes = 0;
    for await (const more of this.all()) {
      if (bytes < most) kept.push(more);
      bytes += more.length;
    }
    return Buffer.concat(kept).subarray(0, most);
  }

  async #more(): Promise<Buffer | undefined> {
    const { done, value } = await this.#pieces.next();
    if (done === true) return undefined;
    this.#came += value.byteLength;
    if (this.#came > this.#most) throw new RentError('badResponse', { detail: 'the machine sent more than it announced' });
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }

  #take(bytes: number): Buffer {
    const taken = this.#have.subarray(0, bytes);
    this.#have = this.#have.subarray(bytes);
    return taken;
  }
}

const cutOff = (): RentError => new RentError('sshUnreachable', { detail: 'the connection was lost before everything had come' });
