import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GraphqlSyntaxError, parseDocument, type Field, type Operation, type Value } from '../../../../../src/practice/runpod/graphql/parse.ts';

const plain = { noNullPrototype: true } as const;
const nameArb = fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,8}$/);
const enumArb = nameArb.filter((name) => !['true', 'false', 'null'].includes(name));

function printedNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

const scalarArb = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null));

const valueArb = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalarArb.map((value) => ({ kind: 'literal' as const, value })),
    nameArb.map((name) => ({ kind: 'variable' as const, name })),
    enumArb.map((name) => ({ kind: 'enum' as const, name })),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => ({ kind: 'list' as const, items })),
    fc.dictionary(nameArb, tie('value'), { maxKeys: 3, noNullPrototype: true }).map((fields) => ({ kind: 'object' as const, fields })),
  ),
})).value;

const fieldArb = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.record({
    name: nameArb,
    alias: nameArb,
    args: fc.dictionary(nameArb, valueArb, { maxKeys: 2, noNullPrototype: true }),
    selections: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('field'), { minLength: 1, maxLength: 3 })),
  }, plain),
})).field;

const typeArb = fc.oneof(nameArb, nameArb.map((name) => `${name}!`), nameArb.map((name) => `[${name}!]!`));

const operationArb: fc.Arbitrary<Operation> = fc.record({
  kind: fc.constantFrom('query' as const, 'mutation' as const),
  name: fc.option(nameArb, { nil: undefined }),
  variables: fc.array(
    fc.oneof(fc.record({ name: nameArb, type: typeArb }, plain), fc.record({ name: nameArb, type: typeArb, fallback: valueArb }, plain)),
    { maxLength: 2 },
  ),
  selections: fc.array(fieldArb, { minLength: 1, maxLength: 3 }),
}, plain);

function printValue(value: Value): string {
  if (value.kind === 'literal') return typeof value.value === 'number' ? printedNumber(value.value) : JSON.stringify(value.value);
  if (value.kind === 'variable') return `$${value.name}`;
  if (value.kind === 'enum') return value.name;
  if (value.kind === 'list') return `[${value.items.map(printValue).join(', ')}]`;
  return `{${Object.entries(value.fields).map(([key, item]) => `${key}: ${printValue(item)}`).join(' ')}}`;
}

function printArgs(args: Readonly<Record<string, Value>>): string {
  const printed = Object.entries(args).map(([key, item]) => `${key}:${printValue(item)}`);
  return printed.length === 0 ? '' : `(${printed.join(',')})`;
}

function printField(field: Field): string {
  const inner = field.selections.length === 0 ? '' : ` { ${field.selections.map(printField).join('\n')} }`;
  // The directive must leave no trace in what is read back.
  return `${field.alias === field.name ? '' : `${field.alias}: `}${field.name}${printArgs(field.args)} @include(if: true)${inner}`;
}

function printOperation(operation: Operation): string {
  const variables = operation.variables.map(({ name, type, fallback }) => `$${name}: ${type}${fallback === undefined ? '' : ` = ${printValue(fallback)}`}`);
  return `${operation.kind} ${operation.name ?? ''}${variables.length === 0 ? '' : `(${variables.join(' ')})`} # a comment\n{ ${operation.selections.map(printField).join(' ')} }`;
}

describe('practice RunPod GraphQL: reading documents', () => {
  it('reads back every document it is shown', () => {
    fc.assert(
      fc.property(fc.array(operationArb, { minLength: 1, maxLength: 2 }), (operations) => {
        assert.deepEqual(parseDocument(operations.map(printOperation).join('\n')), operations);
      }),
      { numRuns: 300 },
    );
  });

  it('either reads a text or names a syntax error, and always ends', () => {
    const marks = fc.constantFrom('{', '}', '(', ')', '[', ']', '$', ':', '!', '=', '@', '...', '"', '"""', 'query', 'a', '1', '-', '.5', '\\', ' ', '\n', '#');
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 25 }), (parts) => {
        try {
          assert.ok(parseDocument(parts.join('')).length > 0);
        } catch (error) {
          assert.ok(error instanceof GraphqlSyntaxError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the shorthand query with an alias', () => {
    const [operation] = parseDocument('{ cheap: lowestPrice(input: {gpuCount: 2}) { stockStatus } }');
    assert.equal(operation?.kind, 'query');
    assert.deepEqual(operation?.selections[0], {
      name: 'lowestPrice',
      alias: 'cheap',
      args: { input: { kind: 'object', fields: { gpuCount: { kind: 'literal', value: 2 } } } },
      selections: [{ name: 'stockStatus', alias: 'stockStatus', args: {}, selections: [] }],
    });
  });

  it('reads block strings and escapes', () => {
    const [operation] = parseDocument('{ a(x: """ say \\""" twice """, y: "tab\there \\u0041\\n") }');
    assert.deepEqual(operation?.selections[0]?.args, {
      x: { kind: 'literal', value: 'say """ twice' },
      y: { kind: 'literal', value: 'tab\there A\n' },
    });
  });

  for (const [text, message] of [
    ['', 'Syntax Error: Expected an operation, found <EOF>.'],
    ['{ a', 'Syntax Error: Expected Name, found <EOF>.'],
    ['{ }', 'Syntax Error: Expected Name, found }.'],
    ['{ a(b: ) }', 'Syntax Error: Expected a value, found ).'],
    ['{ a(b 1) }', 'Syntax Error: Expected ":", found 1.'],
    ['subscription { a }', 'Syntax Error: Expected an operation, found subscription.'],
    ['{ ...fields }', 'Syntax Error: Expected Name, found ....'],
    ['{ a(b: "open) }', 'Syntax Error: Unexpected character: "\\"".'],
    ['{ a(b: "\u0007") }', 'Syntax Error: Invalid character within String.'],
    ['{ a(b: 01) }', 'Syntax Error: Unexpected character: "0".'],
  ] as const) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseDocument(text), (error) => error instanceof GraphqlSyntaxError && (error.message === message || assert.fail(error.message)));
    });
  }

  it('treats a key named __proto__ as data', () => {
    const [operation] = parseDocument('{ a(input: {__proto__: 1}) }');
    const input = operation?.selections[0]?.args['input'];
    assert.ok(input?.kind === 'object');
    assert.deepEqual(Object.keys(input.fields), ['__proto__']);
  });
});
