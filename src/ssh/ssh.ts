/** Everything SSH behind one port: our key, our host file, pinned host keys and the way in. */
import { isRentError, RentError } from '../domain/errors.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { PinnedBy, ReachOptions, Ssh, SshHost } from '../domain/ssh.ts';
import { shellQuote } from '../scripts/shellQuote.ts';
import type { ConnectOptions } from './connect.ts';
import type { SshConnection } from './connection.ts';
import type { Difference, EffectiveQuery } from './effective.ts';
import { messageOf } from './files.ts';
import { layoutOf, prepareFolder } from './folder.ts';
import { checkedAlias, configPath } from './grammar.ts';
import { hostOptions } from './hostBlock.ts';
import { createHostFile } from './hostFile.ts';
import { ownKey } from './keys.ts';
import { createKnownHosts } from './knownHosts.ts';

export interface SshParts {
  /** Our own folder; made when it is first needed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Short name of this installation, for the key's comment. */
  readonly install?: string;
  /** Where work best happens on a machine, best first; its home folder comes last by itself. */
  readonly workFolders?: readonly string[];
}

export interface SshDoor extends Ssh {
  connect(options: ConnectOptions): Promise<SshConnection>;
  /** Which options ssh would take differently from what `host` needs; empty when all is well. */
  checkEffective(host: SshHost, query?: Omit<EffectiveQuery, 'alias'>): Promise<readonly Difference[]>;
  aliases(): Promise<readonly string[]>;
  /** How the machine's host key came to be trusted; undefined while none is pinned. */
  readonly pinnedBy: (alias: string) => Promise<PinnedBy | undefined>;
}

export function createSsh({ folder, clock, log, install, workFolders = ['/workspace'] }: SshParts): SshDoor {
  const layout = layoutOf(folder);
  const knownHosts = createKnownHosts(layout.hostKeys);
  const hosts = createHostFile(layout);
  const prepared = once(() => inConfigError(() => prepareFolder(layout, log)));
  const comment = install === undefined ? 'gpu-rental' : `gpu-rental-${install}`;
  const key = once(async () => {
    await prepared();
    return inConfigError(() => ownKey(layout.key, comment));
  });
  const optionsOf = (host: SshHost) =>
    hostOptions(host, { ...layout, knownHosts: knownHosts.fileOf(host.alias) });

  return {
    hostFile: layout.hostFile,
    publicKey: async () => (await key()).publicLine,
    reach: async (options: ReachOptions) =>
      (await import('./reach.ts')).reach(options, { clock, log, key: await key(), knownHosts, folders: workFolders }),
    async writeHost(host) {
      const options = optionsOf(host);
      await key(); // the block names it
      await inConfigError(() => hosts.write(host, options));
      return layout.hostFile;
    },
    async removeHost(alias) {
      await prepared();
      await inConfigError(() => hosts.remove(alias));
      await knownHosts.forget(alias);
    },
    forgetHostKey: (alias) => knownHosts.retire(alias),
    connect: async (options) => (await import('./connect.ts')).connect(options, { key: await key(), knownHosts, clock }),
    checkEffective: async (host, query = {}) => (await import('./effective.ts')).checkEffective({ ...query, alias: host.alias }, optionsOf(host)),
    aliases: () => hosts.aliases(),
    pinnedBy: async (alias) => (await knownHosts.pinned(alias))?.by,
  };
}

/** Needs nothing of the user's configuration. Double quotes suit every shell; POSIX ones act on a few signs in them. */
export function sshCommand(alias: string, hostFile: string, platform: NodeJS.Platform = process.platform): string {
  const path = configPath(hostFile, platform);
  const quoted = platform !== 'win32' && /[$`!]/.test(path) ? shellQuote(path) : `"${path}"`;
  return `ssh -F ${quoted} ${checkedAlias(alias)}`;
}

/** Remembers success; a failure is tried again by the next caller. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

async function inConfigError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isRentError(error)) throw error;
    throw new RentError('sshConfig', { detail: messageOf(error), cause: error });
  }
}
