import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findModel } from '../../../../src/estimate/catalogue/models.ts';
import { matmulTflops } from '../../../../src/estimate/catalogue/gpus.ts';
import type { Gpu } from '../../../../src/estimate/machine.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { beyondPeak } from '../../../../src/estimate/score/beyondPeak.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { anyMachine, anyWorkload, diffusionRun, machineOf, visionRun } from '../memory/sampleWorkloads.ts';

const { gpu: a100 } = machineOf('A100');
const { gpu: l40s } = machineOf('L40S');

const runOf = (workload: Workload, secondsPerSample: number | undefined, more: Partial<Run> = {}): Run => ({
  id: 'x', source: 'some/one', category: 'any', workload, phase: 'training', gpu: 'any', vramGb: 80, gpuCount: 1,
  ...(secondsPerSample === undefined ? {} : { secondsPerSample }), ...more,
});

const plain: Workload = {
  task: 'language', stack: 'hf', model: { name: 'plain', paramsM: 1000, layers: 16, hidden: 2048, vocab: 32_000 }, method: 'full', precision: 'bf16',
  optimizer: 'adamw', parallelism: 'single', microBatch: 4, tokensPerSample: 1000, packing: true, checkpointing: false, compile: false, flashAttention: true,
};

/** Seconds at which the products of a thousand tokens of a billion parameters take all that the card ever reached. */
const fastest = (gpu: Gpu, passes: number): number => passes * 2 * 1e9 * 1000 / (matmulTflops(gpu) * 1e12);

describe('a run beyond the peak of its card', () => {
  it('is one whose products alone would take longer', () => {
    assert.ok(beyondPeak(runOf(plain, fastest(a100, 3) * 0.95), a100));
    assert.ok(!beyondPeak(runOf(plain, fastest(a100, 3) * 1.15), a100), 'attention is a tenth at most here');
  });

  it('needs no gradient of frozen weights', () => {
    const adapter: Workload = { ...plain, method: 'lora', loraRank: 8 };
    assert.ok(!beyondPeak(runOf(adapter, fastest(a100, 3) * 0.95), a100));
    assert.ok(beyondPeak(runOf(adapter, fastest(a100, 2) * 0.95), a100));
  });

  it('is not found by what it may or may not compute again', () => {
    const seconds = fastest(a100, 3) * 1.15;
    assert.ok(!beyondPeak(runOf({ ...plain, checkpointing: true }, seconds), a100));
  });

  it('has as many cards as it says', () => {
    const seconds = fastest(a100, 3) * 0.3;
    assert.ok(beyondPeak(runOf(plain, seconds), a100));
    assert.ok(!beyondPeak(runOf(plain, seconds, { gpuCount: 4 }), a100));
  });

  it('may be twice as fast in 8 bits and half as fast in 32', () => {
    const { gpu: h100 } = machineOf('H100');
    const seconds = fastest(h100, 3);
    assert.ok(!beyondPeak(runOf({ ...plain, precision: 'fp8' }, seconds * 0.8), h100));
    assert.ok(beyondPeak(runOf({ ...plain, precision: 'fp32' }, seconds * 1.8), h100));
  });

  it('looks words up for nothing where the head is a matrix of its own', () => {
    const model = { name: 'wide', paramsM: 1000, layers: 16, hidden: 2048, vocab: 200_000 };
    const seconds = fastest(a100, 3) * 0.8;
    assert.ok(beyondPeak(runOf({ ...plain, model: { ...model, tiedEmbeddings: true } }, seconds), a100));
    assert.ok(!beyondPeak(runOf({ ...plain, model: { ...model, tiedEmbeddings: false } }, seconds), a100));
  });

  it('is an image of 1024 pixels that took the time of one of 512', () => {
    const model = findModel('z-image-turbo-6b');
    assert.ok(model);
    const lora = (resolution: number): Workload => diffusionRun({ model, method: 'lora', precision: 'bf16', resolution });
    assert.ok(beyondPeak(runOf(lora(1024), 0.3), l40s));
    assert.ok(!beyondPeak(runOf(lora(512), 0.3), l40s));
  });

  it('is never said of samples whose size nobody states', () => {
    const { tokensPerSample: _tokens, ...unsaid } = plain;
    assert.ok(!beyondPeak(runOf(unsaid, 1e-9), a100));
    const { resolution: _resolution, ...picture } = diffusionRun();
    assert.ok(!beyondPeak(runOf(picture, 1e-9), a100));
    assert.ok(!beyondPeak(runOf(visionRun({ model: { name: 'mine', paramsM: 25 } }), 1e-9), a100));
    const { model: _model, ...nameless } = plain;
    assert.ok(!beyondPeak(runOf(nameless, 1e-9), a100));
  });

  it('is never said of a run without a time, nor of one that answers', () => {
    assert.ok(!beyondPeak(runOf(plain, undefined), a100));
    assert.ok(!beyondPeak(runOf(plain, 1e-9, { phase: 'decode' }), a100));
  });

  it('stays possible when it takes longer', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, fc.double({ min: 1e-6, max: 10, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true }), (workload, { gpu }, seconds, slower) => {
      if (!beyondPeak(runOf(workload, seconds), gpu)) assert.ok(!beyondPeak(runOf(workload, seconds * slower), gpu));
    }));
  });
});
