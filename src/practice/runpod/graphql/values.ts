// Turns argument values and variables into plain data of the schema's input types.
import type { Schema } from './schema.ts';
import type { Value } from './parse.ts';
export class GraphqlInputError extends Error {}

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type Variables = Readonly<Record<string, Plain>>;

interface EnumName {
  readonly enumName: string;
}
type Raw = string | number | boolean | null | EnumName | readonly Raw[] | RawObject;
interface RawObject {
  readonly fields: ReadonlyMap<string, Raw>;
}

/** A literal argument as plain data. An unset variable is undefined, as if the argument were left out. */
export function literalValue(schema: Schema, type: string, value: Value, variables: Variables): Plain | undefined {
  if (value.kind === 'variable') {
    if (!Object.hasOwn(variables, value.name) && type.endsWith('!')) {
      throw new GraphqlInputError(`Variable "$${value.name}" of required type "${type}" was not provided.`);
    }
    return variables[value.name];
  }
  const raw = fromLiteral(value, variables);
  return raw === undefined ? undefined : coerce(schema, type, raw, type);
}

/** One value of the request's "variables" as plain data. */
export function variableValue(schema: Schema, type: string, name: string, value: unknown): Plain {
  try {
    return coerce(schema, type, fromJson(value), type);
  } catch (error) {
    if (!(error instanceof GraphqlInputError)) throw error;
    throw new GraphqlInputError(`Variable "$${name}" got invalid value ${JSON.stringify(value)}; ${error.message}`);
  }
}

function fromLiteral(value: Value, variables: Variables): Raw | undefined {
  if (value.kind === 'literal') return value.value;
  if (value.kind === 'enum') return { enumName: value.name };
  if (value.kind === 'variable') return Object.hasOwn(variables, value.name) ? fromJson(variables[value.name]) : undefined;
  if (value.kind === 'list') return value.items.map((item) => fromLiteral(item, variables) ?? null);
  const fields = new Map<string, Raw>();
  for (const [key, item] of Object.entries(value.fields)) {
    const raw = fromLiteral(item, variables);
    if (raw !== undefined) fields.set(key, raw);
  }
  return { fields };
}

function fromJson(value: unknown): Raw {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(fromJson);
  return { fields: new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item)])) };
}

function coerce(schema: Schema, type: string, raw: Raw, path: string): Plain {
  if (type.endsWith('!')) {
    if (raw === null) throw new GraphqlInputError(`Expected value of type "${path}", found null.`);
    return coerce(schema, type.slice(0, -1), raw, path);
  }
  if (raw === null) return null;
  if (type.startsWith('[')) {
    const items: readonly Raw[] = isList(raw) ? raw : [raw];
    return items.map((item) => coerce(schema, type.slice(1, -1), item, path));
  }
  const input = schema.inputs[type];
  if (input !== undefined) return coerceObject(schema, type, input, raw);
  const names = schema.enums[type];
  if (names !== undefined) return coerceEnum(type, names, raw);
  return coerceScalar(type, raw);
}

function coerceObject(schema: Schema, type: string, input: Readonly<Record<string, string>>, raw: Raw): Plain {
  if (typeof raw !== 'object' || raw === null || !('fields' in raw)) {
    throw new GraphqlInputError(`Expected value of type "${type}", found ${shown(raw)}.`);
  }
  const plain: Record<string, Plain> = {};
  for (const [key, item] of raw.fields) {
    if (!Object.hasOwn(input, key)) throw new GraphqlInputError(`Field "${key}" is not defined by type "${type}".`);
    plain[key] = coerce(schema, input[key] ?? '', item, input[key] ?? '');
  }
  for (const [key, fieldType] of Object.entries(input)) {
    if (fieldType.endsWith('!') && !Object.hasOwn(plain, key)) {
      throw new GraphqlInputError(`Field "${type}.${key}" of required type "${fieldType}" was not provided.`);
    }
  }
  return plain;
}

function coerceEnum(type: string, names: readonly string[], raw: Raw): Plain {
  // Variables carry an enum as a JSON string; in the query text it is a bare name.
  const name = typeof raw === 'object' && raw !== null && 'enumName' in raw ? raw.enumName : raw;
  if (typeof name === 'string' && names.includes(name)) return name;
  throw new GraphqlInputError(`Value "${shown(raw)}" does not exist in "${type}" enum.`);
}

function coerceScalar(type: string, raw: Raw): Plain {
  if (type === 'Int') {
    if (typeof raw === 'number' && Number.isInteger(raw)) return raw;
    throw new GraphqlInputError(`Int cannot represent non-integer value: ${shown(raw)}`);
  }
  if (type === 'Float') {
    if (typeof raw === 'number') return raw;
    throw new GraphqlInputError(`Float cannot represent non numeric value: ${shown(raw)}`);
  }
  if (type === 'Boolean') {
    if (typeof raw === 'boolean') return raw;
    throw new GraphqlInputError(`Boolean cannot represent a non boolean value: ${shown(raw)}`);
  }
  if (typeof raw === 'string') return raw;
  throw new GraphqlInputError(`${type} cannot represent a non string value: ${shown(raw)}`);
}

function isList(raw: Raw): raw is readonly Raw[] {
  return Array.isArray(raw);
}

function shown(raw: Raw): string {
  if (typeof raw !== 'object' || raw === null) return JSON.stringify(raw);
  if ('enumName' in raw) return raw.enumName;
  if ('fields' in raw) return `{${[...raw.fields].map(([key, item]) => `${key}: ${shown(item)}`).join(', ')}}`;
  return `[${raw.map(shown).join(', ')}]`;
}
