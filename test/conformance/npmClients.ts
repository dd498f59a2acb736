// Installs a vendor's own npm client, at a pinned version, into the ignored
// cache: it is what the market is tried with, and no part of the product.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { withLock } from '../host/lock.ts';
import { cache } from '../host/paths.ts';

const run = promisify(execFile);
const folder = join(cache, 'npm-clients');

export interface NpmClients {
  /** The path of a file in an installed package. */
  file(name: string, path: string): string;
  /** An installed package's entry, imported. */
  load(specifier: string): Promise<Readonly<Record<string, unknown>>>;
}

async function installedVersion(name: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string' ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}

async function install(wanted: Readonly<Record<string, string>>): Promise<void> {
  const versions = await Promise.all(Object.keys(wanted).map(installedVersion));
  if (Object.values(wanted).every((version, index) => versions[index] === version)) return;
  const packages = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
  console.error(`  installing ${packages.join(', ')} from npm`);
  await mkdir(folder, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--prefix', folder, ...options, ...packages], { cwd: folder, shell: process.platform === 'win32', timeout: 300_000 });
}

/** Throws when they cannot be installed, with npm's own words. */
export async function npmClients(wanted: Readonly<Record<string, string>>): Promise<NpmClients> {
  await withLock('npm-clients', () => install(wanted));
  const require = createRequire(join(folder, 'package.json'));
  return {
    file: (name, path) => join(folder, 'node_modules', name, path),
    load: (specifier) => import(pathToFileURL(require.resolve(specifier)).href),
  };
}
