// What of RunPod's supply is free, for whoever asks with which conditions.
import { createOccupancy, type Occupancy } from '../occupancy.ts';
import { compareCuda } from './cudaVersion.ts';
import type { Cloud } from './gpuTypes.ts';
import { createHosts, type Host } from './hosts.ts';

export type Availability = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH';

export interface StockQuery {
  readonly gpuTypeId: string;
  /** Left out: either. */
  readonly cloud?: Cloud;
  readonly count: number;
  readonly countryCodes?: readonly string[];
  readonly dataCenterIds?: readonly string[];
  readonly cudaVersions?: readonly string[];
  readonly minCudaVersion?: string;
  readonly minVcpu?: number;
  readonly minRamGb?: number;
  readonly publicIp?: boolean;
}

export interface Stock {
  readonly hosts: readonly Host[];
  readonly occupancy: Occupancy;
  /** Hosts that fit the query, full ones included. */
  matching(query: StockQuery): readonly Host[];
  withRoom(query: StockQuery, at: number): readonly Host[];
  availability(query: StockQuery, at: number): Availability;
}

export function createStock(seed: number, startedAt: number): Stock {
  const hosts = createHosts(seed);
  const byType = Map.groupBy(hosts, (host) => host.gpuTypeId);
  const occupancy = createOccupancy(seed, startedAt);
  const matching = (query: StockQuery) => (byType.get(query.gpuTypeId) ?? []).filter((host) => fits(host, query));
  const withRoom = (query: StockQuery, at: number) => matching(query).filter((host) => occupancy.free(host, at) >= query.count);
  return { hosts, occupancy, matching, withRoom, availability: (query, at) => level(withRoom(query, at).length) };
}

/** The catalogue's word for a number of hosts with room. HIGH is no promise. */
export function level(hostsWithRoom: number): Availability {
  if (hostsWithRoom === 0) return 'NONE';
  if (hostsWithRoom <= 2) return 'LOW';
  return hostsWithRoom <= 6 ? 'MEDIUM' : 'HIGH';
}

function fits(host: Host, query: StockQuery): boolean {
  const versions = query.cudaVersions ?? [];
  return (
    (query.cloud === undefined || host.cloud === query.cloud) &&
    (query.publicIp !== true || host.publicIp) &&
    host.gpus >= query.count &&
    allows(query.countryCodes, host.country) &&
    allows(query.dataCenterIds, host.dataCenterId) &&
    (versions.length === 0 || (host.cuda !== null && versions.includes(host.cuda))) &&
    (query.minCudaVersion === undefined || (host.cuda !== null && compareCuda(host.cuda, query.minCudaVersion) >= 0)) &&
    host.vcpuPerGpu * query.count >= (query.minVcpu ?? 0) &&
    host.ramGbPerGpu * query.count >= (query.minRamGb ?? 0)
  );
}

function allows(wanted: readonly string[] | undefined, value: string | null): boolean {
  return wanted === undefined || wanted.length === 0 || (value !== null && wanted.includes(value));
}
