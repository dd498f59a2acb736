import assert from 'node:assert/strict';
import { refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

const body = { name: 'e', type: 'QUEUE', image: 'i', gpu: { pools: ['ADA_24'] }, workers: { min: 0, max: 2, idleTimeout: 10 }, scaling: { type: 'QUEUE_DELAY', queueDelay: 4 } };

describe('a practice endpoint', () => {
  let runpod: TestRunpod;
  beforeEach(async () => (runpod = await testRunpod()));
  afterEach(() => runpod.close());

  const create = async (change: object = {}): Promise<string> => (await runpod.call('POST', '/v2/serverless', { ...body, ...change })).body.text('id');
  const ask = async (id: string, seconds: number) => (await runpod.call('POST', `/v2/${id}/run`, { input: { seconds } })).body.at('status');
  const active = async (id: string) => (await runpod.call('GET', `/v2/serverless/${id}/workers`)).body.at('summary', 'total');
  const burn = () => runpod.world.ledger.burnUsdPerHour('runpod');
  const each = async (): Promise<number> => Number((await runpod.call('GET', '/v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090')).body.at('price', 'serverless'));

  it('costs nothing while nobody asks, and so much a worker while somebody does', async () => {
    const id = await create();
    runpod.world.pass(3600);
    assert.deepEqual([await active(id), burn()], [0, 0]);
    assert.equal(await ask(id, 60), 'IN_PROGRESS');
    assert.equal(await active(id), 1);
    assert.ok(Math.abs(burn() - (await each())) < 1e-9);
    runpod.world.pass(69);
    assert.equal(await active(id), 1, 'it waits a while to be asked again');
    runpod.world.pass(2);
    assert.deepEqual([await active(id), burn()], [0, 0]);
    const charged = runpod.world.ledger.chargedMicros('runpod', id, runpod.world.agenda.now());
    assert.ok(Math.abs(charged / 1e6 - ((await each()) * 70) / 3600) < 2e-6);
  });

  it('has as many workers as are asked for, up to its most', async () => {
    const id = await create();
    assert.deepEqual([await ask(id, 60), await ask(id, 60), await ask(id, 60)], ['IN_PROGRESS', 'IN_PROGRESS', 'IN_QUEUE']);
    assert.equal(await active(id), 2);
    runpod.world.pass(61);
    await ask(id, 60);
    assert.equal(await active(id), 2, 'one that waits takes it');
  });

  it('keeps its least, also when nobody asks, until it may have none', async () => {
    const id = await create({ workers: { min: 1, max: 2, idleTimeout: 5 } });
    runpod.world.pass(3600);
    assert.equal(await active(id), 1);
    await runpod.call('PATCH', `/v2/serverless/${id}`, { workers: { min: 0, max: 0 } });
    assert.deepEqual([await active(id), burn()], [0, 0]);
    assert.equal(await ask(id, 1), 'IN_QUEUE');
  });

  it('is gone when it is deleted, its bill excepted, which is no pod’s', async () => {
    const id = await create();
    await ask(id, 600);
    runpod.world.pass(7200);
    await runpod.call('DELETE', `/v2/serverless/${id}`);
    assert.equal(burn(), 0);
    assert.equal((await runpod.call('GET', `/v2/serverless/${id}`)).status, 404);
    assert.equal((await runpod.call('GET', '/v2/billing/serverless?bucketSize=hour')).body.list('records').length > 0, true);
    assert.deepEqual((await runpod.call('GET', '/v2/billing/pods?bucketSize=hour')).body.list('records'), []);
  });

  it('is made from one set of GPUs that there is', async () => {
    assert.equal(refusal(await runpod.call('POST', '/v2/serverless', { ...body, gpu: undefined })).status, 400);
    assert.equal(refusal(await runpod.call('POST', '/v2/serverless', { ...body, gpu: { pools: ['ADA_24'], excludedTypes: ['NVIDIA GeForce RTX 4090'] } })).status, 400);
    runpod.world.faults.force('phantom-create');
    assert.equal((await runpod.call('GET', `/v2/serverless/${await create()}`)).status, 404);
  });
});
