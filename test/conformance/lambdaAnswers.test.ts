// Every answer of the practice Lambda held against the vendor's contract, what our adapter sends held against the same,
// and the vendor's own samples read by the adapter.
import assert from 'node:assert/strict';
import type { Answer as Heard } from '../../src/domain/http.ts';
import { getInstance, listInstances, terminate } from '../../src/providers/lambda/instanceCalls.ts';
import { launchBody, launchCall } from '../../src/providers/lambda/launch.ts';
import { listKeys } from '../../src/providers/lambda/sshKeys.ts';
import { readTypes } from '../../src/providers/lambda/typesCall.ts';
import { offer } from '../fakes/offers.ts';
import { at, publicKey, testLambda, type Answer, type TestLambda } from '../unit/practice/lambda/testLambda.ts';
import { loadContract, readReference, type Contract } from './openapiContract.ts';

/** Served by the real one, for what this market does not practise. */
const notServed = /\/(fabric|firewall-rule|tickets)/;

describe('Lambda contract: answers', function () {
  this.timeout(30_000);
  let contract: Contract;
  let lambda: TestLambda;
  const covered = new Map<string, Set<number>>();

  before(function () {
    const found = loadContract('lambda-openapi.json');
    if (found === undefined) {
      console.warn('  SKIPPED: the Lambda contract is not beside the checkout, its answers are not checked against it');
      return this.skip();
    }
    contract = found;
  });
  beforeEach(async () => {
    lambda = await testLambda();
  });
  afterEach(() => lambda.close());

  async function send(operation: string, path: string, status: number, body?: unknown, authorization?: string): Promise<Answer> {
    const [method = '', route = ''] = operation.split(' ');
    const answer = await lambda.call(method, path, body, authorization);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    const problem = contract.answerProblem(`${method} /api/v1${route}`, answer);
    assert.equal(problem, null, `${method} ${path} ${status}\n${answer.text}`);
    covered.set(operation, (covered.get(operation) ?? new Set()).add(status));
    return answer;
  }
  const get = (path: string, status = 200, from = path) => send(`GET ${from}`, path, status);
  const stranger = (operation: string, path: string) => send(operation, path, 401, undefined, 'Bearer nobody');

  it('would notice a wrong answer', () => {
    assert.notEqual(contract.schemaProblem('Instance', {}), null);
    const answer = (body: unknown) => contract.answerProblem('GET /api/v1/instances', { status: 200, contentType: 'application/json', body });
    assert.equal(answer({ data: [] }), null);
    assert.match(answer({ data: [{ id: 'a' }] }) ?? '', /must have required property 'status'/);
    assert.notEqual(answer({ data: [], more: 1 }), null);
  });

  it('what there is', async () => {
    for (const path of ['/instance-types', '/regions', '/images', '/ssh-keys', '/file-systems', '/instances']) {
      await get(path);
      await stranger(`GET ${path}`, path);
    }
    await send('GET /instances', '/instances?cluster_id=x', 200);
  });

  it('an instance in every state', async () => {
    const filesystem = await send('POST /filesystems', '/filesystems', 200, { name: 'data', region: lambda.server.state.stock.free(lambda.server.state.stock.sites.find(({ type }) => type.name === 'gpu_1x_a10')?.type ?? assert.fail(), lambda.world.agenda.now())[0]?.region.name });
    const changes = [{}, { tags: [{ key: 'gpu-rental', value: 'x' }], hostname: 'node', name: '' }, { file_system_names: ['data'] }];
    for (const change of changes) {
      const id = await lambda.launch(change);
      const states = new Set<unknown>();
      for (let seconds = 7; seconds < 130; seconds += 20) {
        lambda.world.pass(20);
        states.add(at((await get(`/instances/${id}`, 200, '/instances/{id}')).body, 'data', 'status'));
      }
      await get('/instances');
      await get('/file-systems');
      assert.deepEqual([...states], ['booting', 'active']);
      await send('POST /instances/{id}', `/instances/${id}`, 200, { name: 'renamed' });
      await send('POST /instances/{id}', `/instances/${id}`, 400, { name: 'x'.repeat(65) });
      await send('POST /instance-operations/restart', '/instance-operations/restart', 200, { instance_ids: [id] });
      await send('POST /instance-operations/restart', '/instance-operations/restart', 409, { instance_ids: [id] });
      await send('POST /instance-operations/terminate', '/instance-operations/terminate', 200, { instance_ids: [id] });
      assert.equal(at((await get(`/instances/${id}`, 200, '/instances/{id}')).body, 'data', 'status'), 'terminating');
      lambda.world.pass(60);
      await get(`/instances/${id}`, 404, '/instances/{id}');
    }
    await send('DELETE /filesystems/{id}', `/filesystems/${String(at(filesystem.body, 'data', 'id'))}`, 200);
  });

  it('what happened', async () => {
    const id = await lambda.launch();
    const { body } = await get('/audit-events');
    assert.equal(at(body, 'data', 'length'), 3);
    assert.equal(at(body, 'data', 2, 'resource_lrns', 0), `lrn:cloud:instance:${id}`);
    await send('GET /audit-events', '/audit-events?start=nonsense', 400);
    await stranger('GET /audit-events', '/audit-events');
  });

  it('refusals', async () => {
    const launch = '/instance-operations/launch';
    await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
    const good = { region_name: 'us-west-1', instance_type_name: 'gpu_1x_a10', ssh_key_names: ['mine'] };
    await send(`POST ${launch}`, launch, 400, {});
    await send(`POST ${launch}`, launch, 404, { ...good, ssh_key_names: ['theirs'] });
    lambda.world.faults.force('no-capacity');
    await send(`POST ${launch}`, launch, 400, good);
    lambda.world.faults.force('no-credit');
    await send(`POST ${launch}`, launch, 403, good);
    await stranger(`POST ${launch}`, launch);
    for (const what of ['restart', 'terminate']) {
      await send(`POST /instance-operations/${what}`, `/instance-operations/${what}`, 400, {});
      await send(`POST /instance-operations/${what}`, `/instance-operations/${what}`, 404, { instance_ids: ['none'] });
      await stranger(`POST /instance-operations/${what}`, `/instance-operations/${what}`);
    }
    await send('POST /instances/{id}', '/instances/none', 404, {});
    await stranger('GET /instances/{id}', '/instances/none');
  });

  it('keys and filesystems', async () => {
    await send('POST /ssh-keys', '/ssh-keys', 200, { name: 'made' });
    const mine = await send('POST /ssh-keys', '/ssh-keys', 200, { name: 'mine', public_key: publicKey });
    await send('POST /ssh-keys', '/ssh-keys', 400, { name: 'mine', public_key: publicKey });
    await get('/ssh-keys');
    await send('DELETE /ssh-keys/{id}', `/ssh-keys/${String(at(mine.body, 'data', 'id'))}`, 200);
    await send('DELETE /ssh-keys/{id}', '/ssh-keys/none', 404);
    const region = 'us-west-1';
    await send('POST /filesystems', '/filesystems', 200, { name: 'one', region });
    await send('POST /filesystems', '/filesystems', 400, { name: 'one', region });
    await send('POST /filesystems', '/filesystems', 400, { name: '1', region });
    await send('DELETE /filesystems/{id}', '/filesystems/none', 404);
  });

  it('were of every operation that it serves', () => {
    const served = contract.operations.map((operation) => operation.replace('/api/v1', '')).filter((operation) => !notServed.test(operation));
    assert.deepEqual(served.filter((operation) => !covered.has(operation)), []);
  });
});

describe('Lambda contract: what we ask and what we read', () => {
  const heard = (body: unknown): Heard => ({ status: 200, headers: {}, text: JSON.stringify(body), at: 0 });
  const sample = (name: string): Heard => heard(readReference(`samples/lambda/${name}.json`));

  before(function () {
    if (loadContract('lambda-openapi.json') === undefined || readReference('samples/lambda/m_instances_response.json') === undefined) this.skip();
  });

  it('the body of a launch is one that Lambda describes', () => {
    const body = launchBody({ offer: offer({ id: 'lambda:gpu_1x_a10~us-west-1', provider: 'lambda' }), label: 'gpu-rental-abcdef-01m8n7eky96ennb39rse3r0dxg', image: 'lambda-stack-24-04', publicKey, env: {} });
    const { body: sent } = launchCall({ ...body, ssh_key_names: ['mine'] });
    assert.equal(loadContract('lambda-openapi.json')?.bodyProblem('POST /api/v1/instance-operations/launch', sent), null);
    assert.notEqual(loadContract('lambda-openapi.json')?.bodyProblem('POST /api/v1/instance-operations/launch', { ...body, tags: [{ key: 'No', value: '' }] }), null);
  });

  it('a real list of types becomes offers, each with the price that it has', () => {
    const answer = sample('m_instance_types_response');
    const { offers, dropped } = readTypes().read(answer);
    const types = Object.values(at(JSON.parse(answer.text), 'data') as object);
    const expected = types.flatMap((item) => (at(item, 'regions_with_capacity_available') as unknown[]).map((region) => [
      `lambda:${String(at(item, 'instance_type', 'name'))}~${String(at(region, 'name'))}`, Number(at(item, 'instance_type', 'price_cents_per_hour')) * 10_000, at(item, 'instance_type', 'specs', 'gpus'),
    ]));
    assert.ok(expected.length > 20);
    assert.deepEqual([dropped, offers.map(({ id, price, gpuCount }) => [id, price.gpu, gpuCount])], [0, expected]);
    assert.deepEqual([...new Set(offers.map(({ gpu, vramGb }) => `${gpu} ${vramGb}`))].toSorted(), ['A10 24', 'A100 SXM 40', 'A100 SXM 80', 'B200 180', 'H100 PCIe 80', 'H100 SXM 80']);
    assert.deepEqual(offers.filter(({ country }) => country === undefined), []);
  });

  it('real instances, launches, terminations and keys are read', () => {
    const [listed] = listInstances().read(sample('m_instances_response')).instances;
    assert.deepEqual(
      [listed?.key, listed?.label, listed?.state, listed?.gpuCount, listed?.rates.running, listed?.place],
      ['0920582c7ff041399e34823a0be62549', 'My Instance', 'starting', 8, 35_920_000, 'California, US'],
    );
    assert.deepEqual(getInstance('0920582c7ff041399e34823a0be62549').read(sample('m_instance_get_response'))?.instance, listed);
    assert.equal(launchCall({}).read(sample('m_start_response')), '0920582c7ff041399e34823a0be62549');
    assert.equal(terminate('0920582c7ff041399e34823a0be62549').read(sample('m_stop_response')), undefined);
    assert.deepEqual(listKeys().read(sample('m_ssh_keys_response')).map(({ name }) => name), ['yubikey', 'another-name']);
  });
});
