// Searching offers. The cap on rows is Vast's own: whoever wants more has to
// page by price.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidRequest, isRecord, json } from './answers.ts';
import { compareCells, isColumn, meets } from './filters.ts';
import { gpuModels } from './gpuTable.ts';
import { liveContracts, type VastMarket } from './market.ts';
import { diskRow, offerRow, type Row } from './offerRow.ts';
import { readQuery, type SearchQuery } from './query.ts';

/** The rows a query finds, or a sentence saying what is wrong with it. */
export function searchAsks(market: VastMarket, query: SearchQuery): readonly Row[] | string {
  const { stock, world, settings } = market;
  const at = world.agenda.settle();
  const rentedMachines = new Set(liveContracts(market).map((contract) => contract.machine.id));
  const context = { stock, at, storageGb: query.storageGb, type: query.type, rentedMachines };
  const disksAsked = query.conditions.some(({ field, operator, value }) => field === 'num_gpus' && operator === 'eq' && Number(value) === 0);
  const rows = stock
    .asks()
    .filter((ask) => at < stock.endsAt(ask.machine))
    .map((ask) => (disksAsked ? diskRow(ask, context) : offerRow(ask, context)));
  const [first] = rows;
  if (first === undefined) return [];

  const fields = [...query.conditions.map(({ field }) => field), ...query.order.map(({ field }) => field)];
  const wrong = fields.find((field) => !isColumn(field, first));
  if (wrong !== undefined) return `unknown column ${wrong}`;

  const lax = world.faults.hit('filters-ignored', 'vast');
  const conditions = lax ? query.conditions.filter(({ value }) => Number.isNaN(Number(value)) || typeof value === 'boolean') : query.conditions;
  const found = rows.filter((row) => conditions.every((condition) => meets(row, condition)));
  found.sort((one, other) => {
    for (const { field, descending } of query.order) {
      const difference = compareCells(one[field], other[field], descending);
      if (difference !== 0) return difference;
    }
    return Number(one['id']) - Number(other['id']);
  });
  const limit = query.limit === null || query.limit < 1 ? Number.POSITIVE_INFINITY : query.limit;
  return found.slice(0, Math.min(limit, settings.searchCap));
}

function answer(market: VastMarket, body: unknown, columns: unknown): HttpAnswer {
  const query = readQuery(body);
  const rows = typeof query === 'string' ? query : searchAsks(market, query);
  if (typeof rows === 'string') return invalidRequest(rows);
  if (!Array.isArray(columns) || columns.includes('*')) return json({ offers: rows });
  return json({ offers: rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[String(column)] ?? null]))) });
}

function fromQueryString(market: VastMarket, call: HttpCall): HttpAnswer {
  try {
    return answer(market, JSON.parse(call.query.get('q') ?? '{}'), undefined);
  } catch {
    return invalidRequest('q must be JSON');
  }
}

export function searchRoutes(market: VastMarket): Route[] {
  const quota = (handle: Route['handle']): Route['handle'] => (call) =>
    market.world.faults.hit('search-quota', 'vast') ? quotaUsedUp(market) : handle(call);
  const names = [...new Set(gpuModels.map((model) => model.name))];
  return [
    { method: 'POST', path: '/api/v0/bundles/', handle: quota((call) => answer(market, call.body ?? {}, undefined)) },
    { method: 'GET', path: '/api/v0/bundles/', handle: quota((call) => fromQueryString(market, call)) },
    {
      method: 'PUT',
      path: '/api/v0/search/asks/',
      handle: quota((call) => (isRecord(call.body) ? answer(market, call.body['q'] ?? {}, call.body['select_cols']) : invalidRequest('body must be a JSON object'))),
    },
    { method: 'GET', path: '/api/v0/gpu_names/unique/', handle: () => json({ gpu_names: names }) },
    { method: 'GET', path: '/api/v0/gpu_types/', handle: () => json({ gpu_types: gpuModels.map((model) => ({ canonical_name: model.name, gpu_ram_mb: model.vramMib })) }) },
  ];
}

/** A daily allowance of searches, apart from the limit per minute. */
function quotaUsedUp(market: VastMarket): HttpAnswer {
  const day = 86_400;
  const reset = (Math.floor(market.world.clock.now() / 1000 / day) + 1) * day;
  const refusal = fail(429, 'search_quota_exceeded', 'Daily search quota exceeded');
  return { ...refusal, headers: { 'x-ratelimit-reset': String(reset) } };
}
