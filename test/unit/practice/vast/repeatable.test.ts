import assert from 'node:assert/strict';
import { records, testVast, type Answer } from './testVast.ts';

/** A whole session, written down: ports and this server's own address differ by nature. */
async function session(seed: number, faults: Readonly<Record<string, number>>): Promise<readonly unknown[]> {
  const vast = await testVast({ seed, faults, creditUsd: 50 });
  const said: unknown[] = [];
  const dropped: Pick<Answer, 'status' | 'text' | 'body'> = { status: 0, text: 'dropped', body: {} };
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await vast.call(method, path, body).catch(() => dropped);
    said.push([method, path, answer.status, answer.text.replaceAll(/"(ssh_port|HostPort|ports)":[^,}\]]+/g, '').replaceAll(vast.url, '')]);
    return answer.body;
  };
  for (let round = 0; round < 4; round += 1) {
    const { offers } = await ask('POST', '/api/v0/bundles/', { rentable: { eq: true }, order: [['dph_total', 'asc']], limit: 3 });
    for (const offer of Array.isArray(offers) ? records(offers) : []) await ask('PUT', `/api/v0/asks/${String(offer['id'])}/`, { image: 'ubuntu', disk: 10, label: `round ${round}` });
    vast.world.pass(3600 * 5);
    const { instances } = await ask('GET', '/api/v1/instances/');
    for (const instance of Array.isArray(instances) ? records(instances) : []) await ask('PUT', `/api/v0/instances/${String(instance['id'])}/`, { state: round % 2 === 0 ? 'stopped' : 'running' });
    vast.world.pass(60);
  }
  await ask('GET', '/api/v0/users/current');
  await vast.close();
  return said;
}

describe('a Vast market of one seed', () => {
  it('answers the same questions the same way, ids and prices and charges', async () => {
    assert.deepEqual(await session(9, {}), await session(9, {}));
  });

  it('goes wrong in the same places too', async () => {
    const faults = { html: 0.1, 'half-json': 0.1, 'create-timeout-after': 0.2, 'server-error': 0.1, 'bad-image': 0.2, 'start-queued': 0.3, 'list-truncated': 0.2, 'price-higher': 0.2 };
    const [one, same] = [await session(9, faults), await session(9, faults)];
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, await session(9, {}));
  });

  it('differs from that of another seed', async () => {
    assert.notDeepEqual(await session(9, {}), await session(10, {}));
  });
});
