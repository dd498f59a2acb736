// The state behind Vast's wire: the account, its keys, and its instances.
import type { Door } from '../door.ts';
import { hexAt } from '../random.ts';
import type { Rental, Traffic } from '../rental.ts';
import type { ServerSettings } from '../providerServer.ts';
import type { World } from '../world.ts';
import type { LaunchRequest } from './launchRequest.ts';
import type { Machine } from './machines.ts';
import { createStock, type Stock } from './stock.ts';
import type { LocalVolume } from './volumes.ts';

export interface SshKey {
  readonly id: number;
  readonly line: string;
  /** Market milliseconds. */
  readonly createdAt: number;
}

/** An instance, as Vast calls its contract. */
export interface Contract {
  readonly id: number;
  readonly rental: Rental;
  readonly request: LaunchRequest;
  readonly machine: Machine;
  readonly gpus: number;
  /** Dollars per hour: the agreed price, or the bid; a bid may be changed. */
  gpuUsd: number;
  readonly isBid: boolean;
  /** Market milliseconds, frozen from the offer. */
  readonly endsAt: number;
  readonly apiKey: string;
  readonly jupyterToken: string;
  readonly proxy: Door;
  readonly volume: LocalVolume | null;
  /** Bytes of traffic that have been charged. */
  billed: Traffic;
  keys: readonly SshKey[];
  /** Why the container is being brought up again, and since when (rental.since). */
  remaking: { readonly why: 'rebooting' | 'recycling'; readonly since: number } | null;
}

export interface VastMarket {
  readonly world: World;
  readonly settings: ServerSettings;
  readonly stock: Stock;
  readonly contracts: Map<number, Contract>;
  readonly volumes: Map<number, LocalVolume>;
  accountKeys: readonly SshKey[];
  /** Published logs by their hash, and how often each was asked for. */
  readonly logs: Map<string, { readonly text: () => string; asked: number }>;
  readonly userId: number;
  /** This server's own origin, known once it listens. */
  url: string;
  nextId(kind: 'contract' | 'key' | 'volume'): number;
}

export function createVastMarket(world: World, settings: ServerSettings): VastMarket {
  const random = world.random.fork('vast-ids');
  const next = { contract: 24_000_000 + random.integer(0, 900_000), key: 310_000 + random.integer(0, 9000), volume: 20_118_480 };
  return {
    world,
    settings,
    stock: createStock(world),
    contracts: new Map(),
    volumes: new Map(),
    accountKeys: [],
    logs: new Map(),
    userId: 100_000 + random.integer(0, 99_999),
    url: '',
    nextId(kind) {
      next[kind] += kind === 'contract' ? random.integer(1, 60) : 1;
      return next[kind];
    },
  };
}

export const vastApiKey = (seed: number): string => hexAt(64, seed, 'vast account key');

/** The instance a path names, while it exists. */
export function contractOf(market: VastMarket, id: string | undefined): Contract | undefined {
  const contract = market.contracts.get(Number(id));
  return contract === undefined || contract.rental.state === 'destroyed' ? undefined : contract;
}

export function liveContracts(market: VastMarket): Contract[] {
  return [...market.contracts.values()].filter((contract) => contract.rental.state !== 'destroyed');
}
