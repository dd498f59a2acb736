// How RunPod names the state a pod is in, and where it says the pod can be
// reached. RUNNING means the container was started, not that it answers.
import type { Pod } from './pod.ts';
import type { Runpod } from './runpod.ts';

export type PodStatus = 'PROVISIONING' | 'STARTING' | 'RUNNING' | 'EXITED' | 'ERROR' | 'TERMINATED';
export type PodAction = 'start' | 'stop' | 'restart' | 'terminate';

// Market milliseconds, before the boot scale, that RUNNING comes before its address.
const addressLagMs = 4000;

export function statusOf(pod: Pod): PodStatus {
  switch (pod.rental?.state) {
    case undefined:
    case 'scheduling':
      return 'PROVISIONING';
    case 'loading':
      return 'STARTING';
    case 'running':
      return 'RUNNING';
    case 'failed':
      return 'ERROR';
    case 'stopping':
    case 'stopped':
      return 'EXITED';
    case 'destroyed':
      return 'TERMINATED';
  }
}

export function actionsFor(status: PodStatus): readonly PodAction[] {
  switch (status) {
    case 'RUNNING':
      return ['stop', 'restart', 'terminate'];
    case 'EXITED':
    case 'ERROR':
      return ['start', 'terminate'];
    case 'PROVISIONING':
    case 'STARTING':
      return ['stop', 'terminate'];
    case 'TERMINATED':
      return [];
  }
}

/** The pod's live figures exist: later than RUNNING, earlier than sshd. */
export function hasRuntime({ world }: Runpod, pod: Pod): boolean {
  const since = pod.rental?.runningSince ?? null;
  return since !== null && pod.rental?.sshPort !== null && world.agenda.now() >= since + addressLagMs * world.bootScale;
}

/** The public port of 22/tcp, or null while there is none. */
export function reachablePort(runpod: Runpod, pod: Pod): number | null {
  const exposed = pod.config.ports.includes('22/tcp') && (pod.host === null || pod.host.publicIp);
  return exposed && hasRuntime(runpod, pod) ? (pod.rental?.sshPort ?? null) : null;
}
