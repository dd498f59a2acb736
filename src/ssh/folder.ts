/** Our own folder for everything SSH, closed to other users of the computer. */
import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, win32 } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../domain/ports.ts';
import { childEnvironment } from './childEnvironment.ts';
import { messageOf } from './files.ts';

export interface Layout {
  readonly folder: string;
  readonly key: string;
  readonly hostFile: string;
  readonly hostKeys: string;
  /** Stays empty: named as the global known-hosts file, so that the computer's own never counts. */
  readonly noHostKeys: string;
}

export const layoutOf = (folder: string): Layout => ({
  folder,
  key: join(folder, 'id_ed25519'),
  hostFile: join(folder, 'config'),
  hostKeys: join(folder, 'known_hosts'),
  noHostKeys: join(folder, 'no_known_hosts'),
});

export type RunTool = (file: string, args: readonly string[]) => Promise<unknown>;
const runTool: RunTool = (file, args) => promisify(execFile)(file, [...args], { env: childEnvironment(), windowsHide: true });

export async function prepareFolder(
  layout: Layout,
  log: Pick<Log, 'warn'>,
  platform: NodeJS.Platform = process.platform,
  run: RunTool = runTool,
): Promise<void> {
  await mkdir(layout.hostKeys, { recursive: true, mode: 0o700 });
  if (platform !== 'win32') {
    for (const folder of [layout.folder, layout.hostKeys]) await chmod(folder, 0o700);
    return;
  }
  // A user's own folders are closed from the start, and ssh checks for itself: worth trying, not worth failing.
  await run(icacls(), onlyOwner(layout.folder, windowsUser())).catch((error: unknown) =>
    log.warn(`The access list of ${layout.folder} could not be set: ${messageOf(error)}`),
  );
}

/** By its full path: Windows would run a file of that name from the current folder first. */
const icacls = (): string => win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'icacls.exe');

/**
 * OpenSSH for Windows refuses keys and configurations others may write, and a mode means nothing
 * there. Files inherit from the folder. System and Administrators by SID: their names are translated.
 */
export const onlyOwner = (folder: string, user: string): readonly string[] => [
  folder, '/inheritance:r', '/grant:r',
  `${user}:(OI)(CI)F`, '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F',
];

function windowsUser(): string {
  const domain = process.env['USERDOMAIN'];
  const name = userInfo().username;
  return domain === undefined ? name : `${domain}\\${name}`;
}
