import * as vscode from 'vscode';
import { PodShell, type PodShellParts } from '../../services/pod/podShell.ts';
import type { TerminalSize } from '../../domain/machineLink.ts';

export interface PodTerminalDeps {
  /** Asked when the terminal is open. */
  readonly parts: () => Promise<Omit<PodShellParts, 'write' | 'onEnd'>>;
  /** Somebody types. */
  readonly worked: () => void;
  readonly words: (error: unknown) => string;
}

const usual: TerminalSize = { columns: 80, rows: 24 };
const toSize = (dimensions: vscode.TerminalDimensions | undefined): TerminalSize => dimensions ?? usual;

/** A machine's shell in the editor's terminal. */
export class PodTerminal implements vscode.Pseudoterminal {
  readonly #deps: PodTerminalDeps;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number | void>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  #size = usual;
  #shell: PodShell | undefined;
  #over = false;

  constructor(deps: PodTerminalDeps) {
    this.#deps = deps;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.#size = toSize(dimensions);
    this.#begin().catch((error: unknown) => {
      this.#written.fire(`${this.#deps.words(error)}\r\n`);
      this.#closed.fire(1);
    });
  }

  handleInput(data: string): void {
    this.#deps.worked();
    this.#shell?.input(data);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#size = dimensions;
    this.#shell?.resize(dimensions);
  }

  close(): void {
    this.#over = true;
    this.#shell?.dispose();
  }

  async #begin(): Promise<void> {
    const parts = await this.#deps.parts();
    if (this.#over) return;
    const onEnd = (code: number | undefined): void => this.#closed.fire(code);
    this.#shell = new PodShell({ ...parts, onEnd, write: (text) => this.#written.fire(text) }, this.#size);
    await this.#shell.start();
  }
}
