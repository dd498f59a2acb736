/**
 * Which host keys a machine's log names, and what that says of a key that is shown. The log comes from the provider
 * over TLS, so nobody on the network can change it; but every program on the machine whose output ends there can add
 * to it. Therefore:
 * - our guard's line counts for this launch only, and where there is one, loose fingerprints count for nothing;
 * - of several keys of one kind the first is believed, because the machine names its keys before anything else runs;
 * - after our own restart the keys of earlier boots are left out. If more than one is left, a later program may have
 *   printed one of them: the machine must show one of these, and is trusted no further than on first use.
 */
import type { PinnedBy } from '../domain/ssh.ts';
import { fingerprint, hostKeyOf, hostKeyType, type HostKey } from './knownHosts.ts';

export interface NamedKey {
  readonly kind: Kind;
  /** `SHA256:…` */
  readonly fingerprint: string;
}

type Kind = 'ED25519' | 'ECDSA' | 'RSA';

/** `silent` says nothing of it yet. */
export type Word = PinnedBy | 'refused' | 'silent';

const marker = /^gpu-rental-hostkey (\S+) (\S+ [A-Za-z0-9+/]+={0,2})(?: .*)?$/;
/** What the images of RunPod print: a heading, then a line of `ssh-keygen -l`. */
const heading = /^(ED25519|ECDSA|RSA) key fingerprint:$/;
const printed = /^\d{3,5} (SHA256:[A-Za-z0-9+/]{43}) .*\((ED25519|ECDSA|RSA)\)$/;
const longestLine = 2_000;

/** In the order of the log, each once. `alias` is the launch id. */
export function namedKeys(log: string, alias: string, fingerprints: boolean): readonly NamedKey[] {
  const lines = log.split('\n').map((line) => line.trimEnd()).filter((line) => line.length <= longestLine);
  const marked = lines.flatMap((line) => markedKey(line, alias));
  const all = marked.length > 0 || !fingerprints ? marked : lines.flatMap((line, at) => printedKey(line, lines[at - 1]));
  return [...new Map(all.toReversed().map((key) => [key.fingerprint, key])).values()].toReversed();
}

function markedKey(line: string, alias: string): NamedKey[] {
  const [, launch, key = ''] = marker.exec(line) ?? [];
  const kind = kindOf(key);
  // A key is what its bytes say; a word before them that says otherwise makes it none.
  const whole = hostKeyOf(Buffer.from(key.slice(key.indexOf(' ') + 1), 'base64')) === key;
  return launch === alias && whole && kind !== undefined ? [{ kind, fingerprint: fingerprint(key) }] : [];
}

function printedKey(line: string, before: string | undefined): NamedKey[] {
  const [, print, kind] = printed.exec(line) ?? [];
  const announced = heading.exec(before ?? '')?.[1];
  return print !== undefined && announced === kind ? [{ kind: kind as Kind, fingerprint: print }] : [];
}

/** `past`: fingerprints of keys that were pinned before our own restarts. */
export function wordOn(shown: HostKey, named: readonly NamedKey[], past: ReadonlySet<string>): Word {
  const print = fingerprint(shown);
  const isShown = (key: NamedKey): boolean => key.fingerprint === print;
  // Some machines keep their key over a restart.
  if (past.has(print) && named.some(isShown)) return 'log';
  const fresh = named.filter((key) => !past.has(key.fingerprint));
  const alike = fresh.filter(({ kind }) => kind === kindOf(shown));
  // Keys of another kind may be left from an earlier boot; before any restart they speak against it all the same.
  if ((past.size === 0 ? fresh : alike).length === 0) return 'silent';
  if (!alike.some(isShown)) return 'refused';
  const [first] = alike;
  return alike.length === 1 || (past.size === 0 && first !== undefined && isShown(first)) ? 'log' : 'firstUse';
}

function kindOf(key: HostKey): Kind | undefined {
  const type = hostKeyType(key);
  if (type === 'ssh-ed25519') return 'ED25519';
  if (type === 'ssh-rsa') return 'RSA';
  return /^ecdsa-sha2-nistp(?:256|384|521)$/.test(type) ? 'ECDSA' : undefined;
}
