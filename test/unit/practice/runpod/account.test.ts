import assert from 'node:assert/strict';
import fc from 'fast-check';
import { monthlyUsd } from '../../../../src/practice/runpod/rest/volumes.ts';
import { podBody, problemOf, refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

describe('practice RunPod account', () => {
  let runpod: TestRunpod;
  beforeEach(async () => {
    runpod = await testRunpod();
  });
  afterEach(() => runpod.close());
  const volume = (body: object) => runpod.call('POST', '/v2/network-volumes', { name: 'v', size: 50, dataCenter: 'EU-RO-1', ...body });

  it('replaces its SSH keys as a whole', async () => {
    assert.deepEqual((await runpod.call('GET', '/v2/account/ssh-keys')).body.value, { keys: [] });
    const keys = ['ssh-ed25519 AAAA me@here', 'ecdsa-sha2-nistp256 BBBB', 'sk-ssh-ed25519@openssh.com CCCC a comment'];
    assert.deepEqual((await runpod.call('PUT', '/v2/account/ssh-keys', { keys })).body.value, { keys });
    assert.deepEqual((await runpod.call('PUT', '/v2/account/ssh-keys', { keys: keys.slice(2) })).body.value, { keys: keys.slice(2) });
    assert.deepEqual((await runpod.call('GET', '/v2/account/ssh-keys')).body.value, { keys: keys.slice(2) });
    assert.equal((await runpod.call('PUT', '/v2/account/ssh-keys', { keys: ['nonsense'] })).status, 422);
    assert.equal((await runpod.call('PUT', '/v2/account/ssh-keys', {})).status, 422);
    assert.deepEqual((await runpod.call('GET', '/v2/account/ssh-keys')).body.value, { keys: keys.slice(2) }, 'a refused set changes nothing');
  });

  it('shares its keys with GraphQL, one per line', async () => {
    await runpod.graphql('mutation ($k: String) { updateUserSettings(input: {pubKey: $k}) { id } }', { k: 'ssh-ed25519 AAAA a\n\nssh-ed25519 BBBB b\n' });
    assert.deepEqual((await runpod.call('GET', '/v2/account/ssh-keys')).body.value, { keys: ['ssh-ed25519 AAAA a', 'ssh-ed25519 BBBB b'] });
    assert.equal((await runpod.graphql('{ myself { pubKey } }')).body.at('data', 'myself', 'pubKey'), 'ssh-ed25519 AAAA a\nssh-ed25519 BBBB b');
  });

  it('makes, grows and deletes network volumes', async () => {
    const made = await volume({});
    assert.equal(made.status, 201);
    const id = made.body.text('id');
    assert.deepEqual(made.body.value, { id, name: 'v', size: 50, dataCenter: 'EU-RO-1', type: 'STANDARD' });
    const path = `/v2/network-volumes/${id}`;
    assert.deepEqual((await runpod.call('PATCH', path, { size: 80, name: 'w' })).body.value, { id, name: 'w', size: 80, dataCenter: 'EU-RO-1', type: 'STANDARD' });
    assert.deepEqual(refusal(await runpod.call('PATCH', path, { size: 70 })), problemOf(400, 'network volume size cannot be reduced'));
    assert.deepEqual(refusal(await runpod.call('PATCH', path, {})), problemOf(422, 'Request validation failed.', ['$: minProperties: got 0, want 1']));
    assert.equal((await runpod.call('GET', '/v2/network-volumes')).body.list('networkVolumes').length, 1);
    assert.equal((await runpod.call('DELETE', path)).status, 204);
    assert.deepEqual(refusal(await runpod.call('DELETE', path)), problemOf(404, 'network volume not found'));
    assert.deepEqual((await runpod.call('GET', '/v2/network-volumes')).body.list('networkVolumes'), []);
    assert.equal(runpod.world.ledger.burnUsdPerHour('runpod'), 0);
  });

  it('refuses volumes that cannot be', async () => {
    assert.equal((await volume({ size: 9 })).status, 422);
    assert.equal((await volume({ size: 4097 })).status, 422);
    assert.equal((await volume({ colour: 'red' })).status, 422);
    for (const wrong of [{ dataCenter: 'MOON-1' }, { dataCenter: 'US-GA-1' }, { dataCenter: 'US-TX-1', type: 'HIGH_PERFORMANCE' }]) {
      assert.equal((await volume(wrong)).status, 400, JSON.stringify(wrong));
    }
  });

  it('ties a pod to the site of its volume and the volume to its pod', async () => {
    const id = (await volume({ dataCenter: 'US-KS-2' })).body.text('id');
    const mounts = { network: [{ volumeId: id, path: '/workspace' }] };
    const post = (body: object) => runpod.call('POST', '/v2/pods', { ...podBody, mounts, ...body });
    assert.deepEqual(refusal(await post({ dataCenterIds: ['EU-RO-1'] })), problemOf(400, `network volume ${id} is in data center US-KS-2`));
    assert.deepEqual(refusal(await post({ cloud: 'COMMUNITY' })), problemOf(400, 'network volumes are only available on SECURE cloud'));
    const pod = await post({ gpu: undefined, cpu: { id: 'cpu3c', vcpuCount: 2 } });
    assert.deepEqual([pod.status, pod.body.at('dataCenterId'), pod.body.at('mounts')], [201, 'US-KS-2', mounts]);
    assert.deepEqual(refusal(await runpod.call('DELETE', `/v2/network-volumes/${id}`)), problemOf(400, 'network volume is in use by a pod'));
    assert.deepEqual(refusal(await runpod.call('PATCH', `/v2/pods/${pod.body.text('id')}`, { mounts: { network: [{ volumeId: 'other', path: '/w' }] } })), problemOf(400, 'the volume of a network mount cannot be changed'));
    await runpod.call('DELETE', `/v2/pods/${pod.body.text('id')}`);
    assert.equal((await runpod.call('DELETE', `/v2/network-volumes/${id}`)).status, 204);
  });

  it('prices volumes so that a larger one never costs less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 4095 }), fc.constantFrom('STANDARD' as const, 'HIGH_PERFORMANCE' as const), (size, type) => {
        assert.ok(monthlyUsd({ size: size + 1, type }) > monthlyUsd({ size, type }));
      }),
    );
    assert.equal(monthlyUsd({ size: 1000, type: 'STANDARD' }), 70);
    assert.equal(monthlyUsd({ size: 1100, type: 'STANDARD' }), 75);
  });
});
