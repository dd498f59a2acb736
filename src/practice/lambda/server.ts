// Lambda's side of the practice market.
import { startHttpServer, type HttpOptions } from '../httpServer.ts';
import { hexAt } from '../random.ts';
import type { ProviderServer, ServerSettings } from '../providerServer.ts';
import type { World } from '../world.ts';
import { accountRoutes } from './accountRoutes.ts';
import { createGate } from './gate.ts';
import { instanceRoutes } from './instanceRoutes.ts';
import { problem } from './problems.ts';
import { createLambda, type Lambda } from './state.ts';

export interface LambdaServer extends ProviderServer {
  readonly state: Lambda;
}

export const lambdaApiKey = (seed: number): string => `secret_practice_${hexAt(32, seed, 'lambda/name')}.${hexAt(32, seed, 'lambda/key')}`;

/** Lambda before it listens anywhere. */
export function lambdaHttp(world: World, settings: ServerSettings): { readonly state: Lambda; readonly http: HttpOptions } {
  const state = createLambda(world, settings.apiKey);
  const enter = createGate(settings.apiKey, settings.rateLimits);
  const http: HttpOptions = {
    clock: world.clock,
    routes: [...instanceRoutes(state), ...accountRoutes(state)],
    latencyMs: settings.latencyMs,
    provider: 'lambda',
    faults: world.faults,
    random: state.random.fork('gateway'),
    before(call) {
      world.agenda.settle();
      return enter(call);
    },
    notFound: (call) => enter(call) ?? problem('global/not-found'),
    crashed: () => problem('global/internal-error'),
    limited: () => problem('global/too-many-requests'),
  };
  return { state, http };
}

export async function startLambdaServer(world: World, settings: ServerSettings): Promise<LambdaServer> {
  const { state, http } = lambdaHttp(world, settings);
  return { ...(await startHttpServer(http)), state };
}
