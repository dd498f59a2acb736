/** Programs and terminals on a machine: channels with manners. */
import { on } from 'node:events';
import type { Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { RentError } from '../../domain/errors.ts';
import type { RemoteProcess, RemoteTerminal, TerminalSize } from '../../domain/machineLink.ts';
import { openChannel, type SshConnection } from '../connection.ts';

export const openProcess = ({ client }: SshConnection, command: string): Promise<ClientChannel> =>
  openChannel((take) => client.exec(command, take));

export const openTerminal = ({ client }: SshConnection, { columns, rows }: TerminalSize, command?: string): Promise<ClientChannel> => {
  const pty = { cols: columns, rows, term: 'xterm-256color' };
  return openChannel((take) => (command === undefined ? client.shell(pty, take) : client.exec(command, { pty }, take)));
};

export function toProcess(channel: ClientChannel, gone: Promise<unknown>, signal?: AbortSignal): RemoteProcess {
  let heard = false;
  const killed = Promise.withResolvers<null>();
  const kill = (): void => {
    channel.signal('HUP'); // for servers that listen; OpenSSH does not where the user is root
    channel.destroy();
    killed.resolve(null);
  };
  const exit = Promise.race([exitOf(channel, gone), killed.promise]).then((code) => {
    if (code === undefined) throw new RentError('sshUnreachable', { detail: 'the connection was lost before the command ended' });
    return code;
  });
  const over = exit.then(() => undefined, () => undefined);
  // Unread errors would hold the channel, and its place on the connection, for ever.
  channel.once('end', () => void (heard || channel.stderr.resume()));
  signal?.addEventListener('abort', kill, { once: true });
  const unhook = (): void => signal?.removeEventListener('abort', kill);
  exit.then(unhook, unhook); // who only reads learns of a loss there
  if (signal?.aborted) kill();
  return {
    write: (chunk) => write(channel, chunk, over),
    end: () => void channel.end(),
    stdout: { [Symbol.asyncIterator]: () => asItCame(channel) },
    get stderr() {
      heard = true;
      return channel.stderr;
    },
    exit,
    kill,
  };
}

export function toTerminal(channel: ClientChannel, gone: Promise<unknown>): RemoteTerminal {
  channel.stderr.resume(); // a terminal has none, but a server may send some and would wait for it to be read
  return {
    output: channel,
    write: (data) => void channel.write(data),
    resize: ({ columns, rows }) => channel.setWindow(rows, columns, 0, 0),
    ended: exitOf(channel, gone).then((code) => code ?? null),
    close: () => void channel.destroy().resume(),
  };
}

/** Undefined when the connection went first. 'close' repeats the code, and comes only after all output was read. */
function exitOf(channel: ClientChannel, gone: Promise<unknown>): Promise<number | null | undefined> {
  return new Promise((resolve) => {
    channel.on('error', () => undefined); // 'close' follows
    channel.once('exit', (code: number | null) => resolve(code ?? null));
    channel.once('close', (code?: number | null) => resolve(code));
    void gone.then(() => resolve(undefined));
  });
}

/** Packets that wait for their reader before the machine is held back: two megabytes. */
const mostWaiting = 64;

/** A stream's own iterator joins all that waits into one buffer, which copies most of a big file once more. */
async function* asItCame(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  if (stream.readableEnded || stream.destroyed) return;
  for await (const [chunk] of on(stream, 'data', { close: ['end', 'close'], highWaterMark: mostWaiting })) yield chunk as Uint8Array;
}

/** `over` settles when the program has ended or its connection is gone: after that nothing is taken any more. */
async function write(channel: ClientChannel, chunk: Uint8Array, over: Promise<unknown>): Promise<void> {
  if (channel.destroyed || !channel.writable) throw unread();
  const taken = new Promise<boolean>((resolve) => channel.write(chunk, (error) => resolve(!error)));
  if (!(await Promise.race([taken, over.then(() => false)]))) throw unread();
}

const unread = (): RentError => new RentError('sshUnreachable', { detail: 'the command no longer reads' });
