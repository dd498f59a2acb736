/** Exact amounts from a stream that comes in pieces of any size. */
import { RentError } from '../../domain/errors.ts';

export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #have: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
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

  /** Everything that is left, up to `most`; the rest is read and forgotten. */
  async rest(most: number): Promise<Buffer> {
    const kept: Buffer[] = [this.#have];
    let bytes = this.#have.length;
    for (let more = await this.#more(); more !== undefined; more = await this.#more()) {
      if (bytes < most) kept.push(more);
      bytes += more.length;
    }
    this.#have = Buffer.alloc(0);
    return Buffer.concat(kept).subarray(0, most);
  }

  async #more(): Promise<Buffer | undefined> {
    const { done, value } = await this.#pieces.next();
    return done === true ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }

  #take(bytes: number): Buffer {
    const taken = this.#have.subarray(0, bytes);
    this.#have = this.#have.subarray(bytes);
    return taken;
  }
}

const cutOff = (): RentError => new RentError('sshUnreachable', { detail: 'the connection was lost before everything had come' });
