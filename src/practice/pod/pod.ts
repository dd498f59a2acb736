/**
 * A rented GPU machine for practice: a real SSH server on 127.0.0.1 with a home folder, programs
 * and GPUs of its own. There is no chroot: absolute paths are those of this machine, and a
 * program on the pod may do what the user who runs it may do. Every process started on the pod
 * is found again and ended when it stops.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type GpuReading, stateFile, writeState } from './gpus.ts';
import { furnish, isPodFolder, podEnvironment, type Room, shellOf } from './home.ts';
import { newHostKey } from './hostKey.ts';
import { nvidiaSmiScript } from './nvidiaSmi.ts';
import { startOnPipes } from './pipes.ts';
import { endProcesses } from './processes.ts';
import { track } from './running.ts';
import { openDoor } from './sshDoor.ts';
import { canHaveTerminal } from './terminal.ts';

export type { GpuReading } from './gpus.ts';

export interface PodOptions {
  /** The pod's own folder; kept over stop, removed by removePod(). */
  dir: string;
  /** Who logs in; root unless said. */
  user?: string;
  /** Environment of every process on the pod. */
  env: Readonly<Record<string, string>>;
  /** OpenSSH public key lines, asked at every login. */
  authorizedKeys(): readonly string[];
  /** Asked at every start of a program, and every second. */
  gpus(): readonly GpuReading[];
  /** Run by sh at every start (Vast onstart, RunPod start command); its output goes to log. */
  startCommand?: string;
  /** Container log lines; the new host key's fingerprint is among them, as with RunPod's images. */
  log(line: string): void;
  /** How long processes may take to end by themselves when the pod stops, in milliseconds. */
  stopGraceMs?: number;
}

export interface Pod {
  readonly port: number;
  readonly hostKeyFingerprint: string;
  /** The public host key as a line of OpenSSH: type, key and comment. */
  readonly hostKey?: string;
  stop(): Promise<void>;
}

const GRACE_MS = 2000;
const REFRESH_MS = 1000;

async function makeRoom(options: PodOptions, dir: string): Promise<Room> {
  const user = options.user ?? 'root';
  const env = podEnvironment(dir, options.env, process.env, user);
  const windows = process.platform === 'win32';
  let trouble = '';
  await writeFile(join(dir, 'bin', 'nvidia-smi'), nvidiaSmiScript(stateFile(dir)), { mode: 0o755 });
  return {
    dir,
    home: join(dir, 'root'),
    user,
    env,
    shell: shellOf(),
    loginArgs: windows ? [] : ['-l'],
    commandArgs: (command) => (windows ? ['/d', '/s', '/c', command] : ['-c', command]),
    living: new Set(),
    terminals: await canHaveTerminal(env),
    refresh() {
      try {
        writeState(dir, options.gpus());
      } catch (error) {
        // Comes every second: once is enough to know.
        if (trouble !== String(error)) options.log(`nvidia-smi is out of date: ${String(error)}`);
        trouble = String(error);
      }
    },
  };
}

/** The command goes on by itself; its last lines may come after the pod is up. */
async function runStartCommand(command: string, room: Room, log: (line: string) => void): Promise<void> {
  const [file, args] = process.platform === 'win32' ? [room.shell, room.commandArgs(command)] : ['/bin/sh', ['-c', command]];
  const program = await startOnPipes({ file, args, cwd: room.home, env: room.env });
  track(program, room.living);
  program.stdin.end();
  for (const input of [program.stdout, program.stderr]) if (input !== null) createInterface({ input }).on('line', log);
}

/**
 * A new host key and a new port at every call, as after a provider's stop and start; files stay.
 * One pod a folder: a second one ends the processes of the first.
 */
export async function startPod(options: PodOptions): Promise<Pod> {
  const dir = resolve(options.dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await furnish(dir);
  // Left behind by a market that was killed.
  await endProcesses(dir, options.stopGraceMs ?? GRACE_MS);
  const key = newHostKey();
  await writeFile(join(dir, 'etc/ssh/ssh_host_ed25519_key.pub'), `${key.line}\n`);
  const room = await makeRoom(options, dir);
  room.refresh();
  const door = await openDoor({ hostKey: key.secret, room, authorizedKeys: options.authorizedKeys });
  let up = true;
  const log = (line: string): void => {
    if (up) options.log(line);
  };
  log('ED25519 key fingerprint:');
  log(`256 ${key.fingerprint} root@practice-pod (ED25519)`);
  const timer = setInterval(room.refresh, REFRESH_MS).unref();
  if (options.startCommand !== undefined) await runStartCommand(options.startCommand, room, log);
  let stopped: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    clearInterval(timer);
    await door.close();
    await endProcesses(dir, options.stopGraceMs ?? GRACE_MS, room.living);
    up = false;
  };
  return {
    port: door.port,
    hostKeyFingerprint: key.fingerprint,
    hostKey: key.line,
    stop: () => (stopped ??= shutDown()),
  };
}

/** Ends what still runs and removes the folder; refuses a folder that is not a pod's. */
export async function removePod(dir: string): Promise<void> {
  const path = resolve(dir);
  const content = await readdir(path).catch(() => undefined);
  if (content === undefined) return;
  if (!isPodFolder(content)) throw new Error(`${path} is not the folder of a practice pod`);
  await endProcesses(path, GRACE_MS);
  await rm(path, { recursive: true, force: true }).catch(async () => {
    // Folders without write permission, such as Go's module cache, stop everyone but root.
    await promisify(execFile)('chmod', ['-R', 'u+rwX', path]).catch(() => undefined);
    await rm(path, { recursive: true, force: true });
  });
}
