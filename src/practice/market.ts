// A practice market: providers that cannot be told from the real ones by their
// clients, on 127.0.0.1, with machines one can really log in to. Nothing here
// costs anything or leaves this computer.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock, type MarketClock } from './clock.ts';
import type { Faults } from './faults.ts';
import { startLedgerServer, type Outbid } from './ledgerServer.ts';
import { removePod, startPod } from './pod/pod.ts';
import type { PodMaker } from './podKeeper.ts';
import type { ServerSettings } from './providerServer.ts';
import { lambdaApiKey, startLambdaServer } from './lambda/server.ts';
import { runpodApiKey, startRunpodServer } from './runpod/server.ts';
import { vastApiKey } from './vast/market.ts';
import { startVastServer } from './vast/server.ts';
import { createWorld, type World } from './world.ts';

export interface MarketOptions {
  readonly seed?: number;
  /** Vast offers that can be rented at the start. */
  readonly offers?: number;
  /** Market seconds per real second. */
  readonly clockRate?: number;
  /** Market time at the start, milliseconds since the epoch; now unless said. */
  readonly startAt?: number;
  readonly latencyMs?: number;
  /** Probability by name of the fault. */
  readonly faults?: Readonly<Record<string, number>>;
  /** Multiplies boot delays; 0 boots at once. */
  readonly bootScale?: number;
  /** A folder for the pods; the market makes one of its own in it and deletes that in the end. */
  readonly dir?: string;
  readonly rateLimits?: boolean;
  readonly searchCap?: number;
  /** Dollars on each provider's account. */
  readonly credit?: number;
  /** For tests that need no machine behind an instance. */
  readonly podMaker?: PodMaker;
}

export interface Endpoint {
  readonly url: string;
  readonly apiKey: string;
}

export interface Market {
  readonly vast: Endpoint;
  readonly runpod: Endpoint;
  readonly lambda: Endpoint;
  readonly ledger: { readonly url: string };
  readonly clock: MarketClock;
  readonly faults: Faults;
  /** Somebody bids more for an interruptible instance of Vast, from now on. */
  readonly outbid: Outbid;
  /** The inside of the market, for tests. */
  readonly world: World;
  close(): Promise<void>;
}

export async function startMarket(options: MarketOptions = {}): Promise<Market> {
  const seed = options.seed ?? 1;
  const parent = options.dir ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const clock = createClock({ rate: options.clockRate ?? 1, ...(options.startAt === undefined ? {} : { startAt: options.startAt }) });
  const world = createWorld({
    seed,
    offers: options.offers ?? 300,
    clock,
    faults: options.faults ?? {},
    bootScale: options.bootScale ?? 1,
    creditUsd: options.credit ?? 25,
    dir: await mkdtemp(join(parent, 'practice-market-')),
    maker: options.podMaker ?? { startPod, removePod },
  });
  const settings = (apiKey: string): ServerSettings => ({
    apiKey,
    latencyMs: options.latencyMs ?? 0,
    rateLimits: options.rateLimits ?? true,
    searchCap: options.searchCap ?? 64,
  });

  const opened: { close(): Promise<void> }[] = [world];
  const close = async () => {
    // Servers first, so that nobody creates anything while the world ends.
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const vast = await startVastServer(world, settings(vastApiKey(seed)));
    opened.push(vast);
    const runpod = await startRunpodServer(world, settings(runpodApiKey(seed)));
    opened.push(runpod);
    const lambda = await startLambdaServer(world, settings(lambdaApiKey(seed)));
    opened.push(lambda);
    const ledger = await startLedgerServer(world, { vast: vast.requests, runpod: runpod.requests, lambda: lambda.requests }, vast.outbid);
    opened.push(ledger);
    return {
      vast: { url: vast.url, apiKey: vastApiKey(seed) },
      runpod: { url: runpod.url, apiKey: runpodApiKey(seed) },
      lambda: { url: lambda.url, apiKey: lambdaApiKey(seed) },
      ledger: { url: ledger.url },
      clock,
      faults: world.faults,
      outbid: vast.outbid,
      world,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
