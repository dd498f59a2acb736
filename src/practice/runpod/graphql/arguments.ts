/** Reads typed members of a GraphQL input object; the schema has checked their types already. */
import type { Arguments } from './execute.ts';
import type { Plain } from './values.ts';

export interface Input {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[];
  /** [{key, value}] as a record. */
  pairs(name: string): Readonly<Record<string, string>>;
}

export function inputOf(args: Arguments): Input {
  const members = membersOf(args['input'] ?? null);
  const list = (name: string): readonly Plain[] => {
    const value = members.get(name);
    return isList(value) ? value : [];
  };
  return {
    text(name) {
      const value = members.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    number(name) {
      const value = members.get(name);
      return typeof value === 'number' ? value : undefined;
    },
    flag(name) {
      const value = members.get(name);
      return typeof value === 'boolean' ? value : undefined;
    },
    texts: (name) => list(name).filter((item) => typeof item === 'string'),
    pairs: (name) =>
      Object.fromEntries(
        list(name).map((item) => {
          const pair = membersOf(item);
          return [String(pair.get('key') ?? ''), String(pair.get('value') ?? '')];
        }),
      ),
  };
}

function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

function membersOf(value: Plain): ReadonlyMap<string, Plain> {
  return typeof value === 'object' && value !== null && !isList(value) ? new Map(Object.entries(value)) : new Map<string, Plain>();
}
