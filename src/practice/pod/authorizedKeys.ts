/** Public keys as they stand in authorized_keys files and in provider accounts. */
import ssh2, { type ParsedKey, type PublicKeyAuthContext } from 'ssh2';

const KEY = /(?:^|\s)((?:ssh-|ecdsa-sha2-)[a-z0-9-]+\s+[A-Za-z0-9+/]+=*)/;

/** Options before the key and the comment after it are passed over; what is no key gives nothing. */
export function parseKeyLine(line: string): ParsedKey | undefined {
  const text = line.trim().startsWith('#') ? undefined : KEY.exec(line)?.[1];
  if (text === undefined) return undefined;
  const key = ssh2.utils.parseKey(text);
  return key instanceof Error ? undefined : key;
}

export type Proof = Pick<PublicKeyAuthContext, 'key' | 'signature' | 'blob' | 'hashAlgo'>;

/** True for a key on the list: without a signature the client only asks, with one it must fit. */
export function isAuthorized(context: Proof, lines: readonly string[]): boolean {
  const key = lines.map(parseKeyLine).find((each) => each?.getPublicSSH().equals(context.key.data));
  if (key === undefined) return false;
  if (context.signature === undefined || context.blob === undefined) return true;
  // A signature that cannot even be checked is answered with an Error, which is not false either.
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
