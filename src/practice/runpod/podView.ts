// A pod as REST v2 shows it.
import { hash32 } from '../random.ts';
import type { Pod } from './pod.ts';
import { actionsFor, hasRuntime, reachablePort, statusOf } from './podStatus.ts';
import type { Runpod } from './runpod.ts';

/** A read by a client: the first one after a start may still show the address from before. */
export function readPod(runpod: Runpod, pod: Pod): Record<string, unknown> {
  const stale = pod.stalePort;
  const comingUp = pod.rental?.intended === 'running';
  if (stale === null || !comingUp) return podView(runpod, pod);
  pod.stalePort = null;
  return podView(runpod, pod, stale);
}

export function podView(runpod: Runpod, pod: Pod, stalePort: number | null = null): Record<string, unknown> {
  const { config } = pod;
  const status = stalePort === null ? statusOf(pod) : 'RUNNING';
  const port = stalePort ?? reachablePort(runpod, pod);
  return {
    id: pod.id,
    name: config.name,
    image: config.image,
    args: config.args,
    ...(config.cmd === null ? {} : { cmd: config.cmd }),
    ...(config.entrypoint === null ? {} : { entrypoint: config.entrypoint }),
    disk: config.disk,
    ports: config.ports,
    env: config.env,
    registry: config.registry,
    status,
    actions: actionsFor(status),
    mounts: config.mounts,
    ...(pod.gpu === null ? {} : { gpu: pod.gpu }),
    ...(pod.cpu === null ? {} : { cpu: pod.cpu }),
    cloud: pod.cloud,
    dataCenterId: pod.dataCenterId,
    cudaVersion: pod.host?.cuda ?? null,
    ssh: {
      // There from the beginning, although nothing listens yet and it carries no files.
      proxy: endpoint('ssh.runpod.io', 22, pod.sshToken, `ssh ${pod.sshToken}@ssh.runpod.io`),
      direct: port === null ? null : endpoint('127.0.0.1', port, 'root', `ssh root@127.0.0.1 -p ${port}`),
    },
    template: null,
    // The contract promises 0 for a stopped pod; the live service keeps the rate.
    cost: round(pod.rate),
    locked: config.locked,
    globalNetworking: networking(pod),
    runtime: stalePort !== null || hasRuntime(runpod, pod) ? runtimeView(runpod, pod, port) : null,
    createdAt: new Date(pod.createdAt).toISOString(),
    startedAt: pod.startedAt === null ? null : new Date(pod.startedAt).toISOString(),
  };
}

function endpoint(host: string, port: number, username: string, command: string): Record<string, unknown> {
  return { host, port, username, command };
}

function networking(pod: Pod): Record<string, unknown> {
  if (!pod.config.globalNetworking) return { enabled: false };
  const draw = hash32(pod.id);
  return { enabled: true, ip: `10.${64 + (draw % 60)}.${(draw >>> 8) % 256}.${2 + ((draw >>> 16) % 250)}`, internalDns: `${pod.id}.runpod.internal` };
}

export interface RuntimePort {
  readonly private: number;
  readonly public: number | null;
  readonly type: 'tcp' | 'http';
  readonly ip: string | null;
}

/** Seconds since the container started. */
export function uptime({ world }: Runpod, pod: Pod): number {
  const since = pod.rental?.runningSince ?? null;
  return since === null ? 0 : Math.floor((world.agenda.now() - since) / 1000);
}

/** Percent, for every GPU the pod has now. */
export function gpuUse(pod: Pod): readonly { readonly util: number; readonly memoryUtil: number }[] {
  const share = (used: number, all: number) => (all === 0 ? 0 : Math.round((100 * used) / all));
  return (pod.rental?.gpus() ?? []).map((gpu) => ({ util: gpu.utilPct, memoryUtil: share(gpu.usedMib, gpu.memoryMib) }));
}

function runtimeView(runpod: Runpod, pod: Pod, sshPort: number | null): Record<string, unknown> {
  return {
    uptime: uptime(runpod, pod),
    gpus: gpuUse(pod),
    cpu: { util: 0 },
    memory: { util: 0 },
    ports: runtimePorts(pod, sshPort),
  };
}

export function runtimePorts(pod: Pod, sshPort: number | null): readonly RuntimePort[] {
  // HTTP goes through RunPod's proxy: the address is carrier-grade NAT, no use to anybody outside.
  const inside = `100.${64 + (hash32(pod.id) % 64)}.${hash32(`${pod.id}/a`) % 256}.${1 + (hash32(`${pod.id}/b`) % 254)}`;
  const mapped = pod.config.ports.flatMap((port): RuntimePort[] => {
    const [text = '', type] = port.split('/');
    const number = Number(text);
    if (type === 'http') return [{ private: number, public: 60_000 + (hash32(`${pod.id}/${port}`) % 5000), type: 'http', ip: inside }];
    if (number === 22) return sshPort === null ? [] : [{ private: 22, public: sshPort, type: 'tcp', ip: '127.0.0.1' }];
    // A practice pod shares the loopback with this machine, so its ports need no mapping.
    return [{ private: number, public: number > 65_535 ? null : number, type: 'tcp', ip: pod.host?.publicIp === false ? null : '127.0.0.1' }];
  });
  // RunPod's own port on every pod, asked for or not.
  return [...mapped, { private: 19_123, public: 60_000 + (hash32(`${pod.id}/19123`) % 5000), type: 'http', ip: inside }];
}

/** Prices are shown in whole tenths of a cent. */
function round(usd: number): number {
  return Math.round(usd * 1000) / 1000;
}
