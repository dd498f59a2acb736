// Every REST answer of the practice RunPod, held against the vendor's contract.
import assert from 'node:assert/strict';
import { podBody, publicKey, rtx4090, testRunpod, type Answer, type RequestOptions, type TestRunpod } from '../unit/practice/runpod/testRunpod.ts';
import { loadContract, type Contract } from './openapiContract.ts';

// Served beside the rest, but for products this market does not practise.
const notServed = /\/v2\/(clusters|serverless\/\{id\}\/(releases|workers\/)|templates|registries|billing\/(endpoints|clusters))/;

describe('RunPod contract: answers', function () {
  this.timeout(30_000);
  let contract: Contract;
  let runpod: TestRunpod;
  const covered = new Map<string, Set<number>>();

  before(function () {
    const found = loadContract();
    if (found === undefined) {
      console.warn('  SKIPPED: the RunPod contract is not beside the checkout, its answers are not checked against it');
      return this.skip();
    }
    contract = found;
  });
  beforeEach(async () => {
    runpod = await testRunpod({ bootScale: 0 });
  });
  afterEach(() => runpod.close());

  /** Sends a request and holds the answer against the operation's contract. */
  async function send(operation: string, path: string, status: number, body?: unknown, options?: RequestOptions): Promise<Answer> {
    const [method = ''] = operation.split(' ');
    const answer = await runpod.call(method, path, body, options);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    const problem = contract.answerProblem(operation, { status, contentType: answer.headers.get('content-type'), body: answer.text === '' ? undefined : (answer.body.value ?? answer.text) });
    assert.equal(problem, null, `${method} ${path} ${status}\n${answer.text}`);
    covered.set(operation, (covered.get(operation) ?? new Set()).add(status));
    return answer;
  }
  const get = (path: string, status = 200, from = path) => send(`GET ${from}`, path, status);

  it('would notice a wrong answer', () => {
    assert.notEqual(contract.schemaProblem('Pod', {}), null);
    const answer = (body: unknown, contentType = 'application/json') => contract.answerProblem('GET /v2/pods', { status: 200, contentType, body });
    assert.equal(answer({ pods: [] }), null);
    assert.match(answer({ pods: [{ id: 'a' }] }) ?? '', /must have required property 'name'/);
    assert.match(answer({ pods: [] }, 'text/html') ?? '', /content type text\/html/);
    assert.notEqual(contract.answerProblem('GET /v2/pods', { status: 404, contentType: 'application/problem+json', body: {} }), null);
  });

  it('catalogue', async () => {
    const stock = 'include=AVAILABILITY&product=POD';
    for (const query of ['', `?${stock}`, `?${stock}&cloud=COMMUNITY&count=8`, `?${stock}&countryCodes=NO,SE`, `?${stock}&cudaVersions=12.8`, `?${stock}&minCudaVersion=12`]) {
      await get(`/v2/catalog/gpus${query}`, 200, '/v2/catalog/gpus');
      await get(`/v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090${query}`, 200, '/v2/catalog/gpus/{id}');
    }
    await get('/v2/catalog/gpus?count=1', 400, '/v2/catalog/gpus');
    await get('/v2/catalog/gpus?cloud=X', 422, '/v2/catalog/gpus');
    await get('/v2/catalog/gpus/nope', 404, '/v2/catalog/gpus/{id}');
    await get(`/v2/catalog/cpus?${stock}`, 200, '/v2/catalog/cpus');
    await get('/v2/catalog/cpus');
    await get('/v2/catalog/cpus/cpu5c', 200, '/v2/catalog/cpus/{id}');
    await get('/v2/catalog/cpus/nope', 404, '/v2/catalog/cpus/{id}');
    await get('/v2/catalog/datacenters?include=GPU_AVAILABILITY,CPU_AVAILABILITY', 200, '/v2/catalog/datacenters');
    await get('/v2/catalog/datacenters');
    await get('/v2/catalog/datacenters/US-KS-2?include=GPU_AVAILABILITY', 200, '/v2/catalog/datacenters/{id}');
    await get('/v2/catalog/datacenters/nope', 404, '/v2/catalog/datacenters/{id}');
    await get('/v2/catalog/templates');
    for (const source of ['verified', 'community']) await get(`/v2/catalog/templates?source=${source}`, 200, '/v2/catalog/templates');
    await get('/v2/templates');
  });

  it('a pod in every state', async () => {
    const bodies = [
      podBody,
      { ...podBody, cloud: 'COMMUNITY', mounts: { persistent: { size: 20, path: '/workspace' } }, ports: ['8888/http', '22/tcp', '9000/tcp'] },
      { ...podBody, gpu: undefined, cpu: { id: 'cpu3c', vcpuCount: 2 } },
      { ...podBody, globalNetworking: true, args: 'sleep 1', startSsh: true, startJupyter: true },
      { ...podBody, gpu: { id: 'AMD Instinct MI300X OAM', count: 1 } },
      { name: 't', templateId: 'runpod-torch-v280', gpu: { id: rtx4090, count: 2 } },
      { ...podBody, image: 'no-such/image:1' },
    ];
    for (const body of bodies) {
      const id = (await send('POST /v2/pods', '/v2/pods', 201, body)).body.text('id');
      const states = new Set<string>();
      for (let seconds = 0; seconds < 4; seconds += 1) {
        states.add((await get(`/v2/pods/${id}`, 200, '/v2/pods/{id}')).body.text('status'));
        runpod.world.pass(1);
      }
      await get('/v2/pods');
      const fails = 'image' in body && body.image.startsWith('no-such');
      assert.ok(states.has(fails ? 'ERROR' : 'RUNNING'), [...states].join());
      const action = (name: string, status: number) => send('POST /v2/pods/{id}/action', `/v2/pods/${id}/action`, status, { action: name });
      if (fails) {
        await action('stop', 409);
      } else {
        await action('restart', 200);
        runpod.world.pass(2);
        await action('stop', 200);
        await get(`/v2/pods/${id}`, 200, '/v2/pods/{id}');
        await action('start', 200);
        await get(`/v2/pods/${id}`, 200, '/v2/pods/{id}');
      }
      await send('PATCH /v2/pods/{id}', `/v2/pods/${id}`, 200, { name: 'renamed' });
      await action('dance', 422);
      await action('terminate', 204);
      await get(`/v2/pods/${id}`, 404, '/v2/pods/{id}');
    }
    const id = await runpod.create();
    await send('DELETE /v2/pods/{id}', `/v2/pods/${id}`, 204);
    await send('DELETE /v2/pods/{id}', `/v2/pods/${id}`, 404);
  });

  it('refusals of create and change', async () => {
    const post = (status: number, body: unknown) => send('POST /v2/pods', '/v2/pods', status, body);
    await post(400, { ...podBody, gpu: { id: rtx4090, count: 9 } });
    await post(403, { ...podBody, gpu: { id: 'NVIDIA B300 SXM6 AC', count: 1 } });
    await post(404, { ...podBody, templateId: 'nope' });
    await post(422, { ...podBody, colour: 'red' });
    await post(413, { ...podBody, args: 'x'.repeat(102_400) });
    runpod.world.faults.force('no-credit');
    await post(402, podBody);
    runpod.world.faults.force('create-500-after');
    await post(500, podBody);
    const id = await runpod.create();
    await send('PATCH /v2/pods/{id}', `/v2/pods/${id}`, 400, { mounts: { network: [] } });
    await send('PATCH /v2/pods/{id}', `/v2/pods/${id}`, 422, { mounts: 5 });
    await send('PATCH /v2/pods/{id}', '/v2/pods/nope', 404, {});
  });

  it('account, volumes and billing', async () => {
    await send('PUT /v2/account/ssh-keys', '/v2/account/ssh-keys', 200, { keys: [publicKey] });
    await send('PUT /v2/account/ssh-keys', '/v2/account/ssh-keys', 422, { keys: [5] });
    await get('/v2/account/ssh-keys');
    const volume = (await send('POST /v2/network-volumes', '/v2/network-volumes', 201, { name: 'v', size: 10, dataCenter: 'US-KS-2' })).body.text('id');
    await send('POST /v2/network-volumes', '/v2/network-volumes', 422, {});
    await get('/v2/network-volumes');
    await get(`/v2/network-volumes/${volume}`, 200, '/v2/network-volumes/{id}');
    await send('PATCH /v2/network-volumes/{id}', `/v2/network-volumes/${volume}`, 200, { size: 20 });
    await runpod.create();
    runpod.world.pass(7200);
    for (const route of ['/v2/billing', '/v2/billing/pods', '/v2/billing/network-volumes']) {
      for (const query of ['', '?bucketSize=hour&lastN=5', '?bucketSize=year', '?startTime=2026-09-30T12:00:00Z&endTime=2026-10-01T01:00:00%2B01:00']) {
        const answer = await get(route + query, 200, route);
        if (query === '') assert.ok(answer.body.list('records').length > 0, `${route} has something to check`);
      }
      await get(`${route}?lastN=1&startTime=2026-09-30T12:00:00Z`, 400, route);
    }
    await send('DELETE /v2/network-volumes/{id}', `/v2/network-volumes/${volume}`, 204);
    await send('DELETE /v2/network-volumes/{id}', `/v2/network-volumes/${volume}`, 404);
  });

  it('an endpoint and its workers', async () => {
    const body = {
      name: 'e', type: 'QUEUE', image: 'runpod/worker:1', gpu: { pools: ['ADA_24'], count: 1 }, workers: { min: 0, max: 2, idleTimeout: 5 }, scaling: { type: 'QUEUE_DELAY', queueDelay: 4 },
      dataCenterIds: ['US-KS-2'], env: { MODEL: 'x' }, timeout: 60_000,
    };
    const created = await send('POST /v2/serverless', '/v2/serverless', 201, body);
    const id = created.body.text('id');
    await send('POST /v2/serverless', '/v2/serverless', 201, { ...body, type: 'LOAD_BALANCER', scaling: { type: 'REQUEST_COUNT', requestCount: 4 } });
    await send('POST /v2/serverless', '/v2/serverless', 400, { ...body, gpu: { pools: ['NO_SUCH'] } });
    await send('POST /v2/serverless', '/v2/serverless', 400, { ...body, workers: { min: 3, max: 2 } });
    for (const wrong of [{ ...body, colour: 'red' }, { ...body, image: undefined }, { ...body, scaling: { type: 'QUEUE_DELAY', queueDelay: 0 } }, { ...body, workers: { idleTimeout: 9999 } }]) await send('POST /v2/serverless', '/v2/serverless', 422, wrong);
    runpod.world.faults.force('create-500-after');
    await send('POST /v2/serverless', '/v2/serverless', 500, body);
    await get('/v2/serverless');
    await get(`/v2/serverless/${id}`, 200, '/v2/serverless/{id}');
    await get('/v2/serverless/nope', 404, '/v2/serverless/{id}');
    await runpod.call('POST', `/v2/${id}/run`, { input: { seconds: 600 } });
    const workers = await get(`/v2/serverless/${id}/workers`, 200, '/v2/serverless/{id}/workers');
    assert.equal(workers.body.list('workers').length, 1);
    await get('/v2/serverless/nope/workers', 404, '/v2/serverless/{id}/workers');
    runpod.world.pass(7200);
    for (const query of ['', '?bucketSize=hour&lastN=5', `?serverlessId=${id}`]) {
      const answer = await get(`/v2/billing/serverless${query}`, 200, '/v2/billing/serverless');
      assert.ok(answer.body.list('records').length > 0, query);
    }
    await get('/v2/billing');
    await get('/v2/billing/serverless?lastN=1&startTime=2026-09-30T12:00:00Z', 400, '/v2/billing/serverless');
    await send('PATCH /v2/serverless/{id}', `/v2/serverless/${id}`, 200, { workers: { min: 0, max: 0 } });
    await send('PATCH /v2/serverless/{id}', `/v2/serverless/${id}`, 422, { workers: 5 });
    await send('PATCH /v2/serverless/{id}', '/v2/serverless/nope', 404, {});
    await send('DELETE /v2/serverless/{id}', `/v2/serverless/${id}`, 204);
    await send('DELETE /v2/serverless/{id}', `/v2/serverless/${id}`, 404);
  });

  it('strangers and the impatient', async () => {
    for (const operation of contract.operations.filter((name) => !notServed.test(name))) {
      const [, path = ''] = operation.split(' ');
      await send(operation, path.replace('{id}', 'x'), 401, operation.startsWith('GET') || operation.startsWith('DELETE') ? undefined : {}, { key: null });
      const id = await runpod.create();
      await send(operation, path.replace('{id}', 'x'), 403, undefined, { key: runpod.server.state.pods.get(id)?.apiKey ?? '' });
      runpod.world.faults.force('rate-limit');
      await send(operation, path.replace('{id}', 'x'), 429, operation.startsWith('GET') || operation.startsWith('DELETE') ? undefined : {});
      await runpod.call('DELETE', `/v2/pods/${id}`);
    }
  });

  after(function () {
    if (contract === undefined) return;
    const missing = contract.operations.filter((operation) => !notServed.test(operation) && !covered.has(operation));
    assert.deepEqual(missing, [], 'operations of the contract that no answer was checked for');
  });
});
