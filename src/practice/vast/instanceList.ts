// Reading instances: the paged list, one by id, the filter values, and the
// retired list of version 0.
import { listWithFaults } from '../createFaults.ts';
import type { HttpAnswer, HttpCall, Route } from '../httpServer.ts';
import { fail, invalidRequest, isRecord, json, ok } from './answers.ts';
import { compareCells, holds, isOperator } from './filters.ts';
import { instanceRow } from './instanceRow.ts';
import { contractOf, liveContracts, type Contract, type VastMarket } from './market.ts';
import type { Row } from './fixedColumns.ts';
import { textOf } from './plain.ts';

const pageSize = 25;
const pageSizeOfNonsense = 5;

// What is stored can be filtered; prices and counts are computed afterwards.
const stored = new Set([
  'id',
  'label',
  'actual_status',
  'intended_status',
  'cur_state',
  'next_state',
  'gpu_name',
  'verification',
  'machine_id',
  'host_id',
  'image_uuid',
  'start_date',
  'end_date',
  'template_id',
  'template_hash_id',
  'geolocation',
  'is_bid',
]);

interface SortKey {
  readonly col: string;
  readonly descending: boolean;
}

function parameter(call: HttpCall, name: string): unknown {
  const text = call.query.get(name);
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function readOrder(given: unknown): SortKey[] | null {
  const keys: SortKey[] = [];
  for (const entry of given === undefined ? [] : Array.isArray(given) ? given : [null]) {
    if (!isRecord(entry) || typeof entry['col'] !== 'string') return null;
    keys.push({ col: entry['col'], descending: entry['dir'] === 'desc' });
  }
  if (!keys.some((key) => key.col === 'id')) keys.push({ col: 'id', descending: false });
  return keys;
}

/** Rows that meet select_filters, or a sentence saying what is wrong with it. */
function select(rows: readonly Row[], filters: unknown): readonly Row[] | string {
  if (filters === undefined) return rows;
  if (!isRecord(filters)) return 'select_filters must be an object';
  let found = rows;
  for (const [column, conditions] of Object.entries(filters)) {
    if (!stored.has(column)) return `cannot filter on ${column}`;
    if (!isRecord(conditions)) return `filter ${column} must be an object of operators`;
    for (const [operator, value] of Object.entries(conditions)) {
      if (!isOperator(operator)) return `unknown operator ${operator} for ${column}`;
      found = found.filter((row) => holds(row[column], operator, value));
    }
  }
  return found;
}

function compareRows(one: Row, other: Row, keys: readonly SortKey[]): number {
  for (const { col, descending } of keys) {
    const difference = compareCells(one[col], other[col], descending);
    if (difference !== 0) return difference;
  }
  return 0;
}

const encodeToken = (row: Row, keys: readonly SortKey[]) =>
  Buffer.from(JSON.stringify({ values: Object.fromEntries(keys.map(({ col }) => [col, row[col] ?? null])) })).toString('base64');

function decodeToken(token: string): Row | null {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
    return isRecord(decoded) && isRecord(decoded['values']) ? decoded['values'] : null;
  } catch {
    return null;
  }
}

function pageLength(call: HttpCall): number {
  const asked = Number(call.query.get('limit') ?? pageSize);
  if (!Number.isFinite(asked)) return pageSize;
  return asked <= 0 ? pageSizeOfNonsense : Math.min(pageSize, Math.floor(asked));
}

/** Only the list has it; a single read does not. */
const volumeInfo = ({ volume }: Contract): readonly Row[] => (volume === null ? [] : [{ id: volume.id, avail_space: volume.sizeGb, total_space: volume.sizeGb }]);

function list(market: VastMarket, call: HttpCall): HttpAnswer {
  const now = market.world.agenda.settle();
  const keys = readOrder(parameter(call, 'order_by'));
  if (keys === null) return invalidRequest('order_by must be a list of {col, dir}');
  const all = liveContracts(market).map((contract): Row => ({ ...instanceRow(market, contract, now), volume_info: volumeInfo(contract) }));
  const selected = select(listWithFaults(market.world.faults, 'vast', all), parameter(call, 'select_filters'));
  if (typeof selected === 'string') return invalidRequest(selected);
  const rows = selected.toSorted((one, other) => compareRows(one, other, keys));

  const token = call.query.get('after_token');
  const after = token === null || token === '' ? undefined : decodeToken(token);
  if (after === null) return json({ success: false, error: 'invalid_token', msg: 'after_token is not valid' }, 400);
  const rest = after === undefined ? rows : rows.filter((row) => compareRows(row, after, keys) > 0);
  const page = rest.slice(0, pageLength(call));
  const last = page.at(-1);

  const labels: Record<string, number> = {};
  for (const row of rows) labels[String(row['label'] ?? '')] = (labels[String(row['label'] ?? '')] ?? 0) + 1;
  const columns = parameter(call, 'select_cols');
  const chosen = Array.isArray(columns) && !columns.includes('*') ? columns.map(textOf) : null;
  return ok({
    instances_found: page.length,
    total_instances: rows.length,
    label_counts: labels,
    next_token: last !== undefined && rest.length > page.length ? encodeToken(last, keys) : null,
    instances: chosen === null ? page : page.map((row) => Object.fromEntries(chosen.map((column) => [column, row[column] ?? null]))),
  });
}

function filterValues(market: VastMarket): HttpAnswer {
  const now = market.world.agenda.settle();
  const rows = liveContracts(market).map((contract) => instanceRow(market, contract, now));
  const combinations = new Map(
    rows.map(({ actual_status, verification, gpu_name }) => [
      JSON.stringify([actual_status, verification, gpu_name]),
      { actual_status, verification, gpu_name },
    ]),
  );
  return ok({ filters: [...combinations.values()] });
}

export function instanceListRoutes(market: VastMarket): Route[] {
  return [
    { method: 'GET', path: '/api/v1/instances/', handle: (call) => list(market, call) },
    { method: 'GET', path: '/api/v0/instances/filters/', handle: () => filterValues(market) },
    {
      method: 'GET',
      path: '/api/v0/instances/',
      handle: () => fail(410, 'deprecated_endpoint', '/api/v0/instances/ is deprecated. Use /api/v1/instances/ instead.'),
    },
    {
      method: 'GET',
      path: '/api/v0/instances/{id}/',
      handle(call) {
        const now = market.world.agenda.settle();
        const contract = contractOf(market, call.params['id']);
        // Gone, or never there: a success that holds nothing.
        if (contract === undefined) return json({ instances: null });
        const row = instanceRow(market, contract, now);
        return json({ instances: { ...row, ports: row['ports'] ?? null } });
      },
    },
  ];
}
