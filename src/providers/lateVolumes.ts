import type { VolumeCalls } from '../domain/volume.ts';

/** What is asked of every offer is there at once; what speaks with the provider is read when somebody has to do with volumes. */
export const lateVolumes = (at: Pick<VolumeCalls, 'folder' | 'attach'>, load: () => Promise<Omit<VolumeCalls, 'folder' | 'attach'>>): VolumeCalls => ({
  ...at,
  list: async (signal) => (await load()).list(signal),
  sites: async (machines, signal) => (await load()).sites(machines, signal),
  create: async (order) => (await load()).create(order),
  remove: async (key) => (await load()).remove(key),
});
