import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { hello } from '../fakePods.ts';
import { until } from '../until.ts';
import { records, testVast, type TestVast, type TestVastOptions } from './testVast.ts';

type Row = Readonly<Record<string, unknown>>;

describe('instances on Vast', () => {
  let vast: TestVast;
  const open = async (options: TestVastOptions = {}) => (vast = await testVast({ offers: 120, creditUsd: 1000, ...options }));
  afterEach(() => vast.close());

  const list = async (parameters: Readonly<Record<string, unknown>> = {}) => {
    const query = new URLSearchParams(
      Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
      ),
    );
    return vast.call('GET', `/api/v1/instances/?${query.toString()}`);
  };
  const ids = (body: Row) => records(body['instances']).map((row) => Number(row['id']));
  const statuses = async (id: number) => {
    const row = await vast.row(id);
    return [row?.['actual_status'], row?.['intended_status'], row?.['cur_state'], row?.['next_state']];
  };
  const rentMany = async (count: number) => {
    const rented: number[] = [];
    for (let index = 0; index < count; index += 1)
      rented.push(await vast.rent({ label: index % 3 === 0 ? null : `job ${index % 3}` }, { num_gpus: { eq: 1 } }));
    return rented;
  };

  describe('the list', () => {
    it('pages by key, and misses or repeats nobody while instances come and go', async () => {
      await open();
      const rented = await rentMany(31);
      const first = await list({ limit: 1000 });
      assert.deepEqual([first.body['success'], first.body['instances_found'], first.body['total_instances']], [true, 25, 31]);
      assert.equal(typeof first.body['next_token'], 'string');
      // One of those already seen goes: an offset would now skip somebody.
      await vast.call('DELETE', `/api/v0/instances/${rented[0]}/`, {});
      const second = await list({ limit: 25, after_token: first.body['next_token'] });
      assert.deepEqual([...ids(first.body), ...ids(second.body)], rented);
      assert.equal(second.body['next_token'], null);
      assert.deepEqual(second.body['label_counts'], { '': 10, 'job 1': 10, 'job 2': 10 });
    });

    it('pages in any order', async () => {
      await open();
      const rented = await rentMany(9);
      const walk = async (order: unknown) => {
        const seen: number[] = [];
        let token = '';
        do {
          const { body } = await list({ limit: 2, order_by: order, after_token: token });
          seen.push(...ids(body));
          token = typeof body['next_token'] === 'string' ? body['next_token'] : '';
        } while (token !== '');
        return seen;
      };
      assert.deepEqual(await walk([{ col: 'id', dir: 'desc' }]), rented.toReversed());
      const byLabel = await walk([{ col: 'label', dir: 'asc' }]);
      assert.deepEqual(byLabel.toSorted(), rented.toSorted());
      const rows = new Map(records((await list()).body['instances']).map((row) => [Number(row['id']), row['label']]));
      assert.deepEqual(
        byLabel.map((id) => rows.get(id)),
        ['job 1', 'job 1', 'job 1', 'job 2', 'job 2', 'job 2', null, null, null],
      );
    });

    it('takes a limit of nothing for five, and refuses a token that is none', async () => {
      await open();
      await rentMany(7);
      assert.equal((await list({ limit: 0 })).body['instances_found'], 5);
      assert.equal((await list({ limit: 3 })).body['instances_found'], 3);
      const { status, body } = await list({ after_token: 'nonsense' });
      assert.deepEqual([status, body['error']], [400, 'invalid_token']);
    });

    it('filters on stored columns only', async () => {
      await open();
      const rented = await rentMany(4);
      assert.deepEqual(ids((await list({ select_filters: { label: { eq: 'job 1' } } })).body), [rented[1]]);
      assert.deepEqual(ids((await list({ select_filters: { label: { in: [null] } } })).body), [rented[0], rented[3]]);
      assert.deepEqual(ids((await list({ select_filters: { id: { gt: rented[1] } } })).body), rented.slice(2));
      assert.deepEqual(ids((await list({ select_filters: { actual_status: { eq: 'running' } } })).body), []);
      for (const bad of [{ dph_total: { gt: 0 } }, { num_gpus: { eq: 1 } }, { label: 'job 1' }, { label: { like: 'x' } }, [1]]) {
        const { status, body } = await list({ select_filters: bad });
        assert.deepEqual([status, body['error']], [400, 'invalid_request'], JSON.stringify(bad));
      }
      assert.equal((await list({ order_by: 'id' })).status, 400);
    });

    it('gives the columns asked for, null for unknown ones', async () => {
      await open();
      const [id] = await rentMany(1);
      const { body } = await list({ select_cols: ['id', 'label', 'nonsense'] });
      assert.deepEqual(body['instances'], [{ id, label: null, nonsense: null }]);
      const everything = records((await list({ select_cols: ['*'] })).body['instances'])[0];
      assert.deepEqual(everything?.['volume_info'], []);
    });

    it('can be wrongly empty or cut short', async () => {
      await open();
      const rented = await rentMany(5);
      vast.world.faults.force('list-empty');
      assert.deepEqual(ids((await list()).body), []);
      vast.world.faults.force('list-truncated');
      assert.deepEqual(ids((await list()).body), rented.slice(0, 2));
      assert.deepEqual(ids((await list()).body), rented);
    });

    it('is gone in its old version', async () => {
      await open();
      const { status, body } = await vast.call('GET', '/api/v0/instances/?owner=me');
      assert.deepEqual(
        [status, body],
        [410, { success: false, error: 'deprecated_endpoint', msg: '/api/v0/instances/ is deprecated. Use /api/v1/instances/ instead.' }],
      );
    });

    it('names the values one can filter by', async () => {
      await open();
      await rentMany(3);
      const filters = records((await vast.call('GET', '/api/v0/instances/filters/')).body['filters']);
      assert.ok(
        filters.length > 0 &&
          filters.every((row) => 'actual_status' in row && 'verification' in row && typeof row['gpu_name'] === 'string'),
      );
    });
  });

  describe('one instance', () => {
    it('has every column that clients stumble over when it lacks', async () => {
      await open();
      const id = await vast.rent();
      for (const row of [await vast.row(id), records((await list()).body['instances'])[0]]) {
        assert.ok(row);
        assert.equal(typeof row['start_date'], 'number');
        assert.ok(Array.isArray(row['extra_env']));
        assert.match(String(row['public_ipaddr']), /^127\.0\.0\.1\s+$/);
        assert.equal(Number(row['dph_total']), Number(row['dph_base']) + Number(row['storage_total_cost']));
        assert.equal(Number(row['storage_total_cost']), (Number(row['storage_cost']) * 20) / 720);
        assert.deepEqual([row['disk_usage'], row['disk_util'], row['gpu_util'], row['uptime_mins']], [-1, -1, null, null]);
      }
    });

    it('is null inside a success once it is destroyed, or was never there', async () => {
      await open();
      const id = await vast.rent();
      await vast.call('DELETE', `/api/v0/instances/${id}/`, {});
      for (const gone of [id, 55]) assert.deepEqual((await vast.call('GET', `/api/v0/instances/${gone}/`)).body, { instances: null });
    });

    it('counts down to the end of its offer, and stops there', async () => {
      await open();
      const [offer] = await vast.search({ rentable: { eq: true }, order: [['duration', 'asc']], allocated_storage: 20 });
      const { body } = await vast.call('PUT', `/api/v0/asks/${String(offer?.['id'])}/`, { image: 'ubuntu', disk: 20 });
      const id = Number(body['new_contract']);
      assert.equal((await vast.row(id))?.['end_date'], offer?.['end_date']);
      const left = Number((await vast.row(id))?.['duration']);
      vast.world.pass(100);
      assert.ok(Math.abs(left - 100 - Number((await vast.row(id))?.['duration'])) < 1e-6);
      vast.world.pass(left);
      assert.deepEqual(await statuses(id), ['exited', 'stopped', 'stopped', 'stopped']);
      assert.equal((await vast.call('PUT', `/api/v0/instances/${id}/`, { state: 'running' })).body['error'], 'resources_unavailable');
    });

    it('goes through the states that clients know', async () => {
      await open();
      const id = await vast.rent();
      const seen: unknown[] = [];
      let look: readonly unknown[] = [];
      const watch = async (seconds: number) => {
        for (let second = 0; second < seconds; second += 1) {
          look = await statuses(id);
          if (JSON.stringify(look) !== JSON.stringify(seen.at(-1))) seen.push(look);
          vast.world.pass(1);
        }
      };
      await watch(70);
      await vast.call('PUT', `/api/v0/instances/${id}/`, { state: 'stopped' });
      await watch(20);
      vast.world.faults.force('start-queued');
      await vast.call('PUT', `/api/v0/instances/${id}/`, { state: 'running' });
      await watch(120);
      assert.deepEqual(seen, [
        [null, 'running', 'running', 'running'],
        ['created', 'running', 'running', 'running'],
        ['loading', 'running', 'running', 'running'],
        ['running', 'running', 'running', 'running'],
        ['running', 'stopped', 'running', 'stopped'],
        ['exited', 'stopped', 'stopped', 'stopped'],
        ['exited', 'running', 'stopped', 'running'],
        ['created', 'running', 'running', 'running'],
        ['loading', 'running', 'running', 'running'],
        ['running', 'running', 'running', 'running'],
      ]);
      assert.match(String((await vast.row(id))?.['status_msg']), /^success, running pytorch\/pytorch\/ssh$/);
    });

    it('says why an image could not be had, and then stops', async () => {
      await open();
      const id = await vast.rent({ image: 'me/no-such-image:1' });
      const row = await until('the failure', async () => {
        vast.world.pass(1);
        const seen = await vast.row(id);
        return seen?.['actual_status'] === 'created' && seen['status_msg'] !== null ? seen : null;
      });
      assert.match(String(row['status_msg']), /pull access denied for me\/no-such-image/);
      assert.equal(row['intended_status'], 'running');
      vast.world.pass(60);
      assert.deepEqual(await statuses(id), ['created', 'stopped', 'stopped', 'stopped']);
    });

    it('has no ports until it runs, absent in the list and null alone', async () => {
      await open();
      const id = await vast.rent();
      assert.equal((await vast.row(id))?.['ports'], null);
      assert.equal(Object.hasOwn(records((await list()).body['instances'])[0] ?? {}, 'ports'), false);
      vast.world.pass(120);
      const port = await until('the port', async () => {
        const ports = (await vast.row(id))?.['ports'];
        return /"22\/tcp".*?"HostPort":"(\d+)"/.exec(JSON.stringify(ports))?.[1];
      });
      const caller = connect({ host: '127.0.0.1', port: Number(port) });
      const [greeting] = await once(caller, 'data');
      assert.equal(String(greeting), hello);
      caller.destroy();
    });

    it('answers at its proxy before sshd is up, and forwards to it once it is', async () => {
      await open();
      const id = await vast.rent();
      const row = await vast.row(id);
      assert.equal(row?.['ssh_host'], '127.0.0.1');
      const caller = connect({ host: '127.0.0.1', port: Number(row?.['ssh_port']) });
      await once(caller, 'connect');
      vast.world.pass(300);
      const [greeting] = await once(caller, 'data');
      assert.equal(String(greeting), hello);
      caller.destroy();
    });

    it('shows a port lower by one where clients add one', async () => {
      await open();
      const id = await vast.rent({ runtype: 'jupyter_proxy ssh_proxy' });
      vast.world.pass(300);
      await until('sshd', () => vast.world.pods.up.size > 0);
      const row = await vast.row(id);
      assert.equal(JSON.stringify(row?.['ports']).includes('22/tcp'), false);
      const caller = connect({ host: '127.0.0.1', port: Number(row?.['ssh_port']) + 1 });
      assert.equal(String((await once(caller, 'data'))[0]), hello);
      caller.destroy();
    });

    it('has only the proxy where the machine has no direct ports', async () => {
      await open({ offers: 600 });
      const id = await vast.rent({}, { direct_port_count: { eq: 0 } });
      vast.world.pass(300);
      await until('sshd', () => vast.world.pods.up.size > 0);
      assert.deepEqual((await vast.row(id))?.['ports'], {});
    });

    it('flickers when a heartbeat is missed', async () => {
      await open({ faults: { flicker: 1 } });
      const id = await vast.rent();
      vast.world.pass(120);
      assert.ok(['offline', 'loading'].includes(String((await statuses(id))[0])));
      vast.world.faults.clear();
      assert.equal((await statuses(id))[0], 'running');
    });
  });
});
