import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { forwardGmacs, matmulRate, microBatchOf, physicalTime, tokensOf } from '../../../../src/estimate/time/transferPhysics.ts';
import type { Workload } from '../../../../src/estimate/workload.ts';
import { anyMachine, anyWorkload, diffusionRun, machineOf, visionRun } from '../memory/sampleWorkloads.ts';

const within = (actual: number, low: number, high: number): void => assert.ok(actual >= low && actual <= high, `${actual} is not between ${low} and ${high}`);
const seconds = (workload: Workload, machine = machineOf('A100')): number => physicalTime(workload, machine).seconds;

const bert: Workload = {
  task: 'encoder', stack: 'pytorch', model: { name: 'BERT large', paramsM: 335, layers: 24 }, method: 'full', precision: 'fp16', optimizer: 'adamw',
  parallelism: 'single', microBatch: 32, seqLen: 384, packing: false, checkpointing: false, compile: false, flashAttention: true,
};

describe('the work of a sample', () => {
  it('is what was counted, scaled by the area', () => {
    assert.equal(forwardGmacs(visionRun()), 4.11);
    within(forwardGmacs(visionRun({ resolution: 448 })) ?? 0, 16.43, 16.45);
  });

  it('is guessed from the parameters where nobody counted, as networks are built', () => {
    within(forwardGmacs(visionRun({ model: { name: 'resnet50', paramsM: 25.6 } })) ?? 0, 3, 6);
    within(forwardGmacs(visionRun({ model: { name: 'vit_base', paramsM: 86.6 } })) ?? 0, 12, 22);
  });

  it('is parameters times tokens in a transformer, of which only the active ones count', () => {
    assert.equal(forwardGmacs(bert), 335 * 384 / 1000);
    assert.equal(forwardGmacs({ ...bert, model: { name: 'experts', paramsM: 1000, activeParamsM: 100 } }), 100 * 384 / 1000);
    assert.equal(tokensOf({ ...bert, tokensPerSample: 150 }), 150);
  });

  it('counts the tokens of a latent image and the frames of a clip', () => {
    assert.equal(tokensOf(diffusionRun({ resolution: 1024 })), 4096);
    assert.equal(tokensOf(diffusionRun({ resolution: 512 })), 1024);
    assert.equal(tokensOf(diffusionRun({ resolution: 512, frames: 40 })), 10_240);
    assert.equal(tokensOf(visionRun()), undefined);
  });

  it('is unknown where even the size is', () => {
    const { model: _, ...unknown } = visionRun();
    assert.equal(forwardGmacs(unknown), undefined);
    assert.equal(forwardGmacs(visionRun({ model: { name: 'x', paramsM: 0 } })), undefined);
  });
});

describe('the rate of products', () => {
  it('follows the precision that the card really computes in', () => {
    const a100 = machineOf('A100').gpu;
    assert.equal(matmulRate(a100, bert), 271.2);
    within(matmulRate(a100, { ...bert, precision: 'tf32' }), 135, 136);
    within(matmulRate(a100, { ...bert, precision: 'fp32' }), 16, 17);
    within(matmulRate(a100, visionRun({ precision: 'fp32' })), 135, 136);
    const v100 = machineOf('V100').gpu;
    within(matmulRate(v100, { ...bert, precision: 'tf32' }), 13, 14);
    const pascal = machineOf('GTX 1080 Ti').gpu;
    within(matmulRate(pascal, bert), 9, 10);
  });
});

describe('physicalTime', () => {
  it('is near what well-known runs measured', () => {
    within(1 / seconds(visionRun({ microBatch: 256 })), 1_200, 4_000);
    within(1 / seconds(visionRun({ microBatch: 192 }), machineOf('RTX 3090')), 600, 2_000);
    within(1 / seconds({ ...bert, microBatch: 112 }), 75, 300);
  });

  it('is near what published networks measured on one RTX 3090 at large batches, by their counts alone', () => {
    // images per second, from the benchmark of timm; networks of grouped and of dense products, with and without attention
    for (const [name, gmacs, mActs, microBatch, measured] of [
      ['resnet18', 1.82, 2.48, 512, 3482], ['efficientnet_b0', 0.4, 6.75, 512, 1752], ['vgg16', 15.47, 13.56, 384, 546],
      ['convnext_base', 15.38, 28.75, 128, 339], ['swin_base', 15.47, 36.63, 128, 281], ['vit_large', 61.6, 63.52, 64, 117],
    ] as const) {
      const run = visionRun({ model: { name, paramsM: 50, gmacs, mActs, resolution: 224 }, microBatch });
      within(measured * seconds(run, machineOf('RTX 3090')), 0.75, 1.33);
    }
  });

  it('takes a detector for twice the work of its network', () => {
    const detector = visionRun({ task: 'detection' });
    within(seconds(detector) / seconds(visionRun()), 1.9, 2.1);
  });

  it('is a positive number with a reason, for anything on any machine', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      const { seconds: time, bound } = physicalTime(workload, machine);
      assert.ok(Number.isFinite(time) && time > 0);
      assert.ok(['compute', 'bandwidth', 'launch', 'links'].includes(bound));
    }));
  });

  it('never gets shorter by more work', () => {
    fc.assert(fc.property(anyWorkload, anyMachine, (workload, machine) => {
      assert.ok(seconds({ ...workload, checkpointing: true }, machine) >= seconds({ ...workload, checkpointing: false }, machine));
      assert.ok(seconds({ ...workload, resolution: 2 * (workload.resolution ?? 224) }, machine) >= seconds(workload, machine));
    }));
  });

  it('has a floor that no faster card gets below: the launches of small work', () => {
    const tiny: Workload = { ...bert, model: { name: 'tiny', paramsM: 20, layers: 24 }, microBatch: 1, seqLen: 64 };
    const slow = physicalTime(tiny, machineOf('RTX 3090'));
    const fast = physicalTime(tiny, machineOf('H100'));
    assert.equal(fast.bound, 'launch');
    within(slow.seconds / fast.seconds, 1, 1.05);
    assert.ok(seconds({ ...tiny, compile: true }) < seconds(tiny) / 2);
    assert.ok(seconds({ ...tiny, microBatch: 8 }) < seconds(tiny) / 6);
  });

  it('pays for links only between cards, and less over NVLink', () => {
    const large: Workload = { ...bert, microBatch: 4 };
    const linked = machineOf('A100', 8);
    const unlinked = { ...linked, gpu: machineOf('A100 PCIe').gpu };
    assert.ok(seconds(large, linked) > seconds(large, machineOf('A100', 1)));
    assert.ok(seconds(large, unlinked) - seconds(large, { ...unlinked, count: 1 }) > 5 * (seconds(large, linked) - seconds(large, machineOf('A100', 1))));
    assert.ok(seconds({ ...large, accumulation: 8 }, unlinked) < seconds(large, unlinked));
    assert.ok(seconds(large, { ...unlinked, pcieGbPerS: 4 }) > seconds(large, unlinked));
  });

  it('calls networks that move more than they multiply bound by bandwidth', () => {
    const mobile = visionRun({ model: { name: 'mobilenetv3', paramsM: 5.5, gmacs: 0.22, mActs: 4.4, resolution: 224, layers: 16 }, microBatch: 1024 });
    assert.equal(physicalTime(mobile, machineOf('RTX 3090')).bound, 'bandwidth');
    const vit = visionRun({ model: { name: 'vit_large', paramsM: 304, gmacs: 59.7, mActs: 43.8, resolution: 224, layers: 24 }, microBatch: 64 });
    assert.equal(physicalTime(vit, machineOf('RTX 3090')).bound, 'compute');
  });

  it('takes a usual batch where none is said, and one sample at least', () => {
    const { microBatch: _, ...unsaid } = visionRun();
    assert.equal(microBatchOf(unsaid), 64);
    assert.equal(microBatchOf(visionRun({ microBatch: 0 })), 1);
  });
});
