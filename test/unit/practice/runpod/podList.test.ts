import assert from 'node:assert/strict';
import { problemOf, refusal, testRunpod, type TestRunpod } from './testRunpod.ts';

describe('practice RunPod: listing and changing pods', () => {
  let runpod: TestRunpod;
  afterEach(() => runpod.close());
  const list = async (query = '') => (await runpod.call('GET', `/v2/pods${query}`)).body;
  const patch = (id: string, body: unknown) => runpod.call('PATCH', `/v2/pods/${id}`, body);

  it('lists newest first, page by page, through pods that come and go', async () => {
    runpod = await testRunpod();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.unshift(await runpod.create());
      runpod.world.pass(1);
    }
    const all = await list();
    assert.deepEqual(all.list('pods').map((pod) => pod.at('id')), ids);
    assert.deepEqual(all.at('pagination'), { hasNextPage: false, nextCursor: null });
    const first = await list('?limit=2');
    assert.deepEqual(first.list('pods').map((pod) => pod.at('id')), ids.slice(0, 2));
    assert.equal(first.at('pagination', 'hasNextPage'), true);
    await runpod.create();
    await runpod.call('DELETE', `/v2/pods/${ids[1]}`);
    const second = await list(`?limit=2&cursor=${first.text('pagination', 'nextCursor')}`);
    assert.deepEqual(second.list('pods').map((pod) => pod.at('id')), ids.slice(2, 4));
    const third = await list(`?limit=2&cursor=${second.text('pagination', 'nextCursor')}`);
    assert.deepEqual(third.list('pods').map((pod) => pod.at('id')), ids.slice(4));
    assert.deepEqual(third.at('pagination'), { hasNextPage: false, nextCursor: null });
  });

  it('pages through pods made in the same moment', async () => {
    runpod = await testRunpod();
    const ids = new Set([await runpod.create(), await runpod.create(), await runpod.create()]);
    const seen: unknown[] = [];
    let page = await list('?limit=1');
    for (let turns = 0; turns < 5; turns += 1) {
      seen.push(page.at('pods', 0, 'id'));
      if (page.at('pagination', 'hasNextPage') !== true) break;
      page = await list(`?limit=1&cursor=${page.text('pagination', 'nextCursor')}`);
    }
    assert.deepEqual(new Set(seen), ids);
    assert.equal(seen.length, 3);
  });

  it('refuses a cursor it did not give and a limit out of range', async () => {
    runpod = await testRunpod();
    assert.deepEqual(refusal(await runpod.call('GET', '/v2/pods?cursor=junk')), problemOf(422, 'Request validation failed.', ['query.cursor: invalid cursor']));
    for (const limit of ['0', '1001', 'all']) assert.equal((await runpod.call('GET', `/v2/pods?limit=${limit}`)).status, 422, limit);
    assert.equal((await runpod.call('GET', '/v2/pods?includeClusterPods=perhaps')).status, 422);
    assert.equal((await runpod.call('GET', '/v2/pods?includeClusterPods=false')).status, 200);
  });

  it('can answer as older servers do, without pagination', async () => {
    runpod = await testRunpod({}, { pagination: false });
    await runpod.create();
    assert.deepEqual(Object.keys((await list()).value ?? {}), ['pods']);
  });

  it('changes what may change, and the label of the truth with it', async () => {
    runpod = await testRunpod();
    const id = await runpod.create({ mounts: { persistent: { size: 20, path: '/workspace' } } });
    const changed = await patch(id, { name: 'renamed', env: { A: 'b' }, disk: 60, locked: true, mounts: { persistent: { size: 30, path: '/data' } } });
    assert.equal(changed.status, 200);
    assert.deepEqual(['name', 'env', 'disk', 'locked', 'mounts', 'image'].map((key) => changed.body.at(key)), ['renamed', { A: 'b' }, 60, true, { persistent: { size: 30, path: '/data' } }, 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404']);
    assert.equal(runpod.world.rentals.get('runpod', id)?.label, 'renamed');
    assert.deepEqual((await patch(id, {})).body.at('name'), 'renamed');
    const fromTemplate = await patch(id, { templateId: 'runpod-ubuntu', disk: 61 });
    assert.deepEqual([fromTemplate.body.at('image'), fromTemplate.body.at('disk'), fromTemplate.body.at('env')], ['runpod/base:1.0.2-ubuntu2404', 61, {}]);
  });

  it('throws a running container away when its settings change, and not for a new name', async () => {
    runpod = await testRunpod({ bootScale: 0 });
    const id = await runpod.create();
    runpod.world.pass(1);
    assert.equal((await runpod.pod(id)).at('status'), 'RUNNING');
    await patch(id, { name: 'other' });
    assert.equal(runpod.world.rentals.get('runpod', id)?.state, 'running');
    runpod.world.pass(5);
    const before = runpod.world.rentals.get('runpod', id)?.runningSince;
    await patch(id, { env: { A: 'b' } });
    runpod.world.pass(1);
    assert.notEqual(runpod.world.rentals.get('runpod', id)?.runningSince, before);
  });

  it('stops no locked pod', async () => {
    runpod = await testRunpod();
    const id = await runpod.create();
    await patch(id, { locked: true });
    assert.deepEqual(refusal(await runpod.call('POST', `/v2/pods/${id}/action`, { action: 'stop' })), problemOf(409, 'cannot stop a locked pod'));
    await patch(id, { locked: false });
    assert.equal((await runpod.call('POST', `/v2/pods/${id}/action`, { action: 'stop' })).status, 200);
  });

  it('refuses changes that are not possible', async () => {
    runpod = await testRunpod();
    const bare = await runpod.create();
    const mounted = await runpod.create({ mounts: { persistent: { size: 20, path: '/workspace' } } });
    for (const [id, body, status, detail] of [
      [bare, { mounts: { persistent: { size: 20, path: '/w' } } }, 400, 'mounts.persistent cannot be added after creation'],
      [mounted, { mounts: { network: [{ volumeId: 'v', path: '/w' }] } }, 400, 'mounts.network cannot be added after creation'],
      [mounted, { mounts: { network: [] } }, 400, 'clearing mounts is not supported'],
      [mounted, { mounts: { persistent: { size: 10, path: '/workspace' } } }, 400, 'mounts.persistent.size cannot be reduced'],
      [bare, { templateId: 'nope' }, 404, 'template not found'],
      [bare, { templateId: 'runpod-worker-vllm' }, 422, 'serverless templates cannot be applied to pods'],
      [bare, { registry: 'nope' }, 404, 'container registry credential not found'],
      [bare, { ports: ['ssh'] }, 400, 'invalid port "ssh": expected <port>/<tcp|http>'],
      ['nope', { name: 'x' }, 404, 'pod not found'],
    ] as const) {
      assert.deepEqual(refusal(await patch(id, body)), problemOf(status, detail), JSON.stringify(body));
    }
    assert.deepEqual(refusal(await patch(bare, { gpu: { id: 'x' } })), problemOf(422, 'Request validation failed.', ["$: additional properties 'gpu' not allowed"]));
  });
});
