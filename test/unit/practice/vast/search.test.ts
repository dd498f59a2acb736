import assert from 'node:assert/strict';
import fc from 'fast-check';
import { holds, type Operator } from '../../../../src/practice/vast/filters.ts';
import { records, testVast, type TestVast, type TestVastOptions } from './testVast.ts';

type Row = Readonly<Record<string, unknown>>;
const number = (row: Row | undefined, column: string) => Number(row?.[column]);

describe('searching offers on Vast', () => {
  let vast: TestVast;
  const open = async (options: TestVastOptions = {}) => (vast = await testVast({ offers: 200, ...options }));
  afterEach(() => vast.close());

  it('needs no key, but refuses a wrong one', async () => {
    await open();
    assert.equal((await vast.call('POST', '/api/v0/bundles/', {}, null)).status, 200);
    const wrong = await vast.call('POST', '/api/v0/bundles/', {}, 'wrong');
    assert.deepEqual([wrong.status, wrong.body], [404, { success: false, error: 'auth_error', msg: 'Invalid user key' }]);
  });

  it('answers as exactly application/json, or the official client refuses it', async () => {
    await open();
    for (const [method, path, body] of [
      ['POST', '/api/v0/bundles', {}],
      ['PUT', '/api/v0/search/asks/', { q: {} }],
      ['GET', '/api/v0/bundles/', undefined],
    ] as const) {
      assert.equal((await vast.call(method, path, body)).headers.get('content-type'), 'application/json');
    }
  });

  it('gives 64 rows at most, whatever the limit, and fewer when asked', async () => {
    await open();
    assert.equal((await vast.search({ limit: 1000 })).length, 64);
    assert.equal((await vast.search({ limit: 7 })).length, 7);
    assert.equal((await vast.search()).length, 64);
  });

  it('lets a patient client page through everything by price', async () => {
    await open();
    const seen = new Map<number, Row>();
    let floor = 0;
    for (;;) {
      const rows = await vast.search({
        rentable: { eq: true },
        dph_total: { gte: floor },
        order: [['dph_total', 'asc']],
        limit: 1000,
        allocated_storage: 10,
      });
      const before = seen.size;
      for (const row of rows) seen.set(number(row, 'id'), row);
      floor = number(rows.at(-1), 'dph_total');
      if (rows.length < 64 || seen.size === before) break;
    }
    await vast.close();
    await open({ searchCap: Number.POSITIVE_INFINITY });
    const whole = await vast.search({ rentable: { eq: true }, allocated_storage: 10 });
    assert.deepEqual([...seen.keys()].toSorted(), whole.map((row) => number(row, 'id')).toSorted());
  });

  it('starts with as many rentable offers as asked, also very many', async () => {
    for (const offers of [0, 1, 300, 10_000]) {
      await open({ offers, searchCap: Number.POSITIVE_INFINITY });
      assert.equal((await vast.search({ rentable: { eq: true } })).length, offers);
      if (offers !== 10_000) await vast.close();
    }
  });

  it('is the same market for the same seed, and another for another', async () => {
    const look = async (seed: number) => {
      await open({ seed });
      const rows = await vast.search({ order: [['id', 'asc']] });
      await vast.close();
      return rows;
    };
    const [one, same, other] = [await look(5), await look(5), await look(6)];
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
    await open();
  });

  it('finds exactly the rows that meet a filter, numbers as strings included', async () => {
    await open({ searchCap: Number.POSITIVE_INFINITY });
    const all = await vast.search();
    const columns = {
      num_gpus: [1, 2, 8],
      gpu_ram: [12288, 24564, 49140],
      reliability2: [0.6, 0.95, 0.99],
      dph_total: [0.2, 0.5, 2],
      inet_down: [100, 500],
      gpu_name: ['RTX 4090', 'L4'],
      cpu_cores: [32, null],
    };
    const operators: readonly Operator[] = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'];
    const condition = fc
      .constantFrom(...Object.entries(columns))
      .chain(([column, values]) => fc.tuple(fc.constant(column), fc.constantFrom(...operators), fc.constantFrom(...values), fc.boolean()));
    await fc.assert(
      fc.asyncProperty(condition, async ([column, operator, value, asText]) => {
        const sent = asText && typeof value === 'number' ? String(value) : value;
        const found = await vast.search({ [column]: { [operator]: sent } });
        const expected = all.filter((row) => holds(row[column], operator, value));
        assert.deepEqual(new Set(found.map((row) => row['id'])), new Set(expected.map((row) => row['id'])));
      }),
      { numRuns: 40 },
    );
    const both = await vast.search({ gpu_name: { in: ['RTX 3090', 'RTX 4090'] }, num_gpus: { gte: '1', lte: '2' } });
    assert.ok(both.length > 0);
    for (const row of both) assert.ok(['RTX 3090', 'RTX 4090'].includes(String(row['gpu_name'])) && number(row, 'num_gpus') <= 2);
    assert.ok((await vast.search({ gpu_name: { notin: ['RTX 4090'] } })).every((row) => row['gpu_name'] !== 'RTX 4090'));
  });

  it('knows the virtual columns', async () => {
    await open({ searchCap: Number.POSITIVE_INFINITY });
    const all = await vast.search();
    const same = async (query: Row, keep: (row: Row) => boolean) => {
      const found = await vast.search(query);
      assert.deepEqual(new Set(found.map((row) => row['id'])), new Set(all.filter(keep).map((row) => row['id'])), JSON.stringify(query));
      assert.ok(found.length > 0, JSON.stringify(query));
    };
    await same({ verified: { eq: true } }, (row) => row['vericode'] === 1);
    await same({ verified: { eq: 'false' } }, (row) => row['verification'] !== 'verified');
    await same({ external: { eq: false } }, () => true);
    await same({ datacenter: { eq: true } }, (row) => row['hosting_type'] === 1);
    await same({ geolocation: { eq: 'US' } }, (row) => String(row['geolocation']).endsWith('US'));
    await same({ geolocation: { in: ['NO', 'SE'] } }, (row) => /(NO|SE)$/.test(String(row['geolocation'])));
    await same({ geolocation: { notin: ['US'] } }, (row) => row['geolocation'] === null || !String(row['geolocation']).endsWith('US'));
    await same({ geolocation: { eq: null } }, (row) => row['geolocation'] === null);
    await same({ driver_version: { gte: 570000000 } }, (row) => number(row, 'driver_vers') >= 570000000);
    await same({ driver_version: { lt: '570.124.04' } }, (row) => number(row, 'driver_vers') < 570124004);
    await same({ ubuntu_version: { gte: '22.04' } }, (row) => number(row, 'os_version') >= 22.04);
    await same({ gpu_ram_GB: { gte: 40 } }, (row) => number(row, 'gpu_ram') >= 40_000);
    await same({ target_reliability: 0.9 }, (row) => number(row, 'expected_reliability') >= 0.9);
    await same({ duration: { gte: 40 * 86_400 } }, (row) => number(row, 'duration') >= 40 * 86_400);
    await same({ chunked: { eq: true }, georegion: { eq: true } }, () => true);
  });

  it('finds nothing by id, and one row by ask_contract_id', async () => {
    await open();
    const [row] = await vast.search();
    assert.deepEqual(await vast.search({ id: { eq: row?.['id'] } }), []);
    assert.deepEqual(
      (await vast.search({ ask_contract_id: { eq: row?.['id'] } })).map((found) => found['id']),
      [row?.['id']],
    );
  });

  it('folds the disk asked for into the price, to the last digit', async () => {
    await open();
    const price = (row: Row, gigabytes: number) => number(row, 'dph_base') + (number(row, 'storage_cost') * gigabytes) / 720;
    for (const [query, gigabytes] of [
      [{}, 8],
      [{ allocated_storage: 40 }, 40],
      [{ allocated_storage: '12.5' }, 12.5],
    ] as const) {
      for (const row of await vast.search({ ...query, limit: 20 })) {
        assert.equal(number(row, 'dph_total'), price(row, gigabytes));
        assert.equal(number(row, 'storage_total_cost'), (number(row, 'storage_cost') * gigabytes) / 720);
        if (gigabytes !== 8) assert.ok(number(row, 'disk_space') >= gigabytes);
        assert.ok(
          Math.abs(number(row, 'dph_total_adj') - number(row, 'dph_total') - number(row, 'inet_up_cost') - number(row, 'inet_down_cost')) <
            1e-12,
        );
        assert.ok(Math.abs(number(row, 'dlperf_per_dphtotal') - number(row, 'dlperf') / number(row, 'dph_total')) < 1e-9);
      }
    }
  });

  it('shows the bid as the price of an interruptible, and a discount on a reserved one', async () => {
    await open();
    for (const type of ['bid', 'interruptible']) {
      const rows = await vast.search({ type });
      assert.ok(rows.every((row) => row['is_bid'] === true && row['dph_base'] === row['min_bid']));
    }
    const reserved = await vast.search({ type: 'reserved' });
    assert.ok(reserved.some((row) => number(row, 'discounted_dph_total') < number(row, 'dph_total')));
    for (const type of ['on-demand', 'ondemand', 'ask'])
      assert.ok((await vast.search({ type })).every((row) => row['is_bid'] === false && number(row, 'min_bid') <= number(row, 'dph_base')));
  });

  it('shows disks without a GPU when 0 GPUs are asked for, and only then', async () => {
    await open();
    const disks = await vast.search({ num_gpus: { eq: '0' } });
    assert.ok(disks.length > 0 && disks.every((row) => row['resource_type'] === 'disk' && row['cpu_ram'] === 0));
    assert.ok((await vast.search()).every((row) => row['resource_type'] === 'gpu'));
  });

  it('sorts by what it is told, by score when it is told nothing', async () => {
    await open();
    const values = async (query: Row, column: string) => (await vast.search(query)).map((row) => number(row, column));
    const ascending = await values({ order: [['dph_total', 'asc']] }, 'dph_total');
    assert.deepEqual(
      ascending,
      ascending.toSorted((one, other) => one - other),
    );
    const scores = await values({}, 'score');
    assert.deepEqual(
      scores,
      scores.toSorted((one, other) => other - one),
    );
    const rows = await vast.search({
      order: [
        ['num_gpus', 'desc'],
        ['dph_total', 'asc'],
      ],
    });
    for (const [index, row] of rows.entries()) {
      const next = rows[index + 1];
      if (next === undefined) continue;
      assert.ok(
        number(row, 'num_gpus') > number(next, 'num_gpus') ||
          (row['num_gpus'] === next['num_gpus'] && number(row, 'dph_total') <= number(next, 'dph_total')),
      );
    }
  });

  it('answers 400 to what is no query', async () => {
    await open();
    const bad = [
      [],
      'text',
      { gpu_name: 'RTX 4090' },
      { gpu_name: { like: 'x' } },
      { no_such_column: { eq: 1 } },
      { num_gpus: { in: 1 } },
      { type: 'spot' },
      { limit: 'many' },
      { order: 'dph' },
      { order: [['no_such_column', 'asc']] },
      { allocated_storage: 'big' },
    ];
    for (const query of bad) {
      const { status, body } = await vast.call('POST', '/api/v0/bundles/', JSON.stringify(query));
      assert.equal(status, 400, JSON.stringify(query));
      assert.equal(body['error'], 'invalid_request');
      assert.equal(typeof body['msg'], 'string');
    }
  });

  it('serves the older and the newer form of the same search', async () => {
    await open();
    const query = { gpu_name: { eq: 'RTX 4090' }, order: [['dph_total', 'asc']] };
    const expected = await vast.search(query);
    const older = await vast.call('GET', `/api/v0/bundles/?q=${encodeURIComponent(JSON.stringify(query))}`, undefined, null);
    assert.deepEqual(older.body['offers'], expected);
    const newer = await vast.call('PUT', '/api/v0/search/asks/', { select_cols: ['*'], q: query });
    assert.deepEqual(newer.body['offers'], expected);
    const narrow = await vast.call('PUT', '/api/v0/search/asks', { select_cols: ['id', 'nonsense'], q: query });
    assert.deepEqual(records(narrow.body['offers'])[0], { id: expected[0]?.['id'], nonsense: null });
    assert.equal((await vast.call('GET', '/api/v0/bundles/?q={')).status, 400);
    assert.equal((await vast.call('PUT', '/api/v0/search/asks/', [])).status, 400);
  });

  it('moves: prices change, offers go and come back, by themselves and with the same seed alike', async () => {
    const walk = async () => {
      await open();
      const history = [];
      for (let hour = 0; hour < 48; hour += 6) {
        history.push(
          (await vast.search({ rentable: { eq: true }, order: [['id', 'asc']], limit: 40 })).map((row) => [
            row['id'],
            row['dph_base'],
            row['min_bid'],
          ]),
        );
        vast.world.pass(6 * 3600);
      }
      await vast.close();
      return history;
    };
    const [one, same] = [await walk(), await walk()];
    assert.deepEqual(one, same);
    const [first, last] = [new Map(one[0]?.map(([id, price]) => [id, price])), new Map(one.at(-1)?.map(([id, price]) => [id, price]))];
    assert.ok(
      [...first].some(([id, price]) => last.has(id) && last.get(id) !== price),
      'a price moved',
    );
    assert.ok(
      [...first.keys()].some((id) => !last.has(id)),
      'an offer went',
    );
    assert.ok(
      [...last.keys()].some((id) => !first.has(id)),
      'an offer came',
    );
    await open();
  });

  it('hardly changes from one minute to the next, so that what is seen can be rented', async () => {
    await open({ searchCap: Number.POSITIVE_INFINITY });
    const before = await vast.search({ rentable: { eq: true } });
    vast.world.pass(60);
    const after = new Set((await vast.search({ rentable: { eq: true } })).map((row) => row['id']));
    assert.ok(before.filter((row) => !after.has(row['id'])).length < before.length * 0.03);
  });

  it('obeys its faults', async () => {
    await open({ faults: { 'filters-ignored': 1 } });
    const lax = await vast.search({ num_gpus: { eq: 1 }, gpu_name: { eq: 'RTX 4090' } });
    assert.ok(lax.some((row) => row['num_gpus'] !== 1));
    assert.ok(lax.every((row) => row['gpu_name'] === 'RTX 4090'));
    vast.world.faults.set('search-quota', 1);
    const { status, body, headers } = await vast.call('POST', '/api/v0/bundles/', {});
    assert.deepEqual([status, body['error']], [429, 'search_quota_exceeded']);
    assert.equal(Number(headers.get('x-ratelimit-reset')) * 1000, Date.UTC(2026, 9, 2));
  });

  it('names its GPU models to anybody', async () => {
    await open();
    const names = (await vast.call('GET', '/api/v0/gpu_names/unique/', undefined, null)).body['gpu_names'];
    assert.ok(Array.isArray(names) && names.includes('RTX 4090') && new Set(names).size === names.length);
    const types = records((await vast.call('GET', '/api/v0/gpu_types/', undefined, null)).body['gpu_types']);
    assert.ok(types.some((type) => type['canonical_name'] === 'H200' && number(type, 'gpu_ram_mb') > 140_000));
  });

  it('offers what a real market offers: odd rows included', async () => {
    await open({ offers: 3000, searchCap: Number.POSITIVE_INFINITY });
    const rows = await vast.search();
    const some = (what: string, keep: (row: Row) => boolean) => assert.ok(rows.some(keep), what);
    some('no place', (row) => row['geolocation'] === null);
    some('a place without a region', (row) => String(row['geolocation']).startsWith(', '));
    some('no core count', (row) => row['cpu_cores'] === null);
    some('no direct ports', (row) => row['direct_port_count'] === 0);
    some('a new host', (row) => row['reliability2'] === 0.6);
    some('an unverified machine', (row) => row['verification'] === 'unverified');
    some('a whole machine', (row) => row['gpu_frac'] === 1 && row['num_gpus'] === 8);
    for (const row of rows) {
      assert.match(String(row['public_ipaddr']), /^203\.0\.113\.\d+ $/);
      assert.ok(number(row, 'reliability2') >= 0.6 && number(row, 'reliability2') <= 0.999);
      assert.equal(row['id'], row['ask_contract_id']);
      assert.ok(number(row, 'gpu_frac') > 0 && number(row, 'gpu_frac') <= 1);
    }
    const fast = rows.filter((row) => row['gpu_name'] === 'RTX 4090').map((row) => number(row, 'dph_base') / number(row, 'num_gpus'));
    assert.ok(Math.min(...fast) >= 0.29 - 1e-6 && Math.max(...fast) <= 0.78 + 1e-6);
  });
});
