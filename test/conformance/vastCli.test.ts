// Vast's official command line client against the practice market: it must not
// notice. It exits 0 whatever the server says, so what it prints is read, and
// what it did is looked up in the market's own books.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import ssh2 from 'ssh2';
import { startMarket, type Market } from '../../src/practice/market.ts';
import { isRecord } from '../../src/practice/vast/answers.ts';
import { until } from '../unit/practice/until.ts';
import { pythonClient, type PythonClient, type PythonOutput } from './pythonClients.ts';
import { openVastShell, type VastShell } from './vastShell.ts';

const version = '1.9.1';
const installMs = 700_000;

type Row = Readonly<Record<string, unknown>>;

const numbers = (rows: readonly Row[], column: string) => rows.map((row) => Number(row[column]));

describe(`the official Vast client ${version} on the practice market`, function () {
  this.timeout(60_000);
  let shell: VastShell;
  let market: Market;
  let home: string;
  let key: { public: string; private: string };

  before(async function () {
    this.timeout(installMs);
    let client: PythonClient;
    try {
      client = await pythonClient('vastai', version);
    } catch (error) {
      console.warn(`  SKIPPED: the official Vast client could not be installed: ${error instanceof Error ? error.message : String(error)}`);
      return this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'vast-cli-'));
    key = ssh2.utils.generateKeyPairSync('ed25519');
    market = await startMarket({ seed: 21, offers: 200, rateLimits: false, bootScale: 0, dir: home, credit: 100 });
    const folder = (name: string) => join(home, name);
    shell = openVastShell(client, {
      HOME: home,
      VAST_URL: market.vast.url,
      VASTAI_NO_UPDATE_CHECK: '1',
      XDG_CONFIG_HOME: folder('config'),
      XDG_CACHE_HOME: folder('cache'),
      XDG_DATA_HOME: folder('data'),
      // Or its tables lose columns.
      COLUMNS: '240',
    });
  });

  after(async () => {
    await shell?.close();
    await market?.close();
    if (home !== undefined) await rm(home, { recursive: true, force: true });
  });

  afterEach(() => market?.faults.clear());

  async function vastai(args: readonly string[], apiKey = market.vast.apiKey): Promise<PythonOutput> {
    const output = await shell.run(args, { VAST_API_KEY: apiKey });
    return { ...output, stdout: stripVTControlCharacters(output.stdout) };
  }

  async function raw(args: readonly string[]): Promise<unknown> {
    const { stdout, stderr } = await vastai([...args, '--raw']);
    try {
      return JSON.parse(stdout);
    } catch {
      return assert.fail(`vastai ${args.join(' ')} printed ${stdout.slice(0, 500)} and said ${stderr.slice(0, 2000)}`);
    }
  }

  async function rawRows(args: readonly string[]): Promise<readonly Row[]> {
    const rows = await raw(args);
    assert.ok(Array.isArray(rows), JSON.stringify(rows));
    return rows.filter(isRecord);
  }

  async function rawObject(args: readonly string[]): Promise<Row> {
    const found = await raw(args);
    assert.ok(isRecord(found), JSON.stringify(found));
    return found;
  }

  const rental = (id: number) => market.world.rentals.get('vast', String(id));
  const row = (id: number) => rawObject(['show', 'instance', String(id)]);

  async function create(extra: readonly string[] = [], query = 'direct_port_count>0'): Promise<number> {
    const [offer] = await rawRows([
      'search',
      'offers',
      '-n',
      `rentable=true num_gpus=1 ${query}`,
      '-o',
      'dph',
      '--storage',
      '12',
      '--limit',
      '1',
    ]);
    const made = await rawObject([
      'create',
      'instance',
      String(offer?.['id']),
      '--image',
      'pytorch/pytorch:2.4.0',
      '--disk',
      '12',
      '--ssh',
      '--direct',
      ...extra,
    ]);
    assert.equal(made['success'], true, JSON.stringify(made));
    return Number(made['new_contract']);
  }

  const up = (id: number) =>
    until(`instance ${id} to answer`, () => {
      market.world.agenda.settle();
      return rental(id)?.sshUp;
    });

  describe('searching', () => {
    it('finds verified, rentable offers, best score first, and no more than 64', async () => {
      const rows = await rawRows(['search', 'offers']);
      assert.equal(rows.length, 64);
      assert.ok(rows.every((offer) => offer['verification'] === 'verified' && offer['rentable'] === true));
      const scores = numbers(rows, 'score');
      assert.deepEqual(
        scores,
        scores.toSorted((one, other) => other - one),
      );
    });

    it('understands every form of filter the client sends', async () => {
      const check = async (query: string, keep: (offer: Row) => boolean) => {
        const rows = await rawRows(['search', 'offers', '-n', query]);
        assert.ok(rows.length > 0 && rows.every(keep), query);
      };
      await check('gpu_name=RTX_4090 num_gpus=1', (offer) => offer['gpu_name'] === 'RTX 4090' && offer['num_gpus'] === 1);
      await check('gpu_ram>=40 reliability>0.98', (offer) => Number(offer['gpu_ram']) >= 40_000 && Number(offer['reliability']) > 0.98);
      await check(
        'gpu_name in ["RTX 3090","RTX 4090"] dph<0.6',
        (offer) => ['RTX 3090', 'RTX 4090'].includes(String(offer['gpu_name'])) && Number(offer['dph_total']) < 0.6,
      );
      await check(
        'geolocation in [US,CA] driver_version>=570.0.0',
        (offer) => /(US|CA)$/.test(String(offer['geolocation'])) && Number(offer['driver_vers']) >= 570_000_000,
      );
      await check('geolocation notin [US]', (offer) => !String(offer['geolocation']).endsWith('US'));
      await check(
        'datacenter=True duration>5 cuda_vers>=12.4',
        (offer) => offer['hosting_type'] === 1 && Number(offer['duration']) > 5 * 86_400 && Number(offer['cuda_max_good']) >= 12.4,
      );
      await check('verified=false', (offer) => offer['verification'] !== 'verified');
    });

    it('sorts and limits, in both forms of the search', async () => {
      for (const form of [[], ['--new']]) {
        const rows = await rawRows(['search', 'offers', ...form, '-o', 'dph', '--limit', '5']);
        assert.equal(rows.length, 5);
        const prices = numbers(rows, 'dph_total');
        assert.deepEqual(
          prices,
          prices.toSorted((one, other) => one - other),
        );
      }
    });

    it('prices the disk asked for, and bids', async () => {
      const [small] = await rawRows(['search', 'offers', '-o', 'dph', '--limit', '1', '--storage', '10']);
      const storage = Number(small?.['storage_cost']);
      const rows = await rawRows([
        'search',
        'offers',
        '-n',
        `machine_id=${String(small?.['machine_id'])} num_gpus=${String(small?.['num_gpus'])}`,
        '--storage',
        '60',
      ]);
      assert.ok(rows.some((offer) => Math.abs(Number(offer['dph_total']) - Number(small?.['dph_base']) - (storage * 60) / 720) < 1e-9));
      const bids = await rawRows(['search', 'offers', '-i', '--storage', '40']);
      assert.ok(bids.length > 0 && bids.every((offer) => offer['is_bid'] === true && offer['dph_base'] === offer['min_bid']));
      const reserved = await rawRows(['search', 'offers', '-r', '-n']);
      assert.ok(reserved.some((offer) => Number(offer['discounted_dph_total']) < Number(offer['dph_total'])));
    });

    it('prints its table', async () => {
      const { stdout } = await vastai(['search', 'offers', 'num_gpus=2', '--limit', '3']);
      const [head = '', ...lines] = stdout.trim().split('\n');
      assert.match(head, /ID .*CUDA .*Model .*\$\/hr/);
      assert.equal(lines.length, 3);
      assert.ok(lines.every((line) => /2x/.test(line)));
    });
  });

  describe('keys and account', () => {
    it('shows the user, without the key', async () => {
      const user = await rawObject(['show', 'user']);
      assert.equal(user['api_key'], undefined);
      assert.ok(Number(user['credit']) > 90);
      const { stdout } = await vastai(['show', 'user']);
      assert.match(stdout, /practice@example\.com/);
    });

    it('registers an SSH key, shows it, and deletes another', async () => {
      const { stdout } = await vastai(['create', 'ssh-key', key.public]);
      assert.match(stdout, /success/i);
      const [known] = await rawRows(['show', 'ssh-keys']);
      assert.equal(known?.['public_key'], key.public);
      await vastai(['create', 'ssh-key', 'ssh-ed25519 AAAAother other']);
      const other = (await rawRows(['show', 'ssh-keys'])).find((item) => String(item['public_key']).includes('AAAAother'));
      await vastai(['delete', 'ssh-key', String(other?.['id'])]);
      assert.equal((await rawRows(['show', 'ssh-keys'])).length, 1);
    });

    it('reports a key that is not known, and a second factor', async () => {
      const unknown = await vastai(['show', 'instances', '--raw'], 'wrong-key');
      assert.match(unknown.stderr, /"status_code": 404/);
      assert.match(unknown.stderr, /Invalid user key/);
      market.faults.set('vast.two-factor', 1);
      const factor = await vastai(['show', 'user']);
      assert.match(factor.stderr, /Two Factor Authentication/);
      assert.match(factor.stderr, /vastai tfa login/);
    });
  });

  describe('an instance', () => {
    let id: number;

    it('is created with label, environment and start command', async () => {
      id = await create(['--label', 'conformance', '--env', '-e TZ=UTC -p 8080:8080', '--onstart-cmd', 'echo hello from onstart']);
      const made = rental(id);
      assert.equal(made?.label, 'conformance');
      const shown = await row(id);
      assert.deepEqual(shown['extra_env'], { TZ: 'UTC', '-p 8080:8080': '1' });
      assert.deepEqual(
        [shown['image_uuid'], shown['disk_space'], shown['image_runtype'], shown['onstart']],
        ['pytorch/pytorch:2.4.0', 12, 'ssh_direc ssh_proxy', 'echo hello from onstart'],
      );
    });

    it('is listed raw, as a table, and by number', async () => {
      await up(id);
      const rows = await rawRows(['show', 'instances']);
      assert.deepEqual(numbers(rows, 'id'), [id]);
      assert.deepEqual(
        [rows[0]?.['actual_status'], rows[0]?.['public_ipaddr'], rows[0]?.['label']],
        ['running', '127.0.0.1', 'conformance'],
      );
      const { stdout: table } = await vastai(['show', 'instances', '--no-color']);
      assert.ok(table.includes(String(id)) && table.includes('running'), table);
      const { stdout: quiet } = await vastai(['show', 'instances', '-q']);
      assert.equal(quiet.trim(), String(id));
      const { stdout: filtered } = await vastai(['show', 'instances', '-q', '--label', 'conformance', '--status', 'running']);
      assert.equal(filtered.trim(), String(id));
      const { stdout: none } = await vastai(['show', 'instances', '-q', '--label', 'other']);
      assert.equal(none.trim(), '');
    });

    it('has an address one can log in at', async () => {
      const { stdout } = await vastai(['ssh-url', String(id)]);
      const [, host, port] = /^ssh:\/\/root@([\d.]+):(\d+)$/.exec(stdout.trim()) ?? [];
      assert.equal(host, '127.0.0.1', stdout);
      assert.equal(Number(port), rental(id)?.sshPort);
      const said = await new Promise<string>((resolve, reject) => {
        const ssh = new ssh2.Client();
        ssh.on('error', reject);
        ssh.on('ready', () =>
          ssh.exec('echo $VAST_CONTAINERLABEL $TZ', (error, channel) => {
            if (error) return reject(error);
            let text = '';
            channel.on('data', (chunk: Buffer) => (text += chunk.toString()));
            channel.on('close', () => {
              ssh.end();
              resolve(text);
            });
          }),
        );
        ssh.connect({ host: '127.0.0.1', port: Number(port), username: 'root', privateKey: key.private });
      });
      assert.equal(said.trim(), `C.${id} UTC`);
    });

    it('has logs, of the container and of the daemon', async () => {
      const { stdout } = await vastai(['logs', String(id), '--tail', '50']);
      assert.match(stdout, /hello from onstart/);
      const daemon = await vastai(['logs', String(id), '--daemon-logs']);
      assert.match(daemon.stdout, /start container/);
    });

    it('takes another key while it runs, and gives it back', async () => {
      const pair = ssh2.utils.generateKeyPairSync('ed25519');
      const file = join(home, 'attached.pub');
      await writeFile(file, pair.public);
      await vastai(['attach', 'ssh', String(id), file]);
      const keys = () => rental(id)?.spec.pod?.authorizedKeys() ?? [];
      assert.deepEqual(
        keys().map((line) => line.split(' ')[1]),
        [key.public, pair.public].map((line) => line.split(' ')[1]),
      );
      const listed: unknown = JSON.parse(
        await (
          await fetch(`${market.vast.url}/api/v0/instances/${id}/ssh/`, { headers: { authorization: `Bearer ${market.vast.apiKey}` } })
        ).text(),
      );
      assert.ok(isRecord(listed));
      const attached: unknown = JSON.parse(String(listed['ssh_keys']));
      assert.ok(Array.isArray(attached) && isRecord(attached[1]));
      await vastai(['detach', 'ssh', String(id), String(attached[1]['id'])]);
      assert.equal(keys().length, 1);
    });

    it('is labelled, stopped and started', async () => {
      await vastai(['label', 'instance', String(id), 'renamed']);
      assert.equal(rental(id)?.label, 'renamed');
      const stop = await vastai(['stop', 'instance', String(id)]);
      assert.match(stop.stdout, new RegExp(`stopping instance ${id}`));
      market.clock.advance(1000);
      assert.equal(rental(id)?.state, 'stopped');
      assert.equal((await row(id))['actual_status'], 'exited');
      const start = await vastai(['start', 'instance', String(id)]);
      assert.match(start.stdout, new RegExp(`starting instance ${id}`));
      await up(id);
      assert.equal(rental(id)?.starts, 2);
    });

    it('is told when a start is only queued', async () => {
      await vastai(['stop', 'instance', String(id)]);
      market.clock.advance(1000);
      market.faults.force('vast.start-queued');
      const { stdout } = await vastai(['start', 'instance', String(id)]);
      assert.match(stdout, /Required resources are currently unavailable, state change queued/);
      assert.equal(rental(id)?.queued, true);
      market.clock.advance(90_000);
      await up(id);
    });

    it('reboots and recycles', async () => {
      const reboot = await vastai(['reboot', 'instance', String(id)]);
      assert.match(reboot.stdout, /Rebooting instance/i);
      await up(id);
      const recycle = await vastai(['recycle', 'instance', String(id)]);
      assert.match(recycle.stdout, /Recycling instance/i);
      await up(id);
      assert.equal(rental(id)?.state, 'running');
    });

    it('costs what the market’s books say', async () => {
      market.clock.advance(6 * 3_600_000);
      const day = (ahead: number) => new Date(market.clock.now() + ahead * 86_400_000).toISOString().slice(0, 10);
      const report = await rawObject(['show', 'invoices-v1', '--charges', '-s', day(-2), '-e', day(1)]);
      const results = report['results'];
      assert.ok(Array.isArray(results) && isRecord(results[0]));
      assert.equal(results[0]['source'], `instance-${id}`);
      const truth = market.world.ledger.chargedMicros('vast', String(id), market.clock.now()) / 1e6;
      const lag = (Number((await row(id))['dph_total']) * 11) / 60;
      assert.ok(
        Number(results[0]['amount']) <= truth + 0.001 && Number(results[0]['amount']) >= truth - lag - 0.002,
        `${String(results[0]['amount'])} of ${truth}`,
      );
      for (const format of ['table', 'tree']) {
        const { stdout } = await vastai(['show', 'invoices-v1', '--charges', '-s', day(-2), '-e', day(1), '-f', format, '--no-color']);
        assert.ok(stdout.includes(String(id)), stdout);
      }
      const paid = await rawObject(['show', 'invoices-v1', '--invoices', '-s', day(-2), '-e', day(1)]);
      assert.ok(Array.isArray(paid['results']) && isRecord(paid['results'][0]) && paid['results'][0]['amount'] === -100);
      const { stdout: invoices } = await vastai(['show', 'invoices-v1', '--invoices', '-s', day(-2), '-e', day(1), '--no-color']);
      assert.match(invoices, /\$100\.00/);
      const older = await rawRows(['show', 'invoices', '-s', day(-2), '-e', day(1)]);
      assert.ok(
        older.some((item) => item['type'] === 'payment') && older.some((item) => item['type'] === 'charge' && item['instance_id'] === id),
      );
      const deposit = JSON.parse((await vastai(['show', 'deposit', String(id)])).stdout);
      assert.deepEqual(deposit, { discount_months: 0, refundable_deposit: 0, total_discount: 0 });
    });

    it('is destroyed, and gone', async () => {
      await vastai(['destroy', 'instance', String(id), '-y', '--raw']);
      assert.equal(rental(id), undefined);
      assert.deepEqual(await rawRows(['show', 'instances']), []);
      const { stdout, stderr } = await vastai(['destroy', 'instance', String(id), '-y']);
      assert.match(stdout + stderr, /404|not found/i);
      const { stdout: shown } = await vastai(['show', 'instance', String(id)]);
      assert.ok(!shown.includes('running'), shown);
      const spent = market.world.ledger.chargedMicros('vast', String(id), market.clock.now());
      market.clock.advance(3_600_000);
      assert.equal(market.world.ledger.chargedMicros('vast', String(id), market.clock.now()), spent);
    });
  });

  describe('the other ways to rent', () => {
    it('bids, and changes the bid', async () => {
      const [offer] = await rawRows(['search', 'offers', '-i', 'num_gpus=1', '-o', 'dph', '--limit', '1', '--storage', '10']);
      const bid = Math.ceil(Number(offer?.['min_bid']) * 1000 + 1) / 1000;
      const made = await rawObject([
        'create',
        'instance',
        String(offer?.['id']),
        '--image',
        'ubuntu:22.04',
        '--disk',
        '10',
        '--ssh',
        '--bid_price',
        String(bid),
      ]);
      const id = Number(made['new_contract']);
      assert.deepEqual([(await row(id))['is_bid'], (await row(id))['dph_base']], [true, bid]);
      await vastai(['change', 'bid', String(id), '--price', String(bid + 0.1)]);
      assert.ok(Math.abs(Number((await row(id))['dph_base']) - bid - 0.1) < 1e-9);
      await vastai(['destroy', 'instance', String(id), '-y']);
    });

    it('launches the best of a search', async () => {
      const launched = await rawObject(['launch', 'instance', '-g', 'RTX_4090', '-n', '1', '-i', 'pytorch/pytorch', '-d', '16']);
      assert.equal(launched['success'], true);
      const id = Number(launched['new_contract']);
      assert.equal((await row(id))['gpu_name'], 'RTX 4090');
      await vastai(['destroy', 'instance', String(id), '-y']);
    });

    it('uses a template it has found', async () => {
      const [template] = await rawRows(['search', 'templates', 'count_created > 10000']);
      const [offer] = await rawRows(['search', 'offers', 'num_gpus=1', '-o', 'dph', '--limit', '1', '--storage', '40']);
      const made = await rawObject([
        'create',
        'instance',
        String(offer?.['id']),
        '--template_hash',
        String(template?.['hash_id']),
        '--disk',
        '40',
      ]);
      const id = Number(made['new_contract']);
      assert.equal((await row(id))['template_id'], template?.['id']);
      await vastai(['destroy', 'instance', String(id), '-y']);
    });

    it('rents a volume, shows it with its machine, and gives it back', async () => {
      const [offer, dearer] = await rawRows(['search', 'volumes', 'disk_space>=20', '-o', 'storage_cost']);
      assert.ok(Number(offer?.['storage_cost']) <= Number(dearer?.['storage_cost']));
      const made = await rawObject(['create', 'volume', String(offer?.['id']), '-s', '20', '-n', 'datasets']);
      const id = /^V\.(\d+)$/.exec(String(made['volume_name']))?.[1] ?? '';
      const [volume, ...others] = await rawRows(['show', 'volumes']);
      assert.equal(others.length, 0);
      assert.deepEqual([String(volume?.['id']), volume?.['label'], volume?.['disk_space'], volume?.['machine_id']], [id, 'datasets', 20, offer?.['machine_id']]);
      await vastai(['delete', 'volume', id]);
      assert.deepEqual(await raw(['show', 'volumes']), []);
    });
  });

  describe('when things go wrong', () => {
    it('passes on what the market says about an offer that is gone', async () => {
      const { stdout, stderr } = await vastai(['create', 'instance', '55', '--image', 'ubuntu', '--disk', '10', '--ssh', '--raw']);
      assert.match(stdout + stderr, /no_such_ask Instance type by id 55 is not available/);
    });

    it('passes on that calls come too often', async () => {
      market.faults.set('vast.rate-limit', 1);
      const before = market.world.rentals.createsAccepted;
      const { stderr } = await vastai(['show', 'instances', '--raw']);
      assert.match(stderr, /"status_code": 429/);
      assert.equal(market.world.rentals.createsAccepted, before);
    });

    it('leaves an instance behind when it repeats a create whose answer was lost', async () => {
      const [offer] = await rawRows(['search', 'offers', '-n', 'rentable=true num_gpus=1 gpu_frac<0.5', '--limit', '1', '--storage', '10']);
      const before = market.world.rentals.list('vast').length;
      market.faults.force('vast.create-timeout-after');
      const { stdout, stderr } = await vastai([
        'create',
        'instance',
        String(offer?.['id']),
        '--image',
        'ubuntu',
        '--disk',
        '10',
        '--ssh',
        '--raw',
      ]);
      // Its second attempt finds the offer gone and says so, while the first one's instance runs on.
      assert.match(stdout + stderr, /no longer available/);
      const after = market.world.rentals.list('vast');
      assert.equal(after.length, before + 1);
      for (const left of after) await vastai(['destroy', 'instance', left.id, '-y']);
    });
  });

  describe('in the end', () => {
    it('has left nothing that charges', () => {
      assert.deepEqual(market.world.rentals.list('vast'), []);
      assert.equal(market.world.ledger.burnUsdPerHour('vast'), 0);
    });
  });
});
