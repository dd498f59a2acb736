// One pod as RunPod knows it: what was asked for, where it was put, and the
// rental that runs it. The image, command and environment may be changed by
// PATCH, so the rental reads them anew at every start.
import type { Rental } from '../rental.ts';
import type { Cloud } from './gpuTypes.ts';
import type { Host } from './hosts.ts';
import type { ContainerCommand } from './startCommand.ts';

export interface NetworkMount {
  readonly volumeId: string;
  readonly path: string;
}

export interface Mounts {
  readonly persistent?: { readonly size: number; readonly path: string };
  readonly network?: readonly NetworkMount[];
}

/** What PATCH may change. */
export interface PodConfig extends ContainerCommand {
  readonly name: string;
  readonly disk: number;
  readonly ports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly registry: string | null;
  readonly mounts: Mounts;
  readonly locked: boolean;
  readonly globalNetworking: boolean;
}

export interface Pod {
  readonly id: string;
  readonly apiKey: string;
  readonly sshToken: string;
  config: PodConfig;
  readonly cloud: Cloud;
  readonly gpu: { readonly id: string; readonly count: number } | null;
  readonly cpu: { readonly id: string; readonly vcpuCount: number; readonly memory: number } | null;
  /** null for a pod without a GPU. */
  readonly host: Host | null;
  readonly dataCenterId: string | null;
  /** Dollars per hour while it runs, disks not included. */
  readonly rate: number;
  /** What startSsh and startJupyter added: the keys of the account as they were then, a password. */
  readonly injectedEnv: Readonly<Record<string, string>>;
  readonly createdAt: number;
  startedAt: number | null;
  /** Where it was reachable before it was started anew, until that was read once. */
  stalePort: number | null;
  /** null: the market only says that this pod was made. */
  rental: Rental | null;
}

export const gbHourUsd = { containerDisk: 0.1 / 730, volumeRunning: 0.1 / 730, volumeStopped: 0.2 / 730 };

/** The keys that let somebody in, one authorized_keys line each. A PUBLIC_KEY of one's own replaces the account's. */
export function authorizedKeys(pod: Pod): readonly string[] {
  const lines = pod.config.env['PUBLIC_KEY'] ?? pod.injectedEnv['PUBLIC_KEY'] ?? '';
  return lines.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

export function mountPaths(mounts: Mounts): readonly string[] {
  return [mounts.persistent, ...(mounts.network ?? [])].flatMap((mount) => (mount === undefined ? [] : [mount.path]));
}
