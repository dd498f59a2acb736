// Mocha inside a real extension host: in the VS Code server drawn by a browser, and in a desktop VS Code where
// one can be had. Both run the extension as it is packaged.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { grepVariable, outputVariable } from '../vscode/run.ts';
import { type BrowserParts, launchChromium } from './browser.ts';
import { marketEnvironment, marketExists, startMarketProcess } from './market.ts';
import { cache, root } from './paths.ts';
import { type Tally, tallyVariable } from './tally.ts';
import { temporaryFolder } from './temporary.ts';
import { until } from './until.ts';
import { type BuiltExtension, readVsix } from './vsix.ts';
import { serveTestHost } from './workbench.ts';
import { readZip, unpack } from './zip.ts';

/** Where to run: the parts of a workbench in a browser, or the path of a desktop application. */
export type Host = BrowserParts | string;

interface Prepared {
  readonly data: string;
  readonly folder: string;
  readonly extension: string;
  readonly tests: string;
  readonly env: Record<string, string>;
}

/** Every suite becomes a CommonJS file of its own, the kind VS Code's test loader takes. */
async function bundleSuites(into: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/run.ts', ...globSync('test/vscode/**/*.test.ts', { cwd: root })]
      .map((path) => ({ in: path, out: basename(path, '.ts') })),
    outdir: into,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    sourcemap: 'inline',
    packages: 'external',
    define: { 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
}

/** Resolves with mocha's sums. What mocha says appears on standard output as it is said. */
export async function testInHost(host: Host, built: BuiltExtension, grep = ''): Promise<Tally> {
  await using temporary = await temporaryFolder('host');
  // Inside the project, so that the suites find their packages.
  const suites = join(cache, basename(temporary.path));
  try {
    await bundleSuites(suites);
    const folder = join(temporary.path, 'workspace');
    const home = join(temporary.path, 'home');
    const extension = join(temporary.path, 'extension');
    for (const path of [folder, home]) mkdirSync(path);
    unpack(readZip(readVsix(built)), 'extension/', extension);
    await using market = marketExists() ? await startMarketProcess(['--boot-scale', '0.2']) : undefined;
    const output = join(temporary.path, 'output');
    const tally = join(temporary.path, 'tally');
    const env = {
      ...(market ? marketEnvironment(market.endpoints, home) : { GPU_RENTAL_HOME: home }),
      [outputVariable]: output,
      [tallyVariable]: tally,
      [grepVariable]: grep,
    };
    const prepared = { data: join(temporary.path, 'data'), folder, extension, tests: join(suites, 'run.cjs'), env };
    const stopFollowing = follow(output);
    try {
      await (typeof host === 'string' ? inDesktop(host, prepared) : inBrowser(host, prepared, tally));
    } finally {
      stopFollowing();
    }
    if (!existsSync(tally)) throw new Error('The extension host ended without a result.');
    return JSON.parse(readFileSync(tally, 'utf8'));
  } finally {
    rmSync(suites, { recursive: true, force: true });
  }
}

async function inBrowser({ server, chromium }: BrowserParts, prepared: Prepared, tally: string): Promise<void> {
  await using served = await serveTestHost(server, prepared);
  await using browser = await launchChromium(chromium);
  const page = await browser.newPage();
  await page.goto(served.url);
  await until('mocha in the extension host to finish', () => {
    served.server.said(/^/);
    return existsSync(tally);
  }, { seconds: 900, detail: served.server.tail });
}

async function inDesktop(vscodeExecutablePath: string, { data, folder, extension, tests, env }: Prepared): Promise<void> {
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: extension,
    extensionTestsPath: tests,
    extensionTestsEnv: env,
    launchArgs: [
      folder, '--user-data-dir', data, '--extensions-dir', join(data, 'extensions'), '--disable-workspace-trust',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    // A failed test rejects as well, and it has left its sums; whoever reads them decides.
  }).catch((error: unknown) => console.error(String(error)));
}

/** Copies what is appended to the file to standard output; the returned function copies the rest and stops. */
function follow(path: string): () => void {
  let shown = 0;
  const show = (): void => {
    if (!existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
  };
  const timer = setInterval(show, 250);
  return () => {
    clearInterval(timer);
    show();
  };
}
