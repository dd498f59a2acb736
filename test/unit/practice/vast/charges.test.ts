import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { start } from '../testWorld.ts';
import { until } from '../until.ts';
import { records, testVast, type TestVast } from './testVast.ts';

const day = 86_400;
const first = start / 1000;

describe('money on Vast', () => {
  let vast: TestVast;
  beforeEach(async () => {
    vast = await testVast({ creditUsd: 500 });
  });
  afterEach(() => vast.close());

  const charges = (filters: unknown, more = '') =>
    vast.call('GET', `/api/v0/charges/?select_filters=${encodeURIComponent(JSON.stringify(filters))}&format=table${more}`);
  const days = (from: number, to: number) => ({ day: { gte: from, lte: to } });
  const rows = async (from: number, to: number) => records((await charges(days(from, to))).body['results']);
  const rent = (label: string | null = null) => vast.rent({ label }, { num_gpus: { eq: 1 } });

  it('needs both bounds of the days', async () => {
    for (const filters of [{}, { day: { gte: first } }, { day: { lte: first } }, [], { day: { gte: 'x', lte: 'y' } }]) {
      const { status, body } = await charges(filters);
      assert.deepEqual([status, body['error']], [400, 'invalid_request']);
    }
  });

  it('reports an instance by kind, rounded to a tenth of a cent, and the sum of that', async () => {
    const id = await rent('train');
    const row = await vast.row(id);
    vast.world.pass(5 * 3600);
    const [found, ...others] = await rows(first, first);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [found?.['source'], found?.['type'], found?.['metadata']],
      [`instance-${id}`, 'instance', { label: 'train', template_id: null }],
    );
    const items = records(found?.['items']);
    assert.deepEqual(
      items.map((item) => item['type']),
      ['gpu', 'disk'],
    );
    assert.match(String(items[0]?.['description']), /^4\.\d{3} hours at \$\d+\.\d{3}\/hour$/);
    const sum = items.reduce((total, item) => total + Number(item['amount']), 0);
    assert.ok(Math.abs(Number(found?.['amount']) - sum) < 1e-9);
    for (const item of items) assert.ok(Math.abs(Number(item['amount']) * 1000 - Math.round(Number(item['amount']) * 1000)) < 1e-9);
    // Ten minutes behind, a minute or so of boot not charged.
    const hours = Number(row?.['dph_base']) * ((5 * 60 - 10) / 60);
    assert.ok(
      Number(items[0]?.['amount']) <= hours && Number(items[0]?.['amount']) > hours * 0.97,
      `${String(items[0]?.['amount'])} of ${hours}`,
    );
  });

  it('divides at midnight UTC, loses nothing there, and takes days for seconds', async () => {
    await rent();
    vast.world.pass(2 * day + 6 * 3600);
    const amount = (found: readonly Readonly<Record<string, unknown>>[]) => Number(found[0]?.['amount'] ?? 0);
    const parts = [await rows(first, first), await rows(first + day, first + day), await rows(first + 2 * day, first + 2 * day)].map(
      amount,
    );
    const whole = amount(await rows(first, first + 2 * day));
    assert.ok(Math.abs(parts.reduce((sum, part) => sum + part, 0) - whole) < 0.003, `${parts.join(' ')} ${whole}`);
    assert.ok(Math.abs((parts[1] ?? 0) / (parts[2] ?? 1) - 24 / (6 - 1 / 6)) < 0.05);
    assert.deepEqual(await rows(first / day, first / day + 2), await rows(first, first + 2 * day));
    assert.deepEqual(await rows(first + 3600, first + 7200), await rows(first, first + day - 1), 'whole days');
    assert.deepEqual(await rows(first - 5 * day, first - day), []);
  });

  it('pages, turns round, and knows only instances', async () => {
    const ids = [await rent('a'), await rent('b'), await rent('c')];
    vast.world.pass(day / 2);
    const labels = (body: Readonly<Record<string, unknown>>) => records(body['results']).map((row) => row['source']);
    const page = await charges(days(first, first), '&limit=2');
    assert.deepEqual([page.body['count'], page.body['total']], [2, 3]);
    const next = await charges(days(first, first), `&limit=2&after_token=${encodeURIComponent(String(page.body['next_token']))}`);
    assert.deepEqual(
      [...labels(page.body), ...labels(next.body)],
      ids.map((id) => `instance-${id}`),
    );
    assert.equal(next.body['next_token'], null);
    assert.deepEqual(
      labels((await charges(days(first, first), '&latest_first=true')).body),
      ids.toReversed().map((id) => `instance-${id}`),
    );
    assert.deepEqual(labels((await charges({ ...days(first, first), type: { in: ['volume'] } })).body), []);
    assert.equal((await charges({ ...days(first, first), type: { in: ['instance'] } })).body['total'], 3);
    assert.equal((await charges(days(first, first), '&after_token=nonsense')).status, 400);
  });

  it('charges traffic by the byte, in both directions, and reports it apart', async () => {
    const [offer] = await vast.search({
      rentable: { eq: true },
      direct_port_count: { gt: 0 },
      inet_up_cost: { gt: 0.005 },
      inet_down_cost: { gt: 0.005 },
      allocated_storage: 20,
    });
    const { body } = await vast.call('PUT', `/api/v0/asks/${String(offer?.['id'])}/`, {
      image: 'ubuntu',
      disk: 20,
      runtype: 'ssh_direc ssh_proxy',
    });
    const id = Number(body['new_contract']);
    vast.world.pass(200);
    const rental = vast.world.rentals.get('vast', String(id));
    const port = await until('sshd', () => (rental?.sshUp === true ? rental.sshPort : null));
    const before = vast.world.ledger.bill('vast', String(id));
    const payload = Buffer.alloc(5 * 2 ** 20, 1);
    for (const place of [port, Number((await vast.row(id))?.['ssh_port'])]) {
      const caller = connect({ host: '127.0.0.1', port: place });
      caller.resume();
      caller.end(payload);
      // The far end closes once it has read everything.
      await once(caller, 'close');
    }
    const charged = (kind: string) =>
      (vast.world.ledger.bill('vast', String(id))?.oneOffs ?? [])
        .filter((once) => once.kind === kind)
        .reduce((sum, { nanoUsd }) => sum + Number(nanoUsd), 0);
    const price = (mebibytes: number) => (mebibytes / 1024) * Number(offer?.['inet_down_cost']) * 1e9;
    assert.equal(before?.oneOffs.length, 0);
    await until('the bytes to be counted', () => {
      vast.world.pass(60);
      return charged('traffic-in') >= price(9);
    });
    await vast.call('DELETE', `/api/v0/instances/${id}/`, {});
    assert.ok(Math.abs(charged('traffic-in') - price(10)) < 10, `${charged('traffic-in')} of ${price(10)}`);
    assert.ok(charged('traffic-out') > 0, 'the greeting came out');
    vast.world.pass(3600);
    const [row] = await rows(first, first);
    assert.deepEqual(
      records(row?.['items']).map((entry) => entry['type']),
      ['gpu', 'disk', 'bwd', 'bwu'],
    );
  });

  it('goes on for what was destroyed', async () => {
    const id = await rent();
    vast.world.pass(3600);
    await vast.call('DELETE', `/api/v0/instances/${id}/`, {});
    vast.world.pass(3600);
    const truth = vast.world.ledger.chargedMicros('vast', String(id), vast.world.agenda.settle()) / 1e6;
    const [row] = await rows(first, first);
    assert.ok(Math.abs(Number(row?.['amount']) - truth) <= 0.0011);
  });

  it('shows the credit going down with every second', async () => {
    const user = async () => (await vast.call('GET', '/api/v0/users/current')).body;
    const before = Number((await user())['credit']);
    assert.equal(before, 500);
    const id = await rent();
    vast.world.pass(3600);
    const truth = vast.world.ledger.chargedMicros('vast', String(id), vast.world.agenda.settle());
    const after = await user();
    assert.ok(Math.abs((before - Number(after['credit'])) * 1e6 - truth) < 2, `${before} - ${String(after['credit'])}, truth ${truth}`);
    assert.ok(Number(after['credit']) < 500);
    assert.equal(after['balance'], 0);
    assert.equal(after['api_key'], 'account-key');
  });

  it('lists deposits in the newer report, and answers 200 to a mistake', async () => {
    const invoices = (filters: unknown) =>
      vast.call('GET', `/api/v1/invoices/?select_filters=${encodeURIComponent(JSON.stringify(filters))}`);
    const mistake = await invoices({});
    assert.deepEqual([mistake.status, mistake.body['success']], [200, false]);
    const [deposit] = records((await invoices({ when: { gte: first - 1, lte: first + 1 } })).body['results']);
    assert.deepEqual([deposit?.['type'], deposit?.['amount']], ['credit', -500]);
    assert.deepEqual((await invoices({ when: { gte: 0, lte: 1 } })).body['results'], []);
  });

  it('lists deposits and charges in the older one', async () => {
    const id = await rent();
    vast.world.pass(3600);
    const { body } = await vast.call('GET', `/api/v0/users/me/invoices?owner=me&sdate=${first - 10}&edate=${first + day}&inc_charges=true`);
    const found = records(body['invoices']);
    assert.deepEqual(
      found.map((row) => row['type']),
      ['payment', 'charge'],
    );
    assert.equal(found[1]?.['instance_id'], id);
    const odd = await vast.call('GET', `/api/v0/users/me/invoices?owner=me&sdate=${first - 10.8893387}&edate=${first + day + 0.123456}&inc_charges=true`);
    assert.deepEqual(odd.body, body, 'fractions of a second are taken');
    assert.equal((await vast.call('GET', '/api/v0/users/me/invoices?sdate=x')).status, 400);
    const bare = await vast.call('GET', `/api/v0/users/me/invoices?sdate=${first - 10}&edate=${first + day}&inc_charges=False`);
    assert.equal(records(bare.body['invoices']).length, 1);
  });

  it('knows no deposit on an instance', async () => {
    const id = await rent();
    assert.deepEqual((await vast.call('GET', `/api/v0/instances/balance/${id}/?owner=me`)).body, {
      refundable_deposit: 0,
      total_discount: 0,
      discount_months: 0,
    });
    assert.equal((await vast.call('GET', '/api/v0/instances/balance/5/')).status, 404);
  });

  it('finds its templates', async () => {
    const search = async (filters: unknown) =>
      (await vast.call('GET', `/api/v0/template/?select_cols=["*"]&select_filters=${encodeURIComponent(JSON.stringify(filters))}`)).body;
    const all = await search({});
    assert.equal(all['templates_found'], records(all['templates']).length);
    assert.ok(Number(all['templates_found']) >= 3);
    const popular = records((await search({ count_created: { gt: '5000' } }))['templates']);
    assert.ok(popular.length > 0 && popular.length < Number(all['templates_found']));
    assert.ok(popular.every((template) => /^[0-9a-f]{32}$/.test(String(template['hash_id'])) && typeof template['env'] === 'string'));
  });
});
