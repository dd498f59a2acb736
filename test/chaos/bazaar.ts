/** The practice market inside a simulation: its handlers are called, its time is the simulation's. */
import { join } from 'node:path';
import { createClock } from '../../src/practice/clock.ts';
import type { Provider } from '../../src/practice/faults.ts';
import { createHttpHandler, writeAnswer, type Arrival, type HttpAnswer, type HttpHandler } from '../../src/practice/httpServer.ts';
import type { ServerSettings } from '../../src/practice/providerServer.ts';
import { lambdaApiKey, lambdaHttp } from '../../src/practice/lambda/server.ts';
import { runpodApiKey, runpodHttp } from '../../src/practice/runpod/server.ts';
import { vastApiKey } from '../../src/practice/vast/market.ts';
import { vastHttp } from '../../src/practice/vast/server.ts';
import { createWorld, type World } from '../../src/practice/world.ts';
import type { Machines } from './machines.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';

export interface BazaarOptions {
  readonly seed: number;
  readonly offers: number;
  readonly creditUsd: number;
  readonly folder: string;
  readonly timeline: Timeline;
  readonly machines: Machines;
  readonly weather: Weather;
}

/** What comes back over a connection. */
export interface Returned {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The connection broke instead. */
  readonly dropped: boolean;
  readonly delayMs: number;
}

export interface Bazaar {
  readonly world: World;
  readonly keys: Readonly<Record<Provider, string>>;
  /** Carries the request out now. */
  ask(provider: Provider, arrival: Arrival): Promise<Returned>;
}

export const origins: Readonly<Record<Provider, string>> = { vast: 'https://vast.practice', runpod: 'https://runpod.practice', lambda: 'https://lambda.practice' };

export function openBazaar({ seed, offers, creditUsd, folder, timeline, machines, weather }: BazaarOptions): Bazaar {
  const world = createWorld({
    seed,
    offers,
    creditUsd,
    bootScale: 1,
    faults: {},
    dir: join(folder, 'market'),
    clock: createClock({ startAt: timeline.now, realNow: () => timeline.now }),
    alarm: (ms, run) => {
      const planned = timeline.after(ms, run);
      return () => planned.cancel();
    },
    keepPod: (options) => machines.keepPod(options),
    openDoor: (whenEmpty) => machines.openDoor(whenEmpty),
    maker: { startPod: () => Promise.reject(new Error('there are no pods here')), removePod: () => Promise.resolve() },
  });
  const settings = (apiKey: string): ServerSettings => ({ apiKey, latencyMs: 0, rateLimits: true, searchCap: 64 });
  const keys = { vast: vastApiKey(seed), runpod: runpodApiKey(seed), lambda: lambdaApiKey(seed) };
  const vast = vastHttp(world, settings(keys.vast));
  const runpod = runpodHttp(world, settings(keys.runpod));
  const lambda = lambdaHttp(world, settings(keys.lambda));
  vast.market.url = origins.vast;
  runpod.state.origin = origins.runpod;
  const handlers: Record<Provider, HttpHandler> = { vast: createHttpHandler(vast.http), runpod: createHttpHandler(runpod.http), lambda: createHttpHandler(lambda.http) };

  const young = (provider: Provider): ReadonlySet<string> => {
    const lagMs = weather.lagMs.get(provider) ?? 0;
    return new Set(world.rentals.list(provider).filter((rental) => rental.createdAt > timeline.now - lagMs).map(({ id }) => id));
  };

  async function carryOut(provider: Provider, arrival: Arrival): Promise<{ answer: HttpAnswer; delayMs: number }> {
    const outcome = await handlers[provider].handle(arrival);
    if (arrival.method !== 'GET' || (weather.lagMs.get(provider) ?? 0) === 0) return outcome;
    return { ...outcome, answer: withoutYoung(outcome.answer, arrival.url, young(provider)) };
  }

  return {
    world,
    keys,
    async ask(provider, arrival) {
      if (weather.doubledCreates > 0 && isCreate(provider, arrival)) {
        weather.doubledCreates--;
        await carryOut(provider, arrival);
      }
      const { answer, delayMs } = await carryOut(provider, arrival);
      const { headers, text } = writeAnswer(answer, world.clock);
      return { status: answer.status, headers, text: text ?? '', dropped: answer.drop === true, delayMs };
    },
  };
}

export const isCreate = (provider: Provider, { method, url }: Pick<Arrival, 'method' | 'url'>): boolean => creates[provider].test(`${method} ${url}`);

const creates: Readonly<Record<Provider, RegExp>> = {
  vast: /^PUT \/api\/v0\/asks\/\d+\//,
  runpod: /^POST \/v2\/pods(\?|$)/,
  lambda: /^POST \/api\/v1\/instance-operations\/launch$/,
};

/** An answer from a replica that has not heard of the newest instances yet. */
function withoutYoung(answer: HttpAnswer, url: string, young: ReadonlySet<string>): HttpAnswer {
  if (young.size === 0 || answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null) return answer;
  const [, one] = /^\/(?:api\/v0\/instances|v2\/pods)\/([a-z0-9]+)\/?(?:\?|$)/.exec(url) ?? [];
  if (one !== undefined && young.has(one)) {
    return url.startsWith('/v2')
      ? { status: 404, headers: { 'content-type': 'application/problem+json' }, body: { title: 'Not Found', status: 404, detail: 'pod not found' } }
      : { ...answer, body: { instances: null } };
  }
  const body = answer.body as Record<string, unknown>;
  const known = (rows: unknown): unknown[] => (Array.isArray(rows) ? rows.filter((row) => !young.has(String((row as { id: unknown }).id))) : []);
  if (/^\/v2\/pods(\?|$)/.test(url)) return { ...answer, body: { ...body, pods: known(body['pods']) } };
  if (!url.startsWith('/api/v1/instances')) return answer;
  const instances = known(body['instances']);
  const hidden = Number(body['instances_found']) - instances.length;
  return { ...answer, body: { ...body, instances, instances_found: instances.length, total_instances: Number(body['total_instances']) - hidden } };
}
