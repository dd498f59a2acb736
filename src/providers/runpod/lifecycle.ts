import { isRentError, RentError } from '../../domain/errors.ts';
import type { Http } from '../../domain/http.ts';
import { actOnPod, readPod, startPod } from './podCalls.ts';

export async function stop(http: Http, key: string): Promise<void> {
  try {
    await http.send(actOnPod(key, 'stop'));
  } catch (error) {
    const status = isRentError(error, 'notAllowed') ? (await http.send(readPod(key)))?.pod.status : undefined;
    // A stop that is repeated after a lost answer meets a pod that it has stopped already.
    if (status === 'EXITED') return;
    if (status !== 'ERROR') throw error;
    // A pod that failed bills in full and cannot be stopped: it is stopped on its way up again.
    await http.send(startPod(key));
    await http.send(actOnPod(key, 'stop'));
  }
}

/**
 * A stopped pod is tied to its host. When that host's GPUs are taken, RunPod refuses or, worse,
 * starts the pod without any: a machine that bills and can do nothing, so it is stopped again.
 */
export async function start(http: Http, key: string): Promise<void> {
  if ((await http.send(startPod(key))) !== 0) return;
  const refused = { detail: 'started without a GPU' };
  try {
    await stop(http, key);
  } catch (cause) {
    throw new RentError('noCapacity', { detail: `${refused.detail}, and could not be stopped again`, cause });
  }
  throw new RentError('noCapacity', refused);
}
