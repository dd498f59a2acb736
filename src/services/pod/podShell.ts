/** One shell on a machine for as long as somebody has it open, over as many connections as that takes. */
import { isRentError } from '../../domain/errors.ts';
import type { MachineLink, RemoteTerminal, TerminalSize } from '../../domain/machineLink.ts';
import type { Clock, Disposable } from '../../domain/ports.ts';
import { shellCommand, type Keeper, type ShellOrder } from '../../scripts/podShell.ts';

export interface ShellWords {
  /** Where the shell had to begin anew, because its machine did. */
  readonly lost: string;
  /** Where nothing on the machine keeps it. */
  readonly bare: string;
  /** The line went; the shell goes on without us. */
  readonly waiting: string;
  /** The line went, and the shell with it. */
  readonly ended: string;
  /** It cannot be opened, and waiting mends nothing. */
  readonly failed: (error: unknown) => string;
}

export interface PodShellParts {
  readonly link: MachineLink;
  readonly clock: Clock;
  readonly keeper: Keeper;
  readonly name: string;
  readonly folder: string;
  readonly entry: ShellOrder['entry'];
  readonly words: ShellWords;
  readonly write: (text: string) => void;
  /** Nothing comes after it. */
  readonly onEnd: (code: number | undefined) => void;
}

const standingMs = 1000;

const dim = (text: string): string => `\r\n\x1b[2m${text}\x1b[0m\r\n`;

export class PodShell implements Disposable {
  readonly #parts: PodShellParts;
  readonly #held: Disposable;
  #size: TerminalSize;
  #terminal: RemoteTerminal | undefined;
  #closed = false;
  /** Ends a wait for the line. */
  #wake: () => void = () => undefined;

  constructor(parts: PodShellParts, size: TerminalSize) {
    this.#parts = parts;
    this.#size = size;
    this.#held = parts.link.hold();
  }

  async start(): Promise<void> {
    let entry = this.#parts.entry;
    let said = false;
    while (!this.#closed) {
      try {
        const code = await this.#once(entry, () => (said = false));
        if (code !== null || this.#closed) return this.#end(code ?? undefined);
      } catch (error) {
        // Only a line that went mends by waiting; a key that changed does not.
        if (!isRentError(error, 'sshUnreachable')) {
          this.#parts.write(dim(this.#parts.words.failed(error)));
          return this.#end(1);
        }
      }
      entry = 'again';
      if (!said) this.#parts.write(dim(this.#parts.keeper === 'none' ? this.#parts.words.ended : this.#parts.words.waiting));
      said = true;
      await this.#untilBack();
    }
  }

  input(data: string): void {
    if (this.#terminal === undefined) this.#wake(); // a key tries at once
    else this.#terminal.write(data);
  }

  resize(size: TerminalSize): void {
    this.#size = size;
    this.#terminal?.resize(size);
  }

  /** Leaves it; what keeps it goes on. */
  dispose(): void {
    this.#closed = true;
    this.#held.dispose();
    this.#wake();
    this.#terminal?.close();
  }

  async #once(entry: ShellOrder['entry'], opened: () => void): Promise<number | null> {
    const { link, keeper, name, folder, words, write } = this.#parts;
    const size = this.#size;
    const terminal = await link.terminal(size, shellCommand({ alias: link.alias, keeper, name, folder, entry, lostNote: words.lost, bareNote: words.bare }));
    opened();
    if (this.#closed) {
      terminal.close();
      return null;
    }
    this.#terminal = terminal;
    if (this.#size !== size) terminal.resize(this.#size);
    try {
      // Chunks end anywhere, also within a character.
      const text = new TextDecoder();
      for await (const chunk of terminal.output) write(text.decode(chunk, { stream: true }));
      return await terminal.ended;
    } finally {
      this.#terminal = undefined;
    }
  }

  /** Held, the line mends itself. One that stands all the same is given a moment, and then tried. */
  async #untilBack(): Promise<void> {
    const { link, clock } = this.#parts;
    const over = new AbortController();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      const listening = link.onDidChange(({ kind }) => kind === 'connected' && resolve());
      over.signal.addEventListener('abort', () => listening.dispose());
      if (this.#closed) resolve();
      else if (link.state.kind === 'connected') clock.sleep(standingMs, over.signal).then(resolve, () => undefined);
    });
    over.abort();
    this.#wake = () => undefined;
  }

  #end(code: number | undefined): void {
    this.#held.dispose();
    if (!this.#closed) this.#parts.onEnd(code);
    this.#closed = true;
  }
}
