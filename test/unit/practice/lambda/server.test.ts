import assert from 'node:assert/strict';
import { createGate } from '../../../../src/practice/lambda/gate.ts';
import { lambdaApiKey } from '../../../../src/practice/lambda/server.ts';
import { createStock } from '../../../../src/practice/lambda/stock.ts';
import { start } from '../testWorld.ts';
import { until } from '../until.ts';
import { at, errorOf, key, publicKey, testLambda, type TestLambda } from './testLambda.ts';

describe('a practice Lambda', () => {
  let lambda: TestLambda;
  const open = async (...args: Parameters<typeof testLambda>): Promise<TestLambda> => (lambda = await testLambda(...args));
  beforeEach(() => open());
  afterEach(() => lambda.close());

  const statusOf = async (id: string): Promise<unknown> => at(await lambda.data('GET', `/instances/${id}`), 'status');
  const ids = async (): Promise<unknown[]> => ((await lambda.data('GET', '/instances')) as unknown[]).map((one) => at(one, 'id'));
  const terminate = (id: string) => lambda.call('POST', '/instance-operations/terminate', { instance_ids: [id] });

  it('wants a key, as a bearer or as the user of basic authentication', async () => {
    for (const given of [`Bearer ${key}`, `Basic ${Buffer.from(`${key}:`).toString('base64')}`, `Basic ${key}`, `Basic ${key}:`]) {
      assert.equal((await lambda.call('GET', '/regions', undefined, given)).status, 200, given);
    }
    for (const wrong of ['', 'Bearer nobody', 'Basic nobody', `Digest ${key}`]) {
      assert.deepEqual(errorOf(await lambda.call('GET', '/instance-types', undefined, wrong)), [401, 'global/invalid-api-key'], wrong);
    }
    assert.deepEqual(errorOf(await lambda.call('GET', '/nowhere')), [404, 'global/not-found']);
  });

  it('is the same market for the same seed, and another for another', () => {
    const sites = (seed: number): string[] => createStock(seed, start).sites.map(({ id, gpus }) => `${id} ${gpus}`);
    assert.deepEqual(sites(3), sites(3));
    assert.notDeepEqual(sites(3), sites(4));
    assert.equal(lambdaApiKey(3), lambdaApiKey(3));
    assert.notEqual(lambdaApiKey(3), lambdaApiKey(4));
  });

  it('rents what it shows until nothing is left of it', async () => {
    const regionsOf = async (): Promise<unknown[]> => at(await lambda.data('GET', '/instance-types'), 'gpu_1x_a10', 'regions_with_capacity_available') as unknown[];
    await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
    const [first] = await regionsOf();
    const body = { region_name: at(first, 'name'), instance_type_name: 'gpu_1x_a10', ssh_key_names: ['mine'] };
    let launches = 0;
    for (; (await regionsOf()).some((region) => at(region, 'name') === at(first, 'name')); launches++) await lambda.data('POST', '/instance-operations/launch', body);
    assert.ok(launches >= 1 && launches <= 4);
    assert.deepEqual(errorOf(await lambda.call('POST', '/instance-operations/launch', body)), [400, 'instance-operations/launch/insufficient-capacity']);
    lambda.world.pass(120);
    const [one] = await ids();
    await terminate(String(one));
    lambda.world.pass(60);
    assert.ok((await regionsOf()).some((region) => at(region, 'name') === at(first, 'name')), 'what was given back can be had again');
  });

  it('shows a launch late, then booting, then active with an address, and terminating before it is gone', async () => {
    const id = await lambda.launch({ tags: [{ key: 'gpu-rental', value: 'label' }] });
    const rental = lambda.world.rentals.get('lambda', id);
    assert.deepEqual([await ids(), errorOf(await lambda.call('GET', `/instances/${id}`))], [[], [404, 'global/object-does-not-exist']]);
    lambda.world.pass(7);
    assert.deepEqual([await ids(), await statusOf(id)], [[id], 'booting']);
    assert.equal(at(await lambda.data('GET', `/instances/${id}`), 'ip'), undefined);
    assert.deepEqual(errorOf(await lambda.call('POST', '/instance-operations/restart', { instance_ids: [id] })), [409, 'global/conflict']);
    lambda.world.pass(110);
    await until('an address', () => rental?.sshPort);
    const seen = await lambda.data('GET', `/instances/${id}`);
    assert.deepEqual([at(seen, 'status'), at(seen, 'name'), at(seen, 'tags', 0, 'value'), at(seen, 'actions', 'terminate', 'available')], ['active', 'box', 'label', true]);
    assert.match(String(at(seen, 'ip')), /^127\.0\.0\.1:\d+$/);
    assert.equal(at(await lambda.data('POST', '/instance-operations/restart', { instance_ids: [id] }), 'restarted_instances', 0, 'status'), 'booting');
    lambda.world.pass(60);
    assert.equal(await statusOf(id), 'active');
    const answer = await terminate(id);
    assert.deepEqual([answer.status, at(answer.body, 'data', 'terminated_instances', 0, 'status')], [200, 'terminating']);
    assert.equal(await statusOf(id), 'terminating');
    assert.equal((await terminate(id)).status, 200, 'asked for twice it goes once');
    lambda.world.pass(41);
    assert.deepEqual([await ids(), errorOf(await terminate(id))], [[], [404, 'global/object-does-not-exist']]);
    assert.equal(rental?.state, 'destroyed');
  });

  it('lets in the user ubuntu, with the one key that the launch named', async () => {
    await lambda.close();
    await open({ bootScale: 0 });
    const id = await lambda.launch();
    await until('a machine', () => lambda.world.pods.started.length > 0);
    const [pod] = lambda.world.pods.started;
    assert.deepEqual([pod?.user, pod?.authorizedKeys()], ['ubuntu', [publicKey]]);
    assert.equal(await statusOf(id), 'active', 'without delays it is there at once');
  });

  it('charges nothing while it boots, everything until it is terminated, and the last minute whole', async () => {
    const id = await lambda.launch();
    const { ledger } = lambda.world;
    const charged = (): number => ledger.chargedMicros('lambda', id, lambda.world.agenda.settle());
    lambda.world.pass(10);
    assert.equal(charged(), 0);
    lambda.world.pass(110);
    const before = charged();
    lambda.world.pass(3600);
    assert.equal(charged() - before, 750_000);
    await terminate(id);
    lambda.world.pass(120);
    const bill = ledger.bill('lambda', id);
    const ms = bill?.stretches.reduce((sum, { from, to }) => sum + (to ?? assert.fail('it goes on')) - from, 0) ?? 0;
    assert.equal(charged(), Math.floor((Math.ceil(ms / 60_000) * 750_000) / 60));
    lambda.world.pass(3600);
    assert.equal(charged(), Math.floor((Math.ceil(ms / 60_000) * 750_000) / 60), 'and nothing afterwards');
  });

  it('never ends a machine for want of credit: it sends an invoice', async () => {
    await lambda.close();
    await open({ creditUsd: 0 });
    const id = await lambda.launch();
    lambda.world.pass(100 * 3600);
    assert.equal(await statusOf(id), 'active');
    assert.equal(lambda.world.ledger.emptyAt('lambda', lambda.world.agenda.now()), null);
  });

  it('refuses a launch in words that name the reason', async () => {
    await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
    const good = { region_name: 'us-west-1', instance_type_name: 'gpu_1x_a10', ssh_key_names: ['mine'] };
    const refused = async (change: object, method = 'POST'): Promise<unknown[]> => errorOf(await lambda.call(method, '/instance-operations/launch', { ...good, ...change }));
    for (const change of [{ region_name: undefined }, { instance_type_name: 5 }, { ssh_key_names: [] }, { ssh_key_names: ['mine', 'other'] }, { name: 'x'.repeat(65) }, { hostname: 'No' }, { tags: [{ key: 'UP', value: '' }] }, { tags: 'no' }]) {
      assert.deepEqual(await refused(change), [400, 'global/invalid-parameters'], JSON.stringify(change));
    }
    for (const change of [{ region_name: 'moon-1' }, { instance_type_name: 'gpu_9x' }, { ssh_key_names: ['theirs'] }, { image: { family: 'windows' } }, { file_system_names: ['none'] }]) {
      assert.deepEqual(await refused(change), [404, 'global/object-does-not-exist'], JSON.stringify(change));
    }
    assert.deepEqual(errorOf(await lambda.call('POST', '/instance-operations/launch', 'half')), [400, 'global/invalid-parameters']);
    assert.deepEqual(await ids(), []);
    lambda.world.faults.force('no-credit');
    assert.deepEqual(await refused({}), [403, 'global/account-inactive']);
  });

  it('keeps SSH keys, and makes a pair for who has none', async () => {
    const made = await lambda.data('POST', '/ssh-keys', { name: 'made' });
    assert.match(String(at(made, 'public_key')), /^ssh-ed25519 /);
    assert.match(String(at(made, 'private_key')), /BEGIN OPENSSH PRIVATE KEY/);
    const kept = await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
    assert.equal(at(kept, 'private_key'), undefined);
    assert.deepEqual(errorOf(await lambda.call('POST', '/ssh-keys', { name: 'mine', public_key: publicKey })), [400, 'global/invalid-parameters']);
    assert.equal(at(await lambda.data('GET', '/ssh-keys'), 'length'), 2);
    await lambda.data('DELETE', `/ssh-keys/${String(at(kept, 'id'))}`);
    assert.deepEqual(errorOf(await lambda.call('DELETE', `/ssh-keys/${String(at(kept, 'id'))}`)), [404, 'global/not-found']);
  });

  it('mounts filesystems of the region, and deletes none that is in use', async () => {
    const [site] = lambda.server.state.stock.free(lambda.server.state.stock.sites.find(({ type }) => type.name === 'gpu_1x_a10')?.type ?? assert.fail(), lambda.world.agenda.now());
    const here = await lambda.data('POST', '/filesystems', { name: 'here', region: site?.region.name });
    const there = lambda.server.state.stock.sites.find(({ region }) => region !== site?.region);
    await lambda.data('POST', '/filesystems', { name: 'there', region: there?.region.name });
    assert.deepEqual(errorOf(await lambda.call('POST', '/filesystems', { name: 'here', region: site?.region.name })), [400, 'global/duplicate']);
    await lambda.data('POST', '/ssh-keys', { name: 'mine', public_key: publicKey });
    const body = { region_name: site?.region.name, instance_type_name: 'gpu_1x_a10', ssh_key_names: ['mine'] };
    assert.deepEqual(errorOf(await lambda.call('POST', '/instance-operations/launch', { ...body, file_system_names: ['there'] })), [400, 'instance-operations/launch/file-system-in-wrong-region']);
    const id = await lambda.launch({ file_system_mounts: [{ mount_point: '/data/x', file_system_id: at(here, 'id') }], file_system_names: ['here'] });
    lambda.world.pass(10);
    assert.deepEqual(at(await lambda.data('GET', `/instances/${id}`), 'file_system_mounts'), [{ mount_point: '/data/x', file_system_id: at(here, 'id') }]);
    assert.deepEqual(errorOf(await lambda.call('DELETE', `/filesystems/${String(at(here, 'id'))}`)), [400, 'filesystems/filesystem-in-use']);
    await terminate(id);
    lambda.world.pass(60);
    assert.deepEqual(at(await lambda.data('DELETE', `/filesystems/${String(at(here, 'id'))}`), 'deleted_ids'), [at(here, 'id')]);
  });

  it('goes wrong as it is told to', async () => {
    const { faults } = lambda.world;
    const id = await lambda.launch();
    lambda.world.pass(10);
    faults.force('destroy-lies');
    assert.equal(at((await terminate(id)).body, 'data', 'terminated_instances', 0, 'status'), 'terminating');
    lambda.world.pass(300);
    assert.equal(await statusOf(id), 'active');
    faults.force('list-empty');
    assert.deepEqual(await ids(), []);
    faults.force('phantom-create');
    const phantom = await lambda.launch();
    lambda.world.pass(300);
    assert.deepEqual([await ids(), errorOf(await lambda.call('GET', `/instances/${phantom}`))], [[id], [404, 'global/object-does-not-exist']]);
    faults.force('create-500-after');
    await assert.rejects(lambda.launch());
    faults.force('create-timeout-after');
    await assert.rejects(lambda.launch());
    lambda.world.pass(10);
    assert.equal((await ids()).length, 3, 'both were launched all the same');
    faults.force('price-higher');
    const dear = await lambda.launch();
    lambda.world.pass(10);
    assert.equal(at(await lambda.data('GET', `/instances/${dear}`), 'instance_type', 'price_cents_per_hour'), 113);
  });

  it('renames, and knows no clusters', async () => {
    const id = await lambda.launch();
    lambda.world.pass(10);
    assert.equal(at(await lambda.data('POST', `/instances/${id}`, { name: 'other' }), 'name'), 'other');
    assert.equal(lambda.world.rentals.get('lambda', id)?.label, 'other');
    assert.deepEqual(await lambda.data('GET', '/instances?cluster_id=x'), []);
  });
});

describe('the pace of a practice Lambda', () => {
  it('is one request a second, and one launch in twelve', () => {
    let now = 0;
    const enter = createGate(key, true, () => now);
    const headers = { authorization: `Bearer ${key}` };
    const get = (): number => enter({ method: 'GET', path: '/api/v1/regions', headers })?.status ?? 200;
    const launch = (): number => enter({ method: 'POST', path: '/api/v1/instance-operations/launch', headers })?.status ?? 200;
    const said = [0, 999, 1000, 2000, 2100, 13_999].map((at, index) => {
      now = at;
      return index === 2 || index > 3 ? launch() : get();
    });
    assert.deepEqual(said, [200, 429, 200, 200, 429, 200]);
    now = 14_999;
    assert.deepEqual([launch(), (now += 1000, get())], [429, 200]);
    assert.equal(enter({ method: 'GET', path: '/api/v1/regions', headers: {} })?.status, 401, 'strangers use up nothing');
  });
});
