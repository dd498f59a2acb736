// The Vast server: its groups of calls on one origin.
import { startHttpServer, type HttpOptions, type Route } from '../httpServer.ts';
import type { Outbid } from '../ledgerServer.ts';
import type { ProviderServer, ServerSettings } from '../providerServer.ts';
import type { World } from '../world.ts';
import { accountRoutes } from './account.ts';
import { checkKey, createLimits, tooFrequent } from './access.ts';
import { fail, serverError } from './answers.ts';
import { askRoutes } from './asks.ts';
import { outbid } from './bids.ts';
import { chargeRoutes } from './charges.ts';
import { instanceListRoutes } from './instanceList.ts';
import { invoiceRoutes } from './invoices.ts';
import { lifecycleRoutes } from './lifecycle.ts';
import { logRoutes } from './logs.ts';
import { createVastMarket, type VastMarket } from './market.ts';
import { searchRoutes } from './search.ts';
import { sshKeyRoutes } from './sshKeys.ts';
import { templateRoutes } from './templates.ts';
import { volumeRoutes } from './volumes.ts';

export function vastRoutes(market: VastMarket): Route[] {
  return [
    ...searchRoutes(market),
    ...askRoutes(market),
    ...instanceListRoutes(market),
    ...lifecycleRoutes(market),
    ...sshKeyRoutes(market),
    ...logRoutes(market),
    ...accountRoutes(market),
    ...chargeRoutes(market),
    ...invoiceRoutes(market),
    ...templateRoutes(market.userId),
    ...volumeRoutes(market),
  ];
}

/** Vast before it listens anywhere. */
export function vastHttp(world: World, settings: ServerSettings): { readonly market: VastMarket; readonly http: HttpOptions } {
  const market = createVastMarket(world, settings);
  const limit = settings.rateLimits ? createLimits() : () => null;
  const http: HttpOptions = {
    clock: world.clock,
    provider: 'vast',
    faults: world.faults,
    random: world.random.fork('vast-gateway'),
    latencyMs: settings.latencyMs,
    routes: vastRoutes(market),
    before(call, route) {
      world.agenda.settle();
      return limit(call, route) ?? checkKey(market, call, route);
    },
    notFound: () => fail(404, 'not_found', 'The requested URL was not found on the server.'),
    crashed: serverError,
    limited: () => tooFrequent('POST', 1, 0),
  };
  return { market, http };
}

/** What happens on its market, beside what its clients ask for. */
export interface VastServer extends ProviderServer {
  readonly outbid: Outbid;
}

export async function startVastServer(world: World, settings: ServerSettings): Promise<VastServer> {
  const { market, http } = vastHttp(world, settings);
  const server = await startHttpServer(http);
  market.url = server.url;
  return {
    url: server.url,
    requests: server.requests,
    outbid: (id, usd) => outbid(market, id, usd),
    async close() {
      await server.close();
      await Promise.all([...market.contracts.values()].map((contract) => contract.proxy.close()));
    },
  };
}
