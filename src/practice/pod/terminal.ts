/**
 * Starts a program on a real terminal through `script`, which every Linux and macOS has, so that
 * no native module is needed. The shell inside reports its own id and the name of its terminal on
 * descriptor 3; from then on the terminal is resized with stty on that device.
 * ssh2 1.17 does not read the modes a client asks for, so a terminal starts in a sane one.
 */
import { execFile, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { PseudoTtyInfo } from 'ssh2';
import { quote } from './quote.ts';
import { exitOf, type Launch, type Running, signalGroup } from './running.ts';

export interface Size {
  readonly rows: number;
  readonly cols: number;
}

export interface Terminal extends Running {
  resize(size: Size): void;
}

/** `script` gives its child away to `sh`; a login shell of the user's would read its files twice. */
function scriptCommand(inner: string): [string, string[]] {
  if (process.platform !== 'darwin') return ['script', ['-q', '-e', '-c', inner, '/dev/null']];
  // On a Mac it refuses sockets as input, which is what Node hands out: a pipe comes in between.
  return ['/bin/bash', ['-c', 'exec script -q /dev/null /bin/sh -c "$0" < <(cat)', inner]];
}

/** Some containers have no pseudo-terminals and some have a `script` without these options. */
export function canHaveTerminal(env: Readonly<Record<string, string>>): Promise<boolean> {
  if (process.platform === 'win32') return Promise.resolve(false);
  const [file, args] = scriptCommand('tty >/dev/null && stty rows 5 && exit 7');
  return new Promise((resolve) => {
    const child = spawn(file, args, { env: { ...env, SHELL: '/bin/sh' }, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 7));
  });
}

/** One line; waiting for the end would not do, because `script` itself holds the descriptor too. */
async function readReport(report: Readable): Promise<{ pid: number; device: string } | undefined> {
  let text = '';
  try {
    for await (const chunk of report) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
  } catch {
    return undefined;
  }
  const [, pid, device] = /^(\d+) (\/dev\/\S+)/.exec(text) ?? [];
  return device === undefined ? undefined : { pid: Number(pid), device };
}

/** One stty at a time, and of the sizes that came meanwhile only the last. */
function resizer(device: string): (size: Size) => void {
  let wanted: Size | undefined;
  let busy = false;
  const apply = async (): Promise<void> => {
    for (let size = wanted; size !== undefined; size = wanted) {
      wanted = undefined;
      const args = ['-c', 'stty rows "$0" cols "$1" <"$2"', String(size.rows), String(size.cols), device];
      await new Promise<void>((done) => void execFile('/bin/sh', args, () => done()));
    }
    busy = false;
  };
  return (size) => {
    wanted = size;
    if (busy) return;
    busy = true;
    void apply();
  };
}

/** Resolves when the terminal is set up: what is typed earlier would be echoed the wrong way. */
export async function startOnTerminal(launch: Launch, pty: PseudoTtyInfo): Promise<Terminal> {
  const program = [launch.file, ...launch.args].map(quote).join(' ');
  const inner = [
    `SHELL=${quote(launch.env['SHELL'] ?? '/bin/sh')} SSH_TTY=$(tty)`,
    'export SHELL SSH_TTY',
    `stty sane rows ${pty.rows} cols ${pty.cols}`,
    'echo "$$ $SSH_TTY" >&3; exec 3>&-',
    `exec ${program}`,
  ].join('\n');
  const [file, args] = scriptCommand(inner);
  const env = { ...launch.env, TERM: pty.term || 'xterm', SHELL: '/bin/sh' };
  const child = spawn(file, args, { cwd: launch.cwd, env, stdio: ['pipe', 'pipe', 'ignore', 'pipe'], detached: true });
  const exited = exitOf(child, () => undefined);
  const [stdin, stdout, , report] = child.stdio;
  if (stdin === null || stdout === null || !(report instanceof Readable)) throw new Error('The terminal has no ends');
  stdin.on('error', () => undefined);
  stdout.on('error', () => undefined);
  const inside = await readReport(report);
  return {
    pid: child.pid,
    stdin,
    stdout,
    stderr: null,
    exited,
    resize: inside === undefined ? () => undefined : resizer(inside.device),
    signal: (name) => signalGroup(inside?.pid, name),
    // With the last holder of the master side gone, the kernel hangs up the terminal.
    hangUp: () => signalGroup(child.pid, 'SIGKILL'),
  };
}
