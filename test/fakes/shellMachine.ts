/** A machine whose home and work folder lie in a folder here, and whose scripts are run for real by a shell of choice. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RentError } from '../../src/domain/errors.ts';
import type { MachineLink, MachineLinks, RemoteProcess, RunOptions, RunResult } from '../../src/domain/machineLink.ts';
import { findTool } from './tools.ts';

const kinds: Readonly<Record<string, readonly string[]>> = { dash: ['dash'], busybox: ['busybox', 'sh'], bash: ['bash'] };

/** Those of them that this computer has. */
export const shells: readonly string[] = Object.entries(kinds).flatMap(([name, [file = '', ...args]]) =>
  spawnSync(file, [...args, '-c', 'exit 0']).status === 0 ? [name] : []);

export class ShellMachine {
  readonly folder: string;
  readonly home: string;
  readonly work: string;
  readonly scripts: string[] = [];
  readonly env: NodeJS.ProcessEnv;
  /** The line is gone: nothing is answered. */
  lost = false;
  /** Never answers, whatever is asked. */
  mute = false;
  readonly #shell: readonly string[];

  constructor(folder: string, shell = 'dash') {
    this.folder = folder;
    this.home = join(folder, 'root');
    this.work = join(folder, 'workspace');
    // Found by our own path: a machine's may lack it.
    const [file = 'sh', ...args] = kinds[shell] ?? [];
    this.#shell = [findTool(file) ?? file, ...args];
    for (const each of [this.home, this.work, join(folder, 'tmp')]) mkdirSync(each, { recursive: true });
    this.env = { PATH: process.env['PATH'], HOME: this.home, TMPDIR: join(folder, 'tmp'), GPU_RENTAL_PRACTICE_POD: folder };
  }

  get links(): MachineLinks {
    return { of: () => this.link };
  }

  get link(): MachineLink {
    return { alias: 'gpu-rental-abcdef-01', run: (script: string, options?: RunOptions) => this.run(script, options), start: (command: string) => this.start(command) } as unknown as MachineLink;
  }

  async run(script: string, { input, signal }: RunOptions = {}): Promise<RunResult> {
    this.scripts.push(script);
    await this.#reach(signal);
    const [file = '', ...args] = this.#shell;
    const child = spawn(file, [...args, '-c', script], { cwd: this.home, env: this.env, ...(signal === undefined ? {} : { signal }) });
    child.stdin.on('error', () => undefined).end(input);
    const [stdout, stderr, code] = await Promise.all([all(child.stdout), all(child.stderr), ended(child)]);
    return { stdout, stderr, code };
  }

  /** The words stand in the place of a login shell's; `sh` is the shell of choice. */
  async start(command: string): Promise<RemoteProcess> {
    await this.#reach(undefined);
    const [file = '', ...args] = this.#shell;
    const child = spawn(file, [...args, '-c', command], { cwd: this.home, env: this.env });
    child.stdin.on('error', () => undefined);
    return {
      write: (chunk) => new Promise((resolve) => void child.stdin.write(chunk, () => resolve())),
      end: () => void child.stdin.end(),
      stdout: child.stdout,
      stderr: child.stderr,
      exit: ended(child),
      kill: () => void child.kill('SIGHUP'),
    };
  }

  async #reach(signal: AbortSignal | undefined): Promise<void> {
    if (this.lost) throw new RentError('sshUnreachable', { detail: 'the connection was lost' });
    if (this.mute) await new Promise((_, reject) => void signal?.addEventListener('abort', () => reject(signal.reason)));
  }
}

async function all(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const ended = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((resolve, reject) => void child.once('error', reject).once('close', (code) => resolve(code)));
