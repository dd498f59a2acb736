// RunPod's side of the practice market on one origin: REST under /v2 and
// GraphQL under /graphql.
import { compileRoutes, matchRoute, splitPath } from '../httpRouting.ts';
import { startHttpServer, type HttpOptions, type HttpAnswer, type HttpCall, type Route } from '../httpServer.ts';
import { createRandom } from '../random.ts';
import type { ProviderServer, ServerSettings } from '../providerServer.ts';
import type { World } from '../world.ts';
import { newKey } from './account.ts';
import { graphqlRoute } from './graphql/route.ts';
import { problem } from './problems.ts';
import { accountRoutes } from './rest/accountRoutes.ts';
import { endpointRoutes } from './rest/endpointRoutes.ts';
import { createGate } from './rest/gate.ts';
import { podRoutes } from './rest/podRoutes.ts';
import { toRoutes } from './rest/routes.ts';
import { createRunpod, type Runpod } from './runpod.ts';

export interface RunpodSettings extends ServerSettings {
  /** false: lists come without `pagination`, as from servers before September 2026. */
  readonly pagination?: boolean;
}

export interface RunpodServer extends ProviderServer {
  readonly state: Runpod;
}

const maxBodyBytes = 102_400;

export function runpodApiKey(seed: number): string {
  return newKey(createRandom(`${seed}/runpod/key`));
}

/** RunPod before it listens anywhere. */
export function runpodHttp(world: World, settings: RunpodSettings): { readonly state: Runpod; readonly http: HttpOptions } {
  const state = createRunpod(world, settings.apiKey);
  const gate = createGate(state.account, settings.rateLimits);
  const rest = toRoutes(state.account, [...accountRoutes(state), ...endpointRoutes(state), ...podRoutes(state, { pagination: settings.pagination ?? true })]);
  const http: HttpOptions = {
    clock: world.clock,
    routes: [...rest, graphqlRoute(state)],
    latencyMs: settings.latencyMs,
    provider: 'runpod',
    faults: world.faults,
    random: state.random.fork('gateway'),
    before(call) {
      world.agenda.settle();
      return gate.enter(call);
    },
    after: gate.leave,
    notFound: (call) => gate.enter(call) ?? notHere(rest, call),
    crashed: () => problem(500, 'Something went wrong. Please try again later or contact support.'),
    limited: gate.limited,
    maxBodyBytes,
    tooLarge: () => problem(413, `request body must not exceed ${maxBodyBytes} bytes`),
  };
  return { state, http };
}

export async function startRunpodServer(world: World, settings: RunpodSettings): Promise<RunpodServer> {
  const { state, http } = runpodHttp(world, settings);
  const server = await startHttpServer(http);
  state.origin = server.url;
  return { ...server, state };
}

function notHere(routes: readonly Route[], call: HttpCall): HttpAnswer {
  const parts = splitPath(call.path);
  const methods = compileRoutes(routes).filter((compiled) => matchRoute(compiled, parts) !== null).map(({ route }) => route.method);
  if (methods.length === 0) return problem(404, 'resource not found');
  return problem(405, 'The requested method is not allowed for this path.', [], { allow: methods.join(', ') });
}
