/** The pod's sshd: who may come in, and how many things one connection may do at a time. */
import { createServer, type Socket } from 'node:net';
import ssh2, { type AuthContext, type ClientInfo, type Connection } from 'ssh2';
import { isAuthorized } from './authorizedKeys.ts';
import { forward, isLoopback } from './forward.ts';
import type { Room } from './home.ts';
import { serveSession } from './session.ts';

/** sshd's defaults: clients are refused beyond these on a rented pod too. */
const MAX_AUTH_TRIES = 6;
const MAX_SESSIONS = 10;

/** Clients turn to OpenSSH's SFTP extensions and socket forwarding by this name. */
const IDENT = 'OpenSSH_9.6p1 practice-pod';

export interface Door {
  readonly port: number;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly hostKey: string;
  readonly room: Room;
  authorizedKeys(): readonly string[];
}

function admit(client: Connection, user: string, authorizedKeys: () => readonly string[]): void {
  let refused = 0;
  client.on('authentication', (context: AuthContext) => {
    if (context.method === 'publickey' && context.username === user && isAuthorized(context, authorizedKeys())) {
      context.accept();
      return;
    }
    // The first attempt of most clients is `none`, to learn which methods there are.
    if (context.method !== 'none' && ++refused >= MAX_AUTH_TRIES) client.end();
    else context.reject(['publickey']);
  });
}

function serve(client: Connection, info: ClientInfo, port: number, room: Room, gone: AbortSignal): void {
  const peer = {
    SSH_CLIENT: `${info.ip} ${info.port} ${port}`,
    SSH_CONNECTION: `${info.ip} ${info.port} 127.0.0.1 ${port}`,
  };
  let sessions = 0;
  client.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS) {
      reject();
      return;
    }
    sessions++;
    const session = accept();
    session.on('close', () => sessions--);
    serveSession(session, room, peer, gone);
  });
  client.on('tcpip', (accept, reject, { destIP, destPort }) => {
    // Port 22 of a pod is its own sshd, not that of the machine it is practised on.
    if (isLoopback(destIP)) forward({ host: destIP, port: destPort === 22 ? port : destPort }, accept, reject, gone);
    else reject();
  });
  client.on('openssh.streamlocal', (accept, reject, { socketPath }) => forward({ path: socketPath }, accept, reject, gone));
  // Without a listener ssh2 would also refuse to hear that no more sessions will come.
  client.on('request', (_accept: unknown, reject: (() => void) | undefined) => reject?.());
}

/** Sockets are accepted here and handed to ssh2, so that closing the door ends every connection. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true });
  const ssh = new ssh2.Server({ hostKeys: [options.hostKey], ident: IDENT, keepaliveInterval: 30_000, keepaliveCountMax: 4 });
  listener.listen(0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => listener.once('listening', resolve).once('error', reject));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The pod has no port');
  const { port } = address;
  ssh.on('connection', (client, info) => {
    const gone = new AbortController();
    client.on('error', () => undefined);
    client.on('close', () => gone.abort());
    admit(client, options.room.user, options.authorizedKeys);
    serve(client, info, port, options.room, gone.signal);
  });
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
