import assert from 'node:assert/strict';
import { gpuTypes } from '../../../../src/practice/runpod/gpuTypes.ts';
import { problemOf, refusal, rtx4090, testRunpod, type TestRunpod } from './testRunpod.ts';

const available = 'include=AVAILABILITY&product=POD';
const path4090 = '/v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090';

describe('practice RunPod catalogue', () => {
  let runpod: TestRunpod;
  before(async () => {
    runpod = await testRunpod();
  });
  after(() => runpod.close());
  const get = (path: string) => runpod.call('GET', path);

  it('lists every type with prices, and stock only when asked', async () => {
    const gpus = (await get('/v2/catalog/gpus')).body.list('gpus');
    assert.deepEqual(gpus.map((gpu) => gpu.at('id')), gpuTypes.map((type) => type.id));
    for (const gpu of gpus) {
      assert.equal(gpu.at('availability'), undefined);
      assert.equal(gpu.number('price', 'secure') > 0, gpu.at('secure'), gpu.text('id'));
      assert.equal(gpu.number('price', 'community') > 0, gpu.at('community'), gpu.text('id'));
      assert.equal(gpu.at('pool') === null, gpu.at('price', 'serverless') === undefined);
    }
    assert.ok(gpus.some((gpu) => gpu.at('id') === 'unknown'), 'the placeholder of the live list');
  });

  it('shows stock per site, and no sites where there is none', async () => {
    const gpus = (await get(`/v2/catalog/gpus?${available}&cloud=COMMUNITY&count=8`)).body.list('gpus');
    assert.ok(gpus.some((gpu) => gpu.at('availability') === 'NONE'));
    for (const gpu of gpus) {
      if (gpu.at('availability') === 'NONE') assert.equal(gpu.at('dataCenters'), undefined, gpu.text('id'));
      else for (const site of (gpu.at('dataCenters') === undefined ? [] : gpu.list('dataCenters'))) assert.match(site.text('availability'), /^(NONE|LOW|MEDIUM|HIGH)$/);
      if (gpu.at('manufacturer') === 'AMD') assert.equal(gpu.at('cudaVersions'), undefined);
    }
  });

  it('asks SECURE unless told otherwise', async () => {
    const [plain, secure, community] = await Promise.all(['', '&cloud=SECURE', '&cloud=COMMUNITY'].map((cloud) => get(`/v2/catalog/gpus?${available}${cloud}`)));
    assert.equal(plain?.text, secure?.text);
    assert.notEqual(plain?.text, community?.text);
  });

  it('narrows by country: the list drops types, the single type says NONE', async () => {
    const gpus = (await get(`/v2/catalog/gpus?${available}&countryCodes=JP`)).body.list('gpus');
    assert.ok(gpus.length > 0 && gpus.length < gpuTypes.length);
    for (const gpu of gpus) for (const site of gpu.at('dataCenters') === undefined ? [] : gpu.list('dataCenters')) assert.equal(site.at('id'), 'AP-JP-1');
    const one = (await get(`${path4090}?${available}&countryCodes=ZZ`)).body;
    assert.equal(one.at('availability'), 'NONE');
    assert.equal(one.at('dataCenters'), undefined);
  });

  it('narrows by CUDA version', async () => {
    const exact = (await get(`${path4090}?${available}&cudaVersions=12.8`)).body;
    assert.deepEqual(exact.list('cudaVersions').map((version) => version.at('version')), ['12.8']);
    const floor = (await get(`${path4090}?${available}&minCudaVersion=12.8`)).body;
    assert.ok(floor.list('cudaVersions').every((version) => Number(version.text('version')) >= 12.8));
    assert.ok((await get(`${path4090}?${available}&minCudaVersion=13`)).body.list('cudaVersions').every((version) => version.text('version').startsWith('13.')));
    assert.equal((await get(`${path4090}?${available}&minCudaVersion=99`)).body.at('availability'), 'NONE');
  });

  it('shows the stock of the last whole minute', async () => {
    const { stock } = runpod.server.state;
    const levelAt = (gpuTypeId: string, at: number) => stock.availability({ gpuTypeId, cloud: 'SECURE', count: 1 }, at);
    const now = runpod.world.clock.now();
    let change: { id: string; at: number } | undefined;
    for (let at = now; change === undefined; at += 60_000) {
      assert.ok(at < now + 36_000_000, 'somewhere in ten hours a level changes within a minute');
      const id = gpuTypes.find((type) => levelAt(type.id, at) !== levelAt(type.id, at + 59_000))?.id;
      if (id !== undefined) change = { id, at };
    }
    runpod.world.pass((change.at + 59_000 - now) / 1000);
    const listed = (await get(`/v2/catalog/gpus/${encodeURIComponent(change.id)}?${available}`)).body;
    assert.equal(listed.at('availability'), levelAt(change.id, change.at));
    runpod.world.pass(1);
    assert.equal((await get(`/v2/catalog/gpus/${encodeURIComponent(change.id)}?${available}`)).body.at('availability'), levelAt(change.id, change.at + 60_000));
  });

  it('changes its stock with market time', async () => {
    const texts = new Set<string>();
    for (let hour = 0; hour < 8; hour += 1) {
      texts.add((await get(`/v2/catalog/gpus?${available}`)).text);
      runpod.world.pass(3600);
    }
    assert.ok(texts.size > 4, `${texts.size} different lists in eight hours`);
  });

  for (const [query, status, detail, errors] of [
    ['include=AVAILABILITY', 400, 'product is required with include=AVAILABILITY'],
    ['product=POD', 400, 'product is only valid with include=AVAILABILITY'],
    ['count=1', 400, 'count is only valid with include=AVAILABILITY'],
    ['cloud=SECURE', 400, 'cloud is only valid with include=AVAILABILITY'],
    ['countryCodes=FR', 400, 'countryCodes is only valid with include=AVAILABILITY'],
    ['minCudaVersion=12', 400, 'minCudaVersion is only valid with include=AVAILABILITY'],
    [`${available}&cudaVersions=12.8&minCudaVersion=12`, 400, 'cudaVersions and minCudaVersion are mutually exclusive'],
    [`${available}&countryCodes=fr`, 422, 'Request validation failed.', ["query.countryCodes: 'fr' does not match pattern '^[A-Z]{2}$'"]],
    [`${available}&cudaVersions=12`, 422, 'Request validation failed.', ["query.cudaVersions: '12' does not match pattern '^\\d+\\.\\d+$'"]],
    [`${available}&count=0`, 422, 'Request validation failed.', ['query.count: minimum: got 0, want 1']],
    [`${available}&count=two`, 422, 'Request validation failed.', ['query.count: got string, want integer']],
    [`${available}&cloud=ALL`, 422, 'Request validation failed.', ["query.cloud: value must be one of 'SECURE', 'COMMUNITY'"]],
    ['include=PRICE', 422, 'Request validation failed.', ["query.include: value must be one of 'AVAILABILITY'"]],
    ['include=AVAILABILITY&product=VM', 422, 'Request validation failed.', ["query.product: value must be one of 'POD', 'CLUSTER', 'SERVERLESS'"]],
  ] as const) {
    it(`refuses ?${query} with ${status}`, async () => {
      assert.deepEqual(refusal(await get(`/v2/catalog/gpus?${query}`)), problemOf(status, detail, errors));
      assert.deepEqual(refusal(await get(`${path4090}?${query}`)), problemOf(status, detail, errors));
    });
  }

  it('finds one type by its encoded id', async () => {
    assert.equal((await get(path4090)).body.at('id'), rtx4090);
    assert.deepEqual(refusal(await get('/v2/catalog/gpus/NVIDIA%20Voodoo')), problemOf(404, 'gpu type not found'));
  });

  it('lists data centres with their filters', async () => {
    const all = (await get('/v2/catalog/datacenters?include=GPU_AVAILABILITY,CPU_AVAILABILITY')).body.list('dataCenters');
    assert.ok(all.some((center) => center.at('gpuAvailability') !== undefined) && all.every((center) => center.list('cpuAvailability').length > 0));
    const fast = (await get('/v2/catalog/datacenters?regions=EUROPE,ASIA&networkVolumeTypes=STANDARD,HIGH_PERFORMANCE&compliance=GDPR&globalNetwork=true')).body.list('dataCenters');
    assert.deepEqual(fast.map((center) => center.at('id')), ['EU-RO-1', 'EUR-IS-1']);
    assert.equal((await get('/v2/catalog/datacenters/US-KS-2')).body.at('name'), 'US Kansas 2');
    assert.equal((await get('/v2/catalog/datacenters/MOON-1')).status, 404);
    assert.equal((await get('/v2/catalog/datacenters?regions=MOON')).status, 422);
    assert.equal((await get('/v2/catalog/datacenters?globalNetwork=maybe')).status, 422);
  });

  it('lists CPU flavours and templates', async () => {
    const cpus = (await get(`/v2/catalog/cpus?${available}&vcpuCount=4`)).body.list('cpus');
    assert.ok(cpus.every((cpu) => cpu.at('availability') !== undefined));
    assert.equal((await get('/v2/catalog/cpus/cpu3c')).body.at('availability'), undefined);
    assert.equal((await get('/v2/catalog/cpus/cpu9')).status, 404);
    assert.equal((await get('/v2/catalog/cpus?include=AVAILABILITY')).status, 400);
    assert.equal((await get(`/v2/catalog/cpus?${available}&vcpuCount=6`)).status, 422);
    const templates = (await get('/v2/catalog/templates')).body.list('templates');
    assert.ok(templates.some((template) => template.at('id') === 'runpod-torch-v280' && template.at('startSsh') === true));
    for (const [path, name] of [['/v2/catalog/templates?source=verified', 'ComfyUI'], ['/v2/catalog/templates?source=community', 'text-generation tools'], ['/v2/templates', 'My trainer']] as const) {
      assert.deepEqual((await get(path)).body.list('templates').map((template) => template.at('name')), [name], path);
    }
    assert.equal((await get('/v2/catalog/templates?source=mine')).status, 422);
  });
});
