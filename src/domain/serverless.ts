/**
 * An endpoint: workers that come with requests and go when nobody asks. It is rented, held to limits and ended like a
 * machine, and what it costs is what its workers cost that are there.
 */
import { timesRate, type UsdPerHour } from './money.ts';

/** What a person agreed to. */
export interface ServerlessTerms {
  /** Groups of cards of about one size, as the provider calls them. */
  readonly pool: string;
  readonly gpuCount: number;
  readonly workersMin: number;
  readonly workersMax: number;
  /** How long a worker waits to be asked again, and costs. */
  readonly idleSeconds: number;
  /** One worker, while it is there: the dearest card of the pool. */
  readonly each: UsdPerHour;
}

/** All of its workers at once, for a whole hour. */
export const worstRate = ({ workersMax, each }: Pick<ServerlessTerms, 'workersMax' | 'each'>): UsdPerHour => timesRate(each, workersMax);

/** Workers as they were seen. */
export interface Workers {
  /** That cost: at work, waiting, or starting. */
  readonly active: number;
  readonly most: number;
}

/** Cards that one may have workers of. */
export interface ServerlessPool {
  readonly pool: string;
  /** As people say them, the cheapest first. */
  readonly gpus: readonly string[];
  readonly vramGb: number;
  /** One worker with one card, at the dearest of them. */
  readonly each: UsdPerHour;
}

export interface ServerlessCalls {
  pools(signal: AbortSignal): Promise<readonly ServerlessPool[]>;
  /** Lets one that was stopped have workers again. */
  start(key: string, terms: Pick<ServerlessTerms, 'workersMin' | 'workersMax'>): Promise<void>;
}

/** Of one endpoint's key among the keys of machines. */
export const endpointPrefix = 'serverless-';
