/**
 * Pinned host keys, one file per machine in OpenSSH's format, so that ssh itself holds a machine
 * to the same key. A pin belongs to the alias, never to an address: providers reuse addresses.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RentError } from '../domain/errors.ts';
import type { PinnedBy } from '../domain/ssh.ts';
import { createOnce, readIfThere, writeAtomic } from './files.ts';
import { checkedAlias } from './grammar.ts';

/** `ssh-ed25519 AAAA…`: type and base64 of the key blob. */
export type HostKey = string;

const keyShape = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}$/;

/** A key blob begins with its type: a length in four bytes, then the name. */
export function hostKeyOf(blob: Buffer): HostKey {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  return `${blob.toString('latin1', 4, 4 + Math.min(length, 64))} ${blob.toString('base64')}`;
}

export const hostKeyType = (key: HostKey): string => key.slice(0, key.indexOf(' '));

/** As ssh-keygen -l prints it. */
export function fingerprint(key: HostKey): string {
  const blob = Buffer.from(key.slice(key.indexOf(' ') + 1), 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

export interface Pin {
  readonly key: HostKey;
  readonly by: PinnedBy;
}

export interface KnownHosts {
  fileOf(alias: string): string;
  pinned(alias: string): Promise<Pin | undefined>;
  pinOf(alias: string): Promise<HostKey | undefined>;
  /** `other` when a different key was pinned meanwhile; the pin stays as it was. */
  pin(alias: string, key: HostKey, by?: PinnedBy): Promise<'pinned' | 'same' | 'other'>;
  /** Our own restart makes a new key legitimate: the pin goes, and is remembered as one of the past. */
  retire(alias: string): Promise<void>;
  /** Fingerprints of the keys that were retired. */
  past(alias: string): Promise<ReadonlySet<string>>;
  forget(alias: string): Promise<void>;
}

/** Stands behind the key, where ssh reads a comment; a pin without it came with first use. */
const fromLog = ' named-in-log';

/** The folder must be there. */
export function createKnownHosts(folder: string): KnownHosts {
  const fileOf = (alias: string) => join(folder, checkedAlias(alias));

  // No alias holds a dot.
  const pastOf = (alias: string) => `${fileOf(alias)}.past`;

  async function pinned(alias: string): Promise<Pin | undefined> {
    const content = await readIfThere(fileOf(alias));
    if (!content) return undefined;
    const line = content.toString('utf8');
    const by = line.endsWith(`${fromLog}\n`) ? 'log' : 'firstUse';
    const key = line.slice(alias.length + 1, -1 - (by === 'log' ? fromLog.length : 0));
    // Reading a damaged pin as none would let any machine take its place.
    if (line !== lineOf(alias, { key, by }) || !keyShape.test(key))
      throw new RentError('sshConfig', { detail: `the pinned host key in ${fileOf(alias)} is damaged` });
    return { key, by };
  }

  const pinOf = async (alias: string) => (await pinned(alias))?.key;

  async function past(alias: string): Promise<Set<string>> {
    const content = (await readIfThere(pastOf(alias)))?.toString('utf8') ?? '';
    return new Set(content.split('\n').filter((line) => line !== ''));
  }

  return {
    fileOf,
    pinned,
    pinOf,
    past,
    async pin(alias, key, by = 'firstUse') {
      if (!keyShape.test(key)) throw new RentError('sshUnreachable', { detail: 'the host key has no readable type' });
      for (;;) {
        if (await createOnce(fileOf(alias), lineOf(alias, { key, by }))) return 'pinned';
        const kept = await pinOf(alias);
        if (kept !== undefined) return kept === key ? 'same' : 'other';
      }
    },
    async retire(alias) {
      // A damaged pin is no key of the past, and no longer in the way.
      const key = await pinOf(alias).catch(() => undefined);
      if (key !== undefined) await writeAtomic(pastOf(alias), [...(await past(alias)).add(fingerprint(key)), ''].join('\n'));
      await rm(fileOf(alias), { force: true });
    },
    async forget(alias) {
      await rm(fileOf(alias), { force: true });
      await rm(pastOf(alias), { force: true });
    },
  };
}

const lineOf = (alias: string, { key, by }: Pin): string => `${alias} ${key}${by === 'log' ? fromLog : ''}\n`;
