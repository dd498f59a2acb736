import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { findModel } from '../../../../src/estimate/catalogue/models.ts';
import { denoiserGmacs, denoiserSeconds, denoiserTokens, denoiserWork, fused } from '../../../../src/estimate/time/denoiserWork.ts';
import { forwardGmacs } from '../../../../src/estimate/time/transferPhysics.ts';
import type { Model, Workload } from '../../../../src/estimate/workload.ts';
import { diffusionRun, machineOf } from '../memory/sampleWorkloads.ts';

const within = (actual: number, low: number, high: number): void => assert.ok(actual >= low && actual <= high, `${actual} is not between ${low} and ${high}`);
const published = (name: string): Model => {
  const model = findModel(name);
  assert.ok(model !== undefined, name);
  return model;
};
const runOf = (name: string, more: Partial<Workload> = {}): Workload => diffusionRun({ model: published(name), ...more });

describe('the work of a denoiser', () => {
  it('counts what a token passes and not the modulation, which is half of some models', () => {
    // A forward pass of the 611 million parameters of PixArt at 1024 pixels was counted at 2.1 TMACs, attention aside.
    within(denoiserWork(runOf('pixart-sigma', { resolution: 1024 }), published('pixart-sigma')).products, 1700, 2400);
    const qwen = runOf('qwen-image', { resolution: 1024 });
    within(denoiserWork(qwen, published('qwen-image')).products / (published('qwen-image').paramsM * denoiserTokens(qwen) / 1000), 0.3, 0.4);
  });

  it('grows with attention beyond the number of tokens', () => {
    const flux = published('flux-dev');
    const [small = 0, large = 0] = [512, 1024].map((resolution) => denoiserWork(runOf('flux-dev', { resolution }), flux).attention);
    within(large / small, 10, 16);
    within(denoiserGmacs(runOf('flux-dev', { resolution: 1024 }), flux), 30_000, 42_000);
  });

  it('takes U-Nets as they were counted, because most of their parameters work on few pixels', () => {
    assert.equal(forwardGmacs(runOf('sdxl', { resolution: 1024 })), 3300);
    assert.equal(forwardGmacs(runOf('sd15', { resolution: 512 })), 400);
  });

  it('knows autoencoders that leave a quarter of the tokens, and half of the frames', () => {
    const clip = { resolution: 512, frames: 48 };
    assert.equal(denoiserTokens(runOf('wan2.1-1.3b', clip)), 32 * 32 * 12);
    assert.equal(denoiserTokens(runOf('ltx-video-0.9.5', clip)), 16 * 16 * 6);
  });

  it('is within a factor of two of a known shape where only the size is told', () => {
    for (const name of ['flux-dev', 'sd3-medium', 'auraflow', 'lumina2']) {
      const { layers: _layers, hidden: _hidden, ffn: _ffn, gated: _gated, ...bare } = published(name);
      const run = runOf(name, { resolution: 1024 });
      within(denoiserGmacs(run, bare) / denoiserGmacs(run, published(name)), 0.5, 2);
    }
  });
});

describe('the seconds of a denoiser', () => {
  const { gpu } = machineOf('A100');
  const of = (workload: Workload) => denoiserSeconds(workload, workload.model ?? published('flux-dev'), gpu, 271, 2);

  it('adds a pass of products for trained weights and one for checkpoints', () => {
    const adapter = of(runOf('flux-dev', { method: 'lora', checkpointing: false }));
    assert.ok(of(runOf('flux-dev', { method: 'full', checkpointing: false })).compute > adapter.compute * 1.2);
    assert.ok(of(runOf('flux-dev', { method: 'lora', checkpointing: true })).compute > adapter.compute * 1.2);
  });

  it('moves less once blocks are compiled, and multiplies as much', () => {
    const [eager, compiled] = [false, true].map((compile) => of(runOf('flux-dev', { compile })));
    assert.ok(eager && compiled);
    assert.equal(compiled.compute, eager.compute);
    within(compiled.traffic / eager.traffic, fused(runOf('flux-dev', { compile: true })) - 1e-9, fused(runOf('flux-dev', { compile: true })) + 1e-9);
  });

  it('never falls when images grow', () => {
    fc.assert(fc.property(fc.integer({ min: 64, max: 2048 }), fc.integer({ min: 1, max: 512 }), (resolution, more) => {
      const [small, large] = [resolution, resolution + more].map((side) => of(runOf('sd3-medium', { resolution: side })));
      assert.ok(small && large && large.compute > small.compute && large.traffic > small.traffic);
    }));
  });
});
