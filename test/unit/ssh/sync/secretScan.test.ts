import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { FolderSync, SyncOrder } from '../../../../src/domain/sync.ts';
import { withSecrets } from '../../../../src/domain/sync.ts';
import { systemClock } from '../../../../src/services/clock.ts';
import { carefulSync } from '../../../../src/ssh/sync/carefulSync.ts';
import { ownSecrets } from '../../../../src/ssh/sync/ownSecrets.ts';
import { createSecretScan } from '../../../../src/ssh/sync/secretScan.ts';
import { tempFolder } from '../support/tools.ts';
import { lay } from './support/trees.ts';

const scan = createSecretScan(systemClock);
const signal = new AbortController().signal;
// Put together here, so that no scanner of anybody's takes this file for a leak.
const runpod = `rpa_${'A1B2C3D4E5'.repeat(4)}`;
const vast = 'ab12'.repeat(16);
const lambda = `secret_my-key_0a1b2c.${'Z9y8X7w6'.repeat(4)}`;
const github = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;

describe('secrets on their way out', () => {
  const temp = tempFolder('gpu rental secrets ');

  it('are found by whose they are and where, and never told themselves', async () => {
    const root = lay(temp('project'), {
      'a.py': `x = 1\nkey = "${runpod}"\n`, 'b.sh': `export VAST_API_KEY=${vast}\n`, 'c.yaml': `token: ${github}\n`, vast_api_key: `${vast}\n`, 'd.env': `LAMBDA_API_KEY=${lambda}\n`, 'clean.py': 'print(1)\n',
    });
    const found = await scan(root, ['a.py', 'b.sh', 'c.yaml', 'd.env', 'vast_api_key', 'clean.py', 'gone'], signal);
    assert.deepEqual(found, [
      { path: 'a.py', line: 2, what: 'runpod' }, { path: 'b.sh', line: 1, what: 'vast' }, { path: 'c.yaml', line: 1, what: 'github' }, { path: 'd.env', line: 1, what: 'lambda' }, { path: 'vast_api_key', line: 1, what: 'vast' },
    ]);
    for (const secret of [runpod, vast, lambda, github]) assert.ok(!JSON.stringify(found).includes(secret));
  });

  it('are no hashes, no data and nothing that is too big to have been written', async () => {
    assert.deepEqual(ownSecrets(`sha256: ${vast}`, 'lock.yaml'), []);
    const root = lay(temp('data'), { 'weights.bin': Buffer.concat([Buffer.of(0), Buffer.from(runpod)]), 'huge.txt': `${runpod}\n`.repeat(20_000), noise: randomBytes(1000) });
    assert.deepEqual(await scan(root, ['weights.bin', 'huge.txt', 'noise'], signal), []);
  });

  it('can be turned away from in the middle', async () => {
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(scan(temp('x'), ['a'], stop.signal), { name: 'AbortError' });
  });

  it('keep their files here when nobody is asked, and are left to whoever is', async () => {
    const orders: SyncOrder[] = [];
    const sync: FolderSync = {
      up: (order) => {
        orders.push(order);
        return Promise.resolve({ files: 0, bytes: 0, seconds: 0, skipped: [] });
      },
      down: () => Promise.reject(new Error('not here')),
    };
    const careful = carefulSync(sync, () => Promise.resolve([{ path: 'a', line: 3, what: 'aws' }, { path: 'a', line: 9, what: 'aws' }]));
    const order = { localFolder: '/l', remoteFolder: '/r', signal } as SyncOrder;
    await careful.up(order);
    assert.deepEqual(await orders[0]?.vet?.(['a']), [{ path: 'a', why: 'It seems to hold a secret (aws, line 3).' }]);
    const vet = () => Promise.resolve([]);
    await careful.up({ ...order, vet });
    assert.equal(orders[1]?.vet, vet);
  });

  it('are told once for each file', () => assert.equal(withSecrets([{ path: 'a', line: 1, what: 'x' }, { path: 'b', line: 1, what: 'x' }, { path: 'a', line: 2, what: 'y' }]).length, 2));
});
