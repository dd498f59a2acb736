/** A port here that leads to one on the machine. Listens on this computer's loopback only. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Forward } from '../../domain/machineLink.ts';
import { openChannel } from '../connection.ts';
import type { Line } from './line.ts';

/** Rejects when the local port is taken. The machine is dialled for each connection, so a lost line mends by itself. */
export async function openForward(line: Line, remotePort: number, localPort: number): Promise<Forward> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    join(line, socket, remotePort).catch(() => socket.destroy());
  });
  server.listen(localPort, '127.0.0.1');
  await once(server, 'listening');
  server.on('error', () => undefined);
  const held = line.hold();
  return {
    localPort: (server.address() as AddressInfo).port,
    remotePort,
    dispose: () => {
      held.dispose();
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function join(line: Line, socket: Socket, remotePort: number): Promise<void> {
  const { client } = await line.connection();
  const { remoteAddress = '127.0.0.1', remotePort: from = 0 } = socket;
  // By number: what `localhost` is on a machine is its owner's choice.
  const channel = await openChannel((take) => client.forwardOut(remoteAddress, from, '127.0.0.1', remotePort, take));
  channel.on('error', () => undefined).once('close', () => socket.destroy());
  socket.once('close', () => channel.destroy());
  if (socket.destroyed) return void channel.destroy();
  socket.pipe(channel).pipe(socket);
}
