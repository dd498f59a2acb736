import assert from 'node:assert/strict';
import fc from 'fast-check';
import { jobSize, usedGpus } from '../../../../src/estimate/cost/jobSize.ts';
import { without, workload } from '../workloads.ts';

const codes = (size: ReturnType<typeof jobSize>): string[] => size.assumptions.map(({ code }) => code);

describe('the size of a job', () => {
  it('is steps times micro-batch times accumulation on one GPU', () => {
    assert.deepEqual(jobSize(workload({ steps: 100, microBatch: 4, accumulation: 8 }), 1), { samples: 3200, samplesPerStep: 32, steps: 100, evalSamples: 0, assumptions: [] });
  });

  it('grows with the GPUs that each take a batch of their own', () => {
    for (const [parallelism, perStep] of [['ddp', 128], ['fsdp', 128], ['zero3', 128], ['tensor', 32], ['pipeline', 32], ['single', 32]] as const) {
      assert.equal(jobSize(workload({ parallelism }), 4).samplesPerStep, perStep, parallelism);
    }
  });

  it('counts GPUs that share matrices or layers as one', () => {
    assert.equal(jobSize(workload({ parallelism: 'tensor', tensorParallel: 4, pipelineParallel: 2 }), 16).samplesPerStep, 64);
    assert.equal(jobSize(workload({ parallelism: 'fsdp', tensorParallel: 2 }), 8).samplesPerStep, 128);
    assert.equal(jobSize(workload({ parallelism: 'tensor', tensorParallel: 8 }), 2).samplesPerStep, 32);
  });

  it('takes a fixed global batch whatever the machine', () => {
    for (const gpus of [1, 2, 8]) assert.equal(jobSize(workload({ globalBatch: 480, parallelism: 'ddp' }), gpus).samples, 48_000);
  });

  it('keeps the work of a script for eight GPUs on a machine with two', () => {
    const script = workload({ gpus: 8, parallelism: 'ddp' });
    assert.equal(jobSize(script, 2).samples, 100 * 4 * 8 * 8);
    assert.equal(usedGpus(script, 2), 2);
  });

  it('leaves GPUs idle that a script for one does not ask for', () => {
    assert.equal(usedGpus(workload({ parallelism: 'single' }), 8), 1);
    assert.equal(usedGpus(workload({ parallelism: 'ddp' }), 8), 8);
    assert.equal(usedGpus(workload({ parallelism: 'ddp', gpus: 4 }), 8), 4);
    assert.equal(usedGpus(workload({ parallelism: 'tensor', gpus: 4 }), 2), 2);
  });

  it('is epochs times samples where no steps are fixed, and counts the last short step', () => {
    const size = jobSize({ ...without(workload(), 'steps'), epochs: 3, samples: 1001 }, 1);
    assert.deepEqual([size.samples, size.steps], [3003, 94]);
  });

  it('lets steps win over epochs', () => {
    assert.equal(jobSize(workload({ steps: 10, epochs: 99, samples: 1000 }), 1).samples, 320);
  });

  it('is known from epochs also where the batch is not', () => {
    const size = jobSize({ ...without(workload(), 'steps', 'microBatch'), epochs: 2, samples: 500 }, 1);
    assert.deepEqual([size.samples, size.steps, size.samplesPerStep], [1000, undefined, undefined]);
  });

  it('stays unknown and says so where neither steps nor epochs or samples are known', () => {
    for (const script of [without(workload(), 'steps'), { ...without(workload(), 'steps'), epochs: 3 }, { ...without(workload(), 'steps'), samples: 3 }, without(workload(), 'microBatch')]) {
      const size = jobSize(script, 1);
      assert.equal(size.samples, undefined);
      assert.deepEqual(codes(size), ['unknownSteps']);
    }
  });

  describe('with packing', () => {
    const packed = { ...without(workload({ packing: true, seqLen: 2048, samples: 10_000, epochs: 1 }), 'steps', 'tokensPerSample') };

    it('makes fewer samples of short rows and more of long ones', () => {
      assert.equal(jobSize({ ...packed, tokensPerSample: 512 }, 1).samples, 2500);
      assert.equal(jobSize({ ...packed, tokensPerSample: 4096 }, 1).samples, 20_000);
    });

    it('takes full rows and says so where their mean length is unknown', () => {
      const size = jobSize(packed, 1);
      assert.equal(size.samples, 10_000);
      assert.deepEqual(size.assumptions, [{ code: 'meanLength', detail: '2048' }]);
    });

    it('has nothing to assume where steps are fixed', () => {
      const size = jobSize({ ...packed, steps: 60 }, 1);
      assert.deepEqual([size.samples, codes(size)], [1920, []]);
    });
  });

  it('counts evaluation as passes of a micro-batch', () => {
    assert.equal(jobSize(workload({ evalPasses: 8400, microBatch: 12 }), 1).evalSamples, 100_800);
  });

  it('never counts more for fewer steps', () => {
    fc.assert(fc.property(fc.nat(1e6), fc.nat(1e6), fc.integer({ min: 1, max: 8 }), (a, b, gpus) => {
      const of = (steps: number): number => jobSize(workload({ steps, parallelism: 'ddp' }), gpus).samples ?? NaN;
      return of(Math.min(a, b)) <= of(Math.max(a, b));
    }));
  });
});
