/** A link to a machine that was reached: a practice pod, or OpenSSH's own server where there is one. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../../../../src/domain/instance.ts';
import type { MachineLink } from '../../../../src/domain/machineLink.ts';
import { startPod } from '../../../../src/practice/pod/pod.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { createMachineLinks } from '../../../../src/ssh/link/machineLinks.ts';
import { createSsh } from '../../../../src/ssh/ssh.ts';
import { startSshd } from './sshd.ts';
import { noLog } from './tools.ts';

export const alias = 'gpu-rental-ab12-01j9z';

export interface Linked {
  readonly link: MachineLink;
  /** The home folder of its user, as this computer sees it. */
  readonly home: string;
  /** Where its server listens now. */
  readonly endpoint: () => Endpoint;
  /** The machine is somewhere else from now on, or nowhere. */
  readonly move: (...endpoints: readonly Endpoint[]) => void;
  /** Ends its server, and with it every connection. */
  readonly stop: () => Promise<void>;
  /** The machine comes up again, on another port and with the same files. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const linkedPod = (folder: string): Promise<Linked> =>
  linked(folder, async (publicKey) => {
    const dir = join(folder, 'pod');
    mkdirSync(dir, { recursive: true });
    const pod = await startPod({ dir, env: {}, authorizedKeys: () => [publicKey], gpus: () => [], log: () => undefined });
    return { endpoint: { host: '127.0.0.1', port: pod.port, user: 'root', viaProxy: false }, home: join(dir, 'root'), close: () => pod.stop() };
  });

export const linkedSshd = (folder: string, more: readonly string[] = []): Promise<Linked> => linked(folder, (publicKey) => startSshd(folder, [publicKey], more));

async function linked(folder: string, machine: (publicKey: string) => Promise<{ endpoint: Endpoint; home: string; close: () => Promise<void> }>): Promise<Linked> {
  mkdirSync(folder, { recursive: true });
  const ssh = createSsh({ folder: join(folder, 'ssh'), clock: systemClock, log: noLog });
  const publicKey = await ssh.publicKey();
  let now: readonly Endpoint[] = [];
  const links = createMachineLinks({ connect: (options) => ssh.connect(options), endpoints: () => now, clock: systemClock, log: noLog });
  let up = await machine(publicKey);
  const reach = async (): Promise<void> => {
    await ssh.reach({ alias, endpoints: () => Promise.resolve([up.endpoint]), onStep: () => undefined, timeoutMs: 30_000, signal: new AbortController().signal });
    now = [up.endpoint];
  };
  await reach();
  return {
    link: links.of(alias),
    home: up.home,
    endpoint: () => up.endpoint,
    move: (...endpoints) => void (now = endpoints),
    stop: () => up.close(),
    async start() {
      up = await machine(publicKey);
      await ssh.forgetHostKey(alias);
      await reach();
    },
    async close() {
      links.dispose();
      await up.close();
    },
  };
}
