/** Vast.ai behind the provider port. */
import type { Http } from '../../domain/http.ts';
import type { Provider, ProviderTraits } from '../../domain/provider.ts';
import { lateAdapter } from '../lateAdapter.ts';
import { lateVolumes } from '../lateVolumes.ts';
import type { VastDeps } from './adapter.ts';
import { attach, volumeFolder } from './attach.ts';
import { dayMs, settleMs } from './books.ts';

const traits: ProviderTraits = {
  name: 'Vast.ai',
  // Vast picks the newest build that the machine's driver can run; hosts have its layers at hand.
  defaultImage: 'vastai/pytorch:@vastai-automatic-tag',
  workspaceFolder: '/workspace',
  keysUrl: 'https://cloud.vast.ai/manage-keys/',
  billingUrl: 'https://cloud.vast.ai/billing/',
  usualStartMinutes: [1, 4],
  chargesSettleMs: settleMs,
  chargeBucketMs: dayMs,
  carriesGuard: () => true,
};

export const createVast = (http: Http, deps: VastDeps) => ({
  id: 'vast' as const,
  traits,
  ...lateAdapter(async () => (await import('./adapter.ts')).vastAdapter(http, deps)),
  changeBid: async (key, bid) => http.send((await import('./instanceCalls.ts')).changeBid(key, bid)),
  logs: async (key, signal) => (await import('./logs.ts')).logs(http, deps.clock, key, signal),
  templates: async (query, signal) => (await import('./templates.ts')).templates(http, query, signal),
  volumes: lateVolumes({ folder: volumeFolder, attach }, async () => (await import('./volumes.ts')).vastVolumes(http)),
  charges: async (from, to, signal) => (await import('./charges.ts')).charges(http, from, to, signal),
}) satisfies Provider;
