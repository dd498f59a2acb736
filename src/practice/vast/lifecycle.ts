// Start, stop, label, reboot, recycle, bid, destroy.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidArgs, isRecord, json, noSuchInstance, ok } from './answers.ts';
import { contractOf, type Contract, type VastMarket } from './market.ts';
import { textOf } from './plain.ts';
import { chargeTraffic } from './traffic.ts';

const maxLabel = 1024;

function setState(market: VastMarket, contract: Contract, state: unknown): HttpAnswer {
  const now = market.world.agenda.settle();
  if (state === 'stopped') {
    contract.rental.stop('user');
    return ok();
  }
  if (state !== 'running') return invalidArgs(`unknown state ${String(state)}`);
  if (market.world.ledger.creditMicros('vast', now) <= 0)
    return fail(400, 'missing_billing', 'Your account lacks credit; see the billing page.');
  if (contract.rental.start() === 'started') return ok();
  return json({
    success: false,
    error: 'resources_unavailable',
    msg: 'Required resources are currently unavailable, state change queued.',
  });
}

function change(market: VastMarket, id: string, body: unknown): HttpAnswer {
  const contract = contractOf(market, id);
  if (contract === undefined) return noSuchInstance(id);
  if (!isRecord(body)) return invalidArgs('body must be a JSON object');
  if (body['label'] !== undefined) {
    const label = body['label'];
    if (label !== null && typeof label !== 'string') return invalidArgs('label must be a string');
    if (label !== null && label.length > maxLabel) return fail(400, 'label_too_long', `label is longer than ${maxLabel}`);
    contract.rental.label = label;
    if (body['state'] === undefined) return ok();
  }
  if (body['state'] === undefined) return invalidArgs('nothing to change');
  return setState(market, contract, body['state']);
}

async function destroy(market: VastMarket, id: string): Promise<HttpAnswer> {
  const contract = contractOf(market, id);
  if (contract === undefined) return noSuchInstance(id);
  if (market.world.faults.hit('destroy-lies', 'vast')) return ok();
  chargeTraffic(market, contract, market.world.agenda.settle());
  contract.rental.destroy();
  await contract.proxy.close();
  return ok();
}

function remake(market: VastMarket, id: string, why: 'restart' | 'recycle'): HttpAnswer {
  const contract = contractOf(market, id);
  if (contract === undefined) return noSuchInstance(id);
  market.world.agenda.settle();
  if (contract.rental.state !== 'running') return invalidArgs(`instance ${id} is not running`);
  contract.rental.restart(why);
  contract.remaking = { why: why === 'restart' ? 'rebooting' : 'recycling', since: contract.rental.since };
  return ok();
}

function bid(market: VastMarket, call: HttpCall): HttpAnswer {
  const contract = contractOf(market, call.params['id']);
  if (contract === undefined) return noSuchInstance(call.params['id'] ?? '');
  if (!contract.isBid) return invalidArgs('instance is not interruptible');
  const now = market.world.agenda.settle();
  const asked = isRecord(call.body) ? (call.body['price'] ?? null) : null;
  // null asks for the price that wins just now.
  const price = asked === null ? market.stock.minBidUsd(contract, now) : Number(asked);
  if (!(price >= 0.001 && price <= 32 * contract.gpus)) return fail(400, 'invalid_price', `price must lie in .001..${32 * contract.gpus}`);
  contract.gpuUsd = price;
  contract.rental.reprice();
  return ok();
}

const idsOf = (body: unknown, name: string): string[] | null =>
  isRecord(body) && Array.isArray(body[name]) ? body[name].map(textOf) : null;

export function lifecycleRoutes(market: VastMarket): Route[] {
  const instance = '/api/v0/instances/{id}/';
  const many = '/api/v0/instances/';
  return [
    { method: 'PUT', path: instance, handle: (call) => change(market, call.params['id'] ?? '', call.body) },
    { method: 'DELETE', path: instance, handle: (call) => destroy(market, call.params['id'] ?? '') },
    { method: 'PUT', path: '/api/v0/instances/reboot/{id}/', handle: (call) => remake(market, call.params['id'] ?? '', 'restart') },
    { method: 'PUT', path: '/api/v0/instances/recycle/{id}/', handle: (call) => remake(market, call.params['id'] ?? '', 'recycle') },
    { method: 'PUT', path: '/api/v0/instances/bid_price/{id}/', handle: (call) => bid(market, call) },
    {
      method: 'PUT',
      path: many,
      handle(call) {
        const ids = idsOf(call.body, 'ids');
        if (ids === null) return invalidArgs('ids must be a list');
        const failed = ids
          .map((id) => change(market, id, call.body))
          .find((answer) => !isRecord(answer.body) || answer.body['success'] !== true);
        return failed ?? ok();
      },
    },
    {
      method: 'DELETE',
      path: many,
      async handle(call) {
        const ids = idsOf(call.body, 'instance_ids');
        if (ids === null) return invalidArgs('instance_ids must be a list');
        for (const id of ids) {
          const answer = await destroy(market, id);
          if (answer.status !== 200) return answer;
        }
        return ok();
      },
    },
  ];
}
