/** The machines behind the practice market's instances: no sockets, only what SSH and a guard would find. */
import type { Door, EmptyDoor } from '../../src/practice/door.ts';
import type { KeeperOptions, PodKeeper } from '../../src/practice/podKeeper.ts';

/** A container that runs. */
export interface Container {
  /** Its folder at the market: the same for every start of one instance. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startCommand: string | undefined;
  readonly authorizedKeys: () => readonly string[];
}

export interface Machines {
  keepPod(options: KeeperOptions): PodKeeper;
  openDoor(whenEmpty: EmptyDoor): Promise<Door>;
  /** What answers SSH at a port of the host. */
  behind(port: number): Container | undefined;
  /** Those that run now. */
  readonly running: ReadonlySet<Container>;
}

export interface MachineEvents {
  started(container: Container): void;
  ended(container: Container): void;
}

const noTraffic = { bytesIn: 0, bytesOut: 0 };

export function createMachines(events: MachineEvents): Machines {
  const running = new Set<Container>();
  const listening = new Map<number, () => Container | undefined>();
  let lastPort = 20_000;

  function keepPod({ plan, dir }: KeeperOptions): PodKeeper {
    let port: number | null = null;
    let container: Container | undefined;
    let keys = 0;

    function down(): void {
      if (port !== null) listening.delete(port);
      port = null;
      if (container === undefined) return;
      plan?.onSsh?.(null);
      running.delete(container);
      events.ended(container);
      container = undefined;
    }

    return {
      get sshPort() {
        return port;
      },
      get sshUp() {
        return container !== undefined;
      },
      get hostKeyFingerprint() {
        return container === undefined ? null : `SHA256:${dir}/${keys}`;
      },
      traffic: noTraffic,
      open() {
        if (plan === null) return;
        port = ++lastPort;
        listening.set(port, () => container);
      },
      boot() {
        if (plan === null || port === null) return;
        const opened = port;
        const again = container !== undefined;
        keys++;
        if (again) down();
        port = opened;
        listening.set(opened, () => container);
        container = { dir, env: plan.env(opened), startCommand: plan.startCommand, authorizedKeys: () => plan.authorizedKeys() };
        running.add(container);
        plan.onSsh?.(opened);
        events.started(container);
      },
      down,
      remove: () => Promise.resolve(down()),
      settled: () => Promise.resolve(),
    };
  }

  return {
    running,
    keepPod,
    openDoor: () => {
      const port = ++lastPort;
      let target: number | null = null;
      listening.set(port, () => (target === null ? undefined : listening.get(target)?.()));
      return Promise.resolve({
        port,
        ...noTraffic,
        pointAt: (next) => void (target = next),
        close: () => Promise.resolve(void listening.delete(port)),
      });
    },
    behind: (port) => listening.get(port)?.(),
  };
}
