// A pod as GraphQL shows it: the wanted status, not the real one, and the
// environment as a list of NAME=value.
import { hexAt } from '../../random.ts';
import { findGpuType } from '../gpuTypes.ts';
import { findDataCenter } from '../places.ts';
import type { Pod } from '../pod.ts';
import { hasRuntime, reachablePort } from '../podStatus.ts';
import { gpuUse, runtimePorts, uptime } from '../podView.ts';
import type { Runpod } from '../runpod.ts';

export function podShape(runpod: Runpod, pod: Pod): Record<string, unknown> {
  const { config, host, rental } = pod;
  const running = hasRuntime(runpod, pod);
  const port = pod.stalePort !== null && rental?.intended === 'running' ? pod.stalePort : reachablePort(runpod, pod);
  if (port === pod.stalePort) pod.stalePort = null;
  const type = findGpuType(pod.gpu?.id ?? '');
  return {
    id: pod.id,
    name: config.name,
    imageName: config.image,
    env: Object.entries(config.env).map(([name, value]) => `${name}=${value}`),
    containerDiskInGb: config.disk,
    volumeInGb: config.mounts.persistent?.size ?? 0,
    volumeMountPath: config.mounts.persistent?.path ?? config.mounts.network?.[0]?.path ?? null,
    networkVolumeId: config.mounts.network?.[0]?.volumeId ?? null,
    costPerHr: pod.rate,
    adjustedCostPerHr: pod.rate,
    desiredStatus: desiredStatus(pod),
    lastStatusChange: lastStatusChange(pod),
    lastStartedAt: pod.startedAt === null ? null : new Date(pod.startedAt).toISOString(),
    createdAt: new Date(pod.createdAt).toISOString(),
    dockerArgs: config.args,
    gpuCount: rental?.gpuCount ?? pod.gpu?.count ?? 0,
    gpuPowerLimitPercent: 100,
    vcpuCount: pod.cpu?.vcpuCount ?? (host?.vcpuPerGpu ?? 0) * (pod.gpu?.count ?? 0),
    memoryInGb: pod.cpu?.memory ?? (host?.ramGbPerGpu ?? 0) * (pod.gpu?.count ?? 0),
    locked: config.locked,
    machineId: machineId(pod),
    podType: 'RESERVED',
    ports: config.ports.join(','),
    uptimeSeconds: running ? uptime(runpod, pod) : 0,
    machine: {
      podHostId: pod.sshToken,
      gpuDisplayName: type?.name ?? null,
      gpuTypeId: type?.id ?? null,
      location: host?.country ?? findDataCenter(pod.dataCenterId ?? '')?.country ?? null,
      dataCenterId: pod.dataCenterId,
    },
    runtime: running ? runtimeShape(runpod, pod, port) : null,
    latestTelemetry: running ? { state: 'running', time: new Date(runpod.world.agenda.now()).toISOString() } : null,
  };
}

function machineId(pod: Pod): string {
  return hexAt(12, pod.host?.id ?? `cpu/${pod.dataCenterId ?? ''}`);
}

function desiredStatus(pod: Pod): string {
  if (pod.rental?.state === 'destroyed') return 'TERMINATED';
  return pod.rental?.intended === 'stopped' ? 'EXITED' : 'RUNNING';
}

function lastStatusChange(pod: Pod): string {
  if (pod.rental?.intended !== 'stopped') return `Rented by User: ${String(new Date(pod.startedAt ?? pod.createdAt))}`;
  return `Exited by ${pod.rental.stopReason === 'user' ? 'User' : 'Runpod'}: ${String(new Date(pod.rental.since))}`;
}

function runtimeShape(runpod: Runpod, pod: Pod, port: number | null): Record<string, unknown> {
  return {
    uptimeInSeconds: uptime(runpod, pod),
    ports: runtimePorts(pod, port).map((mapped) => ({ ip: mapped.ip, isIpPublic: mapped.type === 'tcp' && mapped.ip !== null, privatePort: mapped.private, publicPort: mapped.public, type: mapped.type })),
    gpus: gpuUse(pod).map(({ util, memoryUtil }, index) => ({ id: `GPU-${hexAt(8, pod.id, index)}`, gpuUtilPercent: util, memoryUtilPercent: memoryUtil })),
    container: { cpuPercent: 0, memoryPercent: 0 },
  };
}
