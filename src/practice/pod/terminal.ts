/**
 * Starts a program on a real terminal through `script`, which every Linux and macOS has, so that
 * no native module is needed. The shell inside reports its own id and the name of its terminal on
 * descriptor 3; from then on the terminal is resized with stty on that device.
 * ssh2 1.17 does not read the modes a client asks for, so a terminal starts in a sane one.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { PseudoTtyInfo } from 'ssh2';
import { quote } from './quote.ts';
import { type Exit, exitOf, type Launch, type Running, signalGroup } from './running.ts';

export interface Size {
  readonly rows: number;
  readonly cols: number;
}

export interface Terminal extends Running {
  resize(size: Size): void;
}

/** On a Mac `script` refuses sockets as input, which is what Node hands out: it gets a named pipe. */
async function inputPipe(): Promise<{ end: number; input: Socket }> {
  const path = join(tmpdir(), `input-${randomUUID()}`);
  await promisify(execFile)('mkfifo', ['-m', '600', path]);
  // Each end waits for the other to be opened, except for the first one here.
  const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const input = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const end = openSync(path, constants.O_RDONLY);
  closeSync(first);
  unlinkSync(path);
  return { end, input: new Socket({ fd: input, readable: false, writable: true }) };
}

interface Script {
  readonly child: ChildProcess;
  readonly input: Socket;
  readonly exited: Promise<Exit>;
}

async function spawnScript(inner: string, env: Readonly<Record<string, string>>, cwd?: string): Promise<Script> {
  const { end, input } = await inputPipe();
  const args = process.platform === 'darwin' ? ['-q', '/dev/null', '/bin/sh', '-c', inner] : ['-q', '-e', '-c', inner, '/dev/null'];
  // Its child is to be sh: the user's own shell would read its start files twice.
  const child = spawn('script', args, { cwd, env: { ...env, SHELL: '/bin/sh' }, stdio: [end, 'pipe', 'ignore', 'pipe'], detached: true });
  closeSync(end);
  input.on('error', () => undefined);
  return { child, input, exited: exitOf(child, () => undefined) };
}

/** Some containers have no pseudo-terminals and some have a `script` without these options. */
export async function canHaveTerminal(env: Readonly<Record<string, string>>): Promise<boolean> {
  if (process.platform === 'win32') return false;
  try {
    const { child, input, exited } = await spawnScript('tty >/dev/null && stty rows 5 && exit 7', env);
    child.stdout?.resume();
    const { code } = await exited;
    input.destroy();
    return code === 7;
  } catch {
    return false;
  }
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
  const { child, input, exited } = await spawnScript(inner, { ...launch.env, TERM: pty.term || 'xterm' }, launch.cwd);
  const { stdout, stdio: [, , , report] } = child;
  if (stdout === null || !(report instanceof Readable)) throw new Error('The terminal has no ends');
  stdout.on('error', () => undefined);
  const inside = await readReport(report);
  return {
    pid: child.pid,
    stdin: input,
    stdout,
    stderr: null,
    exited,
    resize: inside === undefined ? () => undefined : resizer(inside.device),
    signal: (name) => signalGroup(inside?.pid, name),
    // With the last holder of the master side gone, the kernel hangs up the terminal.
    hangUp: () => signalGroup(child.pid, 'SIGKILL'),
  };
}
