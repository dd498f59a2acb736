import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { providerIds, type ProviderId } from './domain/offer.ts';
import type { Keys } from './services/accounts.ts';
import type { Settings } from './ui/settings.ts';
import { defaultStateFolder, fromEnvironment } from './wiring.ts';

/** A market with its keys and the folder where what happens there is remembered. */
export interface Place {
  readonly mode: 'real' | 'practice';
  readonly origins: Readonly<Record<ProviderId, string>>;
  readonly keys: Keys;
  readonly stateFolder: string;
  dispose(): void;
}

/** The providers of the settings; the environment may name others, with keys that belong to them alone. */
export function realPlace(env: NodeJS.ProcessEnv, settings: Settings, kept: Keys): Place {
  const given = fromEnvironment(env);
  const originOf = (id: ProviderId): string => given.origins[id] ?? settings.endpoint(id);
  return {
    mode: 'real',
    origins: { vast: originOf('vast'), runpod: originOf('runpod'), lambda: originOf('lambda') },
    keys: {
      // A kept key belongs to the endpoint of the settings and never goes to one from the environment.
      get: (id) => (given.keys[id] !== undefined || given.origins[id] !== undefined ? Promise.resolve(given.keys[id]) : kept.get(id)),
      set: kept.set,
      delete: kept.delete,
    },
    stateFolder: env['GPU_RENTAL_HOME'] ?? defaultStateFolder(process.platform, env),
    dispose: () => undefined,
  };
}

/** Local providers with practice money. Their machines and memory end with the window. */
export async function practicePlace(storage: string): Promise<Place> {
  // Loaded only here: nobody pays for it at activation.
  const { startMarket } = await import('./practice/market.ts');
  const dir = join(storage, 'practice');
  const stateFolder = join(dir, `state-${process.pid}`);
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const market = await startMarket({ dir });
  const keys = new Map(providerIds.map((id) => [id, market[id].apiKey]));
  return {
    mode: 'practice',
    origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url },
    keys: {
      get: (id) => Promise.resolve(keys.get(id)),
      set: (id, key) => Promise.resolve(void keys.set(id, key)),
      delete: (id) => Promise.resolve(void keys.delete(id)),
    },
    stateFolder,
    dispose: () => void market.close().then(() => rm(stateFolder, { recursive: true, force: true })),
  };
}
