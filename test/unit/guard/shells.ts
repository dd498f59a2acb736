/** The shells that rented machines have. A test is skipped, and says so, where one is missing. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Shell {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

export const shells: readonly Shell[] = [
  { name: 'dash', command: ['dash'] },
  { name: 'busybox', command: ['busybox', 'sh'] },
  // As `sh` of Arch and Fedora images: in this mode it ends where dash does.
  { name: 'bash', command: ['bash', '--posix'] },
];

export const isHere = ({ command: [file, ...args] }: Shell): boolean => spawnSync(file, [...args, '-c', 'exit 0']).status === 0;

/** Runs in a home folder of its own. */
export function runShell({ command: [file, ...args] }: Shell, script: string, input = '', env: Readonly<Record<string, string>> = {}): string {
  const home = mkdtempSync(join(tmpdir(), 'guard-'));
  try {
    return execFileSync(file, [...args, '-c', script, 'guard'], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { PATH: process.env['PATH'] ?? '', HOME: home, ...env },
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The same without waiting in the event loop, for scripts that talk with this process. */
export async function startShell({ command: [file, ...args] }: Shell, script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const path = spawnSync('which', [file], { encoding: 'utf8' }).stdout.trim();
  const child = spawn(path, [...args, '-c', script, 'guard'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const part of child.stdout) output += String(part);
  return output;
}
