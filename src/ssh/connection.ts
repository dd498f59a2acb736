/** A signed-in connection to a machine whose host key was checked. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { RentError } from '../domain/errors.ts';
import type { Endpoint } from '../domain/instance.ts';
import type { HostKey } from './knownHosts.ts';
import { orAbort } from './within.ts';

export interface ExecOptions {
  /** Sent to the command's standard input, which is closed after it. */
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  /** A machine that says more than this on either stream is cut off; 8 MiB unless told. */
  readonly mostBytes?: number;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly code: number | null;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Shell {
  readonly stream: Duplex;
  resize(size: TerminalSize): void;
  /** The exit code, null after a signal or a lost connection. */
  readonly ended: Promise<number | null>;
}

export interface SshConnection {
  readonly endpoint: Endpoint;
  readonly hostKey: HostKey;
  /** For SFTP and forwards in this folder; who takes it keeps to eight channels on one connection. */
  readonly client: Client;
  /** Resolves when the connection is over, for whatever reason. */
  readonly closed: Promise<void>;
  /** Rejects only when the command could not be run to its end; a non-zero code is an answer. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  shell(size: TerminalSize, terminal?: string): Promise<Shell>;
  close(): Promise<void>;
}

export function createConnection(client: Client, socket: Socket, endpoint: Endpoint, hostKey: HostKey): SshConnection {
  const closed = new Promise<void>((resolve) => void client.once('close', () => resolve()));
  return {
    endpoint,
    hostKey,
    client,
    closed,
    exec: (command, options = {}) => exec(client, command, options),
    shell: (size, terminal = 'xterm-256color') => shell(client, size, terminal),
    close() {
      client.end(); // says goodbye
      socket.uncork();
      socket.destroy(); // and does not wait for an answer that a dead machine never gives
      return closed;
    },
  };
}

async function exec(client: Client, command: string, options: ExecOptions): Promise<ExecResult> {
  const { input, signal, mostBytes = 8 * 2 ** 20 } = options;
  signal?.throwIfAborted();
  const opening = openChannel((take) => client.exec(command, take));
  // A machine may never answer; one that answers too late finds nobody there.
  const channel = await (signal ? orAbort(opening, signal) : opening).catch((error: unknown) => {
    opening.then((late) => late.destroy(), () => undefined);
    throw error;
  });
  return new Promise((resolve, reject) => {
    const stop = (reason: unknown) => {
      reject(reason);
      channel.destroy();
    };
    const onAbort = () => stop(signal?.reason);
    const cut = () => stop(lost('the command said more than it may'));
    const stdout = collect(channel, mostBytes, cut);
    const stderr = collect(channel.stderr, mostBytes, cut);
    channel.on('error', stop);
    // 'exit' may have come before anybody could listen; 'close' repeats its code and comes after all output.
    channel.on('close', (code?: number | null) => {
      signal?.removeEventListener('abort', onAbort);
      if (code === undefined) reject(lost('the connection was lost before the command ended'));
      else resolve({ stdout: stdout(), stderr: stderr(), code });
    });
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    else channel.end(input);
  });
}

function collect(stream: NodeJS.ReadableStream, mostBytes: number, cut: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBytes) cut();
    else chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

async function shell(client: Client, size: TerminalSize, terminal: string): Promise<Shell> {
  const { columns, rows } = size;
  const channel = await openChannel((take) => client.shell({ cols: columns, rows, term: terminal }, take));
  channel.on('error', () => undefined); // 'close' follows and tells the owner
  return {
    stream: channel,
    resize: (to) => channel.setWindow(to.rows, to.columns, 0, 0),
    ended: new Promise((resolve) => void channel.once('close', (code?: number | null) => resolve(code ?? null))),
  };
}

/** Nothing ran: the connection was gone, or the server allows no more sessions on it. May be asked of another one. */
export class NotOpened extends RentError {
  constructor(cause: unknown) {
    super('sshUnreachable', { detail: 'the machine opened no session', cause });
  }
}

/** ssh2 throws when the connection is already gone and calls back when it goes later. */
export async function openChannel<T = ClientChannel>(open: (take: (error: Error | undefined, channel: T) => void) => void): Promise<T> {
  try {
    return await new Promise<T>((resolve, reject) => {
      open((error, channel) => (error ? reject(error) : resolve(channel)));
    });
  } catch (error) {
    throw new NotOpened(error);
  }
}

const lost = (detail: string, cause?: unknown) => new RentError('sshUnreachable', { detail, cause });
