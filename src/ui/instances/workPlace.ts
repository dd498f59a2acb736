import type { ProviderId } from '../../domain/offer.ts';
import type { ProviderTraits } from '../../domain/provider.ts';
import type { SyncResult } from '../../domain/sync.ts';
import type { FleetInstance } from '../../services/fleetInstance.ts';
import type { Place } from '../../services/leaving.ts';

export interface WorkPlaceDeps {
  readonly traits: (provider: ProviderId) => Pick<ProviderTraits, 'workspaceFolder'>;
  /** By the provider's clock. */
  readonly now: () => number;
}

/** Where to look for what may be lost with a machine. Only what was rented here can be looked into. */
export function workPlace({ ours, alias, provider, since }: FleetInstance, { traits, now }: WorkPlaceDeps): Place | undefined {
  return ours && alias !== undefined ? { alias, folders: [traits(provider).workspaceFolder], ageMs: since === undefined ? undefined : now() - since } : undefined;
}

/** Told of each download of a folder, so that nobody is warned later that what came home would be lost. */
export type Downloaded = (instance: FleetInstance, folder: string, result: SyncResult, signal: AbortSignal) => Promise<void>;
