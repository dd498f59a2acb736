/** Keys to data, each bound to its endpoint and bucket: a changed endpoint finds none, and nobody else's receives one. */
import { asked, bindingOf, type Credentials, type DataPlace } from '../../domain/dataStore.ts';
import type { SecretDrawer } from '../secrets.ts';

export interface DataKeys {
  get(place: DataPlace): Promise<Credentials | undefined>;
  set(place: DataPlace, credentials: Credentials): Promise<void>;
  forget(place: DataPlace): Promise<void>;
}

export function createDataKeys(drawer: SecretDrawer): DataKeys {
  const name = (place: DataPlace): string => `gpuRental.data.${bindingOf(place)}`;
  return {
    async get(place) {
      const kept = await drawer.get(name(place));
      return kept === undefined ? undefined : read(kept, place);
    },
    set: async (place, credentials) => drawer.store(name(place), JSON.stringify(credentials)),
    forget: async (place) => drawer.delete(name(place)),
  };
}

function read(kept: string, { store }: DataPlace): Credentials | undefined {
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = new Map(Object.entries(value));
    return Object.fromEntries(asked(store).flatMap((field) => (typeof fields.get(field) === 'string' ? [[field, fields.get(field) as string]] : [])));
  } catch {
    return undefined;
  }
}
