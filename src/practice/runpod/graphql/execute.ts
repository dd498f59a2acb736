// Runs one GraphQL request against resolvers that return plain objects. A
// property that takes arguments is a function on its object. Fields run one
// after another, as the specification demands of mutations.
import { GraphqlSyntaxError, parseDocument, type Field, type Operation } from './parse.ts';
import type { Schema } from './schema.ts';
import { validateOperation } from './validate.ts';
import { GraphqlInputError, literalValue, variableValue, type Plain, type Variables } from './values.ts';

export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

export interface GraphqlProblem {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string };
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly body: { readonly data?: unknown; readonly errors?: readonly GraphqlProblem[] };
}

/** Thrown by a resolver: becomes an entry of `errors` under HTTP 200. */
export class GraphqlFault extends Error {
  readonly code: string;

  constructor(message: string, code = 'RUNPOD') {
    super(message);
    this.code = code;
  }
}

export type Arguments = Readonly<Record<string, Plain>>;
export type Resolver = (args: Arguments) => unknown;
export interface Roots {
  readonly Query: Readonly<Record<string, Resolver>>;
  readonly Mutation: Readonly<Record<string, Resolver>>;
}

export async function executeGraphql(schema: Schema, roots: Roots, request: GraphqlRequest): Promise<GraphqlAnswer> {
  try {
    const operation = chooseOperation(parseDocument(request.query), request.operationName ?? undefined);
    const problems = validateOperation(schema, operation);
    if (problems.length > 0) return refused('GRAPHQL_VALIDATION_FAILED', ...problems);
    const run = new Run(schema, readVariables(schema, operation, request.variables ?? {}));
    const root = operation.kind === 'mutation' ? 'Mutation' : 'Query';
    const data = await run.select(root, roots[root], operation.selections, []);
    return { status: 200, body: run.errors.length > 0 ? { errors: run.errors, data } : { data } };
  } catch (error) {
    if (error instanceof GraphqlSyntaxError) return refused('GRAPHQL_PARSE_FAILED', error.message);
    if (error instanceof GraphqlInputError) return refused('BAD_USER_INPUT', error.message);
    throw error;
  }
}

function refused(code: string, ...messages: readonly string[]): GraphqlAnswer {
  return { status: 400, body: { errors: messages.map((message) => ({ message, extensions: { code } })) } };
}

function chooseOperation(operations: readonly Operation[], name: string | undefined): Operation {
  const [first, second] = operations;
  if (name !== undefined) {
    const named = operations.find((operation) => operation.name === name);
    if (named !== undefined) return named;
    throw new GraphqlInputError(`Unknown operation named "${name}".`);
  }
  if (first === undefined || second !== undefined) {
    throw new GraphqlInputError('Must provide operation name if query contains multiple operations.');
  }
  return first;
}

function readVariables(schema: Schema, operation: Operation, given: Readonly<Record<string, unknown>>): Variables {
  const variables: Record<string, Plain> = {};
  for (const { name, type, fallback } of operation.variables) {
    if (Object.hasOwn(given, name)) {
      variables[name] = variableValue(schema, type, name, given[name]);
    } else if (fallback !== undefined) {
      variables[name] = literalValue(schema, type, fallback, {}) ?? null;
    } else if (type.endsWith('!')) {
      throw new GraphqlInputError(`Variable "$${name}" of required type "${type}" was not provided.`);
    }
  }
  return variables;
}

class Run {
  readonly errors: GraphqlProblem[] = [];
  readonly #schema: Schema;
  readonly #variables: Variables;

  constructor(schema: Schema, variables: Variables) {
    this.#schema = schema;
    this.#variables = variables;
  }

  async select(type: string, source: object, fields: readonly Field[], path: readonly (string | number)[]): Promise<Record<string, unknown>> {
    const answer: Record<string, unknown> = {};
    for (const field of fields) answer[field.alias] = await this.#field(type, source, field, [...path, field.alias]);
    return answer;
  }

  async #field(type: string, source: object, field: Field, path: readonly (string | number)[]): Promise<unknown> {
    if (field.name === '__typename') return type;
    const definition = this.#schema.objects[type]?.[field.name];
    if (definition === undefined) return null;
    const args: Record<string, Plain> = {};
    for (const [name, value] of Object.entries(field.args)) {
      const plain = literalValue(this.#schema, definition.args[name] ?? '', value, this.#variables);
      if (plain !== undefined) args[name] = plain;
    }
    try {
      const property: unknown = Object.hasOwn(source, field.name) ? Reflect.get(source, field.name) : null;
      const value: unknown = await (typeof property === 'function' ? property(args) : property);
      return await this.#complete(definition.object, value, field, path);
    } catch (error) {
      if (!(error instanceof GraphqlFault)) throw error;
      this.errors.push({ message: error.message, path, extensions: { code: error.code } });
      return null;
    }
  }

  async #complete(type: string, value: unknown, field: Field, path: readonly (string | number)[]): Promise<unknown> {
    if (value === null || value === undefined) return null;
    if (type === '') return value;
    if (!Array.isArray(value)) return typeof value === 'object' ? this.select(type, value, field.selections, path) : null;
    const items: unknown[] = [];
    for (const [index, item] of value.entries()) items.push(await this.#complete(type, item, field, [...path, index]));
    return items;
  }
}
