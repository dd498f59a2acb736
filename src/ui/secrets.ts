import type { ProviderId } from '../domain/offer.ts';
import type { Keys } from '../services/accounts.ts';

/** The part of VS Code's SecretStorage that is used. */
export interface SecretDrawer {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/**
 * API keys, each bound to the origin it was typed in for: a changed endpoint finds no key, and
 * nobody else's origin ever receives one.
 */
export function createKeys(drawer: SecretDrawer, endpointOf: (provider: ProviderId) => string): Keys {
  const place = (provider: ProviderId): string => `gpuRental.key.${provider}@${new URL(endpointOf(provider)).origin}`;
  return {
    get: async (provider) => drawer.get(place(provider)),
    set: async (provider, key) => drawer.store(place(provider), key),
    delete: async (provider) => drawer.delete(place(provider)),
  };
}
