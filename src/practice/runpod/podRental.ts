// What the market's core has to know to run a pod: its GPUs, how long it takes
// to boot, what it costs in which state, and what its container sees.
import type { ChargeLine } from '../ledger.ts';
import { chanceAt } from '../random.ts';
import type { BootDelays, Rental, RentalSpec, Seat } from '../rental.ts';
import { findGpuType } from './gpuTypes.ts';
import { authorizedKeys, gbHourUsd, type Pod } from './pod.ts';
import { startScript, wipeContainerDisk } from './podFolder.ts';
import type { Runpod } from './runpod.ts';
import { startCommandOf, startsSshd } from './startCommand.ts';

const second = 1000;

export function rentalSpecOf(runpod: Runpod, pod: Pod): RentalSpec {
  return {
    provider: 'runpod',
    id: pod.id,
    label: pod.config.name,
    get image() {
      return pod.config.image;
    },
    gpu: {
      name: pod.gpu?.id ?? 'none',
      count: pod.gpu?.count ?? 0,
      memoryMib: Math.round((findGpuType(pod.gpu?.id ?? '')?.memoryGb ?? 0) * 1000 ** 3 / 1024 ** 2),
      driver: pod.host?.driver ?? '',
      cuda: pod.host?.cuda ?? '',
    },
    seat: seatOf(runpod, pod),
    delays: delaysOf(runpod.world.seed, pod.id),
    charges: (rental) => {
      // The core asks at every change of state, which is when a container may have started.
      if (rental.state === 'loading' || rental.state === 'running') pod.startedAt = rental.since;
      return chargesOf(pod, rental);
    },
    pod: {
      env: (sshPort) => containerEnv(runpod, pod, sshPort),
      authorizedKeys: () => (startsSshd(pod.config) ? authorizedKeys(pod) : []),
      get startCommand() {
        return startCommandOf(pod.config, startScript(pod.rental?.dir ?? ''));
      },
      wipe: async (dir) => wipeContainerDisk(dir, pod.config.mounts),
    },
    // A used-up credit leaves only what lies on a network volume.
    whenBroke: (pod.config.mounts.network ?? []).length > 0 ? 'stop' : 'destroy',
  };
}

/** Dollars per hour by kind, for the state the rental is in. */
export function chargesOf(pod: Pod, rental: Pick<Rental, 'state' | 'gpuCount'>): readonly ChargeLine[] {
  const volumeGb = pod.config.mounts.persistent?.size ?? 0;
  if (rental.state === 'stopped' || rental.state === 'stopping') return [{ kind: 'disk', usdPerHour: volumeGb * gbHourUsd.volumeStopped }];
  // Nothing is charged while a host is being looked for; a pod whose image
  // cannot be pulled holds its GPUs, and is charged for them.
  if (rental.state === 'scheduling') return [{ kind: 'disk', usdPerHour: volumeGb * gbHourUsd.volumeRunning }];
  const share = pod.gpu === null ? 1 : rental.gpuCount / pod.gpu.count;
  return [
    { kind: pod.gpu === null ? 'cpu' : 'gpu', usdPerHour: pod.rate * share },
    { kind: 'disk', usdPerHour: pod.config.disk * gbHourUsd.containerDisk + volumeGb * gbHourUsd.volumeRunning },
  ];
}

function delaysOf(seed: number, id: string): BootDelays {
  const draw = (what: string, low: number, high: number) => Math.round((low + (high - low) * chanceAt(seed, id, what)) * second);
  return {
    scheduling: draw('scheduling', 2, 8),
    loading: draw('loading', 15, 45),
    ssh: draw('ssh', 8, 20),
    // RunPod says EXITED at once, whatever the container still does.
    stopping: 0,
    reloading: draw('reloading', 4, 10),
  };
}

function seatOf(runpod: Runpod, pod: Pod): Seat {
  const { host } = pod;
  // A host without room for all GPUs may still take the pod back with none.
  let held = pod.gpu?.count ?? 0;
  return {
    take(time) {
      const wanted = pod.rental?.gpuCount ?? held;
      if (host !== null && !runpod.stock.occupancy.take(host, wanted, time)) return false;
      held = wanted;
      return true;
    },
    release() {
      if (host !== null) runpod.stock.occupancy.release(host, held);
    },
  };
}

function containerEnv(runpod: Runpod, pod: Pod, sshPort: number): Record<string, string> {
  const { config, host } = pod;
  const gpus = pod.rental?.gpuCount ?? 0;
  const volume = config.mounts.network?.[0]?.volumeId;
  return {
    ...pod.injectedEnv,
    ...config.env,
    RUNPOD_POD_ID: pod.id,
    RUNPOD_API_KEY: pod.apiKey,
    RUNPOD_API_BASE_URL: runpod.origin,
    RUNPOD_POD_HOSTNAME: pod.sshToken,
    RUNPOD_DC_ID: pod.dataCenterId ?? '',
    RUNPOD_GPU_COUNT: String(gpus),
    RUNPOD_CPU_COUNT: String(pod.cpu?.vcpuCount ?? (host?.vcpuPerGpu ?? 0) * (pod.gpu?.count ?? 0)),
    RUNPOD_MEM_GB: String(pod.cpu?.memory ?? (host?.ramGbPerGpu ?? 0) * (pod.gpu?.count ?? 0)),
    ...(host === null || host.publicIp ? { RUNPOD_PUBLIC_IP: '127.0.0.1' } : {}),
    ...(config.ports.includes('22/tcp') ? { RUNPOD_TCP_PORT_22: String(sshPort) } : {}),
    ...(volume === undefined ? {} : { RUNPOD_VOLUME_ID: volume }),
    ...(host?.cuda === null || host === null ? {} : { CUDA_VERSION: host.cuda }),
  };
}
