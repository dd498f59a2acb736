import * as vscode from 'vscode';
import type { Clock, Disposable } from '../../domain/ports.ts';
import type { MachineLink } from '../../domain/machineLink.ts';
import { endShell, keptShells, type Kept } from '../../services/pod/keptShells.ts';
import type { ShellWords } from '../../services/pod/podShell.ts';
import type { PodPresence } from '../../services/pod/presence.ts';
import type { Dialogs } from '../dialogs.ts';
import { all } from '../disposables.ts';
import { fileName } from '../escape.ts';
import type { Voice } from '../voice.ts';
import { chooseShell } from './chooseShell.ts';
import { podProblem } from './podProblem.ts';
import { PodTerminal } from './podTerminal.ts';
import type { ShellMemory } from './shellMemory.ts';

/** A terminal that somebody wants. */
export interface TerminalAsked {
  readonly alias: string;
  /** The machine's. */
  readonly name: string;
  readonly folder: string;
}

export interface PodTerminalsDeps {
  readonly presence: Pick<PodPresence, 'link' | 'use'>;
  readonly clock: Clock;
  readonly dialogs: Dialogs;
  readonly voice: Voice;
  readonly memory: ShellMemory;
  readonly random: (bytes: number) => Uint8Array;
  readonly worked: (alias: string) => void;
  readonly report: (error: unknown) => void;
}

interface Open {
  readonly alias: string;
  readonly shell: string;
  readonly name: string;
  readonly used: Disposable;
}

/** The terminals of this window on machines. */
export class PodTerminals implements Disposable {
  readonly #deps: PodTerminalsDeps;
  readonly #open = new Map<unknown, Open>();
  readonly #unseen = new Set<unknown>();
  readonly #listening: Disposable;

  constructor(deps: PodTerminalsDeps) {
    this.#deps = deps;
    this.#listening = all([
      vscode.window.onDidCloseTerminal((terminal) => this.#left(terminal)),
      vscode.window.onDidOpenTerminal((terminal) => this.#unseen.delete(ptyOf(terminal)) && terminal.show()),
    ]);
  }

  /** Asks which, where shells go on there without anybody. */
  async open(asked: TerminalAsked): Promise<void> {
    const options = await this.#options(asked);
    if (options !== undefined) vscode.window.createTerminal(options).show();
  }

  /** As `open`, for an editor that opens it itself. VS Code leaves it behind the one in front, in a panel that may be closed. */
  async profile(asked: TerminalAsked): Promise<vscode.TerminalProfile | undefined> {
    const options = await this.#options(asked);
    if (options === undefined) return undefined;
    this.#unseen.add(options.pty);
    return new vscode.TerminalProfile(options);
  }

  /** After a reload: what this window had open, and what nobody has. */
  async restore(asked: TerminalAsked): Promise<void> {
    const link = await this.#deps.presence.link(asked.alias);
    const kept = await keptShells(link);
    const mine = this.#deps.memory.of(asked.alias);
    for (const gone of mine.filter((name) => !kept.shells.some((shell) => shell.name === name))) this.#deps.memory.remove(asked.alias, gone);
    const open = new Set([...this.#open.values()].map(({ shell }) => shell));
    for (const { name, attached } of kept.shells) {
      if (open.has(name) || (attached && !mine.includes(name))) continue;
      const terminal = vscode.window.createTerminal(this.#make(asked, link, kept, name));
      if (mine.includes(name)) terminal.show(true);
    }
  }

  /** Those of one machine, because it goes away. */
  close(alias: string): void {
    for (const terminal of vscode.window.terminals) if (this.#open.get(ptyOf(terminal))?.alias === alias) terminal.dispose();
  }

  dispose(): void {
    this.#listening.dispose();
    // Left alone, they go on on their machines; the product that served them does not.
    for (const terminal of vscode.window.terminals) if (this.#open.has(ptyOf(terminal))) terminal.dispose();
    for (const { used } of this.#open.values()) used.dispose();
    this.#open.clear();
  }

  async #options(asked: TerminalAsked): Promise<vscode.ExtensionTerminalOptions | undefined> {
    const link = await this.#deps.presence.link(asked.alias);
    const kept = await keptShells(link);
    const mine = new Set([...this.#open.values()].map(({ shell }) => shell));
    const chosen = await chooseShell(this.#deps, asked.name, kept.shells.filter(({ name, attached }) => !attached && !mine.has(name)));
    return chosen === undefined ? undefined : this.#make(asked, link, kept, chosen.shell);
  }

  #make({ alias, name, folder }: TerminalAsked, link: MachineLink, { keeper }: Kept, shell: string | undefined): vscode.ExtensionTerminalOptions {
    const { clock, voice, worked, memory, presence, random } = this.#deps;
    const known = shell ?? `s-${Buffer.from(random(5)).toString('hex')}`;
    const entry = shell === undefined ? 'new' : 'back';
    const pty = new PodTerminal({
      parts: () => Promise.resolve({ link, clock, keeper, folder, entry, name: known, words: shellWords(name, voice) }),
      worked: () => worked(alias),
      words: (error) => podProblem(error, name, voice).text,
    });
    this.#open.set(pty, { alias, name, shell: known, used: presence.use(alias) });
    if (keeper !== 'none') memory.add(alias, known);
    return { name: fileName(name) || alias, pty, iconPath: new vscode.ThemeIcon('vm'), isTransient: true };
  }

  #left(terminal: vscode.Terminal): void {
    const pty = ptyOf(terminal);
    const open = this.#open.get(pty);
    if (open === undefined) return;
    this.#open.delete(pty);
    open.used.dispose();
    // A window that closes leaves its shells to the next.
    const reason = terminal.exitStatus?.reason;
    if (reason === vscode.TerminalExitReason.Shutdown || reason === vscode.TerminalExitReason.Unknown) return;
    this.#deps.memory.remove(open.alias, open.shell);
    if (reason === vscode.TerminalExitReason.User) this.#end(open).catch(this.#deps.report);
  }

  async #end({ alias, shell, name }: Open): Promise<void> {
    const { dialogs, presence, voice } = this.#deps;
    if (!(await endShell(await presence.link(alias), shell))) return;
    await dialogs.notify({ level: 'info', text: voice.t('What runs in that terminal goes on on {0}; a new terminal there leads back to it.', name), buttons: [] });
  }
}

const ptyOf = ({ creationOptions }: vscode.Terminal): unknown => ('pty' in creationOptions ? creationOptions.pty : undefined);

const shellWords = (name: string, voice: Voice): ShellWords => {
  const { t } = voice;
  return {
    lost: t('{0} was restarted: the earlier shell ended, and this is a new one.', name),
    bare: t('This shell ends with the connection: {0} has no tmux to keep it.', name),
    waiting: t('The connection to {0} was lost; the shell goes on there. It is tried again by itself, and at once with any key.', name),
    ended: t('The connection to {0} was lost, and the shell ended with it. A new one opens when the machine answers; any key tries at once.', name),
    failed: (error) => podProblem(error, name, voice).text,
  };
};
