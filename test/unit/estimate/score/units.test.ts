import assert from 'node:assert/strict';
import { secondsPerSample, type Work } from '../../../../src/estimate/score/units.ts';

const work: Work = { gpus: 4, tokensPerSample: 2048, globalBatch: 32, microBatch: 4, total: '' };

describe('a published speed as seconds per sample of the whole machine', () => {
  for (const [value, unit, expected] of [
    [512, 'tokens/s/gpu', 1],
    [2048, 'tokens/s', 1],
    [4096, 'tokens/s (node)', 0.5],
    [16, 's/step', 0.5],
    [16, 's/iteration', 0.5],
    [16_000, 'ms/step', 0.5],
    [16, 's/it', 0.5],
    [4, 'images/s', 0.25],
    [4, 'samples/s', 0.25],
    [4, 'samples/s (node total, tracked_stats)', 0.25],
    [8, 'sequences/s (node)', 0.125],
    [1, 'samples/s/gpu', 0.25],
    [4000, 'mel frames/s', 0.14],
    [3, 's/sample', 3],
  ] as const) it(`${value} ${unit}`, () => assert.equal(secondsPerSample(value, unit, work), expected));

  it('divides a step by the micro-batches of all GPUs where the whole batch is not said', () => {
    assert.equal(secondsPerSample(8, 's/step', { ...work, globalBatch: undefined }), 0.5);
  });

  it('knows an epoch by its samples or by its iterations', () => {
    assert.equal(secondsPerSample(100, 's/epoch', { ...work, total: '1000 samples per epoch' }), 0.1);
    assert.equal(secondsPerSample(100, 's/epoch', { ...work, total: '250 iterations per epoch' }), 100 / 250 / 32);
    assert.equal(secondsPerSample(100, 's/epoch', { ...work, globalBatch: undefined, microBatch: undefined, total: '250 iterations per epoch' }), 0.4);
  });

  it('says nothing where the unit says nothing about work', () => {
    for (const unit of ['', 'seconds for the fixed benchmark', 'furlongs/s', 's/run', 'tokens/h', 's/epoch']) {
      assert.equal(secondsPerSample(1, unit, work), undefined, unit);
    }
    assert.equal(secondsPerSample(1, 's/step', { ...work, globalBatch: undefined, microBatch: undefined }), undefined);
    assert.equal(secondsPerSample(1, 'tokens/s', { ...work, tokensPerSample: undefined }), undefined);
  });
});
