import type { ProviderId } from '../domain/offer.ts';
import type { Keys } from '../services/accounts.ts';

/** The part of VS Code's SecretStorage that is used. */
export interface SecretDrawer {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** One key, bound to the origin of the address that it was typed in for. */
export interface OneKey {
  get(): Promise<string | undefined>;
  set(key: string): Promise<void>;
  delete(): Promise<void>;
}

export function keyAt(drawer: SecretDrawer, name: string, address: string): OneKey {
  const place = `gpuRental.key.${name}@${new URL(address).origin}`;
  return {
    get: async () => drawer.get(place),
    set: async (key) => drawer.store(place, key),
    delete: async () => drawer.delete(place),
  };
}

/**
 * API keys, each bound to the origin it was typed in for: a changed endpoint finds no key, and
 * nobody else's origin ever receives one.
 */
export function createKeys(drawer: SecretDrawer, endpointOf: (provider: ProviderId) => string): Keys {
  const of = (provider: ProviderId): OneKey => keyAt(drawer, provider, endpointOf(provider));
  return {
    get: async (provider) => of(provider).get(),
    set: async (provider, key) => of(provider).set(key),
    delete: async (provider) => of(provider).delete(),
  };
}
