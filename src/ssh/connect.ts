import { RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock } from '../domain/ports.ts';
import type { SshConnection } from './connection.ts';
import { dial } from './dial.ts';
import { checkedAlias } from './grammar.ts';
import type { OwnKey } from './keys.ts';
import type { KnownHosts } from './knownHosts.ts';

export interface ConnectOptions {
  readonly alias: string;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
}

/** Connects to a machine that was reached before: its host key must be the pinned one. */
export async function connect(
  { alias, endpoint, signal }: ConnectOptions,
  parts: { readonly key: OwnKey; readonly knownHosts: KnownHosts; readonly clock: Clock },
): Promise<SshConnection> {
  const pinned = await parts.knownHosts.pinOf(checkedAlias(alias));
  // No pin is no reason to trust: first contact is reach's alone, which looks before it believes.
  if (pinned === undefined)
    throw new RentError('sshUnreachable', { detail: `${alias} was not reached since its host key was last forgotten` });
  return dial({ endpoint, privateKey: parts.key.privateKey, pinned, clock: parts.clock, signal });
}
