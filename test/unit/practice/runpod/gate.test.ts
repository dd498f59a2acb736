import assert from 'node:assert/strict';
import { podBody, problemOf, refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

describe('practice RunPod gate', () => {
  let runpod: TestRunpod;

  describe('without limits', () => {
    before(async () => {
      runpod = await testRunpod();
    });
    after(() => runpod.close());

    for (const agent of ['axios/1.7.0', 'node', 'undici', 'node-fetch', 'python-requests/2.32', 'Python-urllib/3.11', 'Go-http-client/1.1']) {
      it(`turns the library name ${agent} away as Cloudflare does`, async () => {
        const answer = await runpod.call('GET', '/v2/pods', undefined, { agent });
        assert.equal(answer.status, 403);
        assert.equal(answer.text, 'error code: 1010');
        assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
        assert.equal((await runpod.call('POST', '/graphql', { query: '{ countryCodes }' }, { agent })).text, 'error code: 1010');
      });
    }

    it("lets RunPod's own clients and named programs in", async () => {
      for (const agent of ['runpod-mcp-server/4.0.0 (caller=mcp)', 'RunPod-Python-SDK/1.12.0 (Linux) Language/Python 3.11.7', 'gpu-rental/0.1.0', 'nodegpu/1']) {
        assert.equal((await runpod.call('GET', '/v2/pods', undefined, { agent })).status, 200, agent);
      }
    });

    it('wants a bearer token for every data route, the catalogue included', async () => {
      for (const path of ['/v2/pods', '/v2/catalog/gpus', '/v2/billing']) {
        assert.deepEqual(refusal(await runpod.call('GET', path, undefined, { key: null })), problemOf(401, 'missing bearer token'));
        assert.equal((await runpod.call('GET', path, undefined, { key: 'rpa_OTHER' })).status, 401);
      }
      assert.equal((await runpod.call('GET', '/v2/pods', undefined, { key: null, headers: { authorization: `Basic ${runpod.key}` } })).status, 401);
      assert.equal((await runpod.call('GET', `/v2/pods?api_key=${runpod.key}`, undefined, { key: null })).status, 401);
    });

    it('gives every answer an id of its own and the date of the market', async () => {
      const [one, other] = await Promise.all([runpod.call('GET', '/v2/pods'), runpod.call('GET', '/v2/pods')]);
      assert.notEqual(one.headers.get('x-request-id'), other.headers.get('x-request-id'));
      assert.equal(Date.parse(one.headers.get('date') ?? ''), runpod.world.clock.now());
      assert.equal(one.headers.get('ratelimit'), null, 'exempt callers get no limit headers');
    });

    it('knows unknown paths from wrong methods', async () => {
      assert.deepEqual(refusal(await runpod.call('GET', '/v2/planets')), problemOf(404, 'resource not found'));
      const wrong = await runpod.call('PUT', '/v2/pods/abc');
      assert.deepEqual(refusal(wrong), problemOf(405, 'The requested method is not allowed for this path.'));
      assert.equal(wrong.headers.get('allow'), 'GET, PATCH, DELETE');
      assert.equal((await runpod.call('GET', '/v1/pods')).status, 404);
      assert.equal((await runpod.call('GET', '/v2/planets', undefined, { key: null })).status, 401, 'a stranger learns nothing');
    });

    it('refuses bodies that are too long or no JSON', async () => {
      const long = await runpod.call('POST', '/v2/pods', { ...podBody, args: 'x'.repeat(102_400) });
      assert.deepEqual(refusal(long), problemOf(413, 'request body must not exceed 102400 bytes'));
      assert.deepEqual(refusal(await runpod.call('POST', '/v2/pods', '{"name":')), problemOf(400, 'request body is not valid JSON'));
    });
  });

  describe('with limits', () => {
    beforeEach(async () => {
      runpod = await testRunpod({}, { rateLimits: true });
    });
    afterEach(() => runpod.close());

    const minute = (header: string | null) => Number(/"minute";r=(\d+)/.exec(header ?? '')?.[1]);

    it('counts down and then answers 429 with the seconds to wait', async () => {
      const first = await runpod.call('GET', '/v2/pods');
      assert.equal(first.headers.get('ratelimit-policy'), '"minute";q=60;w=60, "hour";q=3000;w=3600, "day";q=50000;w=86400');
      assert.equal(minute(first.headers.get('ratelimit')), 59);
      for (let sent = 1; sent < 60; sent += 1) assert.equal((await runpod.call('GET', '/v2/pods')).status, 200);
      // Market time opens no door: limits count real seconds.
      runpod.world.pass(3600);
      const over = await runpod.call('GET', '/v2/pods');
      assert.deepEqual(refusal(over), problemOf(429, 'rate limit exceeded for the minute window'));
      assert.equal(minute(over.headers.get('ratelimit')), 0);
      const wait = Number(over.headers.get('retry-after'));
      assert.ok(Number.isInteger(wait) && wait >= 1 && wait <= 60, String(wait));
    });

    it('counts nothing for a caller it does not know, and does not limit keyless GraphQL', async () => {
      for (let sent = 0; sent < 70; sent += 1) assert.equal((await runpod.call('GET', '/v2/pods', undefined, { key: null })).status, 401);
      const stranger = await runpod.call('GET', '/v2/pods', undefined, { key: null });
      assert.equal(stranger.headers.get('ratelimit'), null);
      assert.equal((await runpod.graphql('{ countryCodes }', undefined, { key: null })).status, 200);
      assert.equal(minute((await runpod.call('GET', '/v2/pods')).headers.get('ratelimit')), 59);
    });

    it('can be made to limit by a fault', async () => {
      runpod.world.faults.force('runpod.rate-limit');
      const answer = await runpod.call('GET', '/v2/pods');
      assert.equal(answer.status, 429);
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      assert.equal((await runpod.call('GET', '/v2/pods')).status, 200);
    });
  });
});
