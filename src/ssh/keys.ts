/**
 * The one key of this installation. It is made once and never replaced: rented machines know only
 * this key, so an unreadable one is the person's to repair, not ours to overwrite.
 */
import { chmod, stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { RentError } from '../domain/errors.ts';
import { createOnce, readIfThere } from './files.ts';
import { loadSsh2 } from './library.ts';

export interface OwnKey {
  /** PEM in OpenSSH's own format. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment`. */
  readonly publicLine: string;
}

/** The folder must be there. */
export async function ownKey(path: string, comment: string): Promise<OwnKey> {
  const kept = await readIfThere(path);
  if (kept) return keptKey(path, kept, comment);
  await createOnce(path, await newKey(comment));
  // Read back also when we made it: of two windows at once, both use what ended up there.
  const made = await readIfThere(path);
  if (!made) throw new RentError('sshConfig', { detail: `the SSH key ${path} vanished while it was made` });
  return keptKey(path, made, comment);
}

async function keptKey(path: string, content: Buffer, comment: string): Promise<OwnKey> {
  const privateKey = content.toString('latin1');
  const key = await soundKey(privateKey);
  if (!key)
    throw new RentError('sshConfig', {
      detail: `the SSH key ${path} is damaged; restore it, or move it away to have a new one made`,
    });
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
  return { privateKey, publicLine: `ssh-ed25519 ${key.getPublicSSH().toString('base64')} ${comment}` };
}

/** Undefined unless it is a whole Ed25519 private key whose two halves belong together. */
export async function soundKey(privateKey: string): Promise<ParsedKey | undefined> {
  const key = (await loadSsh2()).utils.parseKey(privateKey);
  if (key instanceof Error || key.type !== 'ssh-ed25519' || !key.isPrivateKey()) return undefined;
  try {
    return key.verify('sound', key.sign('sound')) ? key : undefined;
  } catch {
    return undefined;
  }
}

export async function newKey(comment: string, make?: () => string): Promise<string> {
  const { utils } = await loadSsh2();
  const candidate = make ?? (() => utils.generateKeyPairSync('ed25519', { comment }).private);
  // ssh2 1.17 drops leading zero bytes of the public half, which spoils one key in 256.
  for (;;) {
    const made = candidate();
    if (await soundKey(made)) return made;
  }
}
