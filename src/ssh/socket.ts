/**
 * A socket with an SSH server on its other end. A connect alone proves nothing: a provider's relay
 * accepts before the machine is up, so only the server's own greeting counts.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Endpoint } from '../domain/instance.ts';
import { checkedEndpoint } from './grammar.ts';

/** RFC 4253 lets a server say other lines first; nobody says this much. */
const mostBeforeGreeting = 8192;

export async function openSshSocket(endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const { host, port } = checkedEndpoint(endpoint);
  signal.throwIfAborted();
  // Without noDelay small SFTP writes wait for each other's acknowledgement.
  const socket = connect({ host, port, noDelay: true });
  socket.on('error', () => undefined); // errors also arrive when nobody waits for anything
  try {
    await once(socket, 'connect', { signal });
    await greeting(socket, signal);
    return gathering(socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** ssh2 writes each packet in three parts. What comes in one turn is handed to the system together. */
function gathering(socket: Socket): Socket {
  const write: (...all: Parameters<Socket['write']>) => boolean = socket.write.bind(socket);
  socket.write = ((...all: Parameters<Socket['write']>) => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    return write(...all);
  }) as Socket['write'];
  return socket;
}

/** Waits for the greeting and leaves it in the socket, to be read again. */
function greeting(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const settle = (error?: Error) => {
      socket.pause();
      socket.off('data', onData).off('close', onClose).off('error', settle);
      signal.removeEventListener('abort', onAbort);
      if (error) return reject(error);
      socket.unshift(seen);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      if (/(?:^|\n)SSH-/.test(seen.toString('latin1'))) settle();
      else if (seen.length > mostBeforeGreeting) settle(new Error('what answers does not speak SSH'));
    };
    const onClose = () => settle(new Error('the connection was closed before the SSH greeting'));
    const onAbort = () => settle(new Error('gave up waiting for the SSH greeting'));
    socket.on('data', onData).on('close', onClose).on('error', settle);
    signal.addEventListener('abort', onAbort);
  });
}
