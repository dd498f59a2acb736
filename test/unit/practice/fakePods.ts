// Machines without an SSH server: a TCP port that says hello, and a record of
// what the market asked for.
import { createServer, type Server } from 'node:net';
import type { PodMaker } from '../../../src/practice/podKeeper.ts';
import type { PodOptions } from '../../../src/practice/pod/pod.ts';

export interface FakePods extends PodMaker {
  readonly started: PodOptions[];
  /** Ports of the pods that are up. */
  readonly up: Set<number>;
  readonly removed: string[];
}

export const hello = 'SSH-2.0-practice\r\n';

export function fakePods(): FakePods {
  const started: PodOptions[] = [];
  const up = new Set<number>();
  const removed: string[] = [];
  return {
    started,
    up,
    removed,
    async startPod(options) {
      started.push(options);
      const server: Server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.resume();
        socket.write(hello);
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      const { port } = address;
      up.add(port);
      return {
        port,
        hostKeyFingerprint: `SHA256:fake${started.length}`,
        stop: () =>
          new Promise((resolve) => {
            up.delete(port);
            server.close(() => resolve());
          }),
      };
    },
    removePod: (dir) => Promise.resolve(void removed.push(dir)),
  };
}
