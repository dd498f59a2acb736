import assert from 'node:assert/strict';
import fc from 'fast-check';
import { completeModel, packRuns, unpackRuns } from '../../../../src/estimate/evidenceTable.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';

const numbers = fc.integer({ min: 1, max: 99_999 });
const maybe = <Name extends string>(...names: Name[]) => fc.record(Object.fromEntries(names.map((name) => [name, numbers])) as Record<Name, typeof numbers>, { requiredKeys: [] });

const workloads: fc.Arbitrary<Workload> = fc.tuple(
  fc.record({
    task: fc.constantFrom('language', 'vision'), stack: fc.constantFrom('hf', 'timm'), method: fc.constantFrom('full', 'lora'), precision: fc.constantFrom('bf16', 'fp8'),
    optimizer: fc.constantFrom('adamw', 'sgd'), parallelism: fc.constantFrom('single', 'fsdp'), packing: fc.boolean(), checkpointing: fc.boolean(),
    compile: fc.boolean(), flashAttention: fc.boolean(),
    model: fc.record({ name: fc.constantFrom('nobody knows 1', 'nobody knows 2'), paramsM: numbers }, { noNullPrototype: true }),
  }),
  maybe('loraRank', 'tensorParallel', 'pipelineParallel', 'microBatch', 'globalBatch', 'accumulation', 'seqLen', 'tokensPerSample', 'resolution', 'frames'),
  fc.record({ dataset: fc.constantFrom('alpaca', 'guanaco'), baseWeights: fc.constantFrom('nf4', 'int8') }, { requiredKeys: [] }),
).map(([base, counts, rest]): Workload => ({ ...base, ...counts, ...rest } as Workload));

const runs: fc.Arbitrary<Run> = fc.tuple(
  fc.record({ id: fc.string({ minLength: 1 }), source: fc.constantFrom('some/one', 'other/one'), category: fc.constantFrom('x', 'y'), workload: workloads,
    phase: fc.constantFrom('training', 'decode'), gpu: fc.constantFrom('T4', 'L40S'), vramGb: numbers, gpuCount: numbers }),
  maybe('secondsPerSample', 'peakGb'),
).map(([run, measured]): Run => ({ ...run, ...measured } as Run));

describe('runs as a table that ships', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(fc.array(runs, { maxLength: 8 }), (all) => assert.deepEqual(unpackRuns(packRuns(all)), all)));
  });

  it('survive being written as text', () => {
    fc.assert(fc.property(fc.array(runs, { maxLength: 4 }), (all) => assert.deepEqual(unpackRuns(JSON.parse(JSON.stringify(packRuns(all)))), all)));
  });

  it('hold each text and each model once', () => {
    const [run] = fc.sample(runs, { numRuns: 1, seed: 7 });
    assert.ok(run);
    const { words, models, rows } = packRuns([run, { ...run, id: 'again' }]);
    assert.equal(new Set(words).size, words.length);
    assert.deepEqual([models.length, rows.length], [1, 2]);
  });

  it('keep five digits of what was measured', () => {
    const [run] = fc.sample(runs, { numRuns: 1, seed: 7 });
    assert.ok(run);
    assert.equal(unpackRuns(packRuns([{ ...run, secondsPerSample: 0.012_345_67 }]))[0]?.secondsPerSample, 0.012_346);
  });

  it('take what a model is known for from the catalogue, unless the table means another one', () => {
    assert.equal(completeModel({ name: 'Llama 3.1 8B', paramsM: 8030 }).layers, 32);
    assert.equal(completeModel({ name: 'Llama 3.1 8B', paramsM: 8100 }).paramsM, 8100);
    assert.ok(completeModel({ name: 'Llama 3.1 8B', paramsM: 0 }).paramsM > 8000);
    assert.deepEqual(completeModel({ name: 'Llama 3.1 8B', paramsM: 1000 }), { name: 'Llama 3.1 8B', paramsM: 1000 });
    assert.deepEqual(completeModel({ name: 'nobody knows', paramsM: 5 }), { name: 'nobody knows', paramsM: 5 });
  });
});
