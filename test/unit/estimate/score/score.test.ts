import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exactly } from '../../../../src/estimate/band.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { readRows } from '../../../../src/estimate/score/rows.ts';
import { apart, score, sizeOfBatchUnknown, type Tools } from '../../../../src/estimate/score/score.ts';
import { productTools } from '../../../../src/estimate/score/tools.ts';
import { createPredictor } from '../../../../src/estimate/time/predictTime.ts';
import { csvOf, usual, world } from './table.ts';

/** Says one second and remembers what evidence it was given. */
function spy(): { tools: Tools; seen: (readonly Run[])[] } {
  const seen: (readonly Run[])[] = [];
  return {
    seen,
    tools: {
      createPredictor: (evidence) => {
        seen.push(evidence);
        return { predict: () => ({ secondsPerSample: exactly(1), bound: 'compute', basis: 'physics', lowConfidence: false }) };
      },
    },
  };
}

describe('scoring', () => {
  it('predicts a row from evidence without its source, then without its repository, then without its GPU', () => {
    const { tools, seen } = spy();
    const table = readRows(csvOf(world()));
    score(table, readRows(csvOf(world().map((row) => ({ ...row, id: `shipped ${row.id}` })))).runs, tools);
    const left = (of: (run: Run) => string): string[] => seen.map((evidence) => [...new Set(table.runs.map(of))].filter((key) => !evidence.some((run) => of(run) === key)).join());
    assert.deepEqual(left(({ source }) => source), ['another/two', 'some/one', 'third/three', 'another/two', 'some/one', 'third/three', '', '', '']);
    assert.deepEqual(left(({ gpu }) => gpu), ['', '', '', '', '', '', 'A100 SXM', 'H100 SXM', 'L40S']);
  });

  it('uses shipped runs of other sources too', () => {
    const { tools, seen } = spy();
    score(readRows(csvOf([usual])), readRows(csvOf([{ ...usual, id: 'b-1', source: 'other/one', gpu: 'T4', measured_throughput: '1000' }])).runs, tools);
    assert.deepEqual(seen.map((runs) => runs.map(({ id }) => id)), [['b-1'], ['b-1'], ['b-1']]);
  });

  it('does not let a shipped twin of a row in under another source', () => {
    const { tools, seen } = spy();
    score(readRows(csvOf([{ ...usual, id: 'renamed', source: 'renamed/too', measured_throughput: '4001' }])), readRows(csvOf([usual])).runs, tools);
    assert.deepEqual(seen, [[], [], []]);
  });

  it('keeps what the same repository says elsewhere, except where all of its code is left out', () => {
    const { tools, seen } = spy();
    const rows = Array.from({ length: 5 }, (_, file) => ({ ...usual, id: `row ${file}`, measured_throughput: '1000', gpu: ['T4', 'L4', 'A10', 'L40S', 'A40'][file] ?? '', source: `some/one:results/${file}.json@abc` }));
    score(readRows(csvOf(rows)), [], tools);
    for (const file of rows.keys()) assert.deepEqual(seen[file]?.map(({ id }) => id), rows.filter((_, other) => other !== file).map(({ id }) => id));
    assert.deepEqual(seen[rows.length], []);
  });

  it('never shows a row its own table or page, however many of them there are', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { minLength: 1, maxLength: 120 }), (cells) => {
      const rows = cells.map(([file, commit], at) => ({ ...usual, id: `row ${at}`, micro_batch: String(at + 1), source: `some/one:results/${file}.json@${commit}` }));
      const seen: Run[][] = [];
      const asked: string[][] = [];
      score(readRows(csvOf(rows)), [], {
        createPredictor: (evidence) => {
          seen.push([...evidence]);
          asked.push([]);
          return { predict: (workload) => { asked.at(-1)?.push(String(workload.microBatch)); return undefined; } };
        },
      });
      const documents = new Set(cells.map(([file]) => file));
      const folds = seen.findIndex((evidence) => evidence.length === 0 && documents.size > 0);
      const bySource = seen.slice(0, documents.size === 1 ? 1 : folds);
      bySource.forEach((evidence, fold) => {
        const known = new Set(evidence.map(({ document }) => document));
        for (const batch of asked[fold] ?? []) assert.ok(!known.has(`some/one:results/${cells[Number(batch) - 1]?.[0]}.json`));
      });
      assert.equal(bySource.flatMap((_, fold) => asked[fold] ?? []).length, rows.length, 'each row is predicted once');
    }), { numRuns: 60 });
  });

  // The whole point of the figures: what a row measured says nothing to what is predicted for it or for its like.
  for (const [what, key, protocol] of [['source', 'source', 'leaveSourceOut'], ['GPU', 'gpu', 'leaveGpuOut']] as const) {
    it(`gives the same predictions for a ${what} whatever its rows measured`, () => {
      const rows = world();
      const predictions = (cells: typeof rows): ReadonlyMap<string, number> => {
        const found = new Map<string, number>();
        const asked: Tools = {
          createPredictor: (evidence) => {
            const predictor = createPredictor(evidence);
            return {
              predict: (workload, machine) => {
                const prediction = predictor.predict(workload, machine);
                const left = what === 'source' ? undefined : machine.gpu.name;
                const missing = what === 'GPU' ? !evidence.some(({ gpu }) => gpu === left) : new Set(evidence.map(({ source }) => source)).size === 2;
                if (missing) found.set(`${[...new Set(evidence.map(({ source }) => source))].join()} ${machine.gpu.name} ${workload.model?.name}`, prediction?.secondsPerSample.likely ?? NaN);
                return prediction;
              },
            };
          },
        };
        assert.ok((score(readRows(csvOf(cells)), [], asked).protocol[protocol].predicted) > 0);
        return found;
      };
      const before = predictions(rows);
      assert.ok(before.size >= 6 && [...before.values()].every((value) => value > 0));
      fc.assert(fc.property(fc.constantFrom(...new Set(rows.map((row) => row[key] ?? ''))), fc.integer({ min: 2, max: 20 }), (chosen, slower) => {
        const after = predictions(rows.map((row) => row[key] === chosen ? { ...row, measured_throughput: String(Number(row.measured_throughput) / slower) } : row));
        const own = (name: string): boolean => what === 'source' ? !name.includes(chosen.split(':')[0] ?? '') : name.includes(` ${chosen.replace(/ \d+GB/, '')} `);
        const mine = [...before.keys()].filter(own);
        assert.ok(mine.length > 0);
        for (const name of mine) assert.equal(after.get(name), before.get(name), name);
        assert.ok([...before.keys()].some((name) => !own(name) && after.get(name) !== before.get(name)), 'evidence that changed changes what rests on it');
      }), { numRuns: 4 });
    });
  }

  it('carries a clean law from two GPUs to a third, and from two sources to a third', () => {
    const { protocol } = score(readRows(csvOf(world())), [], { createPredictor });
    assert.ok((protocol.leaveSourceOut.medianAbsErrorPct ?? 100) < 10, JSON.stringify(protocol.leaveSourceOut));
    assert.ok((protocol.leaveGpuOut.medianAbsErrorPct ?? 100) < 25, JSON.stringify(protocol.leaveGpuOut));
    assert.equal(protocol.leaveSourceOut.predicted, world().length);
  });

  it('tells apart rows whose code base is known from elsewhere, and takes code without a name for its repository\'s own', () => {
    const hand = { ...usual, notes: 'own loop' };
    const rows = readRows(csvOf([
      usual, { ...usual, id: 'named elsewhere', source: 'other/one:x.md' },
      { ...hand, id: 'by hand', source: 'third/three:x.md' }, { ...hand, id: 'by another hand', source: 'fourth/four:x.md' },
    ]));
    const { byStack, protocol } = score(rows, [], spy().tools);
    assert.deepEqual([byStack.known.rows, byStack.unknown.rows], [2, 2]);
    assert.deepEqual(protocol.leaveRepositoryOut.byStack, byStack);
  });

  it('keeps what is hard by nature apart from the headline', () => {
    const rows = readRows(csvOf([
      usual,
      { ...usual, id: 'moe', model: 'Some 30B A3B', params_million: '30500', active_params_million: '3300' },
      { ...usual, id: 'many', gpu_count: '64' },
      { ...usual, id: 'sizeless', model: 'Nobody knows', params_million: '' },
      { ...usual, id: 'speechless', measured_throughput: '' },
    ]));
    const report = score(rows, [], spy().tools);
    assert.deepEqual([report.rows, report.inScope, report.predicted], [5, 1, 1]);
    assert.deepEqual(report.outOfScope, { noThroughput: 1, [apart.experts]: 1, [apart.manyGpus]: 1, [apart.noSize]: 1 });
    assert.equal(report.byCategory[apart.experts]?.rows, 1);
    assert.deepEqual(report.misses.map(({ id }) => id), ['a-1']);
  });

  it('takes a part of a training pass for images that are only looked at', () => {
    const rows = readRows(csvOf([{ ...usual, category: 'inference', task: 'classification inference', method: 'inference', throughput_unit: 'images/s', measured_throughput: '3.5' }]));
    assert.equal(score(rows, [], spy().tools).medianAbsErrorPct, 0);
  });

  it('asks the tools for inference and memory where there are any', () => {
    const rows = readRows(csvOf([usual, { ...usual, id: 'd', category: 'inference', task: 'decode', method: 'inference', measured_throughput: '50', peak_mem_gb: '' }]));
    const without = score(rows, [], spy().tools);
    assert.deepEqual([without.inScope, without.predicted, without.memory], [2, 1, null]);
    const report = score(rows, [], { ...spy().tools, createInference: () => () => exactly(0.02), memory: () => exactly(63) });
    assert.deepEqual([report.predicted, report.byCategory['inference']?.medianAbsErrorPct], [2, 0]);
    assert.deepEqual([report.memory?.rows, report.memory?.medianAbsErrorPct], [1, 100]);
  });

  it('keeps peaks apart that nobody can predict, because the batch or the length of samples is not said', () => {
    const rows = readRows(csvOf([usual, { ...usual, id: 'b', micro_batch: '' }, { ...usual, id: 'c', seq_len_or_resolution: '', measured_throughput: '' }]));
    const report = score(rows, [], { ...spy().tools, memory: () => exactly(31.5) });
    assert.deepEqual([report.memory?.rows, report.memory?.byCategory[sizeOfBatchUnknown]?.rows], [1, 2]);
  });

  it('scores what the product itself predicts with', () => {
    const decode = { ...usual, model: 'Llama 3 8B', category: 'inference', task: 'decode 512 tokens', method: 'inference', precision: 'F16', seq_len_or_resolution: '512', global_batch: '1', peak_mem_gb: '' };
    const report = score(readRows(csvOf([
      { ...usual, id: 'memory' },
      { ...decode, id: 'decode', measured_throughput: '75' },
      { ...decode, id: 'prefill', task: 'prefill 512 tokens', measured_throughput: '6000' },
      { ...decode, id: 'too large', model: 'Llama 3 70B', params_million: '70600', measured_throughput: '10' },
    ])), [], productTools);
    assert.deepEqual([report.memory?.rows, report.memory?.predicted], [1, 1]);
    assert.deepEqual([report.byCategory['inference']?.rows, report.byCategory['inference']?.predicted], [3, 2]);
    assert.ok((report.byCategory['inference']?.medianAbsErrorPct ?? 100) < 50, JSON.stringify(report.byCategory));
  });

  it('has empty figures for an empty table', () => {
    const report = score(readRows(''), [], { createPredictor });
    assert.deepEqual([report.rows, report.inScope, report.predicted, report.medianAbsErrorPct, report.misses.length], [0, 0, 0, null, 0]);
  });
});
