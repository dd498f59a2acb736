// Reads a search request: filters, order, kind of rental, limit and the disk
// whose price is folded in.
import { isRecord } from './answers.ts';
import { isOperator, type Condition } from './filters.ts';
import type { SearchType } from './offerRow.ts';
import { textOf } from './plain.ts';

export interface SearchQuery {
  readonly conditions: readonly Condition[];
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
  readonly type: SearchType;
  readonly limit: number | null;
  readonly storageGb: number;
}

// What Vast assumes when a request does not say.
const defaultStorageGb = 8;

const types: Readonly<Record<string, SearchType>> = {
  'on-demand': 'on-demand',
  ondemand: 'on-demand',
  ask: 'on-demand',
  bid: 'bid',
  interruptible: 'bid',
  reserved: 'reserved',
};

// Accepted in the same object, without effect on what is found here.
const ignored = new Set([
  'disable_bundling',
  'extra_ids',
  'gpu_option',
  'show_incompatible',
  'sort_option',
  'template_id',
  'q',
  'select_cols',
  'api_key',
]);

const finite = (value: unknown) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

/** The query, or a sentence saying what is wrong with it. */
export function readQuery(body: unknown): SearchQuery | string {
  if (!isRecord(body)) return 'query must be a JSON object';
  const conditions: Condition[] = [];
  for (const [field, given] of Object.entries(body)) {
    if (ignored.has(field) || ['order', 'type', 'limit'].includes(field) || given === null) continue;
    if (field === 'allocated_storage' || (field === 'target_reliability' && !isRecord(given))) {
      const number = finite(given);
      if (number === null) return `${field} must be a number`;
      conditions.push({ field: field === 'allocated_storage' ? 'disk_space' : field, operator: 'gte', value: number });
      continue;
    }
    if (!isRecord(given)) {
      if (['external', 'has_avx'].includes(field)) conditions.push({ field, operator: 'eq', value: given });
      else return `filter ${field} must be an object of operators`;
      continue;
    }
    for (const [operator, value] of Object.entries(given)) {
      if (!isOperator(operator)) return `unknown operator ${operator} for ${field}`;
      if ((operator === 'in' || operator === 'notin') && !Array.isArray(value)) return `${field}: ${operator} wants a list`;
      conditions.push({ field, operator, value });
    }
  }

  const type = types[textOf(body['type'] ?? 'on-demand')];
  if (type === undefined) return `unknown type ${textOf(body['type'])}`;
  const limit = body['limit'] === undefined || body['limit'] === null ? null : finite(body['limit']);
  if (limit === null && body['limit'] !== undefined && body['limit'] !== null) return 'limit must be a number';
  const order = readOrder(body['order']);
  if (typeof order === 'string') return order;
  return { conditions, order, type, limit, storageGb: finite(body['allocated_storage']) ?? defaultStorageGb };
}

function readOrder(given: unknown): SearchQuery['order'] | string {
  if (given === undefined || given === null) return [{ field: 'score', descending: true }];
  if (!Array.isArray(given)) return 'order must be a list of [field, direction]';
  const order = [];
  for (const pair of given) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string') return 'order must be a list of [field, direction]';
    order.push({ field: pair[0], descending: pair[1] === 'desc' });
  }
  return order;
}
