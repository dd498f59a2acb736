// RunPod's own Python package against the practice market: it must not notice.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMarket, type Market } from '../../src/practice/market.ts';
import { Json, publicKey, rtx4090 } from '../unit/practice/runpod/testRunpod.ts';
import { until } from '../unit/practice/until.ts';
import { pythonClient, runPython, type PythonClient } from './pythonClients.ts';

// The last release that speaks GraphQL for everything; its requests are on record.
const version = '1.12.0';

// Calls functions of the package by name and prints what they return or raise.
const driver = `
import json, os, sys
import runpod
runpod.api_key = os.environ['PRACTICE_KEY']
answers = []
for name, arguments in json.loads(sys.argv[1]):
    try:
        answers.append({'value': getattr(runpod, name)(**arguments)})
    except Exception as problem:
        answers.append({'error': type(problem).__name__, 'message': str(problem)})
print(json.dumps(answers))
`;

type Call = readonly [name: string, args?: object];

describe(`RunPod's Python package ${version} on the practice market`, function () {
  this.timeout(120_000);
  let client: PythonClient;
  let home: string;
  let market: Market;

  before(async function () {
    this.timeout(700_000);
    try {
      client = await pythonClient('runpod', version);
    } catch (error) {
      console.warn(`  SKIPPED: RunPod's Python package could not be installed: ${error instanceof Error ? error.message : String(error)}`);
      return this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'runpod-python-'));
  });
  after(async () => {
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });
  beforeEach(async () => {
    market = await startMarket({ seed: 1, clockRate: 10, bootScale: 0.02 });
  });
  afterEach(() => market?.close());

  async function python(calls: readonly Call[], key = market.runpod.apiKey): Promise<Json[]> {
    const { stdout, stderr, code } = await runPython(client.python, ['-c', driver, JSON.stringify(calls.map(([name, args = {}]) => [name, args]))], { HOME: home, RUNPOD_API_BASE_URL: market.runpod.url, PRACTICE_KEY: key });
    assert.equal(code, 0, stderr);
    return new Json(JSON.parse(stdout)).list();
  }
  async function value(name: string, args: object = {}): Promise<Json> {
    const [answer] = await python([[name, args]]);
    assert.equal(answer?.at('error'), undefined, JSON.stringify(answer?.value));
    return new Json(answer?.at('value'));
  }
  const truth = async () => new Json(await (await fetch(market.ledger.url)).json());
  const rental = (id: string) => market.world.rentals.get('runpod', id) ?? assert.fail(`no pod ${id}`);
  const pod = { name: 'from-python', image_name: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404', gpu_type_id: rtx4090, cloud_type: 'SECURE', ports: '22/tcp,8888/http', env: { PUBLIC_KEY: publicKey } };

  it('knows the account and the GPU types', async () => {
    const [user, gpus, gpu, none] = await python([['get_user'], ['get_gpus'], ['get_gpu', { gpu_id: rtx4090, gpu_quantity: 2 }], ['get_gpu', { gpu_id: 'NVIDIA Voodoo' }]]);
    assert.match(user?.text('value', 'id') ?? '', /^user_/);
    assert.deepEqual([user?.at('value', 'pubKey'), user?.at('value', 'networkVolumes')], ['', []]);
    assert.ok((gpus?.list('value') ?? []).some((row) => row.at('id') === rtx4090 && row.at('memoryInGb') === 24));
    assert.deepEqual(
      ['maxGpuCount', 'displayName', 'manufacturer', 'securePrice', 'communityPrice'].map((name) => gpu?.at('value', name)),
      [8, 'RTX 4090', 'Nvidia', 0.59, 0.49],
    );
    assert.deepEqual(gpu?.at('value', 'lowestPrice'), { minimumBidPrice: 0.98, uninterruptablePrice: 0.49 });
    assert.equal(none?.at('error'), 'ValueError');
    assert.equal((await truth()).number('requests', 'runpod', 'POST /graphql'), 4);
  });

  it('creates, lists, stops, resumes and terminates a pod', async () => {
    const made = await value('create_pod', { ...pod, volume_in_gb: 20, container_disk_in_gb: 15, volume_mount_path: '/workspace', min_vcpu_count: 2 });
    const id = made.text('id');
    assert.deepEqual([made.at('imageName'), made.at('env')], [pod.image_name, [`PUBLIC_KEY=${publicKey}`]]);
    assert.ok(made.text('machine', 'podHostId').startsWith(`${id}-`));
    await until('sshd', () => rental(id).sshUp);

    const [pods, one] = await python([['get_pods'], ['get_pod', { pod_id: id }]]);
    assert.deepEqual(pods?.list('value').map((row) => row.at('id')), [id]);
    const shown = one ?? assert.fail('an answer for every call');
    assert.deepEqual(
      ['name', 'desiredStatus', 'gpuCount', 'containerDiskInGb', 'volumeInGb', 'volumeMountPath', 'ports', 'costPerHr'].map((name) => shown.at('value', name)),
      ['from-python', 'RUNNING', 1, 15, 20, '/workspace', '22/tcp,8888/http', 0.59],
    );
    assert.equal(shown.at('value', 'machine', 'gpuDisplayName'), 'RTX 4090');
    const ssh = shown.list('value', 'runtime', 'ports').find((port) => port.at('privatePort') === 22);
    assert.deepEqual([ssh?.at('ip'), ssh?.at('isIpPublic'), ssh?.at('publicPort'), ssh?.at('type')], ['127.0.0.1', true, rental(id).sshPort, 'tcp']);

    const [stopped, exited, resumed] = await python([['stop_pod', { pod_id: id }], ['get_pod', { pod_id: id }], ['resume_pod', { pod_id: id, gpu_count: 1 }]]);
    assert.deepEqual(stopped?.at('value'), { id, desiredStatus: 'EXITED' });
    assert.deepEqual([exited?.at('value', 'desiredStatus'), exited?.at('value', 'runtime')], ['EXITED', null]);
    assert.equal(resumed?.at('value', 'desiredStatus'), 'RUNNING', JSON.stringify(resumed?.value));
    await until('sshd again', () => rental(id).sshUp);

    const [ended, left, gone, twice] = await python([['terminate_pod', { pod_id: id }], ['get_pods'], ['get_pod', { pod_id: id }], ['terminate_pod', { pod_id: id }]]);
    assert.equal(ended?.at('error'), undefined);
    assert.deepEqual([left?.at('value'), gone?.at('value')], [[], null]);
    assert.deepEqual([twice?.at('error'), twice?.at('message')], ['QueryError', 'pod not found to terminate']);
    const book = await truth();
    assert.deepEqual([book.at('createsAccepted'), book.at('instances', 0, 'id'), book.at('instances', 0, 'label'), book.at('instances', 0, 'state')], [1, id, 'from-python', 'destroyed']);
    assert.ok(book.number('instances', 0, 'chargedUsd') > 0);
  });

  it('makes CPU pods and pods from templates', async () => {
    const cpu = await value('create_pod', { name: 'cpu', image_name: 'runpod/base:1.0.2', instance_id: 'cpu3c-4-8' });
    const template = await value('create_pod', { name: 'templated', image_name: '', template_id: 'runpod-torch-v280', gpu_type_id: rtx4090, cloud_type: 'SECURE' });
    assert.equal(template.at('imageName'), 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404');
    const seen = await value('get_pod', { pod_id: cpu.text('id') });
    assert.deepEqual([seen.at('vcpuCount'), seen.at('memoryInGb'), seen.at('gpuCount')], [4, 8, 0]);
    assert.equal((await truth()).at('createsAccepted'), 2);
  });

  it('registers SSH keys', async () => {
    const [settings, user] = await python([['update_user_settings', { pubkey: publicKey }], ['get_user']]);
    assert.equal(settings?.at('error'), undefined, JSON.stringify(settings?.value));
    assert.equal(user?.at('value', 'pubKey'), publicKey);
  });

  it('raises what it raises for refusals', async () => {
    const [full, wrong] = await python([['create_pod', { ...pod, gpu_count: 9 }], ['stop_pod', { pod_id: 'nope' }]]);
    assert.deepEqual([full?.at('error'), full?.at('message')], ['QueryError', 'There are no longer any instances available with the requested specifications. Please refresh and try again.']);
    assert.equal(wrong?.at('error'), 'QueryError');
    const [stranger] = await python([['get_user']], 'rpa_WRONG');
    assert.equal(stranger?.at('error'), 'AuthenticationError');
    assert.equal((await truth()).at('createsAccepted'), 0);
  });

  it('raises for an answer that breaks off or is a web page', async () => {
    for (const fault of ['half-json', 'html']) {
      market.faults.force(`runpod.${fault}`);
      const [answer] = await python([['get_user']]);
      assert.ok(answer?.at('error') !== undefined, `${fault}: ${JSON.stringify(answer?.value)}`);
    }
  });
});
