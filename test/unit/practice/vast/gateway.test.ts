import assert from 'node:assert/strict';
import { records, testVast, type TestVast } from './testVast.ts';

describe('what stands between a client and Vast', () => {
  let vast: TestVast;
  beforeEach(async () => {
    vast = await testVast();
  });
  afterEach(() => vast.close());

  const labels = async () => {
    vast.world.faults.clear();
    return records((await vast.call('GET', '/api/v1/instances/')).body['instances']).map((row) => row['label']);
  };
  const create = async (label: string) => {
    const [offer] = await vast.search({ rentable: { eq: true }, limit: 1, allocated_storage: 10 });
    return { put: () => vast.call('PUT', `/api/v0/asks/${String(offer?.['id'])}/`, { image: 'ubuntu', disk: 10, label }) };
  };

  it('may swallow the answer to a create that was carried out', async () => {
    for (const fault of ['html', 'half-json']) {
      vast.world.faults.clear();
      const { put } = await create(fault);
      vast.world.faults.set(fault, 1);
      const answer = await put();
      assert.deepEqual(answer.body, {}, 'no object can be read from it');
      if (fault === 'html') assert.ok([200, 502].includes(answer.status));
      else assert.equal(answer.status, 200);
    }
    assert.deepEqual((await labels()).toSorted(), ['half-json', 'html']);
  });

  it('may refuse before anything is carried out', async () => {
    for (const [fault, statuses] of [['server-error', [500, 503]], ['rate-limit', [429]]] as const) {
      vast.world.faults.clear();
      const { put } = await create(fault);
      vast.world.faults.set(fault, 1);
      const { status } = await put();
      assert.ok(statuses.map(Number).includes(status), `${fault} ${status}`);
    }
    assert.deepEqual(await labels(), []);
  });

  it('spares the published logs', async () => {
    for (const fault of ['html', 'server-error', 'rate-limit']) vast.world.faults.set(fault, 1);
    assert.equal((await vast.call('GET', '/instance_logs/none.log', undefined, null)).status, 404);
  });

  it('hits with the probability it was given, for each call anew', async () => {
    vast.world.faults.set('vast.server-error', 0.5);
    let failed = 0;
    for (let count = 0; count < 60; count += 1) failed += Number((await vast.call('GET', '/api/v0/users/current')).status >= 500);
    assert.ok(failed > 15 && failed < 45, String(failed));
    assert.equal(vast.world.faults.counts.get('vast.server-error'), failed);
  });
});
