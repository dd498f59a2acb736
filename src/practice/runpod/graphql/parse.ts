// A reader for the GraphQL documents that RunPod's clients send: operations
// with variables, fields, aliases and arguments with nested values. Directives
// are read and dropped; fragments are refused, because no client of this API
// sends them and a silent half-answer would be worse than an error.

export type Value =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'enum'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null };

export interface Field {
  readonly name: string;
  readonly alias: string;
  readonly args: Readonly<Record<string, Value>>;
  readonly selections: readonly Field[];
}

export interface VariableDefinition {
  readonly name: string;
  readonly type: string;
  readonly fallback?: Value;
}

export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly name: string | undefined;
  readonly variables: readonly VariableDefinition[];
  readonly selections: readonly Field[];
}

export class GraphqlSyntaxError extends Error {}

const TOKEN =
  /[\s,\uFEFF]+|#[^\n\r]*|(?<block>"""(?:\\"""|[^])*?""")|(?<string>"(?:\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4}|[^"\\\n\r])*")|(?<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))|(?<name>[_A-Za-z]\w*)|(?<mark>\.\.\.|[!$&()[\]{}:=@|])/y;

interface Token {
  readonly kind: 'block' | 'string' | 'number' | 'name' | 'mark' | 'end';
  readonly text: string;
}

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined) {
      throw new GraphqlSyntaxError(`Syntax Error: Unexpected character: ${JSON.stringify(source.charAt(at))}.`);
    }
    for (const kind of ['block', 'string', 'number', 'name', 'mark'] as const) {
      const text = groups[kind];
      if (text !== undefined) found.push({ kind, text });
    }
  }
  return found;
}

/** All operations of one document. Throws GraphqlSyntaxError. */
export function parseDocument(source: string): Operation[] {
  const queue = tokens(source);
  let next = 0;

  const peek = (): Token => queue[next] ?? { kind: 'end', text: '<EOF>' };
  const fail: (wanted: string) => never = (wanted) => {
    throw new GraphqlSyntaxError(`Syntax Error: Expected ${wanted}, found ${peek().text}.`);
  };
  const skip = (mark: string): boolean => {
    if (peek().kind !== 'mark' || peek().text !== mark) return false;
    next += 1;
    return true;
  };
  const expect = (mark: string): void => {
    if (!skip(mark)) fail(`"${mark}"`);
  };
  const name = (): string => {
    const token = peek();
    if (token.kind !== 'name') fail('Name');
    next += 1;
    return token.text;
  };
  const record = <T>(close: string, entry: () => readonly [string, T]): Record<string, T> => {
    const entries: (readonly [string, T])[] = [];
    while (!skip(close)) entries.push(entry());
    // fromEntries defines own properties, so a key named __proto__ stays data.
    return Object.fromEntries(entries);
  };
  const named = (): readonly [string, Value] => {
    const key = name();
    expect(':');
    return [key, value()];
  };

  function value(): Value {
    if (skip('$')) return { kind: 'variable', name: name() };
    if (skip('{')) return { kind: 'object', fields: record('}', named) };
    if (skip('[')) {
      const items: Value[] = [];
      while (!skip(']')) items.push(value());
      return { kind: 'list', items };
    }
    const token = peek();
    if (token.kind === 'mark' || token.kind === 'end') fail('a value');
    next += 1;
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'string') return { kind: 'literal', value: unquote(token.text) };
    if (token.kind === 'block') {
      return { kind: 'literal', value: token.text.slice(3, -3).replaceAll('\\"""', '"""').trim() };
    }
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' };
    return token.text === 'null' ? { kind: 'literal', value: null } : { kind: 'enum', name: token.text };
  }

  function type(): string {
    let text: string;
    if (skip('[')) {
      text = `[${type()}]`;
      expect(']');
    } else {
      text = name();
    }
    return skip('!') ? `${text}!` : text;
  }

  function variable(): VariableDefinition {
    expect('$');
    const key = name();
    expect(':');
    const definition = { name: key, type: type() };
    const fallback = skip('=') ? value() : undefined;
    directives();
    return fallback === undefined ? definition : { ...definition, fallback };
  }

  function directives(): void {
    while (skip('@')) {
      name();
      if (skip('(')) record(')', named);
    }
  }

  function selections(): Field[] {
    const fields = [field()];
    while (!skip('}')) fields.push(field());
    return fields;
  }

  function field(): Field {
    const first = name();
    const fieldName = skip(':') ? name() : first;
    const args = skip('(') ? record(')', named) : {};
    directives();
    return { name: fieldName, alias: first, args, selections: skip('{') ? selections() : [] };
  }

  function operation(): Operation {
    if (skip('{')) return { kind: 'query', name: undefined, variables: [], selections: selections() };
    const kind = peek().text;
    if (kind !== 'query' && kind !== 'mutation') return fail('an operation');
    next += 1;
    const operationName = peek().kind === 'name' ? name() : undefined;
    const variables: VariableDefinition[] = [];
    if (skip('(')) while (!skip(')')) variables.push(variable());
    directives();
    expect('{');
    return { kind, name: operationName, variables, selections: selections() };
  }

  const operations: Operation[] = [];
  while (next < queue.length || operations.length === 0) operations.push(operation());
  return operations;
}

function unquote(text: string): string {
  // A GraphQL string with its escapes is a JSON string, except that a raw tab is allowed in it.
  try {
    return String(JSON.parse(text.replaceAll('\t', '\\t')));
  } catch {
    throw new GraphqlSyntaxError('Syntax Error: Invalid character within String.');
  }
}
