import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import ssh2 from 'ssh2';
import { startMarket, type Market, type MarketOptions } from '../../../src/practice/market.ts';
import { isRecord } from '../../../src/practice/vast/answers.ts';
import { fakePods } from './fakePods.ts';
import { until } from './until.ts';

type Row = Readonly<Record<string, unknown>>;

async function json(url: string, init?: RequestInit): Promise<Row> {
  const body: unknown = await (await fetch(url, init)).json();
  assert.ok(isRecord(body));
  return body;
}

describe('a practice market', () => {
  let dir: string;
  let market: Market;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'market-test-'));
  });
  afterEach(async () => {
    await market.close();
    assert.deepEqual(await readdir(dir), [], 'the market leaves no folder behind');
    await rm(dir, { recursive: true });
  });
  const open = async (options: MarketOptions = {}) =>
    (market = await startMarket({ dir, rateLimits: false, podMaker: fakePods(), ...options }));

  const vast = (method: string, path: string, body?: unknown) =>
    json(market.vast.url + path, {
      method,
      headers: { authorization: `Bearer ${market.vast.apiKey}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const rent = async (body: Row = {}): Promise<number> => {
    const { offers } = await vast('POST', '/api/v0/bundles/', {
      rentable: { eq: true },
      direct_port_count: { gt: 0 },
      limit: 1,
      allocated_storage: 10,
    });
    assert.ok(Array.isArray(offers) && isRecord(offers[0]));
    return Number(
      (
        await vast('PUT', `/api/v0/asks/${String(offers[0]['id'])}/`, {
          image: 'ubuntu:22.04',
          disk: 10,
          runtype: 'ssh_direc ssh_proxy',
          cancel_unavail: true,
          ...body,
        })
      )['new_contract'],
    );
  };

  it('is open on the loopback, with keys that the seed decides', async () => {
    await open({ seed: 11 });
    for (const url of [market.vast.url, market.runpod.url, market.ledger.url]) assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(market.vast.apiKey, /^[0-9a-f]{64}$/);
    assert.match(market.runpod.apiKey, /^rpa_/);
    const keys = [market.vast.apiKey, market.runpod.apiKey];
    await market.close();
    await open({ seed: 11 });
    assert.deepEqual([market.vast.apiKey, market.runpod.apiKey], keys);
  });

  it('keeps the truth in its ledger, in dollars and market time', async () => {
    const startAt = Date.UTC(2026, 0, 1);
    await open({ bootScale: 0, startAt, credit: 100 });
    const id = await rent({ label: 'truth' });
    await vast('PUT', `/api/v0/instances/${id}/`, { state: 'running' });
    market.clock.advance(3_600_000);
    await vast('DELETE', `/api/v0/instances/${id}/`, {});
    market.clock.advance(3_600_000);
    const report = await json(market.ledger.url);
    assert.deepEqual(Object.keys(report), ['now', 'requests', 'createsAccepted', 'instances', 'volumes']);
    assert.equal(report['createsAccepted'], 1);
    assert.deepEqual(report['requests'], {
      vast: {
        'POST /api/v0/bundles/': 1,
        'PUT /api/v0/asks/{id}/': 1,
        'PUT /api/v0/instances/{id}/': 1,
        'DELETE /api/v0/instances/{id}/': 1,
      },
      runpod: {}, lambda: {},
    });
    const instances = report['instances'];
    assert.ok(Array.isArray(instances) && isRecord(instances[0]));
    const [instance] = instances;
    assert.deepEqual(Object.keys(instance), ['provider', 'id', 'label', 'createdAt', 'endedAt', 'state', 'chargedUsd']);
    assert.deepEqual(
      [instance['provider'], instance['id'], instance['label'], instance['state']],
      ['vast', String(id), 'truth', 'destroyed'],
    );
    const life = Date.parse(String(instance['endedAt'])) - Date.parse(String(instance['createdAt']));
    assert.ok(life >= 3_600_000 && Date.parse(String(report['now'])) - Date.parse(String(instance['endedAt'])) >= 3_600_000);
    assert.ok(Number(instance['chargedUsd']) > 0.01);
    assert.equal(instance['chargedUsd'], market.world.ledger.chargedMicros('vast', String(id), market.clock.now()) / 1e6);
    assert.equal((await fetch(`${market.ledger.url}/other`)).status, 404);
  });

  it('runs as fast as it is told', async () => {
    await open({ clockRate: 100_000, bootScale: 0 });
    const { now } = await json(market.ledger.url);
    await until(
      'ten minutes to pass',
      async () => Date.parse(String((await json(market.ledger.url))['now'])) - Date.parse(String(now)) > 600_000,
    );
  });

  it('takes its search cap, its offers and its faults from its options', async () => {
    await open({ offers: 90, searchCap: 3000, faults: { 'vast.offer-gone': 1 } });
    const { offers } = await vast('POST', '/api/v0/bundles/', { rentable: { eq: true } });
    assert.ok(Array.isArray(offers));
    assert.equal(offers.length, 90);
    assert.ok(Number.isNaN(await rent()));
    market.faults.set('vast.offer-gone', 0);
    assert.ok((await rent()) > 0);
  });

  it('closes while machines run, and everything on them ends', async () => {
    const pods = fakePods();
    await open({ bootScale: 0, podMaker: pods });
    await rent();
    await rent();
    await until('both machines', () => pods.up.size === 2);
    await market.close();
    assert.equal(pods.up.size, 0);
    await assert.rejects(fetch(market.vast.url), TypeError);
  });

  it('rents a machine one can really log in to', async () => {
    await open({ bootScale: 0, podMaker: await import('../../../src/practice/pod/pod.ts') });
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    await vast('POST', '/api/v0/ssh/', { ssh_key: pair.public });
    const id = await rent({ env: { COLOUR: 'blue' } });
    const port = await until('sshd', () => {
      market.world.agenda.settle();
      const rental = market.world.rentals.get('vast', String(id));
      return rental?.sshUp === true ? rental.sshPort : null;
    });
    const said = await new Promise<string>((resolve, reject) => {
      const client = new ssh2.Client();
      client.on('error', reject);
      client.on('ready', () => {
        client.exec('echo $COLOUR $CONTAINER_ID $VAST_URL; nvidia-smi -L', (error, channel) => {
          if (error) return reject(error);
          let text = '';
          channel.on('data', (chunk: Buffer) => (text += chunk.toString()));
          channel.on('close', () => {
            client.end();
            resolve(text);
          });
        });
      });
      client.connect({ sock: connect({ host: '127.0.0.1', port }), username: 'root', privateKey: pair.private });
    });
    const [first, second] = said.split('\n');
    assert.equal(first, `blue ${id} ${market.vast.url}`);
    assert.match(second ?? '', /^GPU 0: NVIDIA /);
  }).timeout(30_000);
});
