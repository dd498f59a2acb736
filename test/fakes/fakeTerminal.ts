import type { RemoteTerminal, TerminalSize } from '../../src/domain/machineLink.ts';

/** A terminal that says what a test lets it say. */
export class FakeTerminal implements RemoteTerminal {
  readonly command: string | undefined;
  readonly typed: string[] = [];
  readonly sizes: TerminalSize[];
  readonly ended: Promise<number | null>;
  closed = false;
  readonly #chunks: Uint8Array[] = [];
  #over = false;
  #wake: () => void = () => undefined;
  #end: (code: number | null) => void = () => undefined;

  constructor(size: TerminalSize, command: string | undefined) {
    this.sizes = [size];
    this.command = command;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  readonly output: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => this.#read() };

  say(chunk: Uint8Array | string): void {
    this.#chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    this.#wake();
  }

  /** Null as after a signal or a lost connection. */
  end(code: number | null): void {
    this.#over = true;
    this.#wake();
    this.#end(code);
  }

  write(data: string): void {
    this.typed.push(data);
  }

  resize(size: TerminalSize): void {
    this.sizes.push(size);
  }

  close(): void {
    this.closed = true;
    this.end(null);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#over) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
