import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findGpu, knownGpus } from '../../../../src/estimate/catalogue/gpus.ts';
import { ownSource, publishedRuns } from '../../../../src/estimate/evidence.ts';
import type { Machine } from '../../../../src/estimate/machine.ts';
import type { Run } from '../../../../src/estimate/run.ts';
import { createPredictor, type Predictor } from '../../../../src/estimate/time/predictTime.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { llama8b, without, workload } from '../workloads.ts';

const on = (gpu: string, count = 1): Machine => ({ gpu: findGpu(gpu) ?? assert.fail(gpu), count });

describe('the time of a sample', () => {
  let published: readonly Run[];
  let predictor: Predictor;
  before(async () => {
    published = await publishedRuns();
    predictor = createPredictor(published);
  });
  const seconds = (job: Workload, machine: Machine): number => predictor.predict(job, machine)?.secondsPerSample.likely ?? NaN;

  it('is of the order that a known fine-tune takes', () => {
    // Forward and backward of 8 billion frozen parameters on 2,048 tokens: 65 TFLOP, half of an A100 for half a second.
    const packed = workload({ packing: true, seqLen: 2048, tokensPerSample: 2048, microBatch: 4 });
    assert.ok(seconds(packed, on('A100 SXM')) > 0.2 && seconds(packed, on('A100 SXM')) < 0.9, String(seconds(packed, on('A100 SXM'))));
  });

  it('falls with faster cards and more of them, but not without end', () => {
    const job = workload({ packing: true, method: 'full', parallelism: 'fsdp', microBatch: 8, seqLen: 2048 });
    const ranked = ['H100 SXM', 'A100 SXM', 'RTX 4090', 'T4'].map((gpu) => seconds(job, on(gpu)));
    ranked.slice(1).forEach((slower, at) => assert.ok(slower > (ranked[at] ?? Infinity), ranked.join()));
    const [one, eight] = [seconds({ ...job, parallelism: 'single' }, on('A100 SXM')), seconds(job, on('A100 SXM', 8))];
    assert.ok(eight < one / 4 && eight > one / 9, `${one} ${eight}`);
  });

  it('says that small work is bound by launching, and large work by computing', () => {
    const small = workload({ model: { name: 'small', paramsM: 60 }, microBatch: 1, seqLen: 64, tokensPerSample: 64 });
    assert.equal(predictor.predict(small, on('H100 SXM'))?.bound, 'launch');
    const large = workload({ packing: true, seqLen: 4096, microBatch: 8, method: 'full' });
    assert.equal(predictor.predict(large, on('A100 SXM'))?.bound, 'compute');
    assert.equal(predictor.predict({ ...large, microBatch: 1, seqLen: 64, parallelism: 'fsdp' }, on('RTX 3090', 2))?.bound, 'links');
  });

  it('is wide and said to be so for experts and for many machines', () => {
    const job = workload({ packing: true });
    const experts = { ...job, model: { name: 'experts', paramsM: 30_000, activeParamsM: 3000 } };
    const [plain, moe, many] = [predictor.predict(job, on('H100 SXM')), predictor.predict(experts, on('H100 SXM')), predictor.predict(job, on('H100 SXM', 64))];
    assert.ok(plain && moe && many);
    assert.deepEqual([plain.lowConfidence, moe.lowConfidence, many.lowConfidence], [false, true, true]);
    const width = ({ secondsPerSample: { low, high } }: typeof plain): number => high / low;
    assert.ok(width(moe) > width(plain));
  });

  it('rests on what the evidence holds', () => {
    const measured = published.find(({ source, workload: { task } }) => source === 'huggingface/peft' && task === 'language') ?? assert.fail();
    assert.equal(predictor.predict(measured.workload, on('A100 SXM'))?.basis, 'sameStack');
    assert.equal(predictor.predict({ ...measured.workload, model: { name: 'new', paramsM: 5000 } }, on('A100 SXM'))?.basis, 'similarRuns');
    assert.equal(createPredictor([]).predict(measured.workload, on('A100 SXM'))?.basis, 'physics');
  });

  it('follows the own runs of a script, also to another card', () => {
    const job = workload({ model: { ...llama8b, name: 'own/model' } });
    const [here, there] = [on('RTX 4090'), on('L40S')];
    const before = [seconds(job, here), seconds(job, there)];
    const runs = [1, 2, 3].map((index): Run => ({
      id: `own-${index}`, source: ownSource, category: 'own', workload: job, phase: 'training', gpu: here.gpu.name, vramGb: here.gpu.vramGb, gpuCount: 1,
      secondsPerSample: (before[0] ?? NaN) * (2 + index / 100),
    }));
    const learned = createPredictor([...published, ...runs]);
    const after = [learned.predict(job, here), learned.predict(job, there)];
    assert.equal(after[0]?.basis, 'ownRuns');
    const change = after.map((prediction, at) => (prediction?.secondsPerSample.likely ?? NaN) / (before[at] ?? NaN));
    assert.ok((change[0] ?? 0) > 1.75 && (change[0] ?? 9) < 2.1, String(change));
    assert.ok((change[1] ?? 0) > 1.5 && (change[1] ?? 9) < 2.2, String(change));
  });

  it('is not known without a model or its size', () => {
    assert.equal(predictor.predict(without(workload(), 'model'), on('T4')), undefined);
    assert.equal(predictor.predict(workload({ model: { name: 'nobody knows', paramsM: 0 } }), on('T4')), undefined);
  });

  it('asks the other half for what is not text', () => {
    const images = workload({ task: 'vision', stack: 'timm', method: 'full', model: { name: 'resnet50', paramsM: 25.6, gmacs: 4.1, mActs: 11.1 }, resolution: 224, microBatch: 128 });
    const { secondsPerSample } = predictor.predict(images, on('A100 SXM')) ?? assert.fail();
    assert.ok(secondsPerSample.likely > 1e-4 && secondsPerSample.likely < 3e-3, String(secondsPerSample.likely));
  });

  it('is an ordered band of positive numbers for any card', () => {
    const small = createPredictor(published.filter((_, index) => index % 10 === 0));
    fc.assert(fc.property(
      fc.constantFrom(...knownGpus), fc.constantFrom(1, 2, 8, 16), fc.integer({ min: 10, max: 500_000 }), fc.constantFrom<Workload['task']>('language', 'encoder'), fc.boolean(),
      (gpu, count, paramsM, task, packing) => {
        const { low, likely, high } = small.predict(workload({ task, packing, model: { name: 'any', paramsM }, parallelism: 'ddp' }), { gpu, count })?.secondsPerSample ?? assert.fail();
        assert.ok(low > 0 && low < likely && likely < high && Number.isFinite(high), `${low} ${likely} ${high}`);
      },
    ), { numRuns: 60 });
  });
});
