/** What is asked of Vast.ai's API, behind the provider port. */
import { isRentError, RentError } from '../../domain/errors.ts';
import type { Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { Adapter } from '../lateAdapter.ts';
import { readAccount } from './account.ts';
import { GpuNames } from './gpuNames.ts';
import { attachKey, destroy, getInstance, reboot, setState } from './instanceCalls.ts';
import { list } from './listing.ts';
import { findOffer, search } from './search.ts';

export interface VastDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Where machines call to end themselves: where we call, and that is Vast.ai unless said. */
  readonly origin?: string;
}

export function vastAdapter(http: Http, { clock, log, origin = 'https://console.vast.ai' }: VastDeps): Adapter {
  const gpuNames = new GpuNames(http, clock);
  return {
    search: (filter, signal) => search({ http, gpuNames, log }, filter, signal),
    findOffer: (id, diskGb, signal) => findOffer(http, offerKey(id), diskGb, signal),
    account: (signal) => http.send(readAccount(), signal),
    create: async (order) => http.send((await import('./create.ts')).create(order, origin)),
    list: (signal) => list(http, signal),
    get: async (key, signal) => http.send(getInstance(key), signal),
    admitKey: async (key, publicKey, signal) => http.send(attachKey(key, publicKey), signal),
    start: (key) => start(http, key),
    stop: async (key) => http.send(setState(key, 'stopped')),
    reboot: async (key) => http.send(reboot(key)),
    destroy: async (key) => http.send(destroy(key)),
  };
}

/**
 * A stopped instance is tied to its machine. When the GPU is taken Vast queues the start, and would
 * start and charge it whenever the GPU comes free: the queue is left at once.
 */
async function start(http: Http, key: string): Promise<void> {
  try {
    await http.send(setState(key, 'running'));
  } catch (refused) {
    if (!isRentError(refused, 'startQueued')) throw refused;
    try {
      await http.send(setState(key, 'stopped'));
    } catch (cause) {
      throw new RentError('startQueued', { detail: `${refused.detail ?? ''} (and leaving the queue failed: it may start by itself)`, cause });
    }
    throw refused;
  }
}
