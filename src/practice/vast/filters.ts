// The comparison language of Vast's searches: {field: {op: value}}. Clients
// send numbers as strings, so values are read in the column's own type.
import { driverNumber, type Row } from './fixedColumns.ts';

export type Operator = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'notin';

export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: unknown;
}

const operators: readonly Operator[] = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', 'notin'];

export function isOperator(name: string): name is Operator {
  return operators.some((operator) => operator === name);
}

function inTypeOf(cell: unknown, value: unknown): unknown {
  if (typeof cell === 'number' && typeof value === 'boolean') return Number(value);
  if (typeof cell === 'number' && typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value);
  if (typeof cell === 'boolean' && typeof value !== 'boolean') return value === 'true' || value === 'True' || value === 1 || value === '1';
  if (typeof cell === 'string' && typeof value === 'number') return String(value);
  return value;
}

/** Below, equal or above; NaN when the two cannot be compared. */
function order(cell: unknown, raw: unknown): number {
  const value = inTypeOf(cell, raw);
  if (typeof cell === 'number' && typeof value === 'number') return cell - value;
  if (typeof cell === 'string' && typeof value === 'string') {
    const difference = Number(cell) - Number(value);
    if (cell !== '' && !Number.isNaN(difference)) return difference;
    return cell < value ? -1 : cell > value ? 1 : 0;
  }
  return Number.NaN;
}

function equal(cell: unknown, value: unknown): boolean {
  if (cell === null || cell === undefined || value === null) return (cell ?? null) === value;
  return inTypeOf(cell, value) === cell;
}

export function holds(cell: unknown, operator: Operator, value: unknown): boolean {
  switch (operator) {
    case 'eq':
      return equal(cell, value);
    case 'neq':
      return !equal(cell, value);
    case 'gt':
      return order(cell, value) > 0;
    case 'gte':
      return order(cell, value) >= 0;
    case 'lt':
      return order(cell, value) < 0;
    case 'lte':
      return order(cell, value) <= 0;
    case 'in':
      return Array.isArray(value) && value.some((item) => equal(cell, item));
    case 'notin':
      return Array.isArray(value) && !value.some((item) => equal(cell, item));
  }
}

/** Orders two cells for sorting; nothing comes last either way up. */
export function compareCells(one: unknown, other: unknown, descending: boolean): number {
  const empty = Number(one === null || one === undefined) - Number(other === null || other === undefined);
  if (empty !== 0) return empty;
  const difference = typeof one === 'boolean' && typeof other === 'boolean' ? Number(one) - Number(other) : order(one, other);
  return (descending ? -1 : 1) * (Number.isNaN(difference) ? 0 : difference);
}

// Switches that some clients send as filters; they select nothing.
const featureFlags = new Set(['chunked', 'georegion']);

const renamed: Readonly<Record<string, string>> = {
  gpu_totalram: 'gpu_total_ram',
  ubuntu_version: 'os_version',
  target_reliability: 'expected_reliability',
};

const gigabytes = /^(.+)_GB$/i;

const virtual: Readonly<Record<string, string>> = {
  ...renamed,
  datacenter: 'hosting_type',
  verified: 'vericode',
  driver_version: 'driver_vers',
};

/** The column a filter reads, or null when it reads none. */
export function columnOf(field: string): string | null {
  if (featureFlags.has(field)) return null;
  return virtual[field] ?? gigabytes.exec(field)?.[1] ?? field;
}

/** Whether an offer meets a condition, virtual columns included. */
export function meets(row: Row, condition: Condition): boolean {
  const { field, operator, value } = condition;
  if (featureFlags.has(field)) return true;
  switch (field) {
    // Vast finds nothing by id; ask_contract_id is the column to use.
    case 'id':
      return false;
    case 'geolocation':
      return meetsPlace(row['geolocation'], operator, value);
    case 'datacenter':
      return holds(Number(row['hosting_type']) >= 1, operator, value);
    case 'verified':
      return holds(row['vericode'] === 1, operator, value);
    case 'external':
      return holds(row['external'] ?? false, operator, value);
    case 'driver_version':
      return holds(row['driver_vers'], operator, typeof value === 'string' && value.includes('.') ? driverNumber(value) : value);
  }
  const inGigabytes = gigabytes.exec(field)?.[1];
  if (inGigabytes !== undefined) return holds(Number(row[inGigabytes]) / 1000, operator, value);
  return holds(row[renamed[field] ?? field], operator, value);
}

/** Two letters mean the country, anything else the whole text. */
function meetsPlace(cell: unknown, operator: Operator, value: unknown): boolean {
  const country = typeof cell === 'string' ? cell.slice(-2) : null;
  const short = (item: unknown) => typeof item === 'string' && item.length === 2;
  const byCountry = Array.isArray(value) ? value.every(short) : short(value);
  return holds(byCountry ? country : cell, operator, value);
}
