import assert from 'node:assert/strict';
import { findGpu } from '../../../../src/estimate/catalogue/gpus.ts';
import { ownSource } from '../../../../src/estimate/evidence.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { fitLanguage } from '../../../../src/estimate/time/language.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { llama8b, without, workload } from '../workloads.ts';

const on = (gpu: string, count = 1): Machine => ({ gpu: findGpu(gpu) ?? assert.fail(gpu), count });
const prior = fitLanguage([], findGpu);
const expected = (job: Workload, machine: Machine): number => prior.predict(job, machine)?.secondsPerSample.likely ?? assert.fail();

const job = workload({ packing: true, seqLen: 2048, tokensPerSample: 2048 });

/** A run that took `factor` times what data sheets say. */
const run = (source: string, factor: number, change: Partial<Workload> = {}, gpu = 'A100 SXM', more: Partial<Run> = {}): Run => ({
  id: `${source} ${gpu} ${JSON.stringify(change)}`, source, category: 'x', workload: { ...job, ...change }, phase: 'training', gpu, vramGb: on(gpu).gpu.vramGb, gpuCount: 1,
  secondsPerSample: expected({ ...job, ...change }, on(gpu)) * factor, ...more,
});

const factorOf = (evidence: readonly Run[], change: Partial<Workload> = {}, gpu = 'A100 SXM'): number => {
  const asked = { ...job, ...change };
  return (fitLanguage(evidence, findGpu).predict(asked, on(gpu))?.secondsPerSample.likely ?? NaN) / expected(asked, on(gpu));
};

describe('language models fitted on evidence', () => {
  it('takes the same work on another card for the nearest evidence', () => {
    const evidence = ['H100 SXM', 'L40S', 'RTX 4090'].map((gpu) => run('a', 1.8, {}, gpu));
    const [same, otherModel, otherStack] = [factorOf(evidence), factorOf(evidence, { model: { name: 'other', paramsM: 3000 } }), factorOf(evidence, { stack: 'nemo', method: 'full' })];
    assert.ok(same > otherModel && otherModel > otherStack && otherStack >= 1, `${same} ${otherModel} ${otherStack}`);
    assert.ok(same > 1.4 && otherStack < 1.25, `${same} ${otherStack}`);
  });

  it('learns only from runs that trained a language model and were timed', () => {
    const { secondsPerSample: _, ...untimed } = run('a', 3);
    const useless: Run[] = [
      untimed, run('b', 3, {}, 'A100 SXM', { phase: 'decode' }), run('c', 3, {}, 'A100 SXM', { secondsPerSample: 0 }), run('d', 3, {}, 'A100 SXM', { secondsPerSample: Infinity }),
      run('e', 3, {}, 'A100 SXM', { gpu: 'nobody knows' }), run('f', 3, {}, 'A100 SXM', { workload: { ...job, task: 'vision' } }),
      run('g', 3, {}, 'A100 SXM', { workload: without(job, 'model') }), run('h', 3, {}, 'A100 SXM', { workload: { ...job, model: { name: 'sizeless', paramsM: 0 } } }),
    ];
    assert.equal(factorOf(useless), 1);
    assert.ok(factorOf([...useless, run('i', 1.5)]) > 1.1);
  });

  it('follows runs of one\'s own more than those of others', () => {
    const published = ['a', 'b'].map((source) => run(source, 1));
    const slowOwn = [...published, run(ownSource, 3)];
    assert.ok(factorOf(slowOwn) > 2, String(factorOf(slowOwn)));
    const slowOther = [...published, run('c', 3)];
    assert.ok(factorOf(slowOther) < 2, String(factorOf(slowOther)));
  });

  it('says what it rests on', () => {
    const evidence = [run('a', 1)];
    const basis = (change: Partial<Workload> = {}, more: readonly Run[] = []) => fitLanguage([...evidence, ...more], findGpu).predict({ ...job, ...change }, on('L40S'))?.basis;
    assert.equal(basis(), 'sameStack');
    assert.equal(basis({ model: { ...llama8b, name: 'another' } }), 'similarRuns');
    assert.equal(basis({ stack: 'nemo' }), 'physics');
    assert.equal(basis({}, [run(ownSource, 1)]), 'ownRuns');
    assert.equal(basis({ stack: 'nemo' }, [run(ownSource, 1)]), 'physics');
  });

  it('is surer of what it has seen', () => {
    const evidence = ['a', 'b', 'c'].flatMap((source) => ['A100 SXM', 'H100 SXM', 'L40S'].map((gpu) => run(source, 1, {}, gpu)));
    const model = fitLanguage(evidence, findGpu);
    const width = (change: Partial<Workload>): number => {
      const { low, high } = model.predict({ ...job, ...change }, on('RTX 4090'))?.secondsPerSample ?? assert.fail();
      return high / low;
    };
    assert.ok(width({}) < width({ model: { name: 'other', paramsM: 3000 } }));
    assert.ok(width({ model: { name: 'other', paramsM: 3000 } }) < width({ model: { name: 'other', paramsM: 3000 }, stack: 'nemo', method: 'full' }));
  });

  it('widens its bands where sources contradict each other', () => {
    const evidence = (factors: readonly number[]): Run[] => factors.flatMap((factor, source) => ['A100 SXM', 'H100 SXM', 'L40S'].map((gpu) => run(`s${source}`, factor, {}, gpu)));
    const width = (runs: readonly Run[]): number => {
      const { low, high } = fitLanguage(runs, findGpu).predict(job, on('RTX 4090'))?.secondsPerSample ?? assert.fail();
      return high / low;
    };
    const [apart, agreed] = [width(evidence([0.7, 1, 1.4, 0.75, 1.3])), width(evidence([1, 1, 1, 1, 1]))];
    assert.ok(apart > 1.05 * agreed, `${apart} ${agreed}`);
  });

  it('gives the same answer whatever the order of the evidence', () => {
    const evidence = [run('a', 1.2), run('b', 0.9, {}, 'L40S'), run('c', 1.4, { microBatch: 1 }), run('d', 1, { method: 'full' }, 'H100 SXM')];
    const [forward, backward] = [factorOf(evidence), factorOf(evidence.toReversed())];
    assert.ok(Math.abs(forward / backward - 1) < 1e-9, `${forward} ${backward}`);
  });
});
