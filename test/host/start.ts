// `npm start`: the practice market and a real VS Code with the packaged extension, signed in to it. Flags that are
// not of this command go to the market, so `npm start -- --clock-rate 60` bills an hour a minute.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCodeServer } from './codeServer.ts';
import { type Desktop, findDesktop } from './desktop.ts';
import { findExecutable } from './executable.ts';
import { leash } from './leash.ts';
import { type MarketEndpoints, marketEnvironment, startMarketProcess } from './market.ts';
import { cache } from './paths.ts';
import { writeSampleWorkspace } from './sampleWorkspace.ts';
import { temporaryFolder } from './temporary.ts';
import { buildExtension } from './vsix.ts';
import { serveWorkbench, type WorkbenchOptions, writeSettings } from './workbench.ts';

const ownFlags = ['--browser', '--no-open', '--json'] as const;

function tell(market: MarketEndpoints, what: string): void {
  console.error([
    '',
    what,
    `The practice market's own account of what was rented: ${market.ledger.url}`,
    'No real money is spent. Ctrl-C ends everything.',
  ].join('\n'));
}

function openInBrowser(url: string): void {
  const opener = findExecutable(process.platform === 'darwin' ? ['open'] : ['xdg-open']);
  if (opener && process.getuid?.() !== 0) spawn(opener, [url], { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}

/** Resolves when the window is closed. */
async function runDesktop({ command, executable }: Desktop, { data, vsix, folder, env }: WorkbenchOptions, stack: AsyncDisposableStack): Promise<void> {
  writeSettings(data);
  const common = ['--user-data-dir', data, '--extensions-dir', join(data, 'extensions')];
  const shell = process.platform === 'win32';
  const installed = spawnSync(command, [...common, '--install-extension', vsix, '--force'], { encoding: 'utf8', shell });
  if (installed.status !== 0) throw new Error(`${command} did not install the extension:\n${installed.stdout}${installed.stderr}`);
  const code = leash(executable, [...common, '--disable-workspace-trust', folder], { env: { ...process.env, ...env } });
  stack.use(code);
  await code.exited;
}

/** Starts everything, hands it to the stack, and resolves when the workbench is gone by itself. */
async function serve(argv: readonly string[], stack: AsyncDisposableStack): Promise<number> {
  const [insist, noOpen, json] = ownFlags.map((flag) => argv.includes(flag));
  const desktop = insist || noOpen || json ? undefined : findDesktop();
  const server = desktop ? undefined : await ensureCodeServer('VS Code in a browser');
  if (!desktop && !server) throw new Error('There is no desktop VS Code and code-server cannot be had.');

  const temporary = stack.use(await temporaryFolder('start'));
  const [folder, home] = [join(temporary.path, 'workspace'), join(temporary.path, 'home')];
  mkdirSync(home);
  writeSampleWorkspace(folder);
  console.error('Building the extension.');
  const { vsix } = await buildExtension(temporary.path);
  const marketArguments = argv.filter((argument) => !ownFlags.some((flag) => flag === argument));
  const { endpoints } = stack.use(await startMarketProcess(marketArguments));
  const options = { vsix, folder, env: marketEnvironment(endpoints, home) };

  if (desktop) {
    tell(endpoints, `VS Code opens ${folder}`);
    await runDesktop(desktop, { ...options, data: join(cache, 'desktop-profile') }, stack);
  } else if (server) {
    const served = stack.use(await serveWorkbench(server, { ...options, data: join(temporary.path, 'data') }));
    if (json) console.log(JSON.stringify({ workbench: served.url, market: endpoints }));
    tell(endpoints, `Open ${served.url}`);
    if (!noOpen) openInBrowser(served.url);
    await served.server.exited;
    throw new Error(`The VS Code server ended:\n${served.server.tail()}`);
  }
  return 0;
}

export async function main(argv: readonly string[]): Promise<number> {
  const ended = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(0));
  });
  await using stack = new AsyncDisposableStack();
  return await Promise.race([ended, serve(argv, stack)]).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    if (argv.includes('--json')) console.log(JSON.stringify({ error: { code: 'start', message } }));
    return 1;
  });
}
