import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findGpu, knownGpus } from '../../../../src/estimate/catalogue/gpus.ts';
import type { Gpu } from '../../../../src/estimate/machine.ts';
import { splitOf, trafficOf } from '../../../../src/estimate/time/links.ts';
import { ratesOf } from '../../../../src/estimate/time/rates.ts';
import { shapeOf } from '../../../../src/estimate/time/shape.ts';
import { stepOf, type TermName, termNames } from '../../../../src/estimate/time/terms.ts';
import { tokensOf } from '../../../../src/estimate/time/tokens.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { llama8b, without, workload } from '../workloads.ts';

const card = (name: string): Gpu => findGpu(name) ?? assert.fail(name);
const a100 = card('A100 SXM');
const full = workload({ method: 'full', seqLen: 2048, tokensPerSample: 2048, packing: true, microBatch: 1, accumulation: 1 });
const terms = (change: Partial<Workload> = {}, gpu = a100, count = 1): Readonly<Record<TermName, number>> =>
  stepOf({ ...full, ...change }, { gpu, count })?.terms ?? assert.fail();

describe('the shape of a model', () => {
  it('is what is stated, else what models of its size look like', () => {
    assert.deepEqual(shapeOf(llama8b), { active: 8.03e9, total: 8.03e9, layers: 32, hidden: 4096, vocab: 128256, experts: false });
    const guessed = shapeOf({ name: '', paramsM: 8030 });
    assert.ok(guessed && guessed.layers >= 28 && guessed.layers <= 40 && guessed.hidden >= 3800 && guessed.hidden <= 5200, JSON.stringify(guessed));
  });

  it('follows the experts that work, and keeps the size of all of them', () => {
    const shape = shapeOf({ name: '', paramsM: 30_000, activeParamsM: 3000 });
    assert.deepEqual([shape?.active, shape?.total, shape?.experts], [3e9, 3e10, true]);
    assert.equal(shapeOf({ name: '', paramsM: 1000, activeParamsM: 1000 })?.experts, false);
  });

  it('is unknown without a size', () => assert.equal(shapeOf({ name: 'nobody knows', paramsM: 0 }), undefined));
});

describe('the tokens of a sample', () => {
  it('are the cap where samples are packed, and the mean where it is known', () => {
    assert.deepEqual(tokensOf(workload({ packing: true, seqLen: 2048 })), { mean: 400, processed: 2048, guessed: false });
    assert.deepEqual(tokensOf(workload({ microBatch: 1, seqLen: 2048, tokensPerSample: 400 })), { mean: 400, processed: 400, guessed: false });
  });

  it('grow with the batch that is padded to its longest, up to the cap', () => {
    const padded = (microBatch: number): number => tokensOf(workload({ microBatch, seqLen: 1000, tokensPerSample: 400 })).processed;
    assert.ok(padded(1) < padded(4) && padded(4) < padded(16));
    assert.equal(padded(1e6), 1000);
  });

  it('are a guess where nobody says', () => {
    assert.equal(tokensOf(without(workload({ seqLen: 2048 }), 'tokensPerSample')).guessed, true);
    assert.ok(tokensOf(without(workload(), 'tokensPerSample', 'seqLen')).processed > 0);
  });
});

describe('what a card does for a workload', () => {
  const rate = (gpu: string, precision: Workload['precision'], stack: Workload['stack'] = 'hf'): number => ratesOf(card(gpu), { ...full, precision, stack }).matmul;

  it('takes tensor cores where the precision has them', () => {
    assert.ok(rate('A100 SXM', 'bf16') > 260e12 && rate('A100 SXM', 'bf16') < 312e12);
    assert.equal(rate('A100 SXM', 'tf32'), rate('A100 SXM', 'bf16') / 2);
    assert.ok(rate('A100 SXM', 'fp32') < 19.5e12);
    assert.equal(rate('V100', 'tf32'), rate('V100', 'fp32'));
    assert.ok(rate('GTX 1080 Ti', 'fp16') < 12e12);
    assert.equal(rate('T4', 'bf16'), rate('T4', 'fp16'));
  });

  it('gains from 8 bits only where the card has them', () => {
    assert.ok(rate('H100 SXM', 'fp8') > rate('H100 SXM', 'bf16'));
    assert.equal(rate('A100 SXM', 'fp8'), rate('A100 SXM', 'bf16'));
  });

  it('runs attention at what kernels reach on newer cards', () => {
    const attention = (stack: Workload['stack']): number => ratesOf(card('H100 SXM'), { ...full, stack }).attention;
    assert.ok(attention('hf') < rate('H100 SXM', 'bf16'));
    assert.equal(attention('nemo'), rate('H100 SXM', 'bf16'));
  });
});

describe('the terms of a step', () => {
  it('count six operations per parameter and token, eight with recomputation, four with a frozen base', () => {
    const matmul = 6 * 8.03e9 * 2048 / ratesOf(a100, full).matmul;
    assert.ok(Math.abs(terms().matmul / matmul - 1) < 1e-9);
    assert.ok(Math.abs(terms({ checkpointing: true }).matmul / matmul - 8 / 6) < 1e-9);
    assert.ok(Math.abs(terms({ method: 'lora' }).matmul / matmul - 4 / 6) < 1e-9);
    assert.ok(Math.abs(terms({ method: 'lora', checkpointing: true }).matmul / matmul - 1) < 1e-9);
  });

  it('grow with the square of the length in attention alone', () => {
    const ratio = (name: TermName): number => terms({ seqLen: 8192 })[name] / terms()[name];
    assert.ok(Math.abs(ratio('attention') - 16) < 1e-9);
    assert.ok(Math.abs(ratio('matmul') - 4) < 1e-9);
    assert.ok(Math.abs(ratio('launch') - 1) < 1e-9);
  });

  it('spread the optimizer and the launches over more work', () => {
    assert.ok(Math.abs(terms({ accumulation: 8 }).optimizer / terms().optimizer - 1 / 8) < 1e-9);
    assert.ok(Math.abs(terms({ microBatch: 8 }).launch / terms().launch - 1 / 8) < 1e-9);
    assert.ok(Math.abs(terms({ microBatch: 8 }).matmul / terms().matmul - 1) < 1e-9);
  });

  it('de-quantise each micro-batch of a 4-bit base anew', () => {
    const nf4 = terms({ method: 'qlora', baseWeights: 'nf4' });
    assert.ok(nf4.dequantise > 0);
    assert.ok(Math.abs(terms({ method: 'qlora', baseWeights: 'nf4', microBatch: 4 }).dequantise / nf4.dequantise - 0.25) < 1e-9);
    assert.equal(terms({ method: 'lora' }).dequantise, 0);
  });

  it('launch more kernels eagerly, and with adapters, than compiled', () => {
    assert.ok(terms({ compile: true }).launch < terms().launch);
    assert.ok(terms({ method: 'lora' }).launch > terms().launch);
  });

  it('move scores through memory without fused attention', () => {
    assert.ok(terms({ flashAttention: false, seqLen: 8192 }).elementwise > 2 * terms({ seqLen: 8192 }).elementwise);
  });

  it('halve on two GPUs but for their links', () => {
    const two = terms({ parallelism: 'ddp' }, a100, 2);
    assert.ok(Math.abs(two.matmul / terms().matmul - 0.5) < 1e-9);
    assert.equal(terms().links, 0);
    assert.ok(two.links > 0);
    assert.ok(terms({ parallelism: 'ddp' }, card('RTX 4090'), 2).links > two.links, 'PCIe is slower than NVLink');
  });

  it('idle in a pipeline with few micro-batches', () => {
    const staged = (accumulation: number): number => terms({ parallelism: 'pipeline', pipelineParallel: 4, accumulation }, a100, 4).matmul;
    assert.ok(Math.abs(staged(1) / (terms().matmul / 4) - 4) < 1e-9);
    assert.ok(staged(32) < staged(1) / 3);
  });

  it('fill the card where the micro-batch is not said, and stay at one where it is full', () => {
    const launch = (gpu: Gpu, change: Partial<Workload> = {}): number =>
      stepOf(without({ ...full, model: { name: '', paramsM: 124 }, ...change }, 'microBatch'), { gpu, count: 1 })?.terms.launch ?? NaN;
    assert.ok(launch(card('H200')) < launch(card('RTX 3080')));
    assert.ok(Math.abs(launch(a100, { model: llama8b }) / terms().launch - 1) < 1e-9);
  });

  it('need the size of the model', () => {
    assert.equal(stepOf(without(full, 'model'), { gpu: a100, count: 1 }), undefined);
  });

  it('are finite and not negative for every card and way of sharing', () => {
    fc.assert(fc.property(
      fc.constantFrom(...knownGpus), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 4096 }),
      fc.constantFrom<Workload['parallelism']>('single', 'ddp', 'fsdp', 'zero2', 'zero3', 'tensor', 'pipeline'),
      fc.constantFrom<Workload['precision']>('fp32', 'tf32', 'fp16', 'bf16', 'fp8'), fc.constantFrom<Workload['method']>('full', 'lora', 'qlora'), fc.boolean(),
      (gpu, count, seqLen, parallelism, precision, method, checkpointing) => {
        const step = stepOf(workload({ seqLen, parallelism, precision, method, checkpointing }), { gpu, count });
        assert.ok(step);
        for (const name of termNames) assert.ok(Number.isFinite(step.terms[name]) && step.terms[name] >= 0, `${name} ${step.terms[name]}`);
        assert.ok(step.terms.matmul > 0 && step.terms.launch > 0);
      },
    ));
  });
});

describe('how GPUs share a job', () => {
  it('splits by what is stated, else by the kind', () => {
    assert.deepEqual(splitOf(workload({ parallelism: 'ddp' }), 8), { gpus: 8, tensor: 1, pipeline: 1, replicas: 8 });
    assert.deepEqual(splitOf(workload({ parallelism: 'tensor' }), 4), { gpus: 4, tensor: 4, pipeline: 1, replicas: 1 });
    assert.deepEqual(splitOf(workload({ parallelism: 'pipeline', tensorParallel: 2, pipelineParallel: 2 }), 8), { gpus: 8, tensor: 2, pipeline: 2, replicas: 2 });
    assert.deepEqual(splitOf(workload({ tensorParallel: 8 }), 2), { gpus: 2, tensor: 2, pipeline: 1, replicas: 1 });
  });

  it('gathers stored weights each pass when sharded, and reduces gradients once a step when not', () => {
    const shape = shapeOf(llama8b) ?? assert.fail();
    const data = (change: Partial<Workload>, pass = 1000, step = 8000): number => {
      const job = { ...full, ...change };
      return trafficOf(job, shape, { gpu: a100, count: 8 }, splitOf(job, 8), pass, step).data;
    };
    assert.equal(data({ parallelism: 'ddp' }), data({ parallelism: 'ddp' }, 1));
    assert.ok(Math.abs(data({ parallelism: 'fsdp' }, 500) / data({ parallelism: 'fsdp' }, 1000) - 2) < 1e-9);
    assert.ok(data({ parallelism: 'fsdp', method: 'qlora', baseWeights: 'nf4' }) < data({ parallelism: 'fsdp', method: 'lora' }) / 3);
    assert.ok(data({ parallelism: 'ddp', method: 'lora' }) < data({ parallelism: 'ddp' }) / 50);
  });
});
