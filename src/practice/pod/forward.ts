/**
 * What `ssh -L`, `-D` and Remote-SSH forward to: programs on the pod, which here are programs on
 * loopback. Anything else is refused, so that a practice pod is no way out of or around a network.
 */
import { addAbortListener } from 'node:events';
import { connect, isIPv4, type NetConnectOpts, type Socket } from 'node:net';
import type { AcceptConnection, RejectConnection, ServerChannel } from 'ssh2';
import { feed, outlet, pump } from './flow.ts';

export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** Each direction ends by itself: a client may close its side and still wait for the answer. */
function join(channel: ServerChannel, socket: Socket, gone: AbortSignal): void {
  const { out } = outlet(channel, gone);
  channel.on('close', () => socket.destroy());
  channel.on('error', () => socket.destroy());
  const lost = addAbortListener(gone, () => socket.destroy());
  socket.once('close', () => lost[Symbol.dispose]());
  feed(channel, socket);
  const received = new Promise<void>((resolve) => channel.once('end', resolve));
  pump(socket, out).then(
    () => {
      channel.eof();
      return received.then(() => channel.close());
    },
    () => channel.close(),
  );
}

export function forward(
  target: NetConnectOpts,
  accept: AcceptConnection<ServerChannel>,
  reject: RejectConnection,
  gone: AbortSignal,
): void {
  const socket = connect({ ...target, allowHalfOpen: true, noDelay: true });
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.off('error', reject);
    socket.on('error', () => undefined);
    join(accept(), socket, gone);
  });
}
