import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createClock } from '../../../src/practice/clock.ts';
import { createFaults } from '../../../src/practice/faults.ts';
import { compileRoutes, matchRoute, splitPath } from '../../../src/practice/httpRouting.ts';
import { startHttpServer, type HttpAnswer, type HttpServer, type Route } from '../../../src/practice/httpServer.ts';
import { createRandom } from '../../../src/practice/random.ts';

const clock = createClock({ startAt: Date.UTC(2030, 0, 2, 3, 4, 5), realNow: () => 0 });

const routes: readonly Route[] = [
  { method: 'GET', path: '/things/{id}/', handle: ({ params, query }) => ({ status: 200, body: { id: params['id'], q: query.get('q') } }) },
  { method: 'GET', path: '/things/special/', handle: () => ({ status: 200, body: 'special' }) },
  {
    method: 'PUT',
    path: '/things/{id}/',
    handle: ({ body, badJson, rawBody }) => ({ status: 201, body: { body: body ?? null, badJson, size: rawBody.length } }),
  },
  { method: 'DELETE', path: '/things/{id}/', handle: () => ({ status: 204 }) },
  { method: 'GET', path: '/drop', handle: () => ({ status: 0, drop: true }) },
  {
    method: 'GET',
    path: '/stream',
    handle: () => ({
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      stream: (response) => void response.end('data: 1\n\n'),
    }),
  },
  { method: 'GET', path: '/calm', sheltered: true, handle: () => ({ status: 200, body: { calm: true } }) },
];

describe('the HTTP scaffolding', () => {
  const faults = createFaults(createRandom(1));
  let server: HttpServer;
  let after: (answer: HttpAnswer) => HttpAnswer;

  beforeEach(async () => {
    faults.clear();
    after = (answer) => answer;
    server = await startHttpServer({
      clock,
      routes,
      provider: 'vast',
      faults,
      random: createRandom(2),
      after: (answer) => after(answer),
      before: (call) => (call.headers['x-stop'] === undefined ? null : { status: 418, body: { stopped: true } }),
      notFound: () => ({ status: 404, body: { error: 'not_found' } }),
      crashed: () => ({ status: 500, body: 'oops' }),
      limited: () => ({ status: 429, body: 'slow down' }),
      maxBodyBytes: 1000,
      tooLarge: () => ({ status: 413, body: 'too large' }),
    });
  });
  afterEach(() => server.close());

  const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

  it('tells market time in every Date header', async () => {
    for (const path of ['/things/1', '/nothing']) assert.equal((await get(path)).headers.get('date'), 'Wed, 02 Jan 2030 03:04:05 GMT');
  });

  it('finds a route with or without the trailing slash, fixed paths first', async () => {
    for (const path of ['/things/a%20b?q=1', '/things/a%20b/?q=1']) assert.deepEqual(await (await get(path)).json(), { id: 'a b', q: '1' });
    assert.equal(await (await get('/things/special')).text(), 'special');
    assert.equal((await get('/things')).status, 404);
    assert.equal((await get('/things/1', { method: 'POST' })).status, 404);
  });

  it('answers JSON as exactly application/json', async () => {
    const answer = await get('/things/1');
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.equal((await get('/things/1', { method: 'DELETE' })).status, 204);
  });

  it('hands over the body, or says that it is no JSON, or that it is too large', async () => {
    const put = async (body: string) => (await get('/things/1', { method: 'PUT', body })).json();
    assert.deepEqual(await put('{"a":[1]}'), { body: { a: [1] }, badJson: false, size: 9 });
    assert.deepEqual(await put('{"a":'), { body: null, badJson: true, size: 5 });
    assert.deepEqual(await put(''), { body: null, badJson: false, size: 0 });
    assert.equal((await get('/things/1', { method: 'PUT', body: 'x'.repeat(1001) })).status, 413);
  });

  it('counts requests by route, with ids replaced', async () => {
    for (const path of ['/things/1', '/things/2/', '/things/special', '/other/77/x']) await get(path);
    assert.deepEqual(Object.fromEntries(server.requests), { 'GET /things/{id}/': 2, 'GET /things/special/': 1, 'GET /other/{id}/x': 1 });
  });

  it('drops, streams, stops early, and lets the last hand change an answer', async () => {
    await assert.rejects(get('/drop'), TypeError);
    assert.equal(await (await get('/stream')).text(), 'data: 1\n\n');
    assert.equal((await get('/things/1', { headers: { 'x-stop': '1' } })).status, 418);
    after = (answer) => ({ ...answer, headers: { ...answer.headers, 'x-request-id': 'r1' } });
    assert.equal((await get('/nothing')).headers.get('x-request-id'), 'r1');
  });

  it('breaks answers the way gateways do', async () => {
    faults.set('half-json', 1);
    const half = await get('/things/1');
    assert.equal(half.headers.get('content-type'), 'application/json');
    await assert.rejects(half.json(), SyntaxError);
    faults.set('half-json', 0);

    faults.set('html', 1);
    const page = await get('/things/1');
    assert.match(await page.text(), /^<html>/);
    assert.ok([200, 502].includes(page.status));
    faults.set('html', 0);

    faults.set('server-error', 1);
    assert.ok([500, 503].includes((await get('/things/1')).status));
    faults.set('rate-limit', 1);
    assert.equal((await get('/things/1')).status, 429);
    assert.deepEqual(await (await get('/calm')).json(), { calm: true });
  });

  it('answers 500 when a route throws, and says so on standard error', async () => {
    const { error } = console;
    const said: unknown[] = [];
    console.error = (...args: unknown[]) => void said.push(...args);
    after = () => {
      throw new Error('bug');
    };
    try {
      assert.equal((await get('/things/1')).status, 500);
    } finally {
      console.error = error;
    }
    assert.match(String(said[0]), /bug/);
  });

  it('matches a path only part by part', () => {
    const compiled = compileRoutes([{ method: 'GET', path: '/a/{x}/b/{y}', handle: () => ({ status: 200 }) }])[0];
    assert.ok(compiled);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9 %ü]{1,6}$/), { maxLength: 6 }), (parts) => {
        const path = `/${parts.map(encodeURIComponent).join('/')}`;
        const params = matchRoute(compiled, splitPath(path));
        const fits = parts.length === 4 && parts[0] === 'a' && parts[2] === 'b';
        assert.deepEqual(params, fits ? { x: parts[1], y: parts[3] } : null);
      }),
    );
    assert.deepEqual(matchRoute(compiled, ['a', '1', 'b', '2']), { x: '1', y: '2' });
  });
});
