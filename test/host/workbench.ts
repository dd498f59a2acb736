// The two ways to start a real VS Code that is drawn in a browser.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeServer } from './codeServer.ts';
import { leash, type Leashed } from './leash.ts';
import { until } from './until.ts';

export interface Served extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly server: Leashed;
}

/** Nothing that asks, tells or fetches on its own. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
};

export function writeSettings(userData: string, settings: Readonly<Record<string, unknown>> = {}): void {
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/** Without the marks by which a terminal inside VS Code would send commands to that window instead. */
function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VSCODE_|CODE_SERVER_|ELECTRON_|PORT$|PASSWORD$)/.test(name)));
}

export interface WorkbenchOptions {
  readonly data: string;
  readonly vsix: string;
  /** Further VSIX files. */
  readonly others?: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** VS Code as a person sees it, with the packaged extension installed. */
export async function serveWorkbench({ command }: CodeServer, options: WorkbenchOptions): Promise<Served> {
  const { data, vsix, others = [], folder, settings } = options;
  const env = cleanEnvironment({ ...process.env, ...options.env });
  writeSettings(data, settings);
  const config = join(data, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  const common = [command, '--config', config, '--user-data-dir', data, '--extensions-dir', join(data, 'extensions')];
  const install = [vsix, ...others].flatMap((path) => ['--install-extension', path]);
  const installed = spawnSync(process.execPath, [...common, ...install], { env, encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`code-server did not install ${vsix}:\n${installed.stdout}${installed.stderr}`);
  const server = leash(process.execPath, [
    ...common, '--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check',
    '--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened',
  ], { env });
  const [, port] = await until('code-server to listen', () => server.said(/listening on http:\/\/127\.0\.0\.1:(\d+)/), { detail: server.tail });
  const host = `127.0.0.1:${port}`;
  return { url: `http://${host}/?folder=${encodeURIComponent(folder)}`, host, server, [Symbol.asyncDispose]: server.end };
}

export interface TestHostOptions {
  readonly data: string;
  readonly folder: string;
  /** Absolute paths: the extension's folder and the module whose `run` starts mocha. */
  readonly extension: string;
  readonly tests: string;
  readonly env: NodeJS.ProcessEnv;
}

/** VS Code with its smoke-test driver on, without which a built one ignores the tests it is given. */
export async function serveTestHost({ server: script }: CodeServer, options: TestHostOptions): Promise<Served> {
  const { data, folder, extension, tests } = options;
  writeSettings(data);
  const server = leash(process.execPath, [
    script, '--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms',
    '--enable-smoke-test-driver', '--disable-telemetry', '--disable-workspace-trust',
    '--server-data-dir', data, '--user-data-dir', data, '--extensions-dir', join(data, 'extensions'),
  ], { env: cleanEnvironment({ ...process.env, ...options.env }) });
  const [, port] = await until('the VS Code server to listen', () => server.said(/agent listening on (\d+)/), { detail: server.tail });
  const host = `127.0.0.1:${port}`;
  const remote = (path: string): string => `vscode-remote://${host}${path}`;
  const payload = JSON.stringify([['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(tests)]]);
  const query = new URLSearchParams({ folder, payload });
  return { url: `http://${host}/?${query}`, host, server, [Symbol.asyncDispose]: server.end };
}
