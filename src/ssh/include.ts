/** Puts our Include into the user's own SSH configuration, which is theirs: edited only when needed, never torn. */
import { access, constants, lstat, mkdir, readlink, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RentError } from '../domain/errors.ts';
import { errorCode, type FileLook, messageOf, readIfThere, writeAtomic } from './files.ts';
import { includeLine, withInclude, withoutInclude } from './includeText.ts';
import { withLock } from './lock.ts';

export interface UserConfig {
  /** `~/.ssh/config`, or what remote.SSH.configFile names. */
  readonly userConfig: string;
  readonly hostFile: string;
}

/** Throws `sshConfig`; its detail names the line to add by hand where we may not write. */
export async function connectUserConfig({ userConfig, hostFile }: UserConfig): Promise<'added' | 'present'> {
  const line = includeLine(hostFile);
  const changed = await edit(userConfig, hostFile, (text) => withInclude(text, line), `add at its top: ${line}`);
  return changed ? 'added' : 'present';
}

export async function removeInclude({ userConfig, hostFile }: UserConfig): Promise<'removed' | 'absent'> {
  const line = includeLine(hostFile);
  const changed = await edit(userConfig, hostFile, withoutInclude, `remove: ${line}`);
  return changed ? 'removed' : 'absent';
}

async function edit(
  userConfig: string,
  hostFile: string,
  change: (text: string) => string | undefined,
  byHand: string,
): Promise<boolean> {
  try {
    const target = await linkTarget(userConfig);
    const wanted = async () => change((await readIfThere(target))?.toString('latin1') ?? '');
    if ((await wanted()) === undefined) return false; // the usual case needs no lock
    await mkdir(dirname(hostFile), { recursive: true, mode: 0o700 });
    return await withLock(`${hostFile}.include.lock`, async () => {
      const after = await wanted();
      if (after === undefined) return false;
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeAtomic(target, Buffer.from(after, 'latin1'), await lookOf(target));
      return true;
    });
  } catch (error) {
    const why = error instanceof RentError ? error.detail : messageOf(error);
    throw new RentError('sshConfig', { detail: `${userConfig}: ${why}; ${byHand}`, cause: error });
  }
}

/** A link stays a link: dotfile managers keep the real file elsewhere. It may point to nothing yet. */
async function linkTarget(path: string): Promise<string> {
  let target = path;
  for (let hops = 0; hops < 32; hops++) {
    const seen = await lstat(target).catch(() => undefined);
    if (!seen?.isSymbolicLink()) return target;
    target = resolve(dirname(target), await readlink(target));
  }
  throw new Error('the symbolic links go round in a circle');
}

/** A rename would get past a write-protected file, so protection is looked for first. */
async function lookOf(target: string): Promise<FileLook> {
  try {
    const { mode, uid, gid } = await stat(target);
    await access(target, constants.W_OK);
    if ((mode & 0o200) === 0) throw new Error('it is write-protected');
    return process.platform === 'win32' ? { mode } : { mode: mode & 0o7777, owner: { uid, gid } };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { mode: 0o600 };
    throw error;
  }
}
