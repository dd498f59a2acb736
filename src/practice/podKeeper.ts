// Keeps the SSH machine of one rental in step with its state. Starting and
// stopping take real time and states may change meanwhile: every step is
// queued, and a boot that is no longer wanted undoes itself.
import { join } from 'node:path';
import { openDoor, type Door } from './door.ts';
import type { GpuReading, Pod, PodOptions } from './pod/pod.ts';
import type { DownReason, PodPlan, Traffic } from './rental.ts';

/**
 * A job on a practice pod has no GPU to load: it may write "<util %> <MiB used>"
 * here, behind it its process id and name, and nvidia-smi shows it. Jobs find
 * the path in PRACTICE_GPU_LOAD.
 */
export const gpuLoadFile = (dir: string): string => join(dir, 'gpu-load');

export interface PodMaker {
  startPod(options: PodOptions): Promise<Pod>;
  removePod(dir: string): Promise<void>;
}

export interface PodKeeper {
  readonly sshPort: number | null;
  readonly sshUp: boolean;
  readonly hostKeyFingerprint: string | null;
  readonly traffic: Traffic;
  /** The address comes into being; nothing answers on it yet. */
  open(): void;
  /** sshd starts behind the open address; again, with another host key, when it is up already. */
  boot(): void;
  down(why: DownReason): void;
  remove(): Promise<void>;
  /** Resolves when everything asked for so far is done. */
  settled(): Promise<void>;
}

export interface KeeperOptions {
  readonly maker: PodMaker;
  readonly plan: PodPlan | null;
  readonly dir: string;
  gpus(): readonly GpuReading[];
  log(line: string): void;
  trouble(text: string): void;
}

export type KeepPod = (options: KeeperOptions) => PodKeeper;

export function createPodKeeper(options: KeeperOptions): PodKeeper {
  const { maker, plan, dir } = options;
  let wanted = 0;
  let door: Door | null = null;
  let pod: Pod | null = null;
  let lastPort = 0;
  let past: Traffic = { bytesIn: 0, bytesOut: 0 };
  let queue: Promise<void> = Promise.resolve();

  function then(step: () => Promise<void>): void {
    queue = queue.then(step).catch((error: unknown) => options.trouble(error instanceof Error ? error.message : String(error)));
  }

  /** A start never comes back on the port it had before. */
  async function newDoor(): Promise<Door> {
    const first = await openDoor('reset');
    if (first.port !== lastPort) return first;
    const second = await openDoor('reset');
    await first.close();
    return second;
  }

  async function stopPod(): Promise<void> {
    const old = pod;
    pod = null;
    door?.pointAt(null);
    if (old !== null) plan?.onSsh?.(null);
    await old?.stop();
  }

  return {
    get sshPort() {
      return door?.port ?? null;
    },
    get sshUp() {
      return door !== null && pod !== null;
    },
    get hostKeyFingerprint() {
      return door === null ? null : (pod?.hostKeyFingerprint ?? null);
    },
    get traffic() {
      return { bytesIn: past.bytesIn + (door?.bytesIn ?? 0), bytesOut: past.bytesOut + (door?.bytesOut ?? 0) };
    },
    open() {
      const turn = ++wanted;
      if (plan === null) return;
      then(async () => {
        if (turn !== wanted) return;
        const opened = await newDoor();
        if (turn !== wanted) return opened.close();
        door = opened;
        lastPort = opened.port;
      });
    },
    boot() {
      const turn = wanted;
      if (plan === null) return;
      then(async () => {
        if (turn !== wanted || door === null) return;
        await stopPod();
        const started = await maker.startPod({
          dir,
          env: { PRACTICE_GPU_LOAD: gpuLoadFile(dir), ...plan.env(door.port) },
          authorizedKeys: () => plan.authorizedKeys(),
          gpus: () => options.gpus(),
          log: (line) => options.log(line),
          ...(plan.user === undefined ? {} : { user: plan.user }),
          ...(plan.startCommand === undefined ? {} : { startCommand: plan.startCommand }),
        });
        if (turn !== wanted) return started.stop();
        pod = started;
        door.pointAt(started.port);
        plan.onSsh?.(started.port);
      });
    },
    down(why) {
      wanted += 1;
      door?.pointAt(null);
      plan?.onSsh?.(null);
      const closing = door;
      past = this.traffic;
      door = null;
      then(async () => {
        await closing?.close();
        await stopPod();
        await plan?.wipe?.(dir, why);
      });
    },
    async remove() {
      this.down('stop');
      then(() => maker.removePod(dir));
      await queue;
    },
    settled: () => queue,
  };
}
