import type { Provider } from '../domain/provider.ts';

/** What every provider does by speaking with its API. */
export type Adapter = Omit<Provider, 'id' | 'traits' | 'changeBid' | 'logs' | 'templates' | 'volumes' | 'serverless' | 'charges'>;

/** An editor that starts asks no provider anything, so what speaks with one is read when it is first asked. */
export function lateAdapter(load: () => Promise<Adapter>): Adapter {
  let loading: Promise<Adapter> | undefined;
  const adapter = (): Promise<Adapter> => (loading ??= load());
  return {
    async *search(filter, signal) {
      yield* (await adapter()).search(filter, signal);
    },
    findOffer: async (id, diskGb, signal) => (await adapter()).findOffer(id, diskGb, signal),
    account: async (signal) => (await adapter()).account(signal),
    create: async (order) => (await adapter()).create(order),
    list: async (signal) => (await adapter()).list(signal),
    get: async (key, signal) => (await adapter()).get(key, signal),
    admitKey: async (key, publicKey, signal) => (await adapter()).admitKey(key, publicKey, signal),
    start: async (key) => (await adapter()).start(key),
    stop: async (key) => (await adapter()).stop(key),
    reboot: async (key) => (await adapter()).reboot(key),
    destroy: async (key) => (await adapter()).destroy(key),
  };
}
