import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { testVast, type TestVast } from './testVast.ts';

describe('logs on Vast', () => {
  let vast: TestVast;
  let id: number;
  beforeEach(async () => {
    vast = await testVast();
    id = await vast.rent();
    vast.world.pass(200);
    const pod = await until('the pod', () => vast.world.pods.started[0]);
    for (const line of ['one', 'two', 'three']) pod.log(line);
  });
  afterEach(() => vast.close());

  const request = async (body: unknown = {}) => {
    const answer = await vast.call('PUT', `/api/v0/instances/request_logs/${id}/`, body);
    assert.equal(answer.body['success'], true);
    const url = new URL(String(answer.body['result_url']));
    assert.equal(url.origin, vast.url);
    return url.pathname;
  };
  const read = async (body: unknown = {}) => {
    const path = await request(body);
    return until('the log', async () => {
      const answer = await vast.call('GET', path, undefined, null);
      return answer.status === 200 ? answer.text : null;
    });
  };

  it('are not there at first, then readable by anybody', async () => {
    const path = await request();
    assert.equal((await vast.call('GET', path, undefined, null)).status, 404);
    const answer = await vast.call('GET', path, undefined, null);
    assert.deepEqual([answer.status, answer.text], [200, 'one\ntwo\nthree\n']);
    assert.equal((await vast.call('GET', '/instance_logs/ffff.log', undefined, null)).status, 404);
  });

  it('are cut to the tail and filtered', async () => {
    assert.equal(await read({ tail: '2' }), 'two\nthree\n');
    assert.equal(await read({ tail: '1000', filter: 'o' }), 'one\ntwo\n');
  });

  it('of the daemon tell how the container came up', async () => {
    assert.equal(await read({ daemon_logs: 'true' }), 'create container pytorch/pytorch\nstart container\n');
  });

  it('say so when there never was a container', async () => {
    vast.world.faults.force('no-capacity');
    id = await vast.rent({ cancel_unavail: false });
    assert.match(await read(), /No such container/);
  });
});
