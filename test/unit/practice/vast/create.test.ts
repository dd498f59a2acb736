import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { templates } from '../../../../src/practice/vast/templates.ts';
import { until } from '../until.ts';
import { records, testVast, type TestVast, type TestVastOptions } from './testVast.ts';

type Row = Readonly<Record<string, unknown>>;

describe('renting on Vast', () => {
  let vast: TestVast;
  const open = async (options: TestVastOptions = {}) => (vast = await testVast(options));
  afterEach(() => vast.close());

  const cheapest = async (query: Row = {}): Promise<Row> => {
    const [offer] = await vast.search({ rentable: { eq: true }, order: [['dph_total', 'asc']], allocated_storage: 20, ...query });
    assert.ok(offer);
    return offer;
  };
  const put = (id: unknown, body: unknown = {}) => vast.call('PUT', `/api/v0/asks/${String(id)}/`, body);
  const good = { image: 'pytorch/pytorch', disk: 20, cancel_unavail: true };
  const created = () => vast.world.rentals.createsAccepted;

  it('makes one instance at the quoted price, with the disk asked for', async () => {
    await open();
    const offer = await cheapest();
    const { status, body } = await put(offer['id'], { ...good, label: 'mine' });
    assert.equal(status, 200);
    assert.equal(body['success'], true);
    assert.match(String(body['instance_api_key']), /^[0-9a-f]{64}$/);
    const row = await vast.row(Number(body['new_contract']));
    assert.deepEqual([row?.['label'], row?.['disk_space'], row?.['is_bid'], row?.['image_uuid']], ['mine', 20, false, 'pytorch/pytorch']);
    assert.equal(row?.['dph_total'], offer['dph_total']);
    assert.equal(row?.['machine_id'], offer['machine_id']);
    assert.equal(created(), 1);
  });

  it('takes the offer off the market, and brings the GPUs back under another id', async () => {
    await open();
    const offer = await cheapest();
    const id = Number((await put(offer['id'], good)).body['new_contract']);
    assert.deepEqual(await vast.search({ ask_contract_id: { eq: offer['id'] } }), []);
    const again = await put(offer['id'], good);
    assert.deepEqual([again.status, again.body['error'], again.body['ask_id']], [410, 'no_such_ask', offer['id']]);
    assert.match(String(again.body['msg']), /no longer available/);
    const same = { machine_id: { eq: offer['machine_id'] }, num_gpus: { eq: offer['num_gpus'] } };
    const taken = await vast.search(same);
    assert.ok(taken.every((row) => row['rented'] === true));
    await vast.call('DELETE', `/api/v0/instances/${id}/`, {});
    const back = await cheapest(same);
    assert.notEqual(back['id'], offer['id']);
    assert.equal(back['rented'], false);
  });

  it('never rents the same GPUs twice, however fast one asks', async () => {
    await open();
    const offer = await cheapest({ gpu_frac: { eq: 1 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(offer['id'], good)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(created(), 1);
  });

  it('refuses an id that never was an offer', async () => {
    await open();
    const { status, body } = await put(55, good);
    assert.deepEqual([status, body['error'], body['ask_id']], [404, 'invalid_args', 55]);
    assert.match(String(body['msg']), /^error 404\/3603: no_such_ask .* is not available\.$/);
  });

  it('refuses a body it cannot take, and makes nothing', async () => {
    await open();
    const { id } = await cheapest();
    const long = 'x'.repeat(4097);
    const cases: readonly (readonly [unknown, string, RegExp])[] = [
      [[], 'invalid_args', /JSON object/],
      [{}, 'invalid_args', /image is required/],
      [{ ...good, image: 'x'.repeat(1025) }, 'invalid_args', /image/],
      [{ ...good, disk: 7 }, 'invalid_args', /disk must be at least 8/],
      [{ ...good, disk: 'big' }, 'invalid_args', /disk/],
      [{ ...good, disk: 1e9 }, 'invalid_args', /more than the offer has/],
      [{ ...good, label: 'x'.repeat(257) }, 'label_too_long', /256/],
      [{ ...good, label: 5 }, 'invalid_args', /label/],
      [{ ...good, env: ['A=1'] }, 'invalid_args', /env must be an object/],
      [{ ...good, env: { A: { B: 1 } } }, 'invalid_args', /env A/],
      [{ ...good, env: { A: 'x'.repeat(257) } }, 'invalid_args', /longer than 256/],
      [
        { ...good, env: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`K${index}`, 'x'.repeat(200)])) },
        'invalid_args',
        /env is longer/,
      ],
      [
        { ...good, env: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`-p ${8000 + index}:${8000 + index}`, '1'])) },
        'invalid_args',
        /64 open ports/,
      ],
      [{ ...good, onstart: long }, 'invalid_args', /^error 400\/3471: Invalid args: len\(args\) > 4096$/],
      [{ ...good, runtype: 'args', args: [long] }, 'invalid_args', /len\(args\)/],
      [{ ...good, runtype: 'telnet' }, 'invalid_args', /runtype/],
      [{ ...good, price: 0 }, 'invalid_price', /price/],
      [{ ...good, price: 129 }, 'invalid_price', /price/],
      [{ ...good, template_hash_id: 'nonsense' }, 'invalid_args', /template/],
      [{ ...good, vm: true }, 'no_ssh_key_for_vm', /SSH key/],
    ];
    for (const [body, error, msg] of cases) {
      const answer = await put(id, JSON.stringify(body));
      assert.equal(answer.status, 400, JSON.stringify(body).slice(0, 80));
      assert.equal(answer.body['error'], error);
      assert.match(String(answer.body['msg']), msg);
      assert.equal(answer.body['success'], false);
    }
    assert.equal(created(), 0);
    assert.equal((await put(id, { ...good, onstart: 'x'.repeat(4096) })).status, 200);
  });

  it('accepts a disk of 8 GB when none is named, and docker flags as a string without effect', async () => {
    await open();
    const { id } = await cheapest();
    const { body } = await put(id, { image: 'ubuntu:22.04', env: '-e A=1 -p 80:80', label: null, price: null });
    const row = await vast.row(Number(body['new_contract']));
    assert.equal(row?.['disk_space'], 8);
    assert.deepEqual(row?.['extra_env'], []);
  });

  it('needs credit', async () => {
    await open({ creditUsd: 0 });
    const { id } = await cheapest();
    const { status, body } = await put(id, good);
    assert.equal(status, 400);
    assert.match(`${String(body['error'])} ${String(body['msg'])}`, /insufficient_credit/);
    assert.equal(created(), 0);
  });

  it('cancels when told to and the GPUs are gone; otherwise leaves a stopped instance that charges its disk', async () => {
    await open({ faults: { 'no-capacity': 1 } });
    const offer = await cheapest();
    assert.equal((await put(offer['id'], good)).status, 410);
    assert.equal(created(), 0);
    const { status, body } = await put(offer['id'], { ...good, cancel_unavail: false });
    assert.equal(status, 200);
    const id = Number(body['new_contract']);
    const row = await vast.row(id);
    assert.deepEqual(
      [row?.['cur_state'], row?.['intended_status'], row?.['next_state'], row?.['actual_status']],
      ['stopped', 'stopped', 'stopped', null],
    );
    vast.world.pass(720 * 3600);
    const charged = vast.world.ledger.chargedMicros('vast', String(id), vast.world.agenda.settle());
    assert.ok(Math.abs(charged - Number(row?.['storage_cost']) * 20 * 1e6) < 2, String(charged));
  });

  it('cancels by default on demand, and not for a bid', async () => {
    await open({ faults: { 'no-capacity': 1 } });
    const { id, min_bid: bid } = await cheapest({ type: 'bid' });
    const rest = { image: 'pytorch/pytorch', disk: 20 };
    assert.equal((await put(id, rest)).status, 410);
    assert.equal((await put(id, { ...rest, price: bid })).status, 200);
  });

  it('is interruptible exactly when a price is sent, whatever was searched for', async () => {
    await open();
    const offer = await cheapest({ type: 'bid', num_gpus: { eq: 1 } });
    const plain = await put(offer['id'], good);
    const row = await vast.row(Number(plain.body['new_contract']));
    assert.equal(row?.['is_bid'], false);
    assert.ok(Number(row?.['dph_base']) > Number(offer['min_bid']), 'the full price, without a word');

    const next = await cheapest({ type: 'bid' });
    const bid = Number(next['min_bid']) + 0.01;
    const spot = await put(next['id'], { ...good, price: bid });
    const spotRow = await vast.row(Number(spot.body['new_contract']));
    assert.deepEqual([spotRow?.['is_bid'], spotRow?.['dph_base']], [true, bid]);
  });

  it('refuses a bid below the floor', async () => {
    await open();
    const offer = await cheapest({ type: 'bid' });
    const { status, body } = await put(offer['id'], { ...good, price: Math.max(0.001, Number(offer['min_bid']) * 0.9) });
    assert.deepEqual([status, body['error']], [400, 'no_such_ask']);
    assert.equal(created(), 0);
  });

  it('passes what the request says to the machine, and Vast’s own variables', async () => {
    await open();
    await vast.call('POST', '/api/v0/ssh/', { ssh_key: 'ssh-ed25519 AAAAkey me' });
    const id = await vast.rent({ env: { TZ: 'UTC', '-p 8080:8080': '1', GPU_COUNT: 'mine' }, onstart: 'echo hi', label: 'x' });
    vast.world.pass(300);
    const [pod] = await until('the pod', () => (vast.world.pods.started.length > 0 ? vast.world.pods.started : null));
    assert.ok(pod);
    const row = await vast.row(id);
    const ports: unknown = row?.['ports'];
    const mapped = JSON.stringify(ports).match(/"22\/tcp":\[\{"HostIp":"0\.0\.0\.0","HostPort":"(\d+)"\},\{"HostIp":"::"/)?.[1];
    assert.deepEqual(
      { ...pod.env, CONTAINER_API_KEY: 'key' },
      {
        PRACTICE_GPU_LOAD: join(pod.dir, 'gpu-load'),
        CONTAINER_ID: String(id),
        VAST_CONTAINERLABEL: `C.${id}`,
        CONTAINER_API_KEY: 'key',
        PUBLIC_IPADDR: '127.0.0.1',
        SSH_PUBLIC_KEY: 'ssh-ed25519 AAAAkey me',
        GPU_COUNT: 'mine',
        DATA_DIRECTORY: `${pod.dir}/root`,
        VAST_TCP_PORT_22: mapped,
        VAST_URL: vast.url,
        TZ: 'UTC',
      },
    );
    assert.equal(pod.startCommand, 'echo hi');
    assert.deepEqual(pod.authorizedKeys(), ['ssh-ed25519 AAAAkey me']);
    assert.ok(JSON.stringify(ports).includes('"8080/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}'));
    assert.deepEqual(row?.['extra_env'], [
      ['TZ', 'UTC'],
      ['-p 8080:8080', '1'],
      ['GPU_COUNT', 'mine'],
    ]);
  });

  it('fills from a template what the request leaves open', async () => {
    await open();
    const [template] = templates;
    assert.ok(template);
    const { id } = await cheapest({ allocated_storage: 64 });
    const { body } = await put(id, { template_hash_id: template.hash, image: null, env: { OPEN_BUTTON_PORT: '9' }, disk: 40 });
    const row = await vast.row(Number(body['new_contract']));
    assert.deepEqual(
      [row?.['template_id'], row?.['template_hash_id'], row?.['image_uuid'], row?.['onstart'], row?.['disk_space']],
      [template.id, template.hash, template.image, template.onstart, 40],
    );
    assert.deepEqual(row?.['extra_env'], [
      ['-p 1111:1111', '1'],
      ['OPEN_BUTTON_PORT', '9'],
    ]);
  });

  it('rents several at once, and the best of a search', async () => {
    await open();
    const offers = await vast.search({ rentable: { eq: true }, gpu_frac: { eq: 1 }, allocated_storage: 20, limit: 2 });
    const bulk = await vast.call('POST', '/api/v0/asks/bulk/', { ...good, ids: [...offers.map((offer) => offer['id']), 55] });
    const results = records(bulk.body['results']);
    assert.deepEqual(
      results.map((result) => result['success']),
      [true, true, false],
    );
    assert.equal(created(), 2);
    assert.equal((await vast.call('POST', '/api/v0/asks/bulk/', good)).status, 400);

    const query = { rentable: { eq: true }, gpu_name: { eq: 'RTX 4090' }, order: [['dph_total', 'asc']], allocated_storage: 20 };
    const [best] = await vast.search(query);
    const launched = await vast.call('PUT', '/api/v0/launch_instance/', { ...good, q: query });
    const row = await vast.row(Number(launched.body['new_contract']));
    assert.equal(row?.['machine_id'], best?.['machine_id']);
    assert.equal((await vast.call('PUT', '/api/v0/launch_instance/', { ...good, q: { gpu_name: { eq: 'Voodoo 2' } } })).status, 404);
    assert.equal((await vast.call('PUT', '/api/v0/launch_instance/', { ...good, q: { nonsense: { eq: 1 } } })).status, 400);
  });

  describe('when things go wrong', () => {
    const lost = async (fault: string) => {
      await open({ faults: { [fault]: 1 } });
      const { id } = await cheapest();
      await assert.rejects(put(id, { ...good, label: 'lost' }), TypeError);
    };
    const labels = async () => {
      vast.world.faults.clear();
      return records((await vast.call('GET', '/api/v1/instances/')).body['instances']).map((row) => row['label']);
    };

    it('loses the answer before anything is made', async () => {
      await lost('create-timeout-before');
      assert.deepEqual(await labels(), []);
      assert.equal(created(), 0);
    });

    it('loses the answer after the instance is made', async () => {
      await lost('create-timeout-after');
      assert.deepEqual(await labels(), ['lost']);
      assert.equal(created(), 1);
    });

    it('fails after the instance is made', async () => {
      await open({ faults: { 'create-500-after': 1 } });
      const { id } = await cheapest();
      assert.equal((await put(id, { ...good, label: 'lost' })).status, 500);
      assert.deepEqual(await labels(), ['lost']);
    });

    it('answers with an instance that never exists', async () => {
      await open({ faults: { 'phantom-create': 1 } });
      const { id } = await cheapest();
      const { status, body } = await put(id, good);
      assert.deepEqual([status, body['success'], typeof body['new_contract']], [200, true, 'number']);
      assert.equal(await vast.row(Number(body['new_contract'])), null);
      assert.equal(created(), 0);
    });

    it('answers with an error that carries a stopped, charging instance', async () => {
      await open({ faults: { 'new-contract-error': 1 } });
      const { id } = await cheapest();
      const { status, body } = await put(id, good);
      assert.deepEqual([status, body['success'], body['error']], [400, false, 'no_such_ask']);
      const row = await vast.row(Number(body['new_contract']));
      assert.deepEqual([row?.['cur_state'], row?.['intended_status']], ['stopped', 'stopped']);
      assert.ok(vast.world.ledger.burnUsdPerHour('vast') > 0);
    });

    it('has nothing left, or no credit, although it does', async () => {
      await open({ faults: { 'offer-gone': 1 } });
      const { id } = await cheapest();
      const answer = await put(id, good);
      assert.ok([400, 410].includes(answer.status) && answer.body['error'] === 'no_such_ask');
      vast.world.faults.clear();
      vast.world.faults.set('no-credit', 1);
      assert.match((await put(id, good)).text, /insufficient_credit/);
    });

    it('charges more than it quoted, and shows that on the instance', async () => {
      await open({ faults: { 'price-higher': 1 } });
      const offer = await cheapest();
      const { body } = await put(offer['id'], good);
      const row = await vast.row(Number(body['new_contract']));
      assert.ok(Math.abs(Number(row?.['dph_base']) - Number(offer['dph_base']) * 1.5) < 1e-12);
    });
  });

  it('charges to the micro-dollar what the row says, over any life', async () => {
    const step = fc.tuple(fc.constantFrom('start', 'stop', 'reboot', 'label'), fc.integer({ min: 0, max: 20_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.integer({ min: 1, max: 1_000_000 }), async (steps, seed) => {
        await open({ seed, offers: 20, creditUsd: 100_000 });
        const id = await vast.rent({ disk: 10 }, { direct_port_count: { gte: 0 } });
        const rental = vast.world.rentals.get('vast', String(id));
        const row = await vast.row(id);
        assert.ok(rental && row);
        const [gpu, disk] = [Number(row['dph_base']), Number(row['storage_total_cost'])].map((usd) => Math.round(usd * 1e9));
        assert.ok(gpu !== undefined && disk !== undefined);
        for (const [command, seconds] of steps) {
          vast.world.pass(seconds);
          if (command === 'start') rental.start();
          if (command === 'stop') rental.stop('user');
          if (command === 'reboot') rental.restart('restart');
          if (command === 'label') rental.label = 'x';
        }
        const now = vast.world.agenda.settle();
        const bill = vast.world.ledger.bill('vast', String(id));
        assert.ok(bill);
        const up = bill.stretches.filter(({ kind }) => kind === 'gpu').reduce((sum, { from, to }) => sum + (to ?? now) - from, 0);
        const expected = (BigInt(gpu) * BigInt(up) + BigInt(disk) * BigInt(now - rental.createdAt)) / 3_600_000_000n;
        assert.equal(BigInt(vast.world.ledger.chargedMicros('vast', String(id), now)), expected);
        await vast.close();
      }),
      { numRuns: 25 },
    );
    await open();
  });
});
