import assert from 'node:assert/strict';
import { ownSource } from '../../../../src/estimate/evidence.ts';
import { asRun } from '../../../../src/estimate/learn/asRun.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import { without, workload } from '../workloads.ts';

const machine = (count: number): Machine => ({ count, gpu: { name: 'RTX 4090', vramGb: 24, bandwidthGbPerS: 1008, fp32Tflops: 82.6, architecture: 'Ada' } });

describe('a measured run as evidence', () => {
  it('is seconds per sample over the whole machine', () => {
    const script = workload({ parallelism: 'ddp', microBatch: 4, accumulation: 8 });
    assert.deepEqual(asRun(script, machine(2), { id: 'r1', progress: { secondsPerStep: 32, unit: 'step' }, peakGb: 19.5 }), {
      id: 'r1', source: ownSource, category: ownSource, workload: script, phase: 'training',
      gpu: 'RTX 4090', vramGb: 24, gpuCount: 2, secondsPerSample: 0.5, peakGb: 19.5,
    });
  });

  it('leaves accumulation out where batches were counted', () => {
    assert.equal(asRun(workload({ microBatch: 4, accumulation: 8 }), machine(1), { id: 'r', progress: { secondsPerStep: 2, unit: 'batch' } })?.secondsPerSample, 0.5);
  });

  it('counts the GPUs that worked', () => {
    assert.equal(asRun(workload({ parallelism: 'single' }), machine(4), { id: 'r', progress: { secondsPerStep: 2, unit: 'step' } })?.gpuCount, 1);
  });

  it('keeps memory where the batch is unknown, and is nothing without either', () => {
    const script = without(workload(), 'microBatch');
    const run = asRun(script, machine(1), { id: 'r', progress: { secondsPerStep: 2, unit: 'step' }, peakGb: 20 });
    assert.deepEqual([run?.secondsPerSample, run?.peakGb], [undefined, 20]);
    assert.equal(asRun(script, machine(1), { id: 'r', progress: { secondsPerStep: 2, unit: 'step' } }), undefined);
    assert.equal(asRun(workload(), machine(1), { id: 'r' }), undefined);
  });
});
