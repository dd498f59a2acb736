import assert from 'node:assert/strict';
import { problemOf, refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

describe("practice RunPod: a pod's own key", () => {
  let runpod: TestRunpod;
  let own: string;
  let other: string;
  let key: string;

  beforeEach(async () => {
    runpod = await testRunpod();
    own = await runpod.create();
    other = await runpod.create();
    key = runpod.server.state.pods.get(own)?.apiKey ?? assert.fail('a pod has a key');
  });
  afterEach(() => runpod.close());

  const call = (method: string, path: string, body?: unknown) => runpod.call(method, path, body, { key });
  const denied = problemOf(403, 'access denied');
  const statusOf = async (id: string) => (await runpod.pod(id)).at('status');

  it('stops and deletes that pod by REST', async () => {
    assert.equal((await call('POST', `/v2/pods/${own}/action`, { action: 'stop' })).status, 200);
    assert.equal(await statusOf(own), 'EXITED');
    assert.equal((await call('DELETE', `/v2/pods/${own}`)).status, 204);
    assert.equal((await runpod.call('GET', `/v2/pods/${own}`)).status, 404);
  });

  it('terminates it through the action as well', async () => {
    assert.equal((await call('POST', `/v2/pods/${own}/action`, { action: 'terminate' })).status, 204);
    assert.equal((await runpod.call('GET', `/v2/pods/${own}`)).status, 404);
  });

  it('stops and terminates it by GraphQL', async () => {
    const stopped = await runpod.graphql('mutation ($id: String!) { podStop(input: {podId: $id}) { id desiredStatus } }', { id: own }, { key });
    assert.deepEqual(stopped.body.value, { data: { podStop: { id: own, desiredStatus: 'EXITED' } } });
    assert.deepEqual((await runpod.graphql(`mutation { podTerminate(input: {podId: "${own}"}) }`, undefined, { key })).body.value, { data: { podTerminate: null } });
    assert.equal((await runpod.call('GET', `/v2/pods/${own}`)).status, 404);
  });

  it('starts nothing and restarts nothing', async () => {
    await runpod.call('POST', `/v2/pods/${own}/action`, { action: 'stop' });
    assert.deepEqual(refusal(await call('POST', `/v2/pods/${own}/action`, { action: 'start' })), denied);
    const resumed = await runpod.graphql(`mutation { podResume(input: {podId: "${own}", gpuCount: 1}) { id } }`, undefined, { key });
    assert.equal(resumed.body.at('errors', 0, 'message'), 'Unauthorized');
    assert.equal(await statusOf(own), 'EXITED');
  });

  it('touches no other pod', async () => {
    assert.deepEqual(refusal(await call('POST', `/v2/pods/${other}/action`, { action: 'stop' })), denied);
    assert.deepEqual(refusal(await call('DELETE', `/v2/pods/${other}`)), denied);
    assert.deepEqual(refusal(await call('GET', `/v2/pods/${other}`)), denied);
    for (const query of [`mutation { podStop(input: {podId: "${other}"}) { id } }`, `mutation { podTerminate(input: {podId: "${other}"}) }`, `{ pod(input: {podId: "${other}"}) { id } }`]) {
      assert.equal((await runpod.graphql(query, undefined, { key })).body.at('errors', 0, 'message'), 'Unauthorized', query);
    }
    assert.equal(await statusOf(other), 'PROVISIONING');
  });

  it('reads and writes nothing of the account', async () => {
    for (const [method, path, body] of [
      ['GET', '/v2/pods'],
      ['POST', '/v2/pods', {}],
      ['GET', '/v2/catalog/gpus'],
      ['GET', '/v2/account/ssh-keys'],
      ['PUT', '/v2/account/ssh-keys', { keys: [] }],
      ['GET', '/v2/billing'],
      ['PATCH', `/v2/pods/${own}`, { name: 'mine' }],
    ] as const) {
      assert.deepEqual(refusal(await call(method, path, body)), denied, `${method} ${path}`);
    }
    assert.equal((await runpod.graphql('{ myself { clientBalance } }', undefined, { key })).body.at('data', 'myself'), null);
    assert.equal((await runpod.graphql('mutation { updateUserSettings(input: {pubKey: "x"}) { id } }', undefined, { key })).body.at('data', 'updateUserSettings'), null);
  });

  it('dies with the pod', async () => {
    await runpod.call('DELETE', `/v2/pods/${own}`);
    assert.equal((await call('GET', `/v2/pods/${own}`)).status, 401);
    assert.equal((await runpod.graphql('{ countryCodes }', undefined, { key })).status, 401);
  });
});
