// RunPod's own MCP server against the practice market: it must not notice.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { startMarket, type Market } from '../../src/practice/market.ts';
import { Json, rtx4090 } from '../unit/practice/runpod/testRunpod.ts';
import { until } from '../unit/practice/until.ts';
import { npmClients, type NpmClients } from './npmClients.ts';

const versions = { '@runpod/mcp-server': '4.0.0', '@modelcontextprotocol/sdk': '1.32.2' };

interface McpClient {
  connect(transport: unknown): Promise<void>;
  callTool(call: { name: string; arguments: object }): Promise<unknown>;
  close(): Promise<void>;
}
type Constructor<Options, Made> = new (...options: Options[]) => Made;

function constructorIn<Options, Made>(module: Readonly<Record<string, unknown>>, name: string): Constructor<Options, Made> {
  const found = module[name];
  if (typeof found !== 'function') throw new TypeError(`the MCP SDK has no ${name}`);
  return found as Constructor<Options, Made>;
}

describe("RunPod's MCP server on the practice market", function () {
  this.timeout(60_000);
  let packages: NpmClients;
  let market: Market;
  let client: McpClient;

  before(async function () {
    this.timeout(320_000);
    try {
      packages = await npmClients(versions);
    } catch (error) {
      console.warn(`  SKIPPED: RunPod's MCP server could not be installed: ${error instanceof Error ? error.message : String(error)}`);
      this.skip();
    }
  });

  beforeEach(async () => {
    market = await startMarket({ seed: 1, clockRate: 10, bootScale: 0.02 });
    const Client = constructorIn<{ name: string; version: string }, McpClient>(await packages.load('@modelcontextprotocol/sdk/client/index.js'), 'Client');
    const Transport = constructorIn<object, object>(await packages.load('@modelcontextprotocol/sdk/client/stdio.js'), 'StdioClientTransport');
    client = new Client({ name: 'practice', version: '1' });
    const { url, apiKey } = market.runpod;
    await client.connect(
      new Transport({
        command: process.execPath,
        args: [packages.file('@runpod/mcp-server', 'dist/stdio.mjs')],
        // Nothing else of this environment: no key of anybody's, no address but the market's.
        env: { RUNPOD_API_KEY: apiKey, RUNPOD_API_BASE_URL: url, RUNPOD_PUBLIC_GRAPHQL_URL: `${url}/graphql`, RUNPOD_AUTHED_GRAPHQL_URL: `${url}/graphql` },
        stderr: 'ignore',
      }),
    );
  });
  afterEach(async () => {
    await client?.close();
    await market?.close();
  });

  async function tool(name: string, args: object = {}): Promise<{ failed: boolean; body: Json }> {
    const result = new Json(await client.callTool({ name, arguments: args }));
    return { failed: result.at('isError') === true, body: new Json(JSON.parse(result.text('content', 0, 'text'))) };
  }
  async function works(name: string, args: object = {}): Promise<Json> {
    const { failed, body } = await tool(name, args);
    assert.equal(failed, false, `${name}: ${JSON.stringify(body.value)}`);
    return body;
  }
  const truth = async () => new Json(await (await fetch(market.ledger.url)).json());
  const rental = (id: string) => market.world.rentals.get('runpod', id) ?? assert.fail(`no pod ${id}`);
  const create = (body: object = {}) =>
    works('create-pod', { body: { name: 'from-mcp', image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404', gpu: { id: rtx4090, count: 1 }, cloud: 'SECURE', disk: 30, ports: ['22/tcp'], startSsh: true, ...body } });

  it('reads the catalogue', async () => {
    const stock = { include: ['AVAILABILITY'], product: ['POD'] };
    const gpus = (await works('list-gpu-types', { ...stock, count: 1, cloud: 'SECURE' })).list('gpus');
    assert.ok(gpus.length > 40);
    const one = await works('get-gpu-type', { id: rtx4090, ...stock });
    assert.deepEqual([one.at('name'), one.at('price', 'secure')], ['RTX 4090', 0.59]);
    const centers = (await works('list-data-centers', { include: ['GPU_AVAILABILITY'] })).list('dataCenters');
    assert.ok(centers.some((center) => center.at('id') === 'EU-RO-1'));
    assert.ok((await works('list-cpu-types')).list('cpus').length > 3);
    assert.ok((await works('list-public-templates')).list('templates').length > 2);
    const missing = await tool('get-gpu-type', { id: 'NVIDIA Voodoo' });
    assert.deepEqual([missing.failed, missing.body.at('status')], [true, 404]);
  });

  it('reads capacity without a key, by GraphQL', async () => {
    const matrix = (await works('get-capacity', { gpuTypeIds: ['4090'] })).list('items');
    assert.deepEqual(matrix.map((row) => [row.at('id'), row.at('pricePerHr')]), [[rtx4090, 0.49]]);
    assert.match(matrix[0]?.text('cudaVersions', '12.8') ?? '', /^(UN)?AVAILABLE$/);
    const probe = await works('get-capacity', { gpuTypeIds: ['4090'], cudaVersions: ['12.8', '11.0'] });
    assert.match(probe.text('items', 0, 'cudaVersions', '12.8', 'stock'), /^(High|Medium|Low)$/);
    assert.match(probe.text('items', 0, 'cudaVersions', '11.0', 'stock'), /^(Out|unavailable|None)$/i);
    assert.equal((await truth()).number('requests', 'runpod', 'POST /graphql'), 3);
  });

  it('creates, stops, starts, restarts, follows and deletes a pod', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const line = `ssh-ed25519 ${openSshBlob(publicKey.export({ format: 'der', type: 'spki' }))} practice`;
    assert.deepEqual((await works('update-ssh-keys', { body: { keys: [line] } })).at('keys'), [line]);
    assert.deepEqual((await works('get-ssh-keys')).at('keys'), [line]);

    const made = await create();
    const id = made.text('id');
    assert.equal(made.at('status'), 'PROVISIONING');
    assert.deepEqual((await works('list-pods')).list('pods').map((pod) => pod.at('id')), [id]);
    const up = await until('sshd', async () => (rental(id).sshUp ? works('get-pod', { id }) : undefined));
    assert.equal(up.at('status'), 'RUNNING');
    assert.equal(up.at('ssh', 'direct', 'host'), '127.0.0.1');

    const logs = (await works('stream-pod-logs', { podId: id, tail: 50, maxWaitMs: 500 })).list('items');
    assert.ok(logs.some((entry) => entry.at('source') === 'container' && entry.text('line').includes(rental(id).hostKeyFingerprint ?? '?')), 'the log names the host key');
    assert.ok(logs.some((entry) => entry.at('source') === 'system'));

    const act = (action: string) => works('pod-action', { id, body: { action } });
    assert.equal((await act('restart')).at('status'), 'STARTING');
    await until('sshd again', () => rental(id).sshUp);
    assert.equal((await act('stop')).at('status'), 'EXITED');
    const twice = await tool('pod-action', { id, body: { action: 'stop' } });
    assert.deepEqual([twice.failed, twice.body.at('status')], [true, 409]);
    assert.equal((await act('start')).at('status'), 'PROVISIONING');
    await until('sshd once more', () => rental(id).sshUp);

    await works('delete-pod', { id });
    assert.deepEqual((await works('list-pods')).list('pods'), []);
    const gone = await tool('get-pod', { id });
    assert.deepEqual([gone.failed, gone.body.at('status')], [true, 404]);
    const book = await truth();
    assert.deepEqual([book.at('createsAccepted'), book.at('instances', 0, 'id'), book.at('instances', 0, 'state')], [1, id, 'destroyed']);
    assert.equal(book.number('requests', 'runpod', 'POST /v2/pods/{id}/action'), 4);
    assert.ok(book.number('instances', 0, 'chargedUsd') > 0);
  });

  it('reads what it was charged', async () => {
    const id = (await create()).text('id');
    await until('the pod to run', () => rental(id).state === 'running');
    market.clock.advance(3 * 3_600_000);
    const pods = await works('list-pod-billing', { bucketSize: 'hour', lastN: 24, podId: id });
    assert.ok(pods.list('records').every((record) => record.at('podId') === id));
    const charged = pods.number('metadata', 'totals', 'totalAmount');
    assert.ok(charged > 2 * 0.59 && charged < 2.2 * 0.6, `two of three hours have been billed: ${charged}`);
    // The market's clock runs on between the two reads.
    const all = (await works('list-billing', { bucketSize: 'day', lastN: 2 })).number('metadata', 'totals', 'totalAmount');
    assert.ok(all >= charged && all < charged + 0.05, `${all} against ${charged}`);
    assert.ok((await truth()).number('instances', 0, 'chargedUsd') > charged, 'billing trails the truth');
  });

  it('hears the reasons for a refusal', async () => {
    const full = await tool('create-pod', { body: { name: 'x', image: 'a:b', gpu: { id: rtx4090, count: 9 }, cloud: 'SECURE' } });
    assert.deepEqual([full.failed, full.body.at('status'), full.body.at('detail')], [true, 400, 'There are no longer any instances available with the requested specifications. Please refresh and try again.']);
    const wrong = await tool('create-pod', { body: { name: 'x', image: 'a:b', gpu: { id: rtx4090, count: 1 }, mounts: { persistent: { size: 1, path: '/w' } } } });
    assert.deepEqual([wrong.failed, wrong.body.at('status'), wrong.body.at('errors')], [true, 422, ['$.mounts.persistent.size: minimum: got 1, want 10']]);
    assert.equal((await truth()).at('createsAccepted'), 0);
  });

  it('makes and deletes network volumes', async () => {
    const volumes = await works('create-network-volume', { body: { name: 'v', size: 20, dataCenter: 'EU-RO-1' } });
    assert.deepEqual((await works('list-network-volumes')).list('networkVolumes').map((volume) => volume.at('id')), [volumes.at('id')]);
    await works('delete-network-volume', { id: volumes.text('id') });
    assert.deepEqual((await works('list-network-volumes')).list('networkVolumes'), []);
  });
});

/** The key part of an OpenSSH line from an ed25519 key in DER. */
function openSshBlob(der: Buffer): string {
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([part(Buffer.from('ssh-ed25519')), part(der.subarray(-32))]).toString('base64');
}
