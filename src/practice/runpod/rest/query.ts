// Query parameters of REST v2: comma-joined lists, and 422 for a malformed value.
import { Refusal } from '../problems.ts';

export interface Parameters {
  has(name: string): boolean;
  text(name: string, pattern?: RegExp): string | undefined;
  list(name: string, pattern?: RegExp): readonly string[] | undefined;
  integer(name: string, min: number, max?: number): number | undefined;
  oneOf<const T extends string>(name: string, ...allowed: readonly T[]): T | undefined;
  listOf<const T extends string>(name: string, ...allowed: readonly T[]): readonly T[] | undefined;
  flag(name: string): boolean | undefined;
  /** An RFC 3339 time as milliseconds. */
  time(name: string): number | undefined;
}

export function malformed(name: string, message: string): Refusal {
  return new Refusal(422, 'Request validation failed.', [`query.${name}: ${message}`]);
}

export function parametersOf(query: URLSearchParams): Parameters {
  const raw = (name: string) => query.get(name) ?? undefined;
  const items = (name: string) => raw(name)?.split(',').filter((item) => item !== '');

  function check(name: string, value: string, pattern: RegExp | undefined): string {
    if (pattern?.test(value) === false) throw malformed(name, `'${value}' does not match pattern '${pattern.source}'`);
    return value;
  }

  function pick<T extends string>(name: string, value: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw malformed(name, `value must be one of ${allowed.map((one) => `'${one}'`).join(', ')}`);
    return found;
  }

  return {
    has: (name) => query.has(name),
    text(name, pattern) {
      const value = raw(name);
      return value === undefined ? undefined : check(name, value, pattern);
    },
    list: (name, pattern) => items(name)?.map((item) => check(name, item, pattern)),
    integer(name, min, max = Infinity) {
      const value = raw(name);
      if (value === undefined) return undefined;
      if (!/^-?\d+$/.test(value)) throw malformed(name, 'got string, want integer');
      if (Number(value) < min) throw malformed(name, `minimum: got ${value}, want ${min}`);
      if (Number(value) > max) throw malformed(name, `maximum: got ${value}, want ${max}`);
      return Number(value);
    },
    oneOf(name, ...allowed) {
      const value = raw(name);
      return value === undefined ? undefined : pick(name, value, allowed);
    },
    listOf: (name, ...allowed) => items(name)?.map((item) => pick(name, item, allowed)),
    flag(name) {
      const value = raw(name);
      if (value === undefined) return undefined;
      return pick(name, value, ['true', 'false']) === 'true';
    },
    time(name) {
      const value = raw(name);
      if (value === undefined) return undefined;
      const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(value) ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(time)) throw malformed(name, `'${value}' is not valid date-time`);
      return time;
    },
  };
}
