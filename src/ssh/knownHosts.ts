/**
 * Pinned host keys, one file per machine in OpenSSH's format, so that ssh itself holds a machine
 * to the same key. A pin belongs to the alias, never to an address: providers reuse addresses.
 */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RentError } from '../domain/errors.ts';
import { createOnce, readIfThere } from './files.ts';
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

export interface KnownHosts {
  fileOf(alias: string): string;
  pinOf(alias: string): Promise<HostKey | undefined>;
  /** `other` when a different key was pinned meanwhile; the pin stays as it was. */
  pin(alias: string, key: HostKey): Promise<'pinned' | 'same' | 'other'>;
  forget(alias: string): Promise<void>;
}

/** The folder must be there. */
export function createKnownHosts(folder: string): KnownHosts {
  const fileOf = (alias: string) => join(folder, checkedAlias(alias));

  async function pinOf(alias: string): Promise<HostKey | undefined> {
    const content = await readIfThere(fileOf(alias));
    if (!content) return undefined;
    const line = content.toString('utf8');
    const key = line.slice(alias.length + 1, -1);
    // Reading a damaged pin as none would let any machine take its place.
    if (line !== `${alias} ${key}\n` || !keyShape.test(key))
      throw new RentError('sshConfig', { detail: `the pinned host key in ${fileOf(alias)} is damaged` });
    return key;
  }

  return {
    fileOf,
    pinOf,
    async pin(alias, key) {
      if (!keyShape.test(key)) throw new RentError('sshUnreachable', { detail: 'the host key has no readable type' });
      for (;;) {
        if (await createOnce(fileOf(alias), `${alias} ${key}\n`)) return 'pinned';
        const kept = await pinOf(alias);
        if (kept !== undefined) return kept === key ? 'same' : 'other';
      }
    },
    forget: async (alias) => rm(fileOf(alias), { force: true }),
  };
}
