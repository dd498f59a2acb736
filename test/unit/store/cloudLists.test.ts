import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { listedClouds, type CloudList, type ListedCloud } from '../../../src/domain/cloudPrice.ts';
import { usdPerHour } from '../../../src/domain/money.ts';
import { createCloudLists } from '../../../src/store/cloudLists.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const list = (cloud: ListedCloud, dollars: number): CloudList => ({
  cloud, source: 'a list', at: 1_780_000_000_000, prices: [{ instance: 'one', region: 'here', onDemand: usdPerHour(dollars), spot: usdPerHour(dollars / 2), vcpus: 4 }],
});

describe('kept price lists', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => { folder = temporaryFolder(); });
  afterEach(() => folder[Symbol.dispose]());
  const state = (): string => join(folder.path, 'state');
  const file = (): string => join(state(), 'cloud-prices.json');

  it('are none at first, and make no folder by being read', async () => {
    assert.deepEqual(await createCloudLists(state()).read(), []);
    assert.ok(!existsSync(state()));
  });

  it('are there for whoever opens them next, one of each cloud', async () => {
    const lists = createCloudLists(state());
    await lists.keep(list('aws', 1));
    await lists.keep(list('gcp', 2));
    await lists.keep(list('aws', 3));
    assert.deepEqual(await createCloudLists(state()).read(), [list('gcp', 2), list('aws', 3)]);
    assert.deepEqual(readdirSync(state()), ['cloud-prices.json'], 'nothing half-written is left');
    if (process.platform !== 'win32') assert.equal(statSync(file()).mode & 0o777, 0o600);
  });

  it('come back to the micro-dollar', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...listedClouds), fc.integer({ min: 2, max: 1e9 }), async (cloud, micro) => {
      await createCloudLists(state()).keep(list(cloud, micro / 1e6));
      assert.deepEqual((await createCloudLists(state()).read()).find((one) => one.cloud === cloud), list(cloud, micro / 1e6));
    }), { numRuns: 20 });
  });

  it('are none where the file is cut, of another version, too large or of somebody else', async () => {
    await createCloudLists(state()).keep(list('aws', 1));
    const whole = readFileSync(file(), 'utf8');
    for (const text of [whole.slice(0, whole.length / 2), '', '[]', whole.replace('"version":1', '"version":2'), whole.replace('1000000', '-1'), whole.replace('"aws"', '"mars"'), ' '.repeat(2_100_000)]) {
      writeFileSync(file(), text);
      assert.deepEqual(await createCloudLists(state()).read(), []);
    }
    await createCloudLists(state()).keep(list('azure', 2));
    assert.deepEqual((await createCloudLists(state()).read()).map(({ cloud }) => cloud), ['azure'], 'and are written anew');
  });

  it('fail where nothing can be read, so that somebody says so', async () => {
    mkdirSync(file(), { recursive: true });
    await assert.rejects(createCloudLists(state()).read());
  });
});
