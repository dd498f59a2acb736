// Which type of instance is free where. The same seed gives the same regions.
import { createOccupancy, type Occupancy, type Occupiable } from '../occupancy.ts';
import { chanceAt } from '../random.ts';
import { instanceTypes, type InstanceType } from './instanceTypes.ts';
import { regions, type Region } from './regions.ts';

/** All machines of one type in one region; each is rented whole. */
export interface Site extends Occupiable {
  readonly type: InstanceType;
  readonly region: Region;
}

export interface Stock {
  readonly sites: readonly Site[];
  readonly occupancy: Occupancy;
  free(type: InstanceType, at: number): readonly Site[];
  site(type: InstanceType, region: Region): Site | undefined;
}

const mostMachines = 4;

export function createStock(seed: number, startedAt: number): Stock {
  const sites = instanceTypes.flatMap((type) => sitesOf(seed, type));
  const occupancy = createOccupancy(seed, startedAt);
  return {
    sites,
    occupancy,
    free: (type, at) => sites.filter((site) => site.type === type && occupancy.free(site, at) > 0),
    site: (type, region) => sites.find((site) => site.type === type && site.region === region),
  };
}

function sitesOf(seed: number, type: InstanceType): Site[] {
  const drawn = regions.toSorted((one, other) => chanceAt(seed, type.name, one.name) - chanceAt(seed, type.name, other.name));
  return drawn.slice(0, type.regions).map((region) => {
    const id = `lambda/${type.name}/${region.name}`;
    return { id, type, region, demand: type.demand, gpus: 1 + Math.floor(chanceAt(seed, id, 'machines') * mostMachines) };
  });
}
