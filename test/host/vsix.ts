// The VSIX that people install: what the package checks, the extension host and the workbench all test.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { bin, root } from './paths.ts';

export interface BuiltExtension {
  readonly vsix: string;
  /** Bytes of code that are read before activate() can run. */
  readonly activationBytes: number;
}

/** Where a test that is run by the runner finds what was built for all of them. */
const builtVariable = 'GPU_RENTAL_TEST_BUILD';

function runOrThrow(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  return stdout;
}

/** Builds for production and packages into `folder`. */
export async function buildExtension(folder: string): Promise<BuiltExtension> {
  const vsix = join(folder, 'gpu-rental.vsix');
  return await withLock('dist', async () => {
    const meta = runOrThrow(process.execPath, ['esbuild.mjs', '--production', '--meta']);
    runOrThrow(join(bin, 'vsce'), ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix]);
    const { activationBytes }: { activationBytes: number } = JSON.parse(meta);
    return { vsix, activationBytes };
  });
}

export function handOverBuild(built: BuiltExtension): Record<string, string> {
  return { [builtVariable]: JSON.stringify(built) };
}

/** What the runner built, or a build of one's own when a suite is run alone. */
export async function builtExtension(folder: string): Promise<BuiltExtension> {
  const handed = process.env[builtVariable];
  return handed === undefined ? await buildExtension(folder) : JSON.parse(handed);
}

export function readVsix({ vsix }: BuiltExtension): Buffer {
  return readFileSync(vsix);
}
