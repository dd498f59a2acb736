/** The pod's host key: a new one at every start, as containers make theirs when they find none. */
import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

export interface HostKey {
  /** The private key in OpenSSH's format. It is never written anywhere. */
  readonly secret: string;
  readonly line: string;
  readonly fingerprint: string;
}

export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

export function newHostKey(): HostKey {
  for (;;) {
    const { private: secret, public: line } = ssh2.utils.generateKeyPairSync('ed25519');
    const key = ssh2.utils.parseKey(secret);
    // One in 256 of the pairs ssh2 1.17 makes cannot be read again.
    if (key instanceof Error) continue;
    return { secret, line: `${line.trim()} root@practice-pod`, fingerprint: fingerprintOf(key.getPublicSSH()) };
  }
}
