// A complete VS Code server from npm, built once into the cache (some four minutes, 620 MB).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureDebianPackages, onDebian } from './debian.ts';
import { leash } from './leash.ts';
import { withLock } from './lock.ts';
import { bin, cache } from './paths.ts';

const version = '4.139.1';
const home = join(cache, 'code-server');
const packageFolder = join(home, 'node_modules', 'code-server');
const buildPackages = ['python3', 'make', 'g++', 'pkg-config', 'libkrb5-dev', 'libsecret-1-dev'];

export interface CodeServer {
  /** The command a person would run. */
  readonly command: string;
  /** The VS Code server inside, which takes flags the command refuses. */
  readonly server: string;
}

const found: CodeServer = {
  command: join(packageFolder, 'out', 'node', 'entry.js'),
  server: join(packageFolder, 'lib', 'vscode', 'out', 'server-main.js'),
};

function isComplete(): boolean {
  // Its install script ends with npm in this folder, and npm writes this file last.
  if (!existsSync(join(packageFolder, 'lib', 'vscode', 'extensions', 'node_modules', '.package-lock.json'))) return false;
  const manifest: { version?: string } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  return manifest.version === version;
}

/** undefined, with the reason on standard error, when it cannot be had. */
export async function ensureCodeServer(purpose: string): Promise<CodeServer | undefined> {
  if (isComplete()) return found;
  return await withLock('code-server', async () => {
    if (isComplete()) return found;
    if (process.platform === 'win32') {
      console.error(`${purpose} is skipped: code-server does not install on Windows.`);
      return undefined;
    }
    if (onDebian() && !ensureDebianPackages(buildPackages, purpose)) return undefined;
    if (await install()) return found;
    console.error(`${purpose} is skipped: code-server did not install. What npm said is in ${join(home, 'install.log')}`);
    return undefined;
  });
}

async function install(): Promise<boolean> {
  mkdirSync(home, { recursive: true });
  const node = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  writeFileSync(join(home, 'package.json'), JSON.stringify({
    private: true,
    // The headers to build against must be those of the Node that runs it; this package carries both.
    dependencies: { 'code-server': version, [node]: process.versions.node },
    allowScripts: { 'code-server': true, argon2: true },
  }));
  const started = Date.now();
  const minutes = (): string => ((Date.now() - started) / 60_000).toFixed(1);
  console.error(`Building code-server ${version}, once (some four minutes).`);
  const progress = setInterval(() => console.error(`… still building code-server, ${minutes()} min`), 60_000);
  // Tests run beside it, some of them against the clock.
  const [command, ...polite] = process.platform === 'win32' ? ['npm'] as const : ['nice', '-n', '10', 'npm'] as const;
  const npm = leash(command, [...polite, 'install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'warn'], {
    cwd: home,
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      // A machine-wide npm setting may point at the headers of another Node.
      npm_config_nodedir: join(home, 'node_modules', node),
      // code-server reads the version of Node from it, and an npm around us may have been started by another Node.
      npm_config_user_agent: undefined,
    },
  });
  const code = await npm.exited;
  clearInterval(progress);
  writeFileSync(join(home, 'install.log'), npm.output());
  return code === 0 && isComplete();
}
