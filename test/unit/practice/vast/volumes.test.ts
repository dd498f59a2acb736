import assert from 'node:assert/strict';
import { existsSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVolumeWish } from '../../../../src/practice/vast/volumes.ts';
import { records, testVast, type TestVast } from './testVast.ts';

type Row = Readonly<Record<string, unknown>>;

describe('volumes on Vast', () => {
  let vast: TestVast;
  beforeEach(async () => {
    vast = await testVast({ creditUsd: 500 });
  });
  afterEach(() => vast.close());

  const search = async (query: unknown = {}): Promise<readonly Row[]> => records((await vast.call('POST', '/api/v0/volumes/search/', query)).body['offers']);
  const shown = async (): Promise<readonly Row[]> => records((await vast.call('GET', '/api/v0/volumes?owner=me&type=all_volume')).body['volumes']);
  const rentable = async (): Promise<{ offer: Row; gpu: Row }> => {
    const offers = await search();
    for (const gpu of await vast.search({ rentable: { eq: true }, num_gpus: { eq: 1 }, limit: 3000 })) {
      const offer = offers.find((one) => one['machine_id'] === gpu['machine_id']);
      if (offer !== undefined) return { offer, gpu };
    }
    return assert.fail('no machine with a GPU and a volume to rent');
  };
  async function make(offer: Row, size = 20, name = 'datasets'): Promise<number> {
    const { status, body } = await vast.call('PUT', '/api/v0/volumes/', { id: offer['id'], size, name });
    assert.equal(status, 200, JSON.stringify(body));
    return Number(/^V\.(\d+)$/.exec(String(body['volume_name']))?.[1]);
  }
  const remove = (id: number) => vast.call('DELETE', `/api/v0/volumes/?id=${id}`, {});

  it('are offered by datacentres, one a machine, as their GPU offers say', async () => {
    const offers = await search({ order: [['storage_cost', 'asc']] });
    assert.ok(offers.length > 2 && offers.every((offer) => offer['hosting_type'] === 1));
    const costs = offers.map((offer) => Number(offer['storage_cost']));
    assert.deepEqual(costs, costs.toSorted((a, b) => a - b));
    const { offer, gpu } = await rentable();
    assert.deepEqual([gpu['avail_vol_ask_id'], gpu['avail_vol_size']], [offer['id'], offer['disk_space']]);
    const one = await search({ machine_id: { in: [offer['machine_id']] }, disk_space: { gte: '1' } });
    assert.deepEqual(one.map(({ id }) => id), [offer['id']]);
    assert.equal((await search({ limit: 2 })).length, 2);
    assert.equal((await vast.call('POST', '/api/v0/volumes/search/', [])).status, 400);
  });

  it('cost from the moment they are made until they are gone, with nothing running', async () => {
    const { offer } = await rentable();
    assert.deepEqual(await shown(), []);
    const id = await make(offer, 100);
    const [volume] = await shown();
    assert.deepEqual([volume?.['id'], volume?.['label'], volume?.['disk_space'], volume?.['machine_id'], volume?.['instances']], [id, 'datasets', 100, offer['machine_id'], []]);
    const hourly = Number(offer['storage_cost']) * 100 / 720;
    assert.ok(Math.abs(Number(volume?.['storage_total_cost']) - hourly) < 1e-12);
    assert.equal(Number((await search({ machine_id: { eq: offer['machine_id'] } }))[0]?.['disk_space']), Number(offer['disk_space']) - 100, 'what is left of the offer');
    vast.world.pass(10 * 3600);
    assert.equal((await remove(id)).status, 200);
    vast.world.pass(10 * 3600);
    assert.ok(Math.abs(vast.world.ledger.chargedMicros('vast', `V.${id}`, vast.world.agenda.now()) / 1e6 - hourly * 10) < 0.001);
    assert.deepEqual(await shown(), []);
  });

  it('are refused where they cannot be', async () => {
    const { offer } = await rentable();
    const put = async (body: unknown) => (await vast.call('PUT', '/api/v0/volumes/', body)).status;
    assert.equal(await put({ id: 5, size: 10 }), 404);
    assert.equal(await put({ id: offer['id'], size: 0 }), 400);
    assert.equal(await put({ id: offer['id'], size: 1e9 }), 400);
    assert.equal(await put({ id: offer['id'], size: 10, name: 'two words' }), 400);
    assert.equal(await put([]), 400);
    assert.equal((await vast.call('DELETE', '/api/v0/volumes/', {})).status, 400);
    assert.deepEqual((await remove(12)).body, { success: false, error: 'no_such_volume', msg: 'Volume with that ID does not exist.' });
    assert.deepEqual(await shown(), []);
  });

  it('go with an instance of their machine, keep what lies there, and cannot go before it', async () => {
    const { offer, gpu } = await rentable();
    const id = await make(offer);
    const other = (await vast.search({ rentable: { eq: true }, num_gpus: { eq: 1 } })).find((one) => one['machine_id'] !== offer['machine_id']);
    const rent = (ask: unknown, more: object) => vast.call('PUT', `/api/v0/asks/${String(ask)}/`, { image: 'ubuntu', disk: 10, ...more });
    const wish = { volume_info: { create_new: false, volume_id: id, mount_path: '/data' } };
    assert.match(String((await rent(other?.['id'], wish)).body['msg']), /on another machine/);
    assert.match(String((await rent(gpu['id'], { volume_info: { volume_id: 9, mount_path: '/data' } })).body['msg']), /not found/);
    const made = await rent(gpu['id'], wish);
    const contract = Number(made.body['new_contract']);
    assert.equal(made.status, 200, made.text);
    const rental = vast.world.rentals.get('vast', String(contract));
    assert.ok(rental);
    writeFileSync(join(rental.dir, 'root', 'data', 'kept.txt'), 'kept');
    const folder = readlinkSync(join(rental.dir, 'root', 'data'));
    const [volume] = await shown();
    assert.deepEqual(volume?.['instances'], [contract]);
    const listed = records((await vast.call('GET', '/api/v1/instances/')).body['instances']);
    assert.deepEqual(listed[0]?.['volume_info'], [{ id, avail_space: 20, total_space: 20 }]);
    const refused = await remove(id);
    assert.deepEqual([refused.status, refused.body['error']], [400, 'invalid_args']);
    await vast.call('DELETE', `/api/v0/instances/${contract}/`, {});
    assert.ok(existsSync(join(folder, 'kept.txt')), 'the machine is gone, its volume is not');
    assert.equal((await remove(id)).status, 200);
  });

  it('can be made together with an instance', async () => {
    const { offer, gpu } = await rentable();
    const rent = (id: unknown) => vast.call('PUT', `/api/v0/asks/${String(gpu['id'])}/`, { image: 'ubuntu', disk: 10, volume_info: { create_new: true, volume_id: id, size: 12, mount_path: '/data', name: 'new' } });
    assert.equal((await rent(5)).status, 400);
    assert.equal((await rent(offer['id'])).status, 200);
    assert.deepEqual((await shown()).map(({ label, disk_space: size }) => [label, size]), [['new', 12]]);
  });

  it('stand in the charges as a kind of their own', async () => {
    const { offer } = await rentable();
    const id = await make(offer, 100);
    vast.world.pass(24 * 3600);
    const now = vast.world.agenda.now() / 1000;
    const rows = async (types: readonly string[]) => records((await vast.call('GET', `/api/v0/charges/?select_filters=${encodeURIComponent(JSON.stringify({ day: { gte: now - 86_400 * 2, lte: now }, type: { in: types } }))}`)).body['results']);
    assert.deepEqual((await rows(['volume'])).map(({ type, source, metadata }) => [type, source, metadata]), [['volume', `volume-${id}`, { label: 'datasets' }]]);
    assert.deepEqual(await rows(['instance']), []);
  });

  it('lose their answers like any create', async () => {
    const { offer } = await rentable();
    vast.world.faults.force('create-timeout-after');
    await assert.rejects(vast.call('PUT', '/api/v0/volumes/', { id: offer['id'], size: 10, name: 'lost' }));
    assert.deepEqual((await shown()).map(({ label }) => label), ['lost']);
  });
});

describe('a wish for a volume', () => {
  it('comes as an object or as a docker flag', () => {
    assert.deepEqual(readVolumeWish(undefined, [['-v V.881:/mnt', '1']]), { id: 881, createNew: false, sizeGb: 0, name: null, path: '/mnt' });
    assert.deepEqual(readVolumeWish({ volume_id: '7', mount_path: '/data', create_new: true, name: 'n' }, []), { id: 7, createNew: true, sizeGb: 15, name: 'n', path: '/data' });
    assert.equal(readVolumeWish(null, [['A', 'b']]), null);
    for (const info of [5, {}, { volume_id: 1 }, { volume_id: 'x', mount_path: '/a' }, { volume_id: 1, mount_path: 'a' }]) assert.equal(typeof readVolumeWish(info, []), 'string', JSON.stringify(info));
  });
});
