/** What is asked of RunPod's API, behind the provider port: REST v2, and GraphQL only for what v2 lacks. */
import { isAbort, RentError } from '../../domain/errors.ts';
import type { Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { InstanceListing } from '../../domain/provider.ts';
import { endpointPrefix } from '../../domain/serverless.ts';
import type { Adapter } from '../lateAdapter.ts';
import { readAccount } from './account.ts';
import type { RunpodContext } from './context.ts';
import type { Endpoints } from './endpoints.ts';
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
  /** Whether the account's endpoints are of interest: each look at them is one more request. */
  readonly endpoints?: () => boolean;
}

export function runpodAdapter(http: Http, { signedIn, origin = 'https://api.runpod.io', endpoints: wanted = () => false }: RunpodDeps): Adapter {
  const context: RunpodContext = { http, signedIn, facts: new GpuFacts() };
  const endpoints = lateEndpoints(http);
  return {
    search: (filter, signal) => search(context, filter, signal),
    findOffer: (id, diskGb, signal) => findOffer(context, offerKey(id), diskGb, signal),
    account: (signal) => readAccount(http, signal),
    create: async (order) => http.send(order.serverless === undefined ? (await import('./createCall.ts')).createPod(order, origin) : (await import('./endpointCalls.ts')).createEndpoint(order)),
    list: async (signal) => {
      const pods = await listInstances(context, signal);
      return wanted() ? both(pods, await (await endpoints()).list(signal).catch(unheard)) : pods;
    },
    get: async (key, signal) => (isEndpoint(key) ? (await endpoints()).get(key, signal) : getInstance(context, key, signal)),
    // The key travels in the create call; a running pod takes no other through the API.
    admitKey: async () => {},
    start: async (key) => {
      if (isEndpoint(key)) throw new RentError('notAllowed', { detail: 'nobody says how many workers it may have' });
      await start(http, key);
    },
    stop: async (key) => (isEndpoint(key) ? (await endpoints()).stop(key) : stop(http, key)),
    reboot: async (key) => http.send(actOnPod(key, 'restart')),
    destroy: async (key) => http.send(isEndpoint(key) ? (await import('./endpointCalls.ts')).destroyEndpoint(key) : destroyPod(key)),
  };
}

const isEndpoint = (key: string): boolean => key.startsWith(endpointPrefix);

/** Most accounts have none: what speaks of them is read when one matters. */
export function lateEndpoints(http: Http): () => Promise<Endpoints> {
  let made: Promise<Endpoints> | undefined;
  return () => (made ??= import('./endpoints.ts').then((read) => new read.Endpoints(http)));
}

/** Of two lists, one conclusion: absence from either means nothing while one of them is not whole. */
const both = (pods: InstanceListing, endpoints: InstanceListing | undefined): InstanceListing => ({
  instances: [...pods.instances, ...(endpoints?.instances ?? [])],
  complete: pods.complete && endpoints?.complete === true,
  at: Math.min(pods.at, endpoints?.at ?? pods.at),
});

function unheard(error: unknown): undefined {
  if (isAbort(error)) throw error;
  return undefined;
}
