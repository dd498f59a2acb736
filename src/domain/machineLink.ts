/**
 * One machine as work sees it: commands, terminals, files and ports over one SSH connection that mends itself. Whoever
 * holds a link never dials: a call opens the connection when there is none, and says `sshUnreachable` when it cannot.
 *
 * Paths are absolute, with slashes, as the machine has them. What a machine answers is its owner's word and no more.
 */
import type { Disposable } from './ports.ts';

export interface MachineLink {
  /** The SSH alias, which is the launch id. */
  readonly alias: string;
  /**
   * Runs `script` by the machine's own `sh`, whatever the login shell is and prints, and reads all it says. A non-zero
   * code is an answer. Throws `sshUnreachable`; whether the script ran is then unknown, so nothing is tried again here.
   */
  run(script: string, options?: RunOptions): Promise<RunResult>;
  /**
   * Starts a program that is fed and read piece by piece. `command` goes to the login shell: a banner may stand before
   * its output, so a caller that reads bytes begins with a marker of its own.
   */
  start(command: string, signal?: AbortSignal): Promise<RemoteProcess>;
  /** A login shell, or `command` instead of it, on a terminal of its own. */
  terminal(size: TerminalSize, command?: string): Promise<RemoteTerminal>;
  readonly files: RemoteFiles;
  /** A port on this computer's loopback that leads to one of the machine; 0 takes any that is free. */
  forward(remotePort: number, localPort?: number): Promise<Forward>;
  readonly state: LinkState;
  onDidChange(listener: (state: LinkState) => void): Disposable;
  /** While at least one is held, a lost connection is opened again by itself, at growing intervals. */
  hold(): Disposable;
}

/** `idle`: nobody has needed it yet, or nobody does any more. `lost`: opening it again fails, for `reason`. */
export type LinkState =
  | { readonly kind: 'idle' | 'connecting' | 'connected' }
  | { readonly kind: 'lost'; readonly since: number; readonly reason: Error };

export interface RunOptions {
  /** What the script's commands find on standard input; nothing unless told. Never in an argument, so fit for secrets. */
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Of either stream; 8 MiB unless told. */
  readonly mostBytes?: number;
  /**
   * It may run twice: where a connection that stood before does not answer in eight seconds, or goes, the script is said
   * once more on a new one.
   */
  readonly repeatable?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly code: number | null;
}

export interface RemoteProcess {
  /** Resolves when it is on its way; its memory may be used again then. */
  write(chunk: Uint8Array): Promise<void>;
  /** No more input. */
  end(): void;
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly stderr: AsyncIterable<Uint8Array>;
  /** Rejects with `sshUnreachable` when the connection went before the program ended; null after a signal or `kill`. */
  readonly exit: Promise<number | null>;
  /**
   * Takes its ends away, which whatever reads or writes notices. What does neither goes on: few servers pass signals,
   * so such a program needs a way of its own to be ended.
   */
  kill(): void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface RemoteTerminal {
  readonly output: AsyncIterable<Uint8Array>;
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** The exit code, null after a signal or a lost connection. */
  readonly ended: Promise<number | null>;
  close(): void;
}

/** A folder or file that other things point at is `link` only where it is asked for itself, not for its target. */
export type FileKind = 'file' | 'folder' | 'link' | 'other';

export interface RemoteStat {
  readonly kind: FileKind;
  readonly bytes: number;
  /** Epoch milliseconds by the machine's clock, whole seconds. */
  readonly modifiedAt: number;
  /** Permission bits. */
  readonly mode: number;
}

export interface RemoteEntry {
  readonly name: string;
  /** Of the entry itself: links are not followed. */
  readonly stat: RemoteStat;
}

export type FileProblem = 'notFound' | 'exists' | 'noPermission' | 'notFolder' | 'isFolder' | 'notEmpty' | 'diskFull' | 'badName' | 'unsupported' | 'failed';

/** What the machine refused about one path. A connection that is gone is a `RentError` instead. */
export class RemoteFileError extends Error {
  readonly problem: FileProblem;
  readonly path: string;
  constructor(problem: FileProblem, path: string, cause?: unknown) {
    super(`${problem}: ${path}`, { cause });
    this.name = 'RemoteFileError';
    this.problem = problem;
    this.path = path;
  }
}

/** Reads are sent again once after a lost connection; nothing that changes anything is. */
export interface RemoteFiles {
  /** Of what a link leads to. */
  stat(path: string): Promise<RemoteStat>;
  /** Of the link itself. */
  lstat(path: string): Promise<RemoteStat>;
  /** Names that are no UTF-8 are left out and counted. */
  list(path: string): Promise<{ readonly entries: readonly RemoteEntry[]; readonly unreadable: number }>;
  /** The whole file, or `length` bytes from `offset`; less where the file ends. */
  read(path: string, range?: { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** Whole or not at all: a file beside it takes its place when it is written. Keeps the mode of what was there; follows a link. */
  write(path: string, content: Uint8Array, options?: { readonly mode?: number }): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** One file or link. */
  removeFile(path: string): Promise<void>;
  /** An empty folder. */
  removeFolder(path: string): Promise<void>;
  /** Takes the place of what is there only when `overwrite` is set. */
  rename(from: string, to: string, options?: { readonly overwrite?: boolean }): Promise<void>;
  readLink(path: string): Promise<string>;
  realPath(path: string): Promise<string>;
  setModified(path: string, at: number): Promise<void>;
}

export interface Forward extends Disposable {
  /** On 127.0.0.1. */
  readonly localPort: number;
  readonly remotePort: number;
}

/** Links to the machines that are ours; one each, shared by all that need it. */
export interface MachineLinks {
  of(alias: string): MachineLink;
}
