import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTemplates, templates } from '../../../../src/providers/runpod/templates.ts';
import { aborted, answer, fakeHttp, never, ok, problem, withCode } from './support.ts';

const row = (change: object = {}): object => ({
  id: 'tpl', name: 'My PyTorch Template', image: 'runpod/pytorch:1', args: '', disk: 20, mounts: { persistent: { size: 20, path: '/workspace' } }, ports: ['8888/http', '22/tcp'],
  env: {}, registry: null, serverless: false, public: false, category: 'NVIDIA', startSsh: true, startJupyter: true, allowedCudaVersions: [], ...change,
});
const own = { path: '/v2/templates', by: 'you' } as const;

describe('templates of RunPod', () => {
  it('are image, ports, variables, arguments and disk', () => {
    const { templates: read, dropped, more } = readTemplates(own).read(ok({ templates: [row(), row({ name: ' \n', image: 'ghcr.io/me/a:1', args: 'python a.py', env: { A: '1' }, mounts: {}, ports: ['x', '99999/tcp', '7860/http'] })] }));
    assert.deepEqual([dropped, more], [0, false]);
    assert.deepEqual(read, [
      { name: 'My PyTorch Template', image: 'runpod/pytorch:1', ports: [8888], env: {}, diskGb: 40, by: 'you', withoutScript: false, private: false },
      { name: 'ghcr.io/me/a:1', image: 'ghcr.io/me/a:1', ports: [7860], env: { A: '1' }, command: 'python a.py', diskGb: 20, by: 'you', withoutScript: false, private: true },
    ]);
  });

  it('leave out what starts no GPU pod, and drop what cannot be read', () => {
    const { templates: read, dropped } = readTemplates(own).read(ok({ templates: [row({ serverless: true }), row({ category: 'CPU' }), row({ registry: 'reg1' }), row({ image: 'no image' }), { id: 1 }, 5] }));
    assert.deepEqual([read, dropped], [[], 3]);
  });

  it('are more than are shown where a list is full or says so', () => {
    const full = Array.from({ length: 100 }, () => row());
    assert.equal(readTemplates(own).read(ok({ templates: full })).more, true);
    assert.equal(readTemplates(own).read(ok({ templates: [row()], pagination: { hasNextPage: true } })).more, true);
  });

  it('are one\'s own, RunPod\'s and the verified ones, found by words', async () => {
    const http = fakeHttp(({ path, query }) => ok({ templates: [row({ name: path === '/v2/templates' ? 'Mine' : `The ${query?.['source'] ?? ''} one` })] }));
    const all = await templates(http, '', never());
    assert.deepEqual(all.templates.map(({ by, name }) => `${by}: ${name}`), ['you: Mine', 'provider: The official one', 'community: The verified one']);
    assert.deepEqual((await templates(http, 'VERIFIED', never())).templates.map(({ name }) => name), ['The verified one']);
  });

  it('are what could be read, and say that there are more', async () => {
    const http = fakeHttp(({ path }) => (path === '/v2/templates' ? answer(403, { title: 'Forbidden', status: 403, detail: 'access denied' }) : ok({ templates: [row()] })));
    const found = await templates(http, '', never());
    assert.deepEqual([found.templates.length, found.more], [2, true]);
  });

  it('fail when none could be read, and when nobody waits any more', async () => {
    await assert.rejects(templates(fakeHttp(() => problem('unauthorized')), '', never()), withCode('auth'));
    await assert.rejects(templates(fakeHttp(() => ok({ templates: [] })), '', AbortSignal.abort()), aborted);
  });

  it('never break on a row, whatever it holds', () => {
    fc.assert(fc.property(fc.array(fc.record({ id: fc.anything(), name: fc.anything(), image: fc.anything(), ports: fc.anything(), env: fc.anything(), disk: fc.anything(), mounts: fc.anything() }, { requiredKeys: [] }), { maxLength: 4 }), (rows) => {
      const text = JSON.stringify({ templates: rows }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      const { templates: read, dropped } = readTemplates(own).read(answer(200, text));
      assert.ok(read.length + dropped <= rows.length);
    }));
  });
});
