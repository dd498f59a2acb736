// Price lists from the door to the file that is kept, over real connections.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { cloudAreas, cloudRegions, type ListedCloud } from '../../src/domain/cloudPrice.ts';
import { createElsewhere } from '../../src/elsewhere.ts';
import { listPrices } from '../../src/estimate/catalogue/prices.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { quickClock } from '../fakes/quickClock.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { zipArchive } from '../fakes/zipArchive.ts';
import { awsTable, azureItem, azurePage, gcpTable, type Machine } from './providers/catalogues/lists.ts';
import { send, startServer, type Reply } from './providers/http/localServer.ts';

/** Every machine that we know, in all three parts of the world, half as dear again as the table has it. */
const machines = (cloud: ListedCloud): readonly Machine[] => cloudAreas.flatMap((area) => listPrices
  .filter((price) => price.cloud === cloud)
  .map(({ instance, usdPerHour }) => ({ instance, region: cloudRegions[cloud][area], price: usdPerHour * 1.5, spot: usdPerHour / 2 })));

const archive = zipArchive({ 'aws.csv': awsTable(machines('aws')) });
const lists: Reply = (response, received, count) => {
  if (received.url.endsWith('/version')) return send(200, '20261129-1')(response, received, count);
  if (received.url.endsWith('.zip')) return void response.writeHead(200, { 'content-type': 'application/zip' }).end(archive);
  if (received.url.startsWith('/api/retail/prices')) return send(200, azurePage(machines('azure').map((machine) => azureItem(machine))))(response, received, count);
  return send(200, gcpTable(machines('gcp')), { 'last-modified': 'Sun, 29 Nov 2026 00:00:00 GMT' })(response, received, count);
};

describe('elsewhere', () => {
  it('asks nobody before somebody wants it, reads every list, and keeps them for the next start', async () => {
    using folder = temporaryFolder();
    await using server = await startServer(lists);
    const make = () => createElsewhere({ stateFolder: folder.path, clock: quickClock(1000), log: new FakeLog(), version: 'test', env: { GPU_RENTAL_CATALOGUES_URL: server.origin } });
    const prices = await make().prices();
    assert.deepEqual([prices.prices, server.received.length, readdirSync(folder.path)], [listPrices, 0, []]);
    const ended = await prices.refresh();
    assert.deepEqual(ended, [{ cloud: 'aws', read: 87, refused: 0, missing: 0 }, { cloud: 'azure', read: 45, refused: 0, missing: 0 }, { cloud: 'gcp', read: 54, refused: 0, missing: 0 }]);
    assert.ok(server.received.every(({ method, headers }) => method === 'GET' && headers.authorization === undefined));
    const asked = server.received.length;
    const next = await make().prices();
    assert.deepEqual(next.prices, prices.prices);
    assert.equal(server.received.length, asked);
    const [tokyo] = next.prices.filter(({ instance, region }) => instance === 'p5.4xlarge' && region === 'ap-northeast-1');
    assert.deepEqual([tokyo?.usdPerHour.toFixed(2), tokyo?.spotUsdPerHour, tokyo?.readOn, tokyo?.ramGb, tokyo?.source], ['10.32', 3.44, '2026-11-29', 32, 'dstack 20261129-1']);
  });

  it('tests a GPUFlow key at the address that the environment names', async () => {
    await using server = await startServer(send(200, { data: [{ id: 'one' }] }));
    const elsewhere = createElsewhere({ stateFolder: '/nowhere', clock: quickClock(1000), log: new FakeLog(), version: 'test', env: { GPU_RENTAL_GPUFLOW_URL: server.origin } });
    const door = await elsewhere.gpuflow();
    assert.deepEqual([door.baseUrl, await door.models('gfk_1')], [`${server.origin}/v1`, ['one']]);
  });
});
