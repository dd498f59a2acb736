import assert from 'node:assert/strict';
import { pullProblem } from '../../../src/practice/images.ts';

describe('the practice registry', () => {
  it('has ordinary images', () => {
    for (const image of [
      'pytorch/pytorch',
      'pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel',
      'ubuntu:22.04',
      'vastai/pytorch:@vastai-automatic-tag',
      'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
      'nvcr.io/nvidia/pytorch:24.10-py3',
      'localhost:5000/me/image:v1',
      `ubuntu@sha256:${'a'.repeat(64)}`,
    ])
      assert.equal(pullProblem(image), null, image);
  });

  it('says what a container runtime says about the others', () => {
    assert.match(pullProblem('me/no-such-image:1') ?? '', /pull access denied for me\/no-such-image, repository does not exist/);
    assert.match(pullProblem('pytorch/pytorch:does-not-exist') ?? '', /manifest unknown/);
    for (const image of ['', 'a b', 'pytorch/pytorch:', 'https://ghcr.io/a', ':latest'])
      assert.match(pullProblem(image) ?? '', /invalid reference format/, image);
  });
});
