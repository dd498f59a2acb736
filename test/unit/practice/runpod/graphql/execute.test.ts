import assert from 'node:assert/strict';
import fc from 'fast-check';
import { executeGraphql, GraphqlFault, type Arguments, type Roots } from '../../../../../src/practice/runpod/graphql/execute.ts';
import { RUNPOD_SCHEMA } from '../../../../../src/practice/runpod/graphql/schema.ts';

const calls: { name: string; args: Arguments }[] = [];

function record(name: string, answer: unknown): (args: Arguments) => unknown {
  return (args) => {
    calls.push({ name, args });
    return answer;
  };
}

const roots: Roots = {
  Query: {
    gpuTypes: record('gpuTypes', [
      { id: 'A', memoryInGb: 24, lowestPrice: (args: Arguments) => ({ uninterruptablePrice: Number(read(args, 'gpuCount') ?? 1) / 2 }) },
      { id: 'B', lowestPrice: () => null },
    ]),
    myself: () => null,
    pod: () => {
      throw new GraphqlFault('Pod not found', 'NOT_FOUND');
    },
    countryCodes: () => ['NO', 'US'],
  },
  Mutation: {
    podStop: record('podStop', { id: 'p', desiredStatus: 'EXITED' }),
    podFindAndDeployOnDemand: record('deploy', { id: 'new' }),
    podTerminate: () => null,
  },
};

function read(args: Arguments, key: string): unknown {
  return Object.entries(args['input'] ?? {}).find(([name]) => name === key)?.[1];
}

const run = (query: string, rest: { variables?: Record<string, unknown>; operationName?: string } = {}) => executeGraphql(RUNPOD_SCHEMA, roots, { query, ...rest });

async function problems(query: string, rest: { variables?: Record<string, unknown>; operationName?: string } = {}) {
  const { status, body } = await run(query, rest);
  return { status, code: body.errors?.[0]?.extensions.code, messages: body.errors?.map((error) => error.message) };
}

describe('practice RunPod GraphQL: running requests', () => {
  beforeEach(() => {
    calls.length = 0;
  });

  it('answers aliases, nested arguments and missing properties', async () => {
    const answer = await run('query X { all: gpuTypes { id memoryInGb one: lowestPrice(input: {gpuCount: 1}) { uninterruptablePrice } two: lowestPrice(input: {gpuCount: 2}) { uninterruptablePrice __typename } } }');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, {
      data: {
        all: [
          { id: 'A', memoryInGb: 24, one: { uninterruptablePrice: 0.5 }, two: { uninterruptablePrice: 1, __typename: 'LowestPrice' } },
          { id: 'B', memoryInGb: null, one: null, two: null },
        ],
      },
    });
  });

  it('passes variables, their defaults, and leaves an unset optional one out', async () => {
    await run('query Q($id: String, $cluster: Boolean = true) { gpuTypes(input: {id: $id, cluster: $cluster}) { id } }');
    assert.deepEqual(calls, [{ name: 'gpuTypes', args: { input: { cluster: true } } }]);
    calls.length = 0;
    await run('mutation ($input: PodStopInput!) { podStop(input: $input) { id } }', { variables: { input: { podId: 'p' } } });
    assert.deepEqual(calls, [{ name: 'podStop', args: { input: { podId: 'p' } } }]);
  });

  it('takes an enum as a bare name in the text and as a string in a variable', async () => {
    await run('mutation { podFindAndDeployOnDemand(input: {cloudType: SECURE, env: [{key: "A", value: "b"}], dataCenterId: null}) { id } }');
    await run('mutation ($input: PodFindAndDeployOnDemandInput) { podFindAndDeployOnDemand(input: $input) { id } }', { variables: { input: { cloudType: 'SECURE', env: { key: 'A', value: 'b' }, dataCenterId: null } } });
    const wanted = { name: 'deploy', args: { input: { cloudType: 'SECURE', env: [{ key: 'A', value: 'b' }], dataCenterId: null } } };
    assert.deepEqual(calls, [wanted, wanted]);
  });

  it('chooses the operation by name', async () => {
    const two = 'query A { countryCodes } mutation B { podTerminate(input: {podId: "p"}) }';
    assert.deepEqual((await run(two, { operationName: 'A' })).body, { data: { countryCodes: ['NO', 'US'] } });
    assert.deepEqual((await run(two, { operationName: 'B' })).body, { data: { podTerminate: null } });
    assert.deepEqual(await problems(two), { status: 400, code: 'BAD_USER_INPUT', messages: ['Must provide operation name if query contains multiple operations.'] });
    assert.deepEqual((await problems(two, { operationName: 'C' })).messages, ['Unknown operation named "C".']);
  });

  it('puts a resolver\'s refusal under errors with HTTP 200 and keeps the rest', async () => {
    const answer = await run('{ pod(input: {podId: "x"}) { id } countryCodes myself { id } }');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, {
      errors: [{ message: 'Pod not found', path: ['pod'], extensions: { code: 'NOT_FOUND' } }],
      data: { pod: null, countryCodes: ['NO', 'US'], myself: null },
    });
  });

  for (const [query, message] of [
    ['{ gpuTypes { id colour } }', 'Cannot query field "colour" on type "GpuType".'],
    ['{ gpuTypes { lowestPrice { interruptablePrice } } }', 'Cannot query field "interruptablePrice" on type "LowestPrice".'],
    ['mutation { podReset { id } }', 'Cannot query field "podReset" on type "Mutation".'],
    ['{ __schema { types { name } } }', 'Cannot query field "__schema" on type "Query".'],
    ['{ toString }', 'Cannot query field "toString" on type "Query".'],
    ['{ gpuTypes(filter: {}) { id } }', 'Unknown argument "filter" on field "Query.gpuTypes".'],
    ['mutation { podStop { id } }', 'Field "podStop" argument "input" of type "PodStopInput!" is required, but it was not provided.'],
    ['{ gpuTypes }', 'Field "gpuTypes" of type "GpuType" must have a selection of subfields. Did you mean "gpuTypes { ... }"?'],
    ['{ countryCodes { id } }', 'Field "countryCodes" must not have a selection since it has no subfields.'],
    ['query Q { pod(input: {podId: $id}) { id } }', 'Variable "$id" is not defined by operation "Q".'],
  ] as const) {
    it(`refuses ${query}`, async () => {
      assert.deepEqual(await problems(query), { status: 400, code: 'GRAPHQL_VALIDATION_FAILED', messages: [message] });
      assert.deepEqual(calls, []);
    });
  }

  for (const [query, variables, message] of [
    ['mutation { podStop(input: {}) { id } }', {}, 'Field "PodStopInput.podId" of required type "String!" was not provided.'],
    ['mutation { podStop(input: {podId: 5}) { id } }', {}, 'String cannot represent a non string value: 5'],
    ['mutation { podStop(input: {podId: "p", force: true}) { id } }', {}, 'Field "force" is not defined by type "PodStopInput".'],
    ['mutation { podResume(input: {podId: "p", gpuCount: 1.5}) { id } }', {}, 'Int cannot represent non-integer value: 1.5'],
    ['mutation { podFindAndDeployOnDemand(input: {cloudType: PRIVATE}) { id } }', {}, 'Value "PRIVATE" does not exist in "CloudTypeEnum" enum.'],
    ['mutation ($input: PodStopInput!) { podStop(input: $input) { id } }', {}, 'Variable "$input" of required type "PodStopInput!" was not provided.'],
    ['mutation ($input: PodStopInput!) { podStop(input: $input) { id } }', { input: null }, 'Variable "$input" got invalid value null; Expected value of type "PodStopInput!", found null.'],
    ['query ($n: Int) { gpuTypes { lowestPrice(input: {gpuCount: $n}) { stockStatus } } }', { n: 'two' }, 'Variable "$n" got invalid value "two"; Int cannot represent non-integer value: "two"'],
  ] as const) {
    it(`refuses the values of ${query} with ${JSON.stringify(variables)}`, async () => {
      assert.deepEqual(await problems(query, { variables }), { status: 400, code: 'BAD_USER_INPUT', messages: [message] });
      assert.deepEqual(calls, []);
    });
  }

  it('says what a syntax error is', async () => {
    assert.deepEqual(await problems('{ gpuTypes { id }'), { status: 400, code: 'GRAPHQL_PARSE_FAILED', messages: ['Syntax Error: Expected Name, found <EOF>.'] });
  });

  it('gives an argument the same meaning in the text and in a variable', async () => {
    const inputArb = fc.record(
      { gpuCount: fc.integer({ min: 1, max: 8 }), secureCloud: fc.boolean(), dataCenterId: fc.string(), allowedCudaVersions: fc.array(fc.string(), { maxLength: 3 }) },
      { requiredKeys: [], noNullPrototype: true },
    );
    const seen: Arguments[] = [];
    const echo: Roots = { Query: { gpuTypes: () => [{ lowestPrice: (args: Arguments) => (seen.push(args), null) }] }, Mutation: {} };
    await fc.assert(
      fc.asyncProperty(inputArb, async (input) => {
        seen.length = 0;
        const literal = Object.entries(input).map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
        await executeGraphql(RUNPOD_SCHEMA, echo, { query: `{ gpuTypes { lowestPrice(input: {${literal}}) { gpuName } } }` });
        await executeGraphql(RUNPOD_SCHEMA, echo, { query: 'query ($i: GpuLowestPriceInput!) { gpuTypes { lowestPrice(input: $i) { gpuName } } }', variables: { i: input } });
        assert.deepEqual(seen, [{ input }, { input }]);
      }),
    );
  });
});
