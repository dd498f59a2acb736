/** One program started on the pod, however it is connected: by pipes or by a terminal. */
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly pid: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable | null;
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** The client went away: what sshd's closing of its ends does to the program. */
  hangUp(): void;
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A file that cannot be started ends as in a shell: status 127, the reason in `onFailure`. */
export function exitOf(child: ChildProcess, onFailure: (reason: string) => void): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      onFailure(error.message);
      resolve({ code: 127, signal: null });
    });
  });
}

/** Keeps the ids of programs that have not ended: where environments cannot be read, these lead to the rest. */
export function track(program: Running, living: Set<number>): void {
  const { pid } = program;
  if (pid === undefined) return;
  living.add(pid);
  void program.exited.then(() => living.delete(pid));
}

/** Signals the whole process group, as sshd does: every program is started as leader of its own. */
export function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name);
  } catch {
    // Already gone.
  }
}
