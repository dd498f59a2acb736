// What happens to a pod after it was made, by whichever door it is asked for.
import { chanceAt } from '../random.ts';
import type { Pod } from './pod.ts';
import { actionsFor, reachablePort, statusOf, type PodAction } from './podStatus.ts';
import { hostIsFull, Refusal } from './problems.ts';
import type { Runpod } from './runpod.ts';

/** Throws a Refusal: 409 when the pod's status does not allow it, 400 when its host has no GPU left. */
export function actOn(runpod: Runpod, pod: Pod, action: PodAction): void {
  const status = statusOf(pod);
  if (!actionsFor(status).includes(action)) throw new Refusal(409, `cannot ${action} a pod that is ${status}`);
  if (action === 'terminate') terminate(runpod, pod);
  else if (action === 'start') start(runpod, pod);
  else if (pod.config.locked) throw new Refusal(409, `cannot ${action} a locked pod`);
  else {
    pod.stalePort = reachablePort(runpod, pod);
    if (action === 'stop') pod.rental?.stop('user');
    else pod.rental?.restart('restart');
  }
  runpod.world.agenda.settle();
}

function start({ world, stock }: Runpod, pod: Pod): void {
  const { rental, host } = pod;
  if (rental === null) return;
  rental.gpuCount = pod.gpu?.count ?? 0;
  // A pod in ERROR still holds its GPUs.
  const seated = rental.state === 'failed';
  if (!seated && host !== null && stock.occupancy.free(host, world.agenda.now()) < rental.gpuCount) {
    // The host's GPUs went to somebody else: refused, or the pod comes back without any.
    if (chanceAt(world.seed, pod.id, 'zero-gpus', rental.starts) < 0.7) throw new Refusal(400, hostIsFull);
    rental.gpuCount = 0;
  }
  if (rental.start() === 'started') return;
  rental.stop('capacity');
  throw new Refusal(400, hostIsFull);
}

function terminate({ world, pods, account }: Runpod, pod: Pod): void {
  if (world.faults.hit('destroy-lies', 'runpod')) return;
  pod.rental?.destroy();
  pods.delete(pod.id);
  account.podKeys.delete(pod.apiKey);
}
