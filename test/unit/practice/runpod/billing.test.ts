import assert from 'node:assert/strict';
import { problemOf, refusal, testRunpod, type Json, type TestRunpod } from './testRunpod.ts';

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 5e-6, `${actual} is not ${expected}`);

describe('practice RunPod billing', () => {
  let runpod: TestRunpod;
  beforeEach(async () => {
    // Boots at once, at midnight of a first of October.
    runpod = await testRunpod({ bootScale: 0 });
  });
  afterEach(() => runpod.close());
  const get = async (path: string): Promise<Json> => {
    const answer = await runpod.call('GET', path);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };

  it('shows a pod hour by hour, an hour late', async () => {
    const id = await runpod.create({ mounts: { persistent: { size: 100, path: '/workspace' } } });
    runpod.world.pass(3600);
    assert.deepEqual((await get('/v2/billing/pods?bucketSize=hour&lastN=24')).list('records'), [], 'nothing is known for the first hour');
    runpod.world.pass(3600);
    const bill = await get(`/v2/billing/pods?bucketSize=hour&lastN=24&podId=${id}`);
    const [record, ...rest] = bill.list('records');
    assert.deepEqual(rest, []);
    assert.deepEqual([record?.at('podId'), record?.at('startTime'), record?.at('endTime')], [id, '2026-10-01T00:00:00.000Z', '2026-10-01T01:00:00.000Z']);
    near(record?.number('gpuAmount') ?? 0, 0.59);
    near(record?.number('diskAmount') ?? 0, (40 * 0.1 + 100 * 0.1) / 730);
    near(record?.number('totalAmount') ?? 0, 0.59 + 14 / 730);
    assert.equal(record?.at('cpuAmount'), 0);
  });

  it('adds up to what the ledger charged until an hour ago', async () => {
    const one = await runpod.create();
    runpod.world.pass(5400);
    const two = await runpod.create({ cloud: 'COMMUNITY', mounts: { persistent: { size: 50, path: '/w' } } });
    runpod.world.pass(2.5 * 3600);
    await runpod.call('POST', `/v2/pods/${two}/action`, { action: 'stop' });
    runpod.world.pass(86_400);
    await runpod.call('DELETE', `/v2/pods/${one}`);
    runpod.world.pass(3601);
    const until = runpod.world.clock.now() - 3_600_000;
    const truth = [one, two].reduce((sum, id) => sum + runpod.world.ledger.chargedMicros('runpod', id, until), 0) / 1e6;
    for (const size of ['hour', 'day', 'week', 'month', 'year']) {
      const bill = await get(`/v2/billing/pods?bucketSize=${size}`);
      const sum = bill.list('records').reduce((total, record) => total + record.number('totalAmount'), 0);
      near(sum, bill.number('metadata', 'totals', 'totalAmount'));
      // Each bucket is rounded down to a micro-dollar by kind.
      assert.ok(truth - sum >= -1e-9 && truth - sum < 3e-6 * bill.number('metadata', 'recordCount') + 1e-9, `${size}: ${sum} against ${truth}`);
      assert.equal(bill.at('metadata', 'uniquePodCount'), 2);
      near((await get(`/v2/billing?bucketSize=${size}`)).number('metadata', 'totals', 'totalAmount'), sum);
    }
  });

  it('snaps a period outward and echoes it', async () => {
    await runpod.create();
    runpod.world.pass(10 * 3600);
    const bill = await get('/v2/billing/pods?bucketSize=hour&startTime=2026-10-01T02:30:00Z&endTime=2026-10-01T04:10:00Z');
    assert.deepEqual(bill.at('metadata', 'query'), { startTime: '2026-10-01T02:00:00.000Z', endTime: '2026-10-01T05:00:00.000Z', bucketSize: 'hour', podId: null });
    assert.equal(bill.at('metadata', 'recordCount'), 3);
    const days = await get('/v2/billing?lastN=2');
    assert.deepEqual(days.at('metadata', 'query'), { startTime: '2026-09-30T00:00:00.000Z', endTime: '2026-10-02T00:00:00.000Z', bucketSize: 'day' });
    near(days.number('records', 0, 'podGpuAmount'), 9 * 0.59);
  });

  it('keeps network volumes apart', async () => {
    const made = await runpod.call('POST', '/v2/network-volumes', { name: 'v', size: 1500, dataCenter: 'US-KS-2', type: 'STANDARD' });
    const fast = await runpod.call('POST', '/v2/network-volumes', { name: 'w', size: 100, dataCenter: 'US-KS-2', type: 'HIGH_PERFORMANCE' });
    runpod.world.pass(11 * 3600);
    const bill = await get('/v2/billing/network-volumes?bucketSize=day');
    assert.equal(bill.at('metadata', 'uniqueNetworkVolumeCount'), 2);
    near(bill.number('metadata', 'totals', 'standardAmount'), ((1000 * 0.07 + 500 * 0.05) / 730) * 10);
    near(bill.number('metadata', 'totals', 'highPerformanceAmount'), ((100 * 0.14) / 730) * 10);
    assert.deepEqual((await get(`/v2/billing/network-volumes?networkVolumeId=${fast.body.text('id')}`)).list('records').map((record) => record.at('standardAmount')), [0]);
    assert.deepEqual((await get('/v2/billing/pods')).list('records'), []);
    near((await get('/v2/billing')).number('metadata', 'totals', 'storageStandardAmount'), ((1000 * 0.07 + 500 * 0.05) / 730) * 10);
    assert.equal(made.status, 201);
  });

  for (const [query, status, detail, errors] of [
    ['bucketSize=minute', 422, 'Request validation failed.', ["query.bucketSize: value must be one of 'hour', 'day', 'week', 'month', 'year'"]],
    ['lastN=0', 422, 'Request validation failed.', ['query.lastN: minimum: got 0, want 1']],
    ['startTime=yesterday', 422, 'Request validation failed.', ["query.startTime: 'yesterday' is not valid date-time"]],
    ['lastN=2&startTime=2026-09-01T00:00:00Z', 400, 'lastN is mutually exclusive with startTime/endTime'],
    ['startTime=2026-09-02T00:00:00Z&endTime=2026-09-01T00:00:00Z', 400, 'startTime must be before endTime'],
  ] as const) {
    it(`refuses ?${query}`, async () => {
      for (const route of ['/v2/billing', '/v2/billing/pods', '/v2/billing/network-volumes']) {
        assert.deepEqual(refusal(await runpod.call('GET', `${route}?${query}`)), problemOf(status, detail, errors), route);
      }
    });
  }
});
