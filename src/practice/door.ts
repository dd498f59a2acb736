// A TCP port of the host in front of a pod, as Docker's port mapping and a
// provider's SSH proxy are: the address exists before anything answers on it.
import { connect, createServer, type Socket } from 'node:net';

export interface Door {
  readonly port: number;
  /** Bytes that went to the pod and came from it since the door was opened. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** null: nothing is behind it now; open connections are cut. */
  pointAt(port: number | null): void;
  close(): Promise<void>;
}

/**
 * What a caller meets while nothing is behind the door: a port mapping resets
 * the connection at once, a provider's proxy accepts it and keeps it waiting.
 */
export type EmptyDoor = 'reset' | 'wait';

export type OpenDoor = (whenEmpty: EmptyDoor) => Promise<Door>;

export async function openDoor(whenEmpty: EmptyDoor): Promise<Door> {
  let target: number | null = null;
  let bytesIn = 0;
  let bytesOut = 0;
  const callers = new Set<Socket>();
  const waiting = new Set<Socket>();

  function join(caller: Socket, port: number): void {
    const pod = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    pod.on('error', () => caller.destroy());
    caller.on('close', () => pod.destroySoon());
    pod.on('close', () => caller.destroySoon());
    caller.on('data', (chunk) => (bytesIn += chunk.length));
    pod.on('data', (chunk) => (bytesOut += chunk.length));
    caller.pipe(pod);
    pod.pipe(caller);
  }

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (caller) => {
    callers.add(caller);
    caller.on('close', () => callers.delete(caller) && waiting.delete(caller));
    caller.on('error', () => caller.destroy());
    if (target !== null) join(caller, target);
    else if (whenEmpty === 'reset') caller.resetAndDestroy();
    else waiting.add(caller);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a numeric port');

  const cut = () => {
    for (const caller of callers) if (!waiting.has(caller)) caller.destroy();
  };
  return {
    port: address.port,
    get bytesIn() {
      return bytesIn;
    },
    get bytesOut() {
      return bytesOut;
    },
    pointAt(port) {
      if (port === target) return;
      cut();
      target = port;
      if (port === null) return;
      for (const caller of waiting) join(caller, port);
      waiting.clear();
    },
    close: () =>
      new Promise((resolve) => {
        waiting.clear();
        cut();
        server.close(() => resolve());
      }),
  };
}
