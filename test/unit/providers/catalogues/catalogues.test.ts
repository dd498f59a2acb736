import assert from 'node:assert/strict';
import type { Catalogues, CloudQuote, ListedCloud, Wanted } from '../../../../src/domain/cloudPrice.ts';
import { isRentError, type ErrorCode } from '../../../../src/domain/errors.ts';
import { catalogueOrigins, createCatalogues } from '../../../../src/providers/catalogues/catalogues.ts';
import { quickClock } from '../../../fakes/quickClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { zipArchive } from '../../../fakes/zipArchive.ts';
import { drop, send, startServer, type LocalServer, type Reply } from '../http/localServer.ts';
import { awsTable, azureItem, azurePage, gcpTable, type Machine } from './lists.ts';

const at = (server: LocalServer): Catalogues =>
  createCatalogues({ clock: quickClock(1000), log: new FakeLog(), version: 'test', origins: { aws: server.origin, azure: server.origin, gcp: server.origin } });
const wanted: Wanted = { instances: ['one', 'two'], regions: ['here', 'there'] };
const machines: readonly Machine[] = [
  { instance: 'one', region: 'here', price: 1.5, spot: 0.5 }, { instance: 'two', region: 'there', price: 12 },
  { instance: 'three', region: 'here', price: 9 }, { instance: 'one', region: 'far', price: 9 },
];
const told = (quotes: readonly CloudQuote[]): string[] => quotes.map(({ instance, region, kind, usdPerHour }) => `${instance} ${region} ${kind} ${usdPerHour}`);
const ours = ['one here on-demand 1.5', 'one here spot 0.5', 'two there on-demand 12'];

const binary = (status: number, body: Buffer): Reply => (response) => void response.writeHead(status, { 'content-type': 'application/zip', 'content-length': body.length }).end(body);
const aws = (archive: Buffer): Reply => (response, received, count) => (received.url.endsWith('/version') ? send(200, '20260819-4711\n') : binary(200, archive))(response, received, count);

async function fails(read: Promise<unknown>, code: ErrorCode = 'badResponse'): Promise<void> {
  await assert.rejects(read, (error) => isRentError(error, code));
}

describe('the list of AWS', () => {
  it('is the newest issue of the archive, read without a key', async () => {
    await using server = await startServer(aws(zipArchive({ 'aws.csv': awsTable(machines) })));
    const page = await at(server).read('aws', wanted);
    assert.deepEqual([told(page.quotes), page.dropped, page.source, page.at], [ours, 0, 'dstack 20260819-4711', Date.UTC(2026, 7, 19)]);
    assert.deepEqual([page.quotes[0]?.vcpus, page.quotes[0]?.ramGb], [8, 32]);
    assert.deepEqual(server.received.map(({ method, url, headers }) => [method, url, headers.authorization, headers.cookie]), [['GET', '/v3/aws/version', undefined, undefined], ['GET', '/v3/aws/20260819-4711/catalog.zip', undefined, undefined]]);
  });

  it('loses a line that has no price, and says so', async () => {
    const table = awsTable(machines).replace('one,here,1.5,', 'one,here,,').replace('two,there,12,', 'two,there,free,');
    await using server = await startServer(aws(zipArchive({ 'aws.csv': table })));
    const { quotes, dropped } = await at(server).read('aws', wanted);
    assert.deepEqual([told(quotes), dropped], [['one here spot 0.5'], 2]);
  });

  it('is none where the archive was cut in half, though all bytes came that were promised', async () => {
    const archive = zipArchive({ 'aws.csv': awsTable(machines) });
    await using server = await startServer(aws(archive.subarray(0, archive.length / 2)));
    await fails(at(server).read('aws', wanted));
  });

  it('is none where the connection breaks, the issue is no issue, or the table is another', async () => {
    await using server = await startServer((response, received, count) => (received.url.endsWith('/version') ? send(200, '20260819-1')(response, received, count) : drop(response, received, count)));
    await fails(at(server).read('aws', wanted), 'network');
    server.reply = send(200, '../../secret');
    await fails(at(server).read('aws', wanted));
    server.reply = aws(zipArchive({ 'aws.csv': 'a,b\r\n1,2\r\n' }));
    await fails(at(server).read('aws', wanted));
    server.reply = send(404, '<Error><Code>NoSuchKey</Code></Error>');
    await fails(at(server).read('aws', wanted));
    server.reply = send(503, 'slow down');
    await fails(at(server).read('aws', wanted), 'serverError');
  });
});

describe('the list of Azure', () => {
  it('is asked for our machines in our regions, and read page by page', async () => {
    await using server = await startServer((response, received, count) => {
      const second = received.url.includes('skip=2');
      send(200, azurePage(second ? [azureItem({ instance: 'two', region: 'there', price: 12 })] : [
        azureItem({ instance: 'one', region: 'here', price: 1.5 }), azureItem({ instance: 'one', region: 'here', price: 0.5 }, { skuName: 'one Spot', meterName: 'one Spot' }),
      ], second ? null : 'https://elsewhere.invalid:443/api/retail/prices?$filter=x&$skip=2'))(response, received, count);
    });
    const page = await at(server).read('azure', wanted);
    assert.deepEqual([told(page.quotes), page.dropped, page.source], [ours, 0, 'Azure Retail Prices']);
    const [first, second] = server.received.map(({ url }) => new URL(url, server.origin));
    assert.equal(first?.searchParams.get('$filter'), "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and (armRegionName eq 'here' or armRegionName eq 'there') and (armSkuName eq 'one' or armSkuName eq 'two')");
    assert.deepEqual([first?.searchParams.get('$skip'), second?.searchParams.get('$skip'), second?.searchParams.get('$filter')], [null, '2', first?.searchParams.get('$filter')], 'the link is followed with our own words');
  });

  it('leaves out what is another thing of the same name', async () => {
    const machine = { instance: 'one', region: 'here', price: 9 };
    await using server = await startServer(send(200, azurePage([
      azureItem(machine, { productName: 'Virtual Machines NCA100v4 Series Windows' }), azureItem(machine, { productName: 'Virtual Machines NCCadsv5 Srs Win' }),
      azureItem(machine, { skuName: 'one Low Priority' }), azureItem(machine, { type: 'DevTestConsumption' }), azureItem(machine, { productName: 'NCA100v4 Series Cloud Services' }),
      azureItem({ ...machine, region: 'far' }), azureItem({ ...machine, price: 1.5 }),
    ])));
    assert.deepEqual(told((await at(server).read('azure', wanted)).quotes), ['one here on-demand 1.5']);
  });

  it('drops what is in another unit or currency, or is no line at all', async () => {
    const machine = { instance: 'one', region: 'here', price: 9 };
    await using server = await startServer(send(200, azurePage([
      azureItem(machine, { unitOfMeasure: '1/Month' }), azureItem(machine, { currencyCode: 'EUR' }), azureItem(machine, { retailPrice: '9' }), {}, azureItem(machine),
    ])));
    const { quotes, dropped } = await at(server).read('azure', wanted);
    assert.deepEqual([told(quotes), dropped], [['one here on-demand 9'], 4]);
  });

  it('asks on after a full page that names no next one', async () => {
    const full = Array.from({ length: 100 }, () => azureItem({ instance: 'one', region: 'here', price: 1.5 }));
    await using server = await startServer((response, received, count) => send(200, azurePage(count === 1 ? full : []))(response, received, count));
    assert.equal((await at(server).read('azure', wanted)).quotes.length, 100);
    assert.equal(server.received.length, 2);
  });

  it('is none where a page fails, leads back or never ends', async () => {
    const item = azureItem({ instance: 'one', region: 'here', price: 1.5 });
    await using server = await startServer((response, received, count) => (count === 1 ? send(200, azurePage([item], 'https://x/?$skip=1')) : drop)(response, received, count));
    await fails(at(server).read('azure', wanted), 'network');
    server.reply = send(200, azurePage([item], 'https://x/?$skip=0'));
    await fails(at(server).read('azure', wanted));
    server.reply = (response, received, count) => send(200, azurePage([item], `https://x/?$skip=${count}`))(response, received, count);
    await fails(at(server).read('azure', wanted));
    server.reply = send(200, azurePage([item], 'https://x/no-place'));
    await fails(at(server).read('azure', wanted));
    server.reply = send(200, azurePage([item]).slice(0, 200));
    await fails(at(server).read('azure', wanted));
    server.reply = send(200, { Error: { Code: 'BadRequest' } });
    await fails(at(server).read('azure', wanted));
  });
});

describe('the list of Google Cloud', () => {
  it('is one table of every machine, of the day that it was made', async () => {
    await using server = await startServer(send(200, gcpTable(machines), { 'content-type': 'text/csv', 'last-modified': 'Thu, 20 Aug 2026 04:00:00 GMT' }));
    const page = await at(server).read('gcp', wanted);
    assert.deepEqual([told(page.quotes), page.dropped, page.source, page.at], [ours, 0, 'gcloud-compute.com', Date.UTC(2026, 7, 20, 4)]);
    assert.deepEqual([page.quotes[0]?.vcpus, page.quotes[0]?.ramGb, server.received[0]?.url], [4, 16, '/machine-types-regions.csv']);
  });

  it('loses a machine that nobody has priced, and says so', async () => {
    await using server = await startServer(send(200, gcpTable([{ instance: 'one', region: 'here', price: 0 }, { instance: 'two', region: 'here', price: 3 }])));
    const { quotes, dropped } = await at(server).read('gcp', wanted);
    assert.deepEqual([told(quotes), dropped], [['two here on-demand 3'], 1]);
  });

  it('is none where it was cut', async () => {
    const table = gcpTable(machines);
    await using server = await startServer(send(200, table.slice(0, -20)));
    await fails(at(server).read('gcp', wanted));
    server.reply = (response) => {
      response.writeHead(200, { 'content-length': table.length });
      response.write(table.slice(0, table.length / 2), () => response.destroy());
    };
    await fails(at(server).read('gcp', wanted), 'network');
  });
});

describe('the sources of lists', () => {
  it('are asked over TLS, one for each cloud', () => {
    const origins = Object.values(catalogueOrigins);
    assert.equal(new Set(origins).size, 3);
    for (const origin of origins) assert.match(origin, /^https:\/\/[a-z0-9.-]+$/);
  });

  it('are let go of when somebody turns away', async () => {
    for (const cloud of ['aws', 'azure', 'gcp'] satisfies ListedCloud[]) {
      const away = new AbortController();
      await using server = await startServer(() => away.abort());
      await assert.rejects(at(server).read(cloud, wanted, away.signal), { name: 'AbortError' });
    }
  });
});
