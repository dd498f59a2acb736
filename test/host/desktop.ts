// A desktop VS Code: the one people use, where there is one, or the download @vscode/test-electron makes.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { findExecutable } from './executable.ts';
import { cache } from './paths.ts';

const commands = [
  'code', 'codium', 'code-insiders',
  '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
  '/Applications/VSCodium.app/Contents/Resources/app/bin/codium',
];

export interface Desktop {
  /** The command-line program. */
  readonly command: string;
  /** The application itself. */
  readonly executable: string;
}

/** Electron draws; on Linux it needs somebody to draw for. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

export function findDesktop(): Desktop | undefined {
  // In a terminal of a remote window `code` is a messenger, not the application.
  if (!hasDisplay() || process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const command = findExecutable(commands);
  const executable = command && applicationOf(realpathSync(command));
  return command && executable ? { command, executable } : undefined;
}

/** From …/bin/code to the program it starts; undefined where it is laid out in no known way. */
export function applicationOf(command: string): string | undefined {
  const bin = dirname(command);
  const name = basename(command).replace(/\.cmd$/, '');
  const capital = name === 'codium' ? 'VSCodium' : name === 'code-insiders' ? 'Code - Insiders' : 'Code';
  return [
    join(bin, '..', name),
    join(bin, '..', `${capital}.exe`),
    join(bin, '..', '..', '..', 'MacOS', 'Electron'),
    join(bin, '..', '..', '..', 'MacOS', capital),
  ].find((path) => existsSync(path));
}

/** The application to run tests in; undefined when there is none and none can be fetched in reasonable time. */
export async function desktopForTests(version: string): Promise<string | undefined> {
  const installed = findDesktop();
  if (installed) return installed.executable;
  if (!hasDisplay()) return undefined;
  const download = downloadAndUnzipVSCode({ version, cachePath: join(cache, 'vscode-desktop'), timeout: 10_000, reporter: new SilentReporter() });
  const giveUp = new AbortController();
  try {
    return await Promise.race([download, pause(180_000, undefined, { signal: giveUp.signal })]);
  } catch {
    return undefined;
  } finally {
    giveUp.abort();
  }
}
