// The truth about a market, for tests, benchmarks and curious people: what was
// asked, what exists, and what it has really cost.
import { startHttpServer, type HttpCall, type HttpServer } from './httpServer.ts';
import { providers, type Provider } from './faults.ts';
import type { World } from './world.ts';

export interface LedgerReport {
  readonly now: string;
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Creates that made an instance; a phantom made none. */
  readonly createsAccepted: number;
  readonly instances: readonly LedgerInstance[];
  /** Disks and endpoints of the account's own, by what they have cost; those that were deleted stay. */
  readonly volumes: readonly LedgerVolume[];
}

export interface LedgerVolume extends Pick<LedgerInstance, 'provider' | 'id' | 'chargedUsd'> {
  readonly usdPerHour: number;
}

export interface LedgerInstance {
  readonly provider: Provider;
  readonly id: string;
  readonly label: string | null;
  /** ISO, market time. */
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly state: string;
  readonly chargedUsd: number;
}

export type RequestCounts = Readonly<Record<Provider, ReadonlyMap<string, number>>>;

const iso = (time: number) => new Date(time).toISOString();

export function ledgerReport(world: World, requests: RequestCounts): LedgerReport {
  const now = world.agenda.settle();
  return {
    now: iso(now),
    requests: Object.fromEntries(providers.map((provider) => [provider, Object.fromEntries(requests[provider])])),
    createsAccepted: world.rentals.createsAccepted,
    instances: world.rentals.all().map((rental) => ({
      provider: rental.provider,
      id: rental.id,
      label: rental.label,
      createdAt: iso(rental.createdAt),
      endedAt: rental.endedAt === null ? null : iso(rental.endedAt),
      state: rental.state,
      chargedUsd: world.ledger.chargedMicros(rental.provider, rental.id, now) / 1e6,
    })),
    volumes: providers.flatMap((provider) => volumesOf(world, provider, now)),
  };
}

/** Whatever has a bill and is no machine. */
function volumesOf({ ledger, rentals }: World, provider: Provider, now: number): LedgerVolume[] {
  const machines = new Set(rentals.all().filter((rental) => rental.provider === provider).map(({ id }) => id));
  return ledger.bills(provider).filter(({ id }) => !machines.has(id)).map(({ id, stretches }) => ({
    provider,
    id,
    chargedUsd: ledger.chargedMicros(provider, id, now) / 1e6,
    usdPerHour: stretches.filter(({ to }) => to === null).reduce((sum, { nanoUsdPerHour }) => sum + Number(nanoUsdPerHour) / 1e9, 0),
  }));
}

export type Outbid = (id: string, usd?: number) => number | undefined;

/** `GET /` is the truth; `POST /outbid` `{"id","usd"?}` has somebody bid more for an interruptible instance, now. */
export function startLedgerServer(world: World, requests: RequestCounts, outbid: Outbid): Promise<HttpServer> {
  const answer = () => ({ status: 200, body: ledgerReport(world, requests) });
  return startHttpServer({
    clock: world.clock,
    routes: [{ method: 'GET', path: '/', handle: answer }, { method: 'POST', path: '/outbid', handle: (call) => outbidAnswer(call, outbid) }],
    notFound: () => ({ status: 404, body: { error: 'GET / and POST /outbid are all there is' } }),
    crashed: (error) => ({ status: 500, body: { error: String(error) } }),
  });
}

function outbidAnswer({ body }: HttpCall, outbid: Outbid) {
  const { id, usd } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if ((typeof id !== 'string' && typeof id !== 'number') || (usd !== undefined && !(typeof usd === 'number' && usd >= 0))) return { status: 400, body: { error: 'id, and usd if at all, are needed' } };
  const wins = outbid(String(id).replace(/^vast:/, ''), usd as number | undefined);
  return wins === undefined ? { status: 404, body: { error: 'nobody bids for that' } } : { status: 200, body: { winsUsdPerHour: wins } };
}
