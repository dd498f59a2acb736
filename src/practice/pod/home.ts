/** The pod's folder, the environment of its processes and the login files a fresh container has. */
import { existsSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** In every process of the pod: what `stop` looks for. Its value is the pod's folder. */
export const MARKER = 'GPU_RENTAL_PRACTICE_POD';

/** Present in the folder of every pod that was started once. */
export const LABEL = '.practice-pod';

/** All that a market puts into the folder before the first start; `start.sh` and `workspace` are RunPod's. */
const LAID_OUT = ['root', 'tmp', 'start.sh', 'workspace'];

/** Whether a folder with this content may be removed as a pod's. */
export function isPodFolder(content: readonly string[]): boolean {
  return content.includes(LABEL) || content.every((name) => LAID_OUT.includes(name));
}

export interface Room {
  readonly dir: string;
  readonly home: string;
  /** The one who may log in. */
  readonly user: string;
  readonly shell: string;
  readonly loginArgs: readonly string[];
  readonly terminals: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Ids of the programs started by sessions and still running. */
  readonly living: Set<number>;
  commandArgs(command: string): readonly string[];
  /** Brings what the pod's tools read up to date. */
  refresh(): void;
}

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

// Without these no program starts on Windows.
const WINDOWS = ['SystemRoot', 'SystemDrive', 'ComSpec', 'PATHEXT', 'windir'];

/** Takes from the surrounding process only where programs are and which language it speaks. */
export function podEnvironment(
  dir: string,
  wanted: Readonly<Record<string, string>>,
  outer: NodeJS.ProcessEnv = process.env,
  user = 'root',
): Record<string, string> {
  const unix = process.platform !== 'win32';
  const parts = [join(dir, 'bin'), wanted['PATH'], ...(unix ? SYSTEM_PATH : []), outer['PATH'] ?? outer['Path']];
  const path = new Set(parts.flatMap((part) => part?.split(delimiter) ?? []).filter((part) => part !== ''));
  const kept = ['LANG', ...(unix ? [] : WINDOWS)].flatMap((name) => {
    const value = outer[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    ...wanted,
    PATH: [...path].join(delimiter),
    HOME: join(dir, 'root'),
    TMPDIR: join(dir, 'tmp'),
    USER: user,
    LOGNAME: user,
    SHELL: shellOf(),
    [MARKER]: dir,
  };
}

export function shellOf(): string {
  if (process.platform === 'win32') return process.env['ComSpec'] ?? 'cmd.exe';
  return existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';
}

// /etc/profile resets PATH for login shells; the pod's own programs must stay in front.
const PROFILE = `# ~/.profile of a practice pod
export PATH="$${MARKER}/bin:$PATH"
if [ -n "$BASH_VERSION" ] && [ -f ~/.bashrc ]; then . ~/.bashrc; fi
`;

const BASHRC = `# ~/.bashrc of a practice pod
case $- in *i*) ;; *) return ;; esac
PS1='\${USER}@practice-pod:\\w# '
`;

async function writeOnce(path: string, text: string): Promise<void> {
  await access(path).catch(() => writeFile(path, text));
}

/** Creates what is missing and leaves alone what the pod's user changed. */
export async function furnish(dir: string): Promise<void> {
  for (const name of ['root/.ssh', 'tmp', 'bin', 'run', 'etc/ssh']) {
    await mkdir(join(dir, name), { recursive: true, mode: 0o700 });
  }
  await writeFile(join(dir, LABEL), '');
  await writeOnce(join(dir, 'root/.profile'), PROFILE);
  await writeOnce(join(dir, 'root/.bashrc'), BASHRC);
}
