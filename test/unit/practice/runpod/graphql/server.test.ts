import assert from 'node:assert/strict';
import { gpuTypes } from '../../../../../src/practice/runpod/gpuTypes.ts';
import { publicKey, rtx4090, testRunpod, type TestRunpod } from '../testRunpod.ts';

const noCapacity = 'There are no longer any instances available with the requested specifications. Please refresh and try again.';
const deployMutation = 'mutation ($input: PodFindAndDeployOnDemandInput) { podFindAndDeployOnDemand(input: $input) { id imageName env machineId costPerHr desiredStatus machine { podHostId } } }';

describe('practice RunPod GraphQL: the server', () => {
  let runpod: TestRunpod;
  beforeEach(async () => {
    runpod = await testRunpod();
  });
  afterEach(() => runpod.close());

  const keyless = { key: null } as const;
  const deploy = (input: object = {}) =>
    runpod.graphql(deployMutation, { input: { name: 'n', imageName: 'runpod/pytorch:x', gpuTypeId: rtx4090, gpuCount: 1, cloudType: 'ALL', containerDiskInGb: 20, ports: '22/tcp,8888/http', env: [{ key: 'PUBLIC_KEY', value: publicKey }], ...input } });
  const made = async (input: object = {}) => (await deploy(input)).body.text('data', 'podFindAndDeployOnDemand', 'id');
  const messageOf = async (answer: ReturnType<typeof deploy>) => (await answer).body.at('errors', 0, 'message');

  describe('keyless', () => {
    it('shows types with prices, lowest prices and CUDA versions to anybody', async () => {
      const { status, body } = await runpod.graphql(
        `query Offers { gpuTypes { id displayName memoryInGb secureCloud communityCloud securePrice communityPrice
           secure: lowestPrice(input: {gpuCount: 1, secureCloud: true}) { stockStatus uninterruptablePrice minimumBidPrice minVcpu minMemory availableGpuCounts countryCode gpuTypeCudaVersions { cudaVersion availability } }
           community: lowestPrice(input: {gpuCount: 1, secureCloud: false}) { stockStatus uninterruptablePrice minVcpu } } }`,
        undefined,
        keyless,
      );
      assert.equal(status, 200);
      const rows = body.list('data', 'gpuTypes');
      assert.equal(rows.length, gpuTypes.length);
      const seen = new Set<unknown>();
      for (const row of rows) {
        const type = gpuTypes.find(({ id }) => id === row.at('id'));
        for (const [alias, cloud] of [['secure', 'SECURE'], ['community', 'COMMUNITY']] as const) {
          const stock = row.at(alias, 'stockStatus');
          seen.add(stock);
          const price = type?.price[cloud] ?? 0;
          assert.equal(row.at(alias, 'uninterruptablePrice'), price === 0 ? null : price, `${row.text('id')} ${alias}`);
          assert.equal(stock === null, price === 0);
          assert.equal(row.at(alias, 'minVcpu') === null, stock === null || stock === 'None', 'no figures without stock');
        }
      }
      for (const level of ['High', 'Medium', 'Low', 'None', null]) assert.ok(seen.has(level), `${level} occurs`);
    });

    it('counts and filters as asked', async () => {
      const ask = async (input: string) => (await runpod.graphql(`{ gpuTypes(input: {id: "${rtx4090}"}) { lowestPrice(input: {${input}}) { uninterruptablePrice minimumBidPrice stockStatus totalCount rentedCount rentalPercentage gpuTypeCudaVersions { cudaVersion } } } }`, undefined, keyless)).body;
      const both = await ask('gpuCount: 2');
      assert.equal(both.at('data', 'gpuTypes', 0, 'lowestPrice', 'uninterruptablePrice'), 0.49, 'per GPU, the cheaper cloud');
      assert.equal(both.at('data', 'gpuTypes', 0, 'lowestPrice', 'minimumBidPrice'), 0.98, 'for both GPUs');
      const total = both.number('data', 'gpuTypes', 0, 'lowestPrice', 'totalCount');
      const rented = both.number('data', 'gpuTypes', 0, 'lowestPrice', 'rentedCount');
      assert.ok(rented >= 0 && rented <= total);
      assert.ok(Math.abs(both.number('data', 'gpuTypes', 0, 'lowestPrice', 'rentalPercentage') - rented / total) < 1e-9);
      assert.deepEqual((await ask('allowedCudaVersions: ["12.8"]')).at('data', 'gpuTypes', 0, 'lowestPrice', 'gpuTypeCudaVersions'), [{ cudaVersion: '12.8' }]);
      assert.equal((await ask('gpuCount: 99')).at('data', 'gpuTypes', 0, 'lowestPrice', 'stockStatus'), null);
      assert.equal((await ask('countryCode: "ZZ"')).at('data', 'gpuTypes', 0, 'lowestPrice', 'uninterruptablePrice'), null);
    });

    it('shows data centres, countries and CPU flavours', async () => {
      const { body } = await runpod.graphql('{ dataCenters { id name location listed storageSupport gpuAvailability(input: {gpuCount: 1, secureCloud: true}) { gpuTypeId stockStatus available } } countryCodes cpuFlavors { id displayName specifics(input: {dataCenterId: "US-KS-2"}) { stockStatus securePrice slsPrice } } }', undefined, keyless);
      assert.ok(body.list('data', 'dataCenters').length > 20);
      for (const row of body.list('data', 'dataCenters', 0, 'gpuAvailability')) assert.equal(row.at('available'), row.at('stockStatus') !== null);
      assert.ok(body.list('data', 'countryCodes').some((code) => code.value === 'NO'));
      assert.ok(body.number('data', 'cpuFlavors', 0, 'specifics', 'securePrice') > 0);
    });

    it('has no self and no pods, and changes nothing', async () => {
      const id = await made();
      assert.deepEqual((await runpod.graphql(`{ myself { id } pod(input: {podId: "${id}"}) { id } }`, undefined, keyless)).body.value, { data: { myself: null, pod: null } });
      const stop = await runpod.graphql(`mutation { podStop(input: {podId: "${id}"}) { id } }`, undefined, keyless);
      assert.deepEqual([stop.status, stop.body.at('errors', 0, 'message'), stop.body.at('data', 'podStop')], [200, 'Unauthorized', null]);
      assert.equal((await runpod.pod(id)).at('status'), 'PROVISIONING');
    });
  });

  it('answers 401 to a wrong key, however it is given, and takes it in the query too', async () => {
    assert.equal((await runpod.graphql('{ myself { id } }', undefined, { key: 'rpa_WRONG' })).status, 401);
    const byQuery = (key: string) => runpod.call('POST', `/graphql?api_key=${key}`, { query: '{ myself { email } }' }, keyless);
    assert.equal((await byQuery('rpa_WRONG')).status, 401);
    assert.equal((await byQuery(runpod.key)).body.at('data', 'myself', 'email'), 'practice@example.com');
  });

  it('refuses what is no GraphQL request with 400', async () => {
    for (const body of [undefined, {}, { query: '' }, { query: 5 }, []]) assert.equal((await runpod.call('POST', '/graphql', body)).status, 400, JSON.stringify(body));
    const unknown = await runpod.graphql('{ myself { shoeSize } }');
    assert.deepEqual([unknown.status, unknown.body.at('errors', 0, 'message'), unknown.body.at('data')], [400, 'Cannot query field "shoeSize" on type "User".', undefined]);
    assert.equal((await runpod.call('POST', '/graphql', { query: 'query A { countryCodes } query B { countryCodes }', operationName: 'B', variables: null })).status, 200);
  });

  it('shows balance and spend of the account', async () => {
    await made({ cloudType: 'SECURE' });
    runpod.world.pass(10);
    runpod.world.pass(3600);
    const { body } = await runpod.graphql('{ myself { id clientBalance currentSpendPerHr clientLifetimeSpend spendLimit } }');
    const spend = 0.59 + (20 * 0.1) / 730;
    assert.ok(Math.abs(body.number('data', 'myself', 'currentSpendPerHr') - spend) < 1e-6);
    const balance = body.number('data', 'myself', 'clientBalance');
    assert.ok(balance < 25 - spend + 0.01 && balance > 25 - spend - 0.01, String(balance));
    assert.ok(Math.abs(25 - balance - body.number('data', 'myself', 'clientLifetimeSpend')) < 1e-6);
  });

  it('deploys, stops, resumes and terminates', async () => {
    const answer = await deploy({ cloudType: 'SECURE', volumeInGb: 30, volumeMountPath: '/data' });
    assert.equal(answer.status, 200, answer.text);
    const pod = answer.body;
    const id = pod.text('data', 'podFindAndDeployOnDemand', 'id');
    assert.deepEqual([pod.at('data', 'podFindAndDeployOnDemand', 'env'), pod.at('data', 'podFindAndDeployOnDemand', 'costPerHr'), pod.at('data', 'podFindAndDeployOnDemand', 'desiredStatus')], [[`PUBLIC_KEY=${publicKey}`], 0.59, 'RUNNING']);
    const rest = await runpod.pod(id);
    assert.deepEqual([rest.at('ports'), rest.at('mounts'), rest.at('disk')], [['22/tcp', '8888/http'], { persistent: { size: 30, path: '/data' } }, 20]);
    const stopped = await runpod.graphql(`mutation { podStop(input: {podId: "${id}"}) { id desiredStatus lastStatusChange runtime { uptimeInSeconds } } }`);
    assert.deepEqual([stopped.body.at('data', 'podStop', 'desiredStatus'), stopped.body.at('data', 'podStop', 'runtime')], ['EXITED', null]);
    assert.match(stopped.body.text('data', 'podStop', 'lastStatusChange'), /^Exited by User: /);
    assert.equal((await runpod.graphql(`mutation { podResume(input: {podId: "${id}", gpuCount: 1}) { desiredStatus } }`)).body.at('data', 'podResume', 'desiredStatus'), 'RUNNING');
    assert.deepEqual((await runpod.graphql(`mutation { podTerminate(input: {podId: "${id}"}) }`)).body.value, { data: { podTerminate: null } });
    assert.deepEqual((await runpod.graphql(`{ pod(input: {podId: "${id}"}) { id } myself { pods { id } } }`)).body.value, { data: { pod: null, myself: { pods: [] } } });
    assert.equal(await messageOf(runpod.graphql(`mutation { podTerminate(input: {podId: "${id}"}) }`)), 'pod not found to terminate');
  });

  it('shows the wanted status, and the ports once there are some', async () => {
    const id = await made({ cloudType: 'SECURE' });
    const query = `{ pod(input: {podId: "${id}"}) { desiredStatus uptimeSeconds gpuCount runtime { uptimeInSeconds ports { ip isIpPublic privatePort publicPort type } gpus { gpuUtilPercent } } machine { gpuDisplayName podHostId } latestTelemetry { state } } }`;
    let pod = (await runpod.graphql(query)).body;
    assert.deepEqual([pod.at('data', 'pod', 'desiredStatus'), pod.at('data', 'pod', 'runtime')], ['RUNNING', null]);
    for (let seconds = 0; seconds < 300 && pod.at('data', 'pod', 'runtime') === null; seconds += 1) {
      runpod.world.pass(1);
      pod = (await runpod.graphql(query)).body;
    }
    const ports = pod.list('data', 'pod', 'runtime', 'ports');
    assert.deepEqual(ports.map((port) => [port.at('privatePort'), port.at('isIpPublic'), port.at('type')]), [[22, true, 'tcp'], [8888, false, 'http'], [19123, false, 'http']]);
    assert.equal(ports[0]?.at('publicPort'), (await runpod.pod(id)).at('ssh', 'direct', 'port'));
    assert.equal(pod.at('data', 'pod', 'machine', 'gpuDisplayName'), 'RTX 4090');
  });

  it('says no in its own words, under HTTP 200', async () => {
    for (const [input, message] of [
      [{ gpuCount: 9 }, noCapacity],
      [{ dataCenterId: 'MOON-1' }, noCapacity],
      [{ countryCode: 'ZZ' }, noCapacity],
      [{ gpuTypeId: 'NVIDIA Voodoo' }, 'gpu type "NVIDIA Voodoo" not found'],
      [{ gpuTypeId: null }, 'gpuTypeId is required'],
      [{ templateId: 'runpod-worker-vllm' }, 'Template not found'],
      [{ networkVolumeId: 'nope' }, 'network volume not found'],
      [{ ports: 'ssh' }, 'invalid port "ssh": expected <port>/<tcp|http>'],
    ] as const) {
      const answer = await deploy(input);
      assert.deepEqual([answer.status, answer.body.at('errors', 0, 'message'), answer.body.at('data', 'podFindAndDeployOnDemand')], [200, message, null]);
    }
    assert.equal(await messageOf(runpod.graphql(`mutation { podRentInterruptable(input: {gpuTypeId: "${rtx4090}", bidPerGpu: 0.2}) { id } }`)), 'There are no instances available with the requested specifications. Please try again later.');
    assert.equal(runpod.world.rentals.createsAccepted, 0);
  });

  it('finds hosts with a public address when asked to', async () => {
    const { pods } = runpod.server.state;
    for (let count = 0; count < 15; count += 1) {
      const id = await made({ cloudType: 'COMMUNITY', supportPublicIp: true });
      assert.equal(pods.get(id)?.host?.publicIp, true);
      await runpod.graphql(`mutation { podTerminate(input: {podId: "${id}"}) }`);
    }
  });

  it('deploys CPU pods', async () => {
    const { body } = await runpod.graphql('mutation { deployCpuPod(input: {name: "c", imageName: "runpod/base:1", instanceId: "cpu3c-4-8", cloudType: SECURE, ports: "22/tcp"}) { id costPerHr vcpuCount memoryInGb gpuCount } }');
    assert.deepEqual([body.at('data', 'deployCpuPod', 'costPerHr'), body.at('data', 'deployCpuPod', 'vcpuCount'), body.at('data', 'deployCpuPod', 'memoryInGb'), body.at('data', 'deployCpuPod', 'gpuCount')], [0.12, 4, 8, 0]);
    assert.equal(await messageOf(runpod.graphql('mutation { deployCpuPod(input: {name: "c", imageName: "runpod/base:1", instanceId: "cpu9-4-8"}) { id } }')), 'cpu flavor "cpu9" not found');
  });

  it('suffers the same faults of create as REST', async () => {
    const { faults, rentals } = runpod.world;
    faults.force('create-timeout-before');
    await assert.rejects(deploy());
    assert.equal(rentals.createsAccepted, 0);
    faults.force('create-timeout-after');
    await assert.rejects(deploy());
    assert.equal(rentals.createsAccepted, 1);
    faults.force('create-500-after');
    const broken = await deploy();
    assert.deepEqual([broken.status, broken.body.at('errors', 0, 'extensions', 'code')], [500, 'INTERNAL_SERVER_ERROR']);
    assert.equal(rentals.createsAccepted, 2);
    faults.force('phantom-create');
    const phantom = await made();
    assert.equal((await runpod.graphql(`{ pod(input: {podId: "${phantom}"}) { id } }`)).body.at('data', 'pod'), null);
    faults.force('list-empty');
    assert.deepEqual((await runpod.graphql('{ myself { pods { id } } }')).body.list('data', 'myself', 'pods'), []);
    assert.equal((await runpod.graphql('{ myself { pods { id } } }')).body.list('data', 'myself', 'pods').length, 2);
  });
});
