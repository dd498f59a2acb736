import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isImage, templateMatches } from '../../../src/domain/start.ts';
import { imagesFor, startImages, type StartImageId } from '../../../src/domain/startImages.ts';
import { keepsItsStart } from '../../../src/providers/runpod/images.ts';
import { longestOnstart, onstart } from '../../../src/providers/vast/create.ts';
import type { GuardTerms } from '../../../src/domain/guard.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';

describe('the name of an image', () => {
  it('is whatever a registry takes', () => {
    for (const image of [
      'ubuntu', 'ubuntu:24.04', 'pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel', 'vastai/pytorch:@vastai-automatic-tag', 'ghcr.io/me/trainer:2', 'localhost:5000/a/b',
      'nvcr.io/nvidia/pytorch:25.11-py3', 'registry:5000/a', 'a__b/c--d.e_f', `a/b@sha256:${'0'.repeat(64)}`,
    ]) assert.ok(isImage(image), image);
  });

  it('is nothing that a shell or an address could take for something else', () => {
    for (const text of ['', ' ', 'a b', 'UPPER/case', '-a', 'a:', 'a/', '/a', 'a//b', '../a', 'a:b:c', '0:0..', 'a;b', '$(x)', '`x`', 'a\nb', 'a@sha256:12', 'a:@vastai-other', 'x'.repeat(256)]) assert.ok(!isImage(text), text);
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => {
      if (isImage(text)) assert.match(text, /^[\w./:@-]+$/);
    }), { numRuns: 5000 });
    fc.assert(fc.property(fc.stringMatching(/^[a-z0-9._/:@-]{0,60}$/), (text) => {
      if (isImage(text)) assert.ok(!text.includes('..') && !text.includes('//') && !text.startsWith('/') && !text.startsWith('-'), text);
    }), { numRuns: 5000 });
  });

  it('is judged however long and odd it is', () => {
    // A pattern that tries every way to read one of these would not come to an end.
    for (const text of ['a-'.repeat(127), `${'a'.repeat(250)}!`, '-'.repeat(255), `${'a-b.'.repeat(60)}/!`]) assert.equal(isImage(text), false, text);
    for (const text of ['a__'.repeat(80) + 'a', 'a.'.repeat(100) + 'a']) assert.equal(isImage(text), true, text);
  });
});

describe('a search for templates', () => {
  it('wants every word, anywhere in name or image', () => {
    const template = { name: 'ComfyUI Blackwell', image: 'runpod/comfyui:cuda12.8' };
    for (const query of ['', '  ', 'comfy', 'BLACKWELL comfy', 'cuda12 runpod']) assert.ok(templateMatches(template, query), query);
    for (const query of ['forge', 'comfy forge']) assert.ok(!templateMatches(template, query), query);
  });
});

describe('the curated images', () => {
  const ids: StartImageId[] = ['pytorch', 'tensorflow', 'jupyter', 'codeServer', 'a1111', 'comfyui', 'forge', 'invokeai', 'textgen', 'vllm', 'ollama', 'whisper'];

  it('cover what people rent GPUs for, each once', () => {
    assert.deepEqual(startImages.map(({ id }) => id), ids);
    assert.equal(new Set(startImages.map(({ name }) => name)).size, ids.length);
  });

  it('are names that a registry takes, with figures that can be, sources and a date', () => {
    for (const { id, vramGb, diskGb, on, sources, read } of startImages) {
      assert.ok(vramGb >= 0 && vramGb <= 80 && diskGb >= 20 && diskGb <= 500, id);
      assert.match(read, /^20\d\d-\d\d-\d\d$/);
      assert.ok(sources.length > 0 && sources.every((url) => URL.canParse(url) && url.startsWith('https://')), id);
      const all = Object.values(on);
      assert.ok(all.length > 0, id);
      for (const { image, ports } of all) {
        assert.ok(isImage(image) && image.includes(':'), `${id}: ${image} has a tag`);
        assert.ok(ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536), id);
      }
    }
  });

  it('carry the guard at RunPod, and leave room for it at Vast', () => {
    const terms: GuardTerms = { label: 'gpu-rental-ab12cd-01kavabcdefghijklmnopqrstu', rate: usdPerHour(999), offRate: usdPerHour(99), budget: usd(999_999), useMs: 1e15 - 1, deadlineAt: 1e15 - 1, idleMs: 0, action: 'destroy' };
    for (const { id, on } of startImages) {
      if (on.runpod !== undefined) assert.ok(keepsItsStart(on.runpod.image) && on.runpod.command === undefined, id);
      const { command } = on.vast ?? {};
      assert.ok(onstart(terms, 'https://console.vast.ai', command).length <= longestOnstart, id);
    }
  });

  it('are offered where they fit and are to be had', () => {
    fc.assert(fc.property(fc.constantFrom('vast' as const, 'runpod' as const), fc.integer({ min: 0, max: 200 }), (provider, vramGb) => {
      for (const { image, start } of imagesFor(provider, vramGb)) {
        assert.ok(image.vramGb <= vramGb);
        assert.deepEqual([start.name, start.image], [image.name, image.on[provider]?.image]);
      }
    }));
    assert.equal(imagesFor('vast', 80).length, startImages.length);
    assert.ok(imagesFor('runpod', 80).length < startImages.length);
    assert.ok(imagesFor('runpod', 0).some(({ image }) => image.id === 'pytorch'));
  });
});
