/**
 * A pod as the rest of the program sees an instance. RunPod says RUNNING long before SSH answers,
 * and its rate leaves the disk out, so both are worked out here.
 */
import { gpuName } from '../../domain/gpu.ts';
import { noRates, type Endpoint, type InstanceState, type Rates, type SeenInstance, type StartStage } from '../../domain/instance.ts';
import { timesRate, usdPerHour, zeroRate, type UsdPerHour } from '../../domain/money.ts';
import { plainText } from '../http/plainText.ts';
import type { GpuFact } from './gpuFacts.ts';
import { stoppedDiskRate, totalGb, withDisk, type PodDisks } from './podDisks.ts';
import { endpointsOf } from './podEndpoints.ts';
import type { PodRow } from './schemas/pod.ts';

export function seenPod(pod: PodRow, fact: GpuFact | undefined): SeenInstance {
  const endpoints = endpointsOf(pod);
  const disks: PodDisks = { container: pod.disk ?? 0, persistent: pod.mounts?.persistent?.size ?? 0 };
  const createdAt = timeOf(pod.createdAt);
  const startedAt = timeOf(pod.startedAt);
  return {
    id: `runpod:${pod.id}`,
    provider: 'runpod',
    key: pod.id,
    label: plainText(pod.name ?? '', 200),
    gpu: hardware(pod),
    gpuCount: pod.gpu ? (pod.gpu.count ?? 1) : 0,
    vramGb: fact?.memoryGb ?? 0,
    place: plainText(pod.dataCenterId ?? '', 40),
    kind: 'on-demand',
    diskGb: totalGb(disks),
    ...stateOf(pod, endpoints),
    outbid: false,
    rates: ratesOf(pod, disks, fact),
    endpoints,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    statusText: statusText(pod),
    ...(pod.image ? { image: plainText(pod.image, 200) } : {}),
  };
}

function hardware(pod: PodRow): string {
  if (pod.gpu) return gpuName(plainText(pod.gpu.id, 120));
  return pod.cpu ? 'CPU' : 'Unknown';
}

function stateOf(pod: PodRow, endpoints: readonly Endpoint[]): { state: InstanceState; stage?: StartStage } {
  switch (pod.status) {
    case 'PROVISIONING':
      return { state: 'starting', stage: 'scheduling' };
    case 'STARTING':
      return { state: 'starting', stage: 'pulling' };
    case 'RUNNING':
      return endpoints.length > 0 || neverHasSsh(pod) ? { state: 'ready' } : { state: 'starting', stage: 'booting' };
    case 'EXITED':
      return { state: 'stopped' };
    case 'ERROR':
      return { state: 'failed' };
    case 'TERMINATED':
      return { state: 'ending' };
    default:
      return { state: 'unknown' };
  }
}

/** Somebody else's pod without an SSH port is as ready as it will ever be; ours always ask for one. */
const neverHasSsh = (pod: PodRow): boolean => Array.isArray(pod.ports) && !pod.ports.includes('22/tcp');

/**
 * A network volume is the account's and bills with or without the pod, so it is in neither rate.
 * A terminated pod is deleted and bills nothing, whatever `cost` still says.
 */
function ratesOf(pod: PodRow, disks: PodDisks, fact: GpuFact | undefined): Rates {
  if (pod.status === 'TERMINATED') return noRates;
  const gpu = pod.cost > 0 ? usdPerHour(pod.cost) : listRate(pod, fact);
  return { running: withDisk(gpu, disks), stopped: stoppedDiskRate(disks) };
}

/** A stopped pod may show no rate at all; what it would cost to start is then the list price. */
function listRate(pod: PodRow, fact: GpuFact | undefined): UsdPerHour {
  const perGpu = pod.cloud === 'SECURE' || pod.cloud === 'COMMUNITY' ? fact?.price[pod.cloud] : undefined;
  return perGpu === undefined ? zeroRate : timesRate(perGpu, pod.gpu?.count ?? 1);
}

function statusText(pod: PodRow): string {
  const remarks = [pod.status];
  if (pod.status === 'RUNNING' && pod.gpu?.count === 0) remarks.push('no GPU attached');
  // Locked pods refuse to stop, which no automatic stop can change.
  if (pod.locked === true) remarks.push('locked');
  return plainText(remarks.join(', '), 80);
}

function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isFinite(time) ? time : undefined;
}
