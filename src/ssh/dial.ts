/**
 * From an address to a signed-in connection: greeting, host key, our key. Each step has its own
 * limit, and a failure at any of them leaves no socket behind.
 */
import type { Socket } from 'node:net';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { Clock } from '../domain/ports.ts';
import type { ReachStep } from '../domain/ssh.ts';
import { createConnection, type SshConnection } from './connection.ts';
import { messageOf } from './files.ts';
import { endpointText } from './grammar.ts';
import { keepKeys } from './keptKeys.ts';
import { fingerprint, type HostKey, hostKeyOf, hostKeyType } from './knownHosts.ts';
import { loadSsh2 } from './library.ts';
import { openSshSocket } from './socket.ts';
import { within } from './within.ts';

/** Milliseconds. A good machine needs a tenth of it across the world. */
export const dialLimits = { greeting: 15_000, signIn: 20_000 };

export interface DialOptions {
  readonly endpoint: Endpoint;
  readonly privateKey: string;
  /** The only host key accepted; none accepts what comes, and then our key alone says whose machine it is. */
  readonly pinned: HostKey | undefined;
  /** Asked of a key that none is pinned for, before our key is shown to whoever has it. */
  readonly objection?: (key: HostKey) => RentError | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStep?: (step: ReachStep) => void;
}

/** Throws `hostKeyChanged`, `sshRefused` (our key was not taken) or `sshUnreachable`. */
export async function dial(options: DialOptions): Promise<SshConnection> {
  const { endpoint, clock, signal } = options;
  const where = endpointText(endpoint);
  const { Client } = await loadSsh2();
  const slow = (what: string) => () => new RentError('sshUnreachable', { detail: `${where} ${what}` });

  let socket: Socket | undefined;
  try {
    const opened = (socket = await within(
      { clock, ms: dialLimits.greeting, signal, expired: slow('gave no SSH greeting in time') },
      (inTime) => openSshSocket(endpoint, inTime),
    ));
    return await within(
      { clock, ms: dialLimits.signIn, signal, expired: slow('did not finish the SSH handshake in time') },
      (inTime) => signIn(new Client(), opened, options, inTime),
    );
  } catch (error) {
    socket?.destroy();
    signal.throwIfAborted();
    if (error instanceof RentError) throw error;
    throw new RentError('sshUnreachable', { detail: `${where}: ${messageOf(error)}`, cause: error });
  }
}

function signIn(client: Client, socket: Socket, options: DialOptions, signal: AbortSignal): Promise<SshConnection> {
  const { endpoint, pinned, objection, onStep } = options;
  let shown: HostKey | undefined;
  return new Promise<SshConnection>((resolve, reject) => {
    const onAbort = () => reject(new Error('given up'));
    signal.addEventListener('abort', onAbort);

    /** Asked again whenever the two sides agree on new session keys; the host key may not change then either. */
    const hostVerifier = (blob: Buffer): boolean => {
      onStep?.('checkingHostKey');
      const key = hostKeyOf(blob);
      const expected = pinned ?? shown ?? key;
      shown = key;
      const wrong = key === expected ? (pinned === undefined ? objection?.(key) : undefined) : changed(expected, key);
      if (wrong === undefined) return true;
      reject(wrong);
      return false;
    };

    keepKeys(client);
    client
      .on('handshake', () => onStep?.('signingIn'))
      .on('ready', () => {
        signal.removeEventListener('abort', onAbort);
        if (shown === undefined) return reject(new Error('signed in without a host key'));
        resolve(createConnection(client, socket, endpoint, shown));
      })
      .on('error', (error) => reject(error.level === 'client-authentication' ? refused(endpoint, error) : error))
      .on('close', () => {
        signal.removeEventListener('abort', onAbort);
        reject(new Error('the connection was closed during the handshake'));
      })
      .connect({
        sock: socket,
        username: endpoint.user,
        privateKey: options.privateKey,
        // Never 'none': a server that lets anybody in has not shown that it knows our key.
        authHandler: ['publickey'],
        hostVerifier,
        algorithms: { cipher: fastest, ...(pinned === undefined ? {} : { serverHostKey: [...preferring(hostKeyType(pinned))] }) },
        readyTimeout: 0, // ours is by the clock
        keepaliveInterval: 15_000,
        keepaliveCountMax: 4,
      });
  });
}

/** Twice as fast here as the library's own first choice; the rest of its list stands behind it. */
const fastest = { append: [], prepend: ['aes128-gcm@openssh.com' as const], remove: [] };

const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256',
  'ssh-rsa',
];

/** A server with several host keys shows the kind asked for first; asking for another would look like a change. */
export function preferring(type: string): readonly ServerHostKeyAlgorithm[] {
  const fits = (name: string) => name === type || (type === 'ssh-rsa' && name.startsWith('rsa-'));
  return [...hostKeyAlgorithms.filter(fits), ...hostKeyAlgorithms.filter((name) => !fits(name))];
}

const changed = (expected: HostKey, shown: HostKey) =>
  new RentError('hostKeyChanged', { detail: `expected ${fingerprint(expected)}, shown ${fingerprint(shown)}` });

const refused = (endpoint: Endpoint, cause: unknown) =>
  new RentError('sshRefused', { detail: `${endpoint.user}@${endpointText(endpoint)} does not take our key`, cause });
