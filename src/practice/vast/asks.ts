// Renting: one ask, several, or the best one of a search.
import { createWithFaults } from '../createFaults.ts';
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidArgs, invalidRequest, isRecord, json, ok, serverError } from './answers.ts';
import { offeredDiskGb } from './fixedColumns.ts';
import { launch } from './launch.ts';
import { isAnswer, readLaunch } from './launchRequest.ts';
import type { VastMarket } from './market.ts';
import { numberOf } from './plain.ts';
import { readQuery } from './query.ts';
import { searchAsks } from './search.ts';
import type { Ask } from './stock.ts';
import { templateByHash } from './templates.ts';
import { isVolume, volumeFor, type LocalVolume } from './volumes.ts';

// Clients meet the same refusal under two statuses.
const gone = (id: number, status = 410) =>
  fail(status, 'no_such_ask', `error 410/3907: no_such_ask Instance type ${id} is no longer available.`, { ask_id: id });
const unknown = (id: number) =>
  fail(404, 'invalid_args', `error 404/3603: no_such_ask Instance type by id ${id} is not available.`, { ask_id: id });

async function rent(market: VastMarket, id: number, body: unknown, phantom: boolean): Promise<HttpAnswer> {
  const { world, stock } = market;
  const { faults } = world;
  const now = world.agenda.settle();
  const request = readLaunch(body, id, templateByHash, market.accountKeys.length > 0);
  if (isAnswer(request)) return request;
  if (stock.isPast(id)) return gone(id);
  const ask = stock.ask(id);
  if (ask === undefined) return unknown(id);
  if (request.diskGb > offeredDiskGb(ask)) return invalidArgs(`disk ${request.diskGb} is more than the offer has`, id);
  if (world.ledger.creditMicros('vast', now) <= 0 || faults.hit('no-credit', 'vast'))
    return fail(400, 'insufficient_credit', 'error 400/3480: insufficient_credit Your account lacks credit; see the billing page.', {
      ask_id: id,
    });
  if (faults.hit('offer-gone', 'vast')) return gone(id, world.random.chance(0.5) ? 410 : 400);
  if (phantom) return ok({ new_contract: market.nextId('contract'), instance_api_key: 'f'.repeat(64) });

  const bid = request.priceUsd;
  if (bid !== null && bid < stock.minBidUsd(ask, now))
    return fail(400, 'no_such_ask', `error 400/3605: no_such_ask bid ${bid} is below the current minimum of instance type ${id}.`, {
      ask_id: id,
    });
  const orphaned = faults.hit('new-contract-error', 'vast');
  const seated = !orphaned && !faults.hit('no-capacity', 'vast') && stock.rentable(ask, now);
  if (!seated && !orphaned && request.cancelUnavailable) return gone(id);
  const volume = request.volume === null ? null : volumeFor(market, request.volume, ask.machine, id);
  if (volume !== null && !isVolume(volume)) return volume;
  return make(market, { ask, request, bid, seated, orphaned, now, volume });
}

interface Accepted {
  readonly ask: Ask;
  readonly request: Parameters<typeof launch>[1]['request'];
  readonly bid: number | null;
  readonly seated: boolean;
  readonly orphaned: boolean;
  readonly now: number;
  readonly volume: LocalVolume | null;
}

async function make(market: VastMarket, { ask, request, bid, seated, orphaned, now, volume }: Accepted): Promise<HttpAnswer> {
  const { stock } = market;
  const gpuUsd = bid ?? stock.priceUsd(ask, now);
  const runs = seated && request.targetState === 'running' && stock.occupancy.take(ask.machine, ask.gpus, now);
  stock.retire(ask);
  const contract = await launch(market, { ask, request, gpuUsd, stopped: !runs, volume });
  if (orphaned)
    return fail(400, 'no_such_ask', `error 400/3605: no_such_ask Instance type ${ask.id} is not available.`, {
      ask_id: ask.id,
      new_contract: contract.id,
    });
  return ok({ new_contract: contract.id, instance_api_key: contract.apiKey, ask_id: ask.id });
}

const create = (market: VastMarket, id: number, body: unknown) =>
  createWithFaults(market.world.faults, 'vast', { make: (phantom) => rent(market, id, body, phantom), failed: serverError });

async function createMany(market: VastMarket, call: HttpCall): Promise<HttpAnswer> {
  const ids = isRecord(call.body) && Array.isArray(call.body['ids']) ? call.body['ids'].map(numberOf) : [];
  if (ids.length === 0) return invalidRequest('ids must be a list of offers');
  const results = [];
  for (const id of ids) {
    const answer = await create(market, id, call.body);
    if (answer.drop === true) return answer;
    results.push(isRecord(answer.body) ? { ask_id: id, ...answer.body } : { ask_id: id, success: false });
  }
  return ok({ results });
}

async function launchBest(market: VastMarket, call: HttpCall): Promise<HttpAnswer> {
  if (!isRecord(call.body)) return invalidRequest('body must be a JSON object');
  const query = readQuery(call.body['q']);
  if (typeof query === 'string') return invalidRequest(query);
  const found = searchAsks(market, query);
  if (typeof found === 'string') return invalidRequest(found);
  const [best] = found;
  if (best === undefined) return json({ success: false, error: 'no_such_ask', msg: 'No offers matched the search.' }, 404);
  return create(market, Number(best['id']), call.body);
}

export function askRoutes(market: VastMarket): Route[] {
  return [
    { method: 'PUT', path: '/api/v0/asks/{id}/', handle: (call) => create(market, Number(call.params['id']), call.body) },
    { method: 'POST', path: '/api/v0/asks/bulk/', handle: (call) => createMany(market, call) },
    { method: 'PUT', path: '/api/v0/launch_instance/', handle: (call) => launchBest(market, call) },
  ];
}
