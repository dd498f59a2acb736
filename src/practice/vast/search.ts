// Searching offers. The cap on rows is Vast's own: whoever wants more has to
// page by price.
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidRequest, isRecord, json } from './answers.ts';
import { columnOf, compareCells, meets, type Condition } from './filters.ts';
import type { Row } from './fixedColumns.ts';
import { gpuModels } from './gpuTable.ts';
import { liveContracts, type VastMarket } from './market.ts';
import { diskRow, liveColumns, offerRow, type RowContext } from './offerRow.ts';
import { numberOf } from './plain.ts';
import { readQuery, type SearchQuery } from './query.ts';
import type { Ask } from './stock.ts';

interface Candidate {
  readonly ask: Ask;
  readonly cell: (column: string) => unknown;
}

function context(market: VastMarket, query: SearchQuery, at: number): RowContext {
  const rentedMachines = new Set(liveContracts(market).map((contract) => contract.machine.id));
  return { stock: market.stock, at, storageGb: query.storageGb, type: query.type, rentedMachines };
}

/** The asks a query finds, in order. What never changes is compared first: it spares most of the work. */
function find(asks: readonly Ask[], query: SearchQuery, conditions: readonly Condition[], rows: RowContext): Ask[] {
  const { stock } = rows;
  const isFixed = (condition: Condition, columns: Row) => Object.hasOwn(columns, columnOf(condition.field) ?? '');
  const [first] = asks;
  if (first === undefined) return [];
  const sample = stock.fixed(first);
  const fixed = conditions.filter((condition) => isFixed(condition, sample));
  const moving = conditions.filter((condition) => !isFixed(condition, sample));

  const found: Candidate[] = [];
  for (const ask of asks) {
    const columns = stock.fixed(ask);
    if (!fixed.every((condition) => meets(columns, condition))) continue;
    const live: Row = liveColumns(ask, rows);
    if (moving.every((condition) => meets(live, condition)))
      found.push({ ask, cell: (column) => (Object.hasOwn(live, column) ? live[column] : columns[column]) });
  }
  found.sort((one, other) => {
    for (const { field, descending } of query.order) {
      const difference = compareCells(one.cell(field), other.cell(field), descending);
      if (difference !== 0) return difference;
    }
    return one.ask.id - other.ask.id;
  });
  return found.map(({ ask }) => ask);
}

/** The rows a query finds, or a sentence saying what is wrong with it. */
export function searchAsks(market: VastMarket, query: SearchQuery): readonly Row[] | string {
  const { stock, world, settings } = market;
  const at = world.agenda.settle();
  const rows = context(market, query, at);
  const asks = stock.asks().filter((ask) => at < stock.endsAt(ask.machine));
  const [first] = asks;
  if (first === undefined) return [];
  const known = offerRow(first, rows);
  const fields = [...query.conditions.map(({ field }) => columnOf(field)), ...query.order.map(({ field }) => field)];
  const wrong = fields.find((field) => field !== null && !Object.hasOwn(known, field));
  if (wrong !== undefined) return `unknown column ${wrong}`;

  const lax = world.faults.hit('filters-ignored', 'vast');
  const conditions = lax
    ? query.conditions.filter(({ value }) => Number.isNaN(numberOf(value)) || typeof value === 'boolean')
    : query.conditions;
  const most = Math.min(query.limit === null || query.limit < 1 ? Number.POSITIVE_INFINITY : query.limit, settings.searchCap);
  const disksAsked = conditions.some(({ field, operator, value }) => field === 'num_gpus' && operator === 'eq' && numberOf(value) === 0);
  if (disksAsked) {
    const disks = asks.map((ask) => diskRow(ask, rows));
    return disks.filter((row) => conditions.every((condition) => meets(row, condition))).slice(0, most);
  }
  return find(asks, query, conditions, rows)
    .slice(0, most)
    .map((ask) => offerRow(ask, rows));
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
  const quota =
    (handle: Route['handle']): Route['handle'] =>
    (call) =>
      market.world.faults.hit('search-quota', 'vast') ? quotaUsedUp(market) : handle(call);
  const names = [...new Set(gpuModels.map((model) => model.name))];
  return [
    { method: 'POST', path: '/api/v0/bundles/', handle: quota((call) => answer(market, call.body ?? {}, undefined)) },
    { method: 'GET', path: '/api/v0/bundles/', handle: quota((call) => fromQueryString(market, call)) },
    {
      method: 'PUT',
      path: '/api/v0/search/asks/',
      handle: quota((call) =>
        isRecord(call.body) ? answer(market, call.body['q'] ?? {}, call.body['select_cols']) : invalidRequest('body must be a JSON object'),
      ),
    },
    { method: 'GET', path: '/api/v0/gpu_names/unique/', handle: () => json({ gpu_names: names }) },
    {
      method: 'GET',
      path: '/api/v0/gpu_types/',
      handle: () => json({ gpu_types: gpuModels.map((model) => ({ canonical_name: model.name, gpu_ram_mb: model.vramMib })) }),
    },
  ];
}

/** A daily allowance of searches, apart from the limit per minute. */
function quotaUsedUp(market: VastMarket): HttpAnswer {
  const day = 86_400;
  const reset = (Math.floor(market.world.clock.now() / 1000 / day) + 1) * day;
  const refusal = fail(429, 'search_quota_exceeded', 'Daily search quota exceeded');
  return { ...refusal, headers: { 'x-ratelimit-reset': String(reset) } };
}
