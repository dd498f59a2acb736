/** SSH inside a simulation: what a window finds behind an endpoint is what the market's machine is. */
import { RentError } from '../../src/domain/errors.ts';
import type { Endpoint } from '../../src/domain/instance.ts';
import type { ReachOptions } from '../../src/domain/ssh.ts';
import type { SshDoor } from '../../src/ssh/ssh.ts';
import { connectTo } from './guardShell.ts';
import type { Guards } from './guards.ts';
import type { Laptop, WindowClock } from './laptop.ts';
import { never, type Life } from './life.ts';
import type { Container, Machines } from './machines.ts';

export const ourPublicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAlwaysTheSameKeyInASimulationxxxxxxxxxxxxxx gpu-rental';

const betweenTriesMs = 4000;

export interface SshParts {
  readonly machines: Machines;
  readonly guards: Guards;
  readonly laptop: Laptop;
  readonly clock: WindowClock;
  readonly life: Life;
}

export function createSimulatedSsh({ machines, guards, laptop, clock, life }: SshParts): SshDoor {
  const reachable = ({ port }: Endpoint): Container | undefined => {
    const container = laptop.offline ? undefined : machines.behind(port);
    return opens(container) ? container : undefined;
  };
  const call = <T>(answer: () => T): Promise<T> => (life.goesOn() ? Promise.resolve().then(answer) : never());

  async function reach({ endpoints, onStep, timeoutMs, signal }: ReachOptions): ReturnType<SshDoor['reach']> {
    const until = clock.elapsed() + timeoutMs;
    for (;;) {
      const found = await endpoints();
      onStep(found.length === 0 ? 'waitingForAddress' : 'waitingForSsh');
      const endpoint = found.find((each) => reachable(each) !== undefined);
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
    connect: ({ endpoint }) => (life.goesOn() ? connectTo(endpoint, { machines, guards, clock, reachable }) : never()),
    checkEffective: () => call(() => []),
    aliases: () => call(() => []),
    pinnedBy: () => call(() => undefined),
  };
}

const opens = (container: Container | undefined): boolean =>
  container !== undefined && container.authorizedKeys().some((line) => line.split(' ')[1] === ourPublicKey.split(' ')[1]);
