import assert from 'node:assert/strict';
import { until } from '../until.ts';
import { testVast, type TestVast, type TestVastOptions } from './testVast.ts';

describe('the life of an instance on Vast', () => {
  let vast: TestVast;
  const open = async (options: TestVastOptions = {}) => (vast = await testVast(options));
  afterEach(() => vast.close());

  const put = (id: number | string, body: unknown) => vast.call('PUT', `/api/v0/instances/${id}/`, body);
  const remove = (id: number | string) => vast.call('DELETE', `/api/v0/instances/${id}/`, {});
  const state = (id: number) => vast.world.rentals.get('vast', String(id))?.state;
  const running = async (body: Readonly<Record<string, unknown>> = {}) => {
    const id = await vast.rent(body, { num_gpus: { eq: 1 } });
    vast.world.pass(120);
    assert.equal(state(id), 'running');
    return id;
  };

  it('stops and starts, and a stopped one keeps its disk’s price', async () => {
    await open();
    const id = await running();
    const price = (await vast.row(id))?.['dph_total'];
    assert.deepEqual((await put(id, { state: 'stopped' })).body, { success: true });
    vast.world.pass(30);
    assert.equal(state(id), 'stopped');
    const row = await vast.row(id);
    // The row goes on showing the full rate; only the disk is charged.
    assert.equal(row?.['dph_total'], price);
    assert.ok(Math.abs(vast.world.ledger.burnUsdPerHour('vast') - Number(row?.['storage_total_cost'])) < 1e-9);
    assert.deepEqual((await put(id, { state: 'running' })).body, { success: true });
    vast.world.pass(60);
    assert.equal(state(id), 'running');
    assert.ok(Math.abs(vast.world.ledger.burnUsdPerHour('vast') - Number(price)) < 2e-9);
  });

  it('charges for the GPU from running to stopped, and for the disk from create to destroy', async () => {
    await open();
    const id = await vast.rent({}, { num_gpus: { eq: 1 } });
    const row = await vast.row(id);
    const [gpu, disk] = [Number(row?.['dph_base']), Number(row?.['storage_total_cost'])];
    const seen = new Map<string, number>();
    const watch = (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        seen.set(String(state(id)), vast.world.ledger.burnUsdPerHour('vast'));
        vast.world.pass(1);
      }
    };
    watch(70);
    await put(id, { state: 'stopped' });
    watch(20);
    await remove(id);
    watch(1);
    const expected = { scheduling: disk, loading: disk, running: gpu + disk, stopping: gpu + disk, stopped: disk, undefined: 0 };
    assert.deepEqual([...seen.keys()], Object.keys(expected));
    for (const [name, usd] of Object.entries(expected))
      assert.ok(Math.abs((seen.get(name) ?? -1) - usd) < 2e-9, `${name}: ${seen.get(name)} for ${usd}`);
  });

  it('says yes to what is so already', async () => {
    await open();
    const id = await running();
    assert.equal((await put(id, { state: 'running' })).body['success'], true);
    await put(id, { state: 'stopped' });
    assert.equal((await put(id, { state: 'stopped' })).body['success'], true);
  });

  it('queues a start when the GPUs were taken meanwhile, with a 200 that is no success', async () => {
    await open();
    const id = await running();
    await put(id, { state: 'stopped' });
    vast.world.pass(30);
    const row = await vast.row(id);
    // Somebody else rents what is left of the same machine.
    const same = { machine_id: { eq: row?.['machine_id'] }, rentable: { eq: true }, order: [['num_gpus', 'asc']] };
    const others: number[] = [];
    for (let offer = (await vast.search(same))[0]; offer !== undefined; offer = (await vast.search(same))[0]) {
      const { body } = await vast.call('PUT', `/api/v0/asks/${String(offer['id'])}/`, { image: 'ubuntu', disk: 8 });
      others.push(Number(body['new_contract']));
    }
    const refused = await put(id, { state: 'running' });
    assert.deepEqual(
      [refused.status, refused.body],
      [200, { success: false, error: 'resources_unavailable', msg: 'Required resources are currently unavailable, state change queued.' }],
    );
    assert.equal(state(id), 'stopped');
    for (const other of others) await remove(other);
    vast.world.pass(120);
    assert.equal(state(id), 'running', 'it starts, and charges, by itself');
  });

  it('does not start without credit', async () => {
    await open({ creditUsd: 0.02 });
    const id = await vast.rent({}, { num_gpus: { eq: 1 } });
    vast.world.pass(86_400);
    assert.equal(state(id), 'stopped');
    const { status, body } = await put(id, { state: 'running' });
    assert.deepEqual([status, body['error']], [400, 'missing_billing']);
    const user = (await vast.call('GET', '/api/v0/users/current')).body;
    assert.equal(user['credit'], 0);
    assert.ok(Number(user['balance']) < 0);
  });

  it('is labelled, up to a length', async () => {
    await open();
    const id = await running();
    assert.deepEqual((await put(id, { label: 'new name' })).body, { success: true });
    assert.equal((await vast.row(id))?.['label'], 'new name');
    assert.equal((await put(id, { label: 'x'.repeat(1024) })).status, 200);
    const long = await put(id, { label: 'x'.repeat(1025) });
    assert.deepEqual([long.status, long.body['error']], [400, 'label_too_long']);
    assert.equal((await put(id, { label: 7 })).status, 400);
    assert.equal((await put(id, { label: null })).status, 200);
    assert.equal((await vast.row(id))?.['label'], null);
  });

  it('refuses what it does not understand', async () => {
    await open();
    const id = await running();
    for (const body of [{}, [], { state: 'paused' }]) {
      const answer = await put(id, body);
      assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_args'], JSON.stringify(body));
    }
  });

  it('is destroyed once; then nobody knows it', async () => {
    await open();
    const id = await running();
    assert.deepEqual((await remove(id)).body, { success: true });
    for (const answer of [await remove(id), await put(id, { state: 'running' }), await remove('55'), await remove('nonsense')]) {
      assert.deepEqual([answer.status, answer.body['error']], [404, 'no_such_instance']);
    }
    for (const path of ['reboot', 'recycle', 'bid_price', 'request_logs'])
      assert.equal((await vast.call('PUT', `/api/v0/instances/${path}/${id}/`, {})).status, 404, path);
    assert.equal(vast.world.ledger.burnUsdPerHour('vast'), 0);
    await until('its machine to go', () => vast.world.pods.up.size === 0);
  });

  it('can be told a lie about that', async () => {
    await open({ faults: { 'destroy-lies': 1 } });
    const id = await running();
    assert.deepEqual((await remove(id)).body, { success: true });
    assert.equal(state(id), 'running');
  });

  it('reboots and recycles in place, and only while it runs', async () => {
    await open();
    const id = await running();
    for (const [path, shown] of [
      ['reboot', 'rebooting'],
      ['recycle', 'recycling'],
    ] as const) {
      assert.deepEqual((await vast.call('PUT', `/api/v0/instances/${path}/${id}/`, {})).body, { success: true });
      assert.equal((await vast.row(id))?.['actual_status'], shown);
      const again = await vast.call('PUT', `/api/v0/instances/${path}/${id}/`, {});
      assert.equal(again.body['error'], 'invalid_args');
      vast.world.pass(60);
      assert.equal(state(id), 'running');
    }
    await put(id, { state: 'stopped' });
    vast.world.pass(30);
    await put(id, { state: 'running' });
    vast.world.pass(20);
    assert.ok(!['rebooting', 'recycling'].includes(String((await vast.row(id))?.['actual_status'])));
  });

  it('is acted on in bulk', async () => {
    await open();
    const ids = [await running(), await running()];
    assert.equal((await vast.call('PUT', '/api/v0/instances/', { state: 'stopped', ids })).body['success'], true);
    vast.world.pass(30);
    assert.deepEqual(ids.map(state), ['stopped', 'stopped']);
    assert.equal((await vast.call('PUT', '/api/v0/instances/', { state: 'stopped', ids: [...ids, 55] })).status, 404);
    assert.equal((await vast.call('DELETE', '/api/v0/instances/', { instance_ids: ids })).body['success'], true);
    assert.equal(vast.world.rentals.list('vast').length, 0);
    assert.equal((await vast.call('DELETE', '/api/v0/instances/', {})).status, 400);
    assert.equal((await vast.call('PUT', '/api/v0/instances/', {})).status, 400);
  });

  describe('an interruptible one', () => {
    const bidOn = async (factor: number) => {
      const [offer] = await vast.search({
        type: 'bid',
        rentable: { eq: true },
        num_gpus: { eq: 1 },
        allocated_storage: 20,
        order: [['dph_total', 'asc']],
      });
      const price = Number(offer?.['min_bid']) * factor;
      const { body } = await vast.call('PUT', `/api/v0/asks/${String(offer?.['id'])}/`, { image: 'ubuntu', disk: 20, price });
      const id = Number(body['new_contract']);
      vast.world.pass(120);
      return { id, price };
    };
    const bid = (id: number, price: number | null) => vast.call('PUT', `/api/v0/instances/bid_price/${id}/`, { client_id: 'me', price });

    it('is stopped when the market rises above its bid, and comes back when it falls', async () => {
      await open({ creditUsd: 1000 });
      const { id } = await bidOn(1.0001);
      const seen = new Set<string>();
      for (let quarter = 0; quarter < 96; quarter += 1) {
        vast.world.pass(900);
        const row = await vast.row(id);
        const beaten = async () => {
          const seenNow = await vast.row(id);
          return Number(seenNow?.['min_bid']) > Number(seenNow?.['dph_base']);
        };
        seen.add(`${String(row?.['actual_status'])}/${String(row?.['intended_status'])}/${String(row?.['cur_state'])}`);
        const before = await beaten();
        vast.world.pass(80);
        if (before && (await beaten())) assert.equal(state(id), 'stopped');
      }
      assert.ok(seen.has('running/running/running'), [...seen].join(' '));
      assert.ok(seen.has('stopped/running/stopped'), [...seen].join(' '));
    });

    it('is charged its bid, and what the bid is changed to', async () => {
      await open();
      const { id, price } = await bidOn(1.5);
      const burn = () => vast.world.ledger.burnUsdPerHour('vast');
      const disk = Number((await vast.row(id))?.['storage_total_cost']);
      assert.ok(Math.abs(burn() - price - disk) < 2e-9);
      assert.deepEqual((await bid(id, price * 2)).body, { success: true });
      assert.ok(Math.abs(burn() - price * 2 - disk) < 2e-9);
      assert.equal((await vast.row(id))?.['dph_base'], price * 2);
      assert.equal((await bid(id, null)).status, 200);
      assert.equal((await vast.row(id))?.['dph_base'], (await vast.row(id))?.['min_bid']);
    });

    it('refuses prices outside its bounds, and bids on what is not interruptible', async () => {
      await open();
      const { id } = await bidOn(1.1);
      for (const price of [0, 33]) assert.equal((await bid(id, price)).body['error'], 'invalid_price');
      const plain = await running();
      assert.equal((await bid(plain, 1)).body['error'], 'invalid_args');
    });

    it('can be outbid by chance', async () => {
      await open();
      const { id } = await bidOn(2);
      assert.equal(state(id), 'running');
      vast.world.faults.force('outbid');
      vast.world.pass(75);
      assert.equal(vast.world.rentals.get('vast', String(id))?.stopReason, 'outbid');
      assert.equal((await vast.row(id))?.['intended_status'], 'running');
      vast.world.pass(180);
      assert.equal(state(id), 'running', 'it wins again by itself');
    });
  });
});
