// CPU flavours for pods without a GPU; dollars per vCPU and hour.
import { chanceAt } from '../random.ts';
import { level, type Availability } from './stock.ts';
import { dataCenters } from './places.ts';

export interface CpuFlavor {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly minVcpu: number;
  readonly maxVcpu: number;
  readonly ramGbPerVcpu: number;
  readonly securePerVcpu: number;
  readonly serverlessPerVcpu: number;
}

export const cpuFlavors: readonly CpuFlavor[] = [
  { id: 'cpu3c', name: 'Compute-Optimized', group: 'Gen 3', minVcpu: 2, maxVcpu: 32, ramGbPerVcpu: 2, securePerVcpu: 0.03, serverlessPerVcpu: 0.0612 },
  { id: 'cpu3g', name: 'General Purpose', group: 'Gen 3', minVcpu: 2, maxVcpu: 32, ramGbPerVcpu: 4, securePerVcpu: 0.04, serverlessPerVcpu: 0.0756 },
  { id: 'cpu3m', name: 'Memory-Optimized', group: 'Gen 3', minVcpu: 2, maxVcpu: 32, ramGbPerVcpu: 8, securePerVcpu: 0.055, serverlessPerVcpu: 0.09 },
  { id: 'cpu5c', name: 'Compute-Optimized', group: 'Gen 5', minVcpu: 2, maxVcpu: 32, ramGbPerVcpu: 2, securePerVcpu: 0.035, serverlessPerVcpu: 0.072 },
  { id: 'cpu5g', name: 'General Purpose', group: 'Gen 5', minVcpu: 2, maxVcpu: 32, ramGbPerVcpu: 4, securePerVcpu: 0.045, serverlessPerVcpu: 0.0864 },
];

export function findCpuFlavor(id: string): CpuFlavor | undefined {
  return cpuFlavors.find((flavor) => flavor.id === id);
}

/** CPU hosts are many and far from full: an hour's draw per flavour and site. */
export function cpuAvailability(seed: number, flavorId: string, dataCenterId: string, time: number): Availability {
  return level(Math.floor(chanceAt(seed, flavorId, dataCenterId, Math.floor(time / 3_600_000)) * 10));
}

export function cpuSites(seed: number, flavorId: string, time: number): readonly { readonly id: string; readonly name: string; readonly availability: Availability }[] {
  return dataCenters
    .map(({ id, name }) => ({ id, name, availability: cpuAvailability(seed, flavorId, id, time) }))
    .filter((site) => site.availability !== 'NONE');
}
