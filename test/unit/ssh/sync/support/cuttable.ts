/** A machine behind a door of ours that can be slammed: as when a line is lost, with the machine itself untouched. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { MachineLink } from '../../../../../src/domain/machineLink.ts';
import type { Linked } from '../../support/linked.ts';

export interface Cuttable {
  readonly link: MachineLink;
  /** Every connection of now is gone; new ones are let in. */
  cut(): void;
  close(): Promise<void>;
}

export async function cuttable(machine: Linked): Promise<Cuttable> {
  const sockets = new Set<Socket>();
  const door = createServer((outer) => {
    const inner = connect({ host: '127.0.0.1', port: machine.endpoint().port });
    for (const [from, to] of [[outer, inner], [inner, outer]] as const) {
      sockets.add(from);
      from.on('error', () => undefined).on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  machine.move({ ...machine.endpoint(), port: (door.address() as AddressInfo).port });
  return {
    link: machine.link,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    async close() {
      sockets.forEach((socket) => socket.destroy());
      door.close();
      await machine.close();
    },
  };
}
