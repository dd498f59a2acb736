// Installs a vendor's own Python client, at a pinned version, into the ignored
// cache: it is what the market is tried with, and no part of the product.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../host/lock.ts';
import { cache } from '../host/paths.ts';

const run = promisify(execFile);
const windows = process.platform === 'win32';
const patienceMs = 600_000;

export interface PythonClient {
  /** The interpreter that has the package. */
  readonly python: string;
  /** A command the package installs. */
  script(name: string): string;
}

export interface PythonOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

async function findPython(): Promise<string> {
  for (const candidate of windows ? ['py', 'python'] : ['python3', 'python']) {
    try {
      await run(candidate, ['-c', 'import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)']);
      return candidate;
    } catch {
      // Not there, or too old.
    }
  }
  throw new Error('there is no Python of 3.10 or newer on this machine');
}

async function install(folder: string, requirement: string, done: string): Promise<void> {
  console.error(`  installing ${requirement} from PyPI`);
  // What a run that was cut short has left cannot be trusted.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run(await findPython(), ['-m', 'venv', folder], { timeout: patienceMs });
  await run(inside(folder, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement], {
    timeout: patienceMs,
  });
  await writeFile(done, requirement);
}

const inside = (folder: string, name: string) => join(folder, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);

/** Throws when it cannot be installed, with the reason. */
export async function pythonClient(name: string, version: string): Promise<PythonClient> {
  const folder = join(cache, 'python', `${name}-${version}`);
  const done = join(folder, '.installed');
  await withLock(`python-${name}-${version}`, async () => {
    if (!existsSync(done)) await install(folder, `${name}==${version}`, done);
  });
  return { python: inside(folder, 'python'), script: (script) => inside(folder, script) };
}

/** Nothing of the developer's own settings: a real key must never reach a test. */
export function pythonEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', SYSTEMROOT = '' } = process.env;
  return { PATH, SYSTEMROOT, PYTHONUTF8: '1', ...env };
}

/** Runs a command of a client to its end; a bad end is an answer, not an error. */
export function runPython(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<PythonOutput> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      [...args],
      { env: pythonEnvironment(env), timeout: 120_000, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 });
      },
    );
    child.stdin?.end();
  });
}
