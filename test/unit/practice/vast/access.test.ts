import assert from 'node:assert/strict';
import { createVastMarket } from '../../../../src/practice/vast/market.ts';
import { ruledRoutes } from '../../../../src/practice/vast/access.ts';
import { vastRoutes } from '../../../../src/practice/vast/server.ts';
import { testWorld } from '../testWorld.ts';
import { testVast, type TestVast, type TestVastOptions } from './testVast.ts';

describe('who may ask Vast, and how often', () => {
  let vast: TestVast;
  const open = async (options: TestVastOptions = {}) => (vast = await testVast(options));
  afterEach(() => vast.close());

  const reads = [
    '/api/v1/instances/',
    '/api/v0/instances/1/',
    '/api/v0/users/current',
    '/api/v0/ssh/',
    '/api/v0/charges/',
    '/api/v1/invoices/',
    '/api/v0/template/',
    '/api/v0/instances/',
  ];

  it('wants a key for everything but searching', async () => {
    await open();
    for (const path of reads) {
      const { status, body } = await vast.call('GET', path, undefined, null);
      assert.deepEqual([status, body], [403, { success: false, error: 'auth_error', msg: 'This action requires login.' }], path);
    }
    assert.equal((await vast.call('PUT', '/api/v0/asks/1/', {}, null)).status, 403);
  });

  it('answers 404, not 401, to a key it does not know', async () => {
    await open();
    for (const path of reads) {
      const { status, body } = await vast.call('GET', path, undefined, 'revoked');
      assert.deepEqual([status, body], [404, { success: false, error: 'auth_error', msg: 'Invalid user key' }], path);
    }
  });

  it('still takes a key from the address', async () => {
    await open();
    assert.equal((await vast.call('GET', '/api/v0/users/current?api_key=account-key', undefined, null)).status, 200);
  });

  it('wants a second factor of some accounts, but lets them search', async () => {
    await open({ faults: { 'two-factor': 1 } });
    for (const path of reads) {
      const { status, body } = await vast.call('GET', path);
      assert.equal(status, 401, path);
      assert.match(String(body['msg']), /requires you to have logged in using Two Factor Authentication/);
    }
    assert.ok((await vast.search()).length > 0);
    assert.equal((await vast.call('POST', '/api/v0/bundles/', {})).status, 200);
  });

  it('lets a container’s key stop, start, name and destroy its own instance, and nothing else', async () => {
    await open();
    const [offer] = await vast.search({ rentable: { eq: true }, num_gpus: { eq: 1 }, allocated_storage: 8 });
    const created = await vast.call('PUT', `/api/v0/asks/${String(offer?.['id'])}/`, { image: 'ubuntu' });
    const [id, key] = [Number(created.body['new_contract']), String(created.body['instance_api_key'])];
    const other = await vast.rent();
    const own = `/api/v0/instances/${id}/`;
    for (const body of [{ state: 'stopped' }, { state: 'running' }, { label: 'guarded' }])
      assert.equal((await vast.call('PUT', own, body, key)).status, 200, JSON.stringify(body));
    const refused: readonly (readonly [string, string])[] = [
      ['GET', own],
      ['GET', '/api/v1/instances/'],
      ['GET', '/api/v0/users/current'],
      ['PUT', `/api/v0/instances/${other}/`],
      ['DELETE', `/api/v0/instances/${other}/`],
      ['PUT', `/api/v0/instances/reboot/${id}/`],
      ['PUT', `/api/v0/asks/${String(offer?.['id'])}/`],
      ['POST', '/api/v0/ssh/'],
      ['DELETE', '/api/v0/instances/'],
    ];
    for (const [method, path] of refused) {
      const answer = await vast.call(method, path, method === 'GET' ? undefined : { instance_ids: [id] }, key);
      assert.deepEqual([answer.status, answer.body['error']], [403, 'auth_error'], `${method} ${path}`);
    }
    assert.equal((await vast.call('DELETE', own, {}, key)).status, 200);
    assert.equal((await vast.call('DELETE', own, {}, key)).status, 404, 'the key goes with its instance');
    assert.equal(vast.world.rentals.list('vast').length, 1);
  });

  it('counts searches by the minute and address', async () => {
    await open({ rateLimits: true });
    for (let count = 0; count < 10; count += 1)
      assert.equal((await vast.call('POST', '/api/v0/bundles/', {}, count % 2 === 0 ? null : 'account-key')).status, 200);
    const { status, body, headers } = await vast.call('PUT', '/api/v0/search/asks/', { q: {} });
    assert.deepEqual([status, body['error']], [429, 'rate_limit_exceeded']);
    const wait = Number(body['retry_after']);
    assert.ok(wait > 0 && wait <= 60);
    assert.equal(headers.get('retry-after'), String(wait));
    // Market time does not open the door.
    vast.world.pass(3600);
    assert.equal((await vast.call('POST', '/api/v0/bundles/', {})).status, 429);
  });

  it('keeps a distance between calls, in the dress of each call', async () => {
    await open({ rateLimits: true });
    assert.equal((await vast.call('GET', '/api/v1/instances/')).status, 200);
    const read = await vast.call('GET', '/api/v1/instances/');
    assert.deepEqual([read.status, read.body], [429, { detail: 'API requests too frequent endpoint threshold=1' }]);
    assert.equal((await vast.call('GET', '/api/v0/instances/5/')).status, 200, 'each endpoint alone');
    await vast.call('PUT', '/api/v0/asks/1/', {});
    const create = await vast.call('PUT', '/api/v0/asks/2/', {});
    assert.deepEqual([create.status, create.text], [429, 'API requests too frequent']);
    await vast.call('DELETE', '/api/v0/instances/5/', {});
    const remove = await vast.call('DELETE', '/api/v0/instances/6/', {});
    assert.deepEqual([remove.status, remove.text], [429, 'API requests too frequent: endpoint threshold=3']);
    assert.equal((await vast.call('GET', '/api/v1/instances/', undefined, 'other-key')).status, 404, 'each caller alone');
  });

  it('has a rule only for calls that exist', async () => {
    await open();
    const world = await testWorld();
    const market = createVastMarket(world, { apiKey: 'k', latencyMs: 0, rateLimits: true, searchCap: 64 });
    const routes = vastRoutes(market).map((route) => `${route.method} ${route.path}`);
    for (const rule of ruledRoutes) assert.ok(routes.includes(rule), rule);
    assert.equal(new Set(routes).size, routes.length);
    await world.close();
  });

  it('does not know other paths', async () => {
    await open();
    for (const path of ['/', '/api/v0/', '/api/v2/instances/', '/api/v0/nonsense/']) {
      const { status, body } = await vast.call('GET', path);
      assert.deepEqual([status, body['success']], [404, false]);
    }
  });

  it('counts what was asked, ids as {id}, with or without a key', async () => {
    await open();
    await vast.call('GET', '/api/v0/instances/7/', undefined, null);
    await vast.call('GET', '/api/v0/instances/8');
    await vast.call('DELETE', '/api/v0/instances/8/ssh/9/', {});
    assert.deepEqual(Object.fromEntries(vast.requests), { 'GET /api/v0/instances/{id}/': 2, 'DELETE /api/v0/instances/{id}/ssh/{id}/': 1 });
  });
});
