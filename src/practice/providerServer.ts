// What market.ts needs of a provider's server: vast/server.ts exports
// startVastServer, runpod/server.ts startRunpodServer, lambda/server.ts
// startLambdaServer, all of this type.
import type { World } from './world.ts';

export interface ServerSettings {
  readonly apiKey: string;
  readonly latencyMs: number;
  readonly rateLimits: boolean;
  /** Vast: rows per search. */
  readonly searchCap: number;
}

export interface ProviderServer {
  /** The origin, without a trailing slash. */
  readonly url: string;
  /** Requests so far, by 'METHOD /path' with ids as {id}. */
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export type StartProviderServer = (world: World, settings: ServerSettings) => Promise<ProviderServer>;
