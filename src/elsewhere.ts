/** Price lists and doors to those that nothing is rented from, put together when somebody first asks for one. */
import type { ListedCloud } from './domain/cloudPrice.ts';
import type { Clock, Log } from './domain/ports.ts';
import type { CloudPrices } from './services/cloudPrices.ts';
import type { Elsewhere } from './ui/guide/elsewhere.ts';

export interface ElsewhereDeps {
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Addresses other than the public ones: `GPU_RENTAL_CATALOGUES_URL` and `GPU_RENTAL_GPUFLOW_URL`. */
  readonly env: NodeJS.ProcessEnv;
}

export function createElsewhere(deps: ElsewhereDeps): Elsewhere {
  const { env } = deps;
  const gpuflow = env['GPU_RENTAL_GPUFLOW_URL'];
  let loading: Promise<CloudPrices> | undefined;
  return {
    prices: () => (loading ??= loadPrices(deps)),
    gpuflow: async () => (await import('./providers/gpuflow/gpuflow.ts')).createGpuFlow({ ...deps, ...(gpuflow === undefined ? {} : { origin: gpuflow }) }),
  };
}

async function loadPrices({ stateFolder, clock, log, version, env }: ElsewhereDeps): Promise<CloudPrices> {
  const [{ CloudPrices }, { createCloudLists }, { createCatalogues }] = await Promise.all([
    import('./services/cloudPrices.ts'), import('./store/cloudLists.ts'), import('./providers/catalogues/catalogues.ts'),
  ]);
  const one = env['GPU_RENTAL_CATALOGUES_URL'];
  const origins: Readonly<Record<ListedCloud, string>> | undefined = one === undefined ? undefined : { aws: one, azure: one, gcp: one };
  const prices = new CloudPrices({ catalogues: createCatalogues({ clock, log, version, ...(origins === undefined ? {} : { origins }) }), lists: createCloudLists(stateFolder), log });
  await prices.load();
  return prices;
}
