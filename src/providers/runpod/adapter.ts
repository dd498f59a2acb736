/** What is asked of RunPod's API, behind the provider port: REST v2, and GraphQL only for what v2 lacks. */
import type { Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { Adapter } from '../lateAdapter.ts';
import { readAccount } from './account.ts';
import type { RunpodContext } from './context.ts';
import { GpuFacts } from './gpuFacts.ts';
import { getInstance, listInstances } from './instances.ts';
import { start, stop } from './lifecycle.ts';
import { actOnPod, destroyPod } from './podCalls.ts';
import { findOffer, search } from './search.ts';

export interface RunpodDeps {
  /** Whether there is a key at all; it decides which price list is read. */
  readonly signedIn: () => Promise<boolean>;
  /** Where pods call to end themselves: where we call, and that is RunPod unless said. */
  readonly origin?: string;
}

export function runpodAdapter(http: Http, { signedIn, origin = 'https://api.runpod.io' }: RunpodDeps): Adapter {
  const context: RunpodContext = { http, signedIn, facts: new GpuFacts() };
  return {
    search: (filter, signal) => search(context, filter, signal),
    findOffer: (id, diskGb, signal) => findOffer(context, offerKey(id), diskGb, signal),
    account: (signal) => readAccount(http, signal),
    create: async (order) => http.send((await import('./createCall.ts')).createPod(order, origin)),
    list: (signal) => listInstances(context, signal),
    get: (key, signal) => getInstance(context, key, signal),
    // The key travels in the create call; a running pod takes no other through the API.
    admitKey: async () => {},
    start: (key) => start(http, key),
    stop: (key) => stop(http, key),
    reboot: async (key) => http.send(actOnPod(key, 'restart')),
    destroy: async (key) => http.send(destroyPod(key)),
  };
}
