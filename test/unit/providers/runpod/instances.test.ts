import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRentError } from '../../../../src/domain/errors.ts';
import type { Answer } from '../../../../src/domain/http.ts';
import { createRunpod } from '../../../../src/providers/runpod/runpod.ts';
import { aborted, answer, at, fakeHttp, fixture, never, ok, problem, withCode, type Asked, type Reply } from './support.ts';

const deps = { signedIn: async () => true };
const running = fixture('podRunning.json');
const pod = (id: string, change: Record<string, unknown> = {}) => ({ ...running, id, ...change });
const isCatalogue = (call: Asked): boolean => call.path.startsWith('/v2/catalog');

/** A server with these pods, and the catalogue beside them. */
const provider = (reply: (call: Asked) => Reply) => {
  const http = fakeHttp((call) => (isCatalogue(call) ? ok(fixture('catalogueSecure.json')) : reply(call)));
  return { http, runpod: createRunpod(http, deps) };
};

describe('the list of pods', () => {
  it('is complete when the server gives everything at once', async () => {
    for (const body of [{ pods: [pod('a1'), pod('b2')] }, { pods: [pod('a1'), pod('b2')], pagination: { hasNextPage: false, nextCursor: null } }]) {
      const listing = await provider(() => ok(body)).runpod.list(never());
      assert.deepEqual([listing.instances.map(({ key }) => key), listing.complete, listing.at], [['a1', 'b2'], true, at]);
    }
  });

  it('asks plainly, so that servers that know no paging answer too', async () => {
    const { http, runpod } = provider(() => ok({ pods: [] }));
    assert.deepEqual(await runpod.list(never()), { instances: [], complete: true, at });
    assert.deepEqual(http.asked.map(({ method, path, query, key, retry }) => ({ method, path, query, key, retry })), [
      { method: 'GET', path: '/v2/pods', query: undefined, key: 'required', retry: 'safe' },
    ]);
  });

  it('follows the pages, however they are cut', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 7 }), async (many, size) => {
      const ids = Array.from({ length: many }, (_, index) => `pod${index}`);
      const { runpod } = provider((call) => {
        const start = Number(call.query?.['cursor'] ?? 0);
        const more = start + size < many;
        return ok({ pods: ids.slice(start, start + size).map((id) => pod(id)), pagination: { hasNextPage: more, nextCursor: more ? String(start + size) : null } });
      });
      const listing = await runpod.list(never());
      assert.deepEqual(listing.instances.map(({ key }) => key), ids);
      assert.equal(listing.complete, true);
    }), { numRuns: 40 });
  });

  it('proves nothing when there is more and no cursor', async () => {
    for (const pagination of [{ hasNextPage: true }, { hasNextPage: true, nextCursor: null }, { hasNextPage: true, nextCursor: '' }]) {
      assert.equal((await provider(() => ok({ pods: [pod('a1')], pagination })).runpod.list(never())).complete, false);
    }
  });

  it('proves nothing when a later page fails, and keeps the pods it has', async () => {
    const failing = async (later: Reply) =>
      provider((call) => (call.query ? later : ok({ pods: [pod('a1')], pagination: { hasNextPage: true, nextCursor: 'n' } }))).runpod.list(never());
    for (const later of [answer(503, ''), answer(422, problem('violations').text), answer(200, '{"pods":['), problem('unauthorized')]) {
      const listing = await failing(later);
      assert.deepEqual([listing.instances.map(({ key }) => key), listing.complete], [['a1'], false]);
    }
  });

  it('proves nothing when the pages go round in a circle', async () => {
    const { http, runpod } = provider(() => ok({ pods: [pod('a1')], pagination: { hasNextPage: true, nextCursor: 'same' } }));
    assert.equal((await runpod.list(never())).complete, false);
    assert.ok(http.asked.length <= 3);
  });

  it('proves nothing when a row cannot be read, and shows the others once', async () => {
    const listing = await provider(() => ok({ pods: [pod('a1'), { id: 'b2' }, pod('a1', { name: 'again' })] })).runpod.list(never());
    assert.deepEqual([listing.instances.map(({ key }) => key), listing.complete], [['a1'], false]);
  });

  it('fails as a whole when the first page does, never as an empty list', async () => {
    const cases: readonly [Answer, Parameters<typeof withCode>[0]][] = [
      [problem('unauthorized'), 'auth'], [problem('forbidden'), 'forbidden'], [answer(502, '<html>'), 'serverError'], [answer(410, '{}'), 'badResponse'],
      [answer(200, '<html>'), 'badResponse'], [answer(200, '{"pods":[{"id"'), 'badResponse'], [ok([]), 'badResponse'], [ok({ pods: null }), 'badResponse'],
      [problem('notFound'), 'badRequest'], [problem('limited'), 'rateLimited'],
    ];
    for (const [given, code] of cases) await assert.rejects(provider(() => given).runpod.list(never()), withCode(code));
  });

  it('stops when it is cancelled between pages', async () => {
    const control = new AbortController();
    const { runpod } = provider((call) => {
      assert.equal(call.query, undefined);
      control.abort();
      return ok({ pods: [], pagination: { hasNextPage: true, nextCursor: 'n' } });
    });
    await assert.rejects(runpod.list(control.signal), aborted);
  });

  it('quotes a gateway’s page', async () => {
    await assert.rejects(provider(() => answer(200, '<html><h1>Just a moment...</h1>')).runpod.list(never()), /not JSON: <html><h1>Just a moment/);
  });

  it('quotes nothing of a pod when it cannot be read', async () => {
    const half = JSON.stringify({ pods: [running] }).slice(0, -3);
    await assert.rejects(provider(() => answer(200, half)).runpod.list(never()), (error: unknown) =>
      isRentError(error, 'badResponse') && !error.message.includes('canary') && !error.message.includes('ssh-'));
    await assert.rejects(provider(() => ok({ ...running, cost: 'canary-7f3a' })).runpod.get('q7w2e9r4t1y8u5', never()), (error: unknown) =>
      isRentError(error, 'badResponse') && !JSON.stringify([error.message, error.detail, error.cause]).includes('canary'));
  });
});

describe('what pods do not say about their GPU', () => {
  it('comes from one look at the catalogue', async () => {
    const { http, runpod } = provider(() => ok({ pods: [pod('a1'), pod('b2', { gpu: { id: 'NVIDIA H100 80GB HBM3', count: 1 } })] }));
    const { instances } = await runpod.list(never());
    assert.deepEqual(instances.map(({ vramGb }) => vramGb), [24, 80]);
    await runpod.list(never());
    await runpod.get('a1', never()).catch(() => {});
    assert.equal(http.asked.filter(isCatalogue).length, 1);
  });

  it('is known already after a search', async () => {
    const { http, runpod } = provider(() => ok({ pods: [pod('a1')] }));
    for await (const _ of runpod.search({ diskGb: 40, datacentreOnly: true }, never())) assert.ok(_);
    assert.equal((await runpod.list(never())).instances[0]?.vramGb, 24);
    assert.equal(http.asked.filter(isCatalogue).length, 1);
  });

  it('stays unknown for a type that the catalogue lacks, without asking at every refresh', async () => {
    let now = at;
    const http = fakeHttp((call) => ({ ...ok(isCatalogue(call) ? { gpus: [] } : { pods: [pod('a1')] }), at: now }));
    const runpod = createRunpod(http, deps);
    for (const minute of [0, 1, 2, 3, 4]) {
      now = at + minute * 60_000;
      assert.equal((await runpod.list(never())).instances[0]?.vramGb, 0);
    }
    assert.equal(http.asked.filter(isCatalogue).length, 1);
    now = at + 10 * 60_000;
    await runpod.list(never());
    assert.equal(http.asked.filter(isCatalogue).length, 2);
  });

  it('costs the list nothing when the catalogue fails', async () => {
    const http = fakeHttp((call) => (isCatalogue(call) ? problem('forbidden') : ok({ pods: [pod('a1')] })));
    const listing = await createRunpod(http, deps).list(never());
    assert.deepEqual([listing.complete, listing.instances[0]?.vramGb], [true, 0]);
  });
});

describe('one pod', () => {
  it('is read with the time of the answer', async () => {
    const { http, runpod } = provider(() => ok(running));
    const seen = await runpod.get('q7w2e9r4t1y8u5', never());
    assert.deepEqual([seen?.instance.state, seen?.instance.vramGb, seen?.at], ['ready', 24, at]);
    assert.equal(http.asked[0]?.path, '/v2/pods/q7w2e9r4t1y8u5');
  });

  it('does not exist only when RunPod says so', async () => {
    assert.equal(await provider(() => problem('notFound')).runpod.get('a1', never()), undefined);
    for (const [given, code] of [
      [answer(404, '<html>'), 'badResponse'], [answer(410, '{}'), 'badResponse'], [answer(200, '{}'), 'badResponse'],
      [problem('unauthorized'), 'auth'], [answer(500, ''), 'serverError'],
    ] as const) await assert.rejects(provider(() => given).runpod.get('a1', never()), withCode(code));
  });

  it('is never looked for under an id that changes the address', async () => {
    const { http, runpod } = provider(() => problem('notFound'));
    for (const key of ['', '..', 'a/b', 'a?b', 'a%2e', 'a b']) {
      await assert.rejects(runpod.get(key, never()), withCode('badRequest'));
      await assert.rejects(runpod.destroy(key), withCode('badRequest'));
    }
    assert.equal(http.asked.length, 0);
  });
});
