/** RunPod behind the provider port: REST v2, and GraphQL only for what v2 lacks. */
import type { Http } from '../../domain/http.ts';
import { offerKey } from '../../domain/offer.ts';
import type { Provider, ProviderTraits } from '../../domain/provider.ts';
import { lateVolumes } from '../lateVolumes.ts';
import { readAccount } from './account.ts';
import { attach } from './attach.ts';
import { readCharges, settleMs } from './charges.ts';
import type { RunpodContext } from './context.ts';
import { GpuFacts } from './gpuFacts.ts';
import { getInstance, listInstances } from './instances.ts';
import { start, stop } from './lifecycle.ts';
import { readLogs } from './logs.ts';
import { keepsItsStart } from './images.ts';
import { actOnPod, destroyPod } from './podCalls.ts';
import { mountPath } from './podDisks.ts';
import { findOffer, search } from './search.ts';

export interface RunpodDeps {
  /** Whether there is a key at all; it decides which price list is read. */
  readonly signedIn: () => Promise<boolean>;
  /** Where pods call to end themselves: where we call, and that is RunPod unless said. */
  readonly origin?: string;
}

const traits: ProviderTraits = {
  name: 'RunPod',
  defaultImage: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
  workspaceFolder: mountPath,
  keysUrl: 'https://console.runpod.io/user/settings',
  billingUrl: 'https://console.runpod.io/user/billing',
  usualStartMinutes: [1, 3],
  chargesSettleMs: settleMs,
  chargeBucketMs: 3_600_000,
  carriesGuard: keepsItsStart,
  fingerprintsInLog: true,
};

export function createRunpod(http: Http, { signedIn, origin = 'https://api.runpod.io' }: RunpodDeps): Provider {
  const context: RunpodContext = { http, signedIn, facts: new GpuFacts() };
  return {
    id: 'runpod',
    traits,
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
    logs: async (key, signal) => http.send(readLogs(key), signal),
    templates: async (query, signal) => (await import('./templates.ts')).templates(http, query, signal),
    volumes: lateVolumes({ folder: mountPath, attach }, async () => (await import('./volumes.ts')).runpodVolumes(http)),
    charges: async (from, to, signal) => (from < to ? http.send(readCharges(from, to), signal) : []),
  };
}
