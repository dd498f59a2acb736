import * as vscode from 'vscode';
import { fileName } from '../escape.ts';
import { RunScreen, type RunScreenDeps, type ShownRun } from './runScreen.ts';

export interface TerminalDeps extends RunScreenDeps {
  readonly report: (error: unknown) => void;
}

/** One terminal for each run that is looked at; asked for again, it comes to the front. */
export class RunTerminals {
  readonly #deps: TerminalDeps;
  readonly #open = new Map<string, vscode.Terminal>();
  readonly #closing: vscode.Disposable;

  constructor(deps: TerminalDeps) {
    this.#deps = deps;
    this.#closing = vscode.window.onDidCloseTerminal((closed) => {
      for (const [run, terminal] of this.#open) if (terminal === closed) this.#open.delete(run);
    });
  }

  show(shown: ShownRun, title: string): void {
    const terminal = this.#open.get(shown.run) ?? vscode.window.createTerminal({
      name: fileName(title), iconPath: new vscode.ThemeIcon('play-circle'), isTransient: true, pty: logPty(this.#deps, shown),
    });
    this.#open.set(shown.run, terminal);
    terminal.show();
  }

  dispose(): void {
    this.#closing.dispose();
    for (const terminal of this.#open.values()) terminal.dispose();
  }
}

/** A run that was started already. Closing the terminal leaves it alone. */
function logPty(deps: TerminalDeps, shown: ShownRun): vscode.Pseudoterminal {
  const [written, closed] = [new vscode.EventEmitter<string>(), new vscode.EventEmitter<void>()];
  const screen = new RunScreen(deps, shown, (text) => written.fire(text));
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: () => void screen.show().catch(deps.report),
    handleInput: (keys) => void screen.input(keys).then((left) => left && closed.fire(), deps.report),
    close: () => screen.close(),
  };
}
