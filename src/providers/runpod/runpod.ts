/** RunPod behind the provider port. */
import type { Http } from '../../domain/http.ts';
import type { Provider, ProviderTraits } from '../../domain/provider.ts';
import { endpointPrefix } from '../../domain/serverless.ts';
import { lateAdapter } from '../lateAdapter.ts';
import { lateVolumes } from '../lateVolumes.ts';
import type { RunpodDeps } from './adapter.ts';
import { attach } from './attach.ts';
import { hourMs, settleMs } from './books.ts';
import { keepsItsStart } from './images.ts';
import { mountPath } from './podDisks.ts';

const traits: ProviderTraits = {
  name: 'RunPod',
  defaultImage: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
  workspaceFolder: mountPath,
  keysUrl: 'https://console.runpod.io/user/settings',
  billingUrl: 'https://console.runpod.io/user/billing',
  usualStartMinutes: [1, 3],
  chargesSettleMs: settleMs,
  chargeBucketMs: hourMs,
  carriesGuard: keepsItsStart,
  fingerprintsInLog: true,
};

export const createRunpod = (http: Http, deps: RunpodDeps) => ({
  id: 'runpod' as const,
  traits,
  ...lateAdapter(async () => (await import('./adapter.ts')).runpodAdapter(http, deps)),
  logs: async (key, signal) => (key.startsWith(endpointPrefix) ? '' : http.send((await import('./logs.ts')).readLogs(key), signal)),
  templates: async (query, signal) => (await import('./templates.ts')).templates(http, query, signal),
  serverless: {
    pools: async (signal) => new (await import('./endpoints.ts')).Endpoints(http).pools(signal),
    start: async (key, terms) => new (await import('./endpoints.ts')).Endpoints(http).start(key, terms),
  },
  volumes: lateVolumes({ folder: mountPath, attach }, async () => (await import('./volumes.ts')).runpodVolumes(http)),
  charges: async (from, to, signal) => {
    if (from >= to) return [];
    const pods = await http.send((await import('./charges.ts')).readCharges(from, to), signal);
    return deps.endpoints?.() === true ? [...pods, ...(await http.send((await import('./endpointCalls.ts')).readEndpointCharges(from, to), signal))] : pods;
  },
}) satisfies Provider;
