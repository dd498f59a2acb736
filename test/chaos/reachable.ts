/** SSH inside a simulation: what a window finds behind an endpoint is what the market's machine is. */
import { RentError } from '../../src/domain/errors.ts';
import type { ReachOptions } from '../../src/domain/ssh.ts';
import type { SshDoor } from '../../src/ssh/ssh.ts';
import type { Laptop, WindowClock } from './laptop.ts';
import { never, type Life } from './life.ts';
import type { Container, Machines } from './machines.ts';

export const ourPublicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlwaysTheSameKeyInASimulationxxxxxxxxxxxxxx gpu-rental';

const betweenTriesMs = 4000;

export interface SshParts {
  readonly machines: Machines;
  readonly laptop: Laptop;
  readonly clock: WindowClock;
  readonly life: Life;
}

export function createSimulatedSsh({ machines, laptop, clock, life }: SshParts): SshDoor {
  const call = <T>(answer: () => T): Promise<T> => (life.goesOn() ? Promise.resolve().then(answer) : never());
  const noShell = (): Promise<never> => Promise.reject(new RentError('sshUnreachable', { detail: 'there is no shell in a simulation' }));

  async function reach({ endpoints, onStep, timeoutMs, signal }: ReachOptions): ReturnType<SshDoor['reach']> {
    const until = clock.elapsed() + timeoutMs;
    for (;;) {
      const found = await endpoints();
      onStep(found.length === 0 ? 'waitingForAddress' : 'waitingForSsh');
      const endpoint = laptop.offline ? undefined : found.find(({ port }) => opens(machines.behind(port)));
      if (!life.goesOn()) return never();
      if (endpoint !== undefined) return { endpoint, folder: '/workspace', home: '/root', gpus: [], pinnedNow: true };
      if (clock.elapsed() > until) throw new RentError('sshUnreachable');
      await clock.sleep(betweenTriesMs, signal);
    }
  }

  return {
    hostFile: '/state/ssh/config',
    publicKey: () => call(() => ourPublicKey),
    reach,
    writeHost: () => call(() => '/state/ssh/config'),
    removeHost: () => call(() => undefined),
    forgetHostKey: () => call(() => undefined),
    connect: noShell,
    checkEffective: () => call(() => []),
    aliases: () => call(() => []),
    pinnedBy: () => call(() => undefined),
  };
}

const opens = (container: Container | undefined): boolean =>
  container !== undefined && container.authorizedKeys().some((line) => line.split(' ')[1] === ourPublicKey.split(' ')[1]);
