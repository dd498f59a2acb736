// A practice pod with its real SSH machine: what somebody who logs in meets.
import assert from 'node:assert/strict';
import ssh2 from 'ssh2';
import { startMarket, type Market } from '../../../../src/practice/market.ts';
import { until } from '../until.ts';
import { Json, podBody } from './testRunpod.ts';

const keys = ssh2.utils.generateKeyPairSync('ed25519');

describe('practice RunPod with real machines', function () {
  this.timeout(60_000);
  let market: Market;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    market = await startMarket({ clockRate: 10, bootScale: 0.01, rateLimits: false });
  });
  afterEach(() => market?.close());

  async function call(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await fetch(market.runpod.url + path, {
      method,
      headers: { 'user-agent': 'gpu-rental-test/1', authorization: `Bearer ${market.runpod.apiKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${text}`);
    return new Json(text === '' ? undefined : JSON.parse(text));
  }

  async function create(more: object): Promise<string> {
    return (await call('POST', '/v2/pods', { ...podBody, env: { PUBLIC_KEY: keys.public, GREETING: 'hello' }, ...more })).text('id');
  }

  interface Login {
    readonly hostKey: string;
    run(command: string): Promise<string>;
    end(): void;
  }

  /** Logs in as soon as sshd lets it: the address may be old, and refuse for a while. */
  async function login(id: string): Promise<Login> {
    return until('a login', async () => {
      const port = (await call('GET', `/v2/pods/${id}`)).at('ssh', 'direct', 'port');
      return typeof port === 'number' ? tryLogin(port) : undefined;
    });
  }

  function tryLogin(port: number): Promise<Login | undefined> {
    return new Promise((resolve) => {
      const client = new ssh2.Client();
      let hostKey = '';
      const run = (command: string) =>
        new Promise<string>((done, fail) => {
          client.exec(command, (error, stream) => {
            if (error !== undefined) return fail(error);
            let out = '';
            stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
            stream.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
            stream.on('close', () => done(out.trim()));
          });
        });
      client.on('ready', () => resolve({ hostKey, run, end: () => client.end() }));
      client.on('error', () => resolve(undefined));
      client.connect({ host: '127.0.0.1', port, username: 'root', privateKey: keys.private, hostVerifier: (key: Buffer) => ((hostKey = key.toString('base64')), true) });
    });
  }

  it('knows its environment, its GPU and its mount; keeps the mount and a new face over a stop', async () => {
    const id = await create({ gpu: { id: 'NVIDIA GeForce RTX 4090', count: 2 }, mounts: { persistent: { size: 20, path: '/workspace' } } });
    const first = await login(id);
    assert.equal(await first.run('echo $RUNPOD_POD_ID $GREETING $RUNPOD_GPU_COUNT'), `${id} hello 2`);
    assert.equal((await first.run('nvidia-smi -L')).split('\n').length, 2);
    await first.run('echo precious > ~/workspace/kept.txt; echo gone > ~/lost.txt');
    first.end();
    await call('POST', `/v2/pods/${id}/action`, { action: 'stop' });
    await until('the wipe', () => market.world.rentals.get('runpod', id)?.sshUp === false);
    await call('POST', `/v2/pods/${id}/action`, { action: 'start' });
    const second = await login(id);
    assert.equal(await second.run('cat ~/workspace/kept.txt; ls ~/lost.txt 2>/dev/null'), 'precious');
    assert.notEqual(second.hostKey, first.hostKey);
    second.end();
  });

  it('runs its start command beside sshd, in the environment of the pod', async () => {
    const id = await create({ args: "bash -c 'echo \"started $RUNPOD_POD_ID\" > ~/started; exec /start.sh'" });
    const shell = await login(id);
    assert.equal(await until('the start command', () => shell.run('cat ~/started 2>/dev/null')), `started ${id}`);
    shell.end();
  });

  for (const [name, script] of [
    ['REST', "fetch(e.RUNPOD_API_BASE_URL + '/v2/pods/' + e.RUNPOD_POD_ID + '/action', { method: 'POST', headers: h, body: JSON.stringify({ action: 'stop' }) })"],
    ['GraphQL', "fetch(e.RUNPOD_API_BASE_URL + '/graphql', { method: 'POST', headers: h, body: JSON.stringify({ query: 'mutation { podStop(input: {podId: \"' + e.RUNPOD_POD_ID + '\"}) { id } }' }) })"],
  ] as const) {
    it(`stops itself from inside by ${name}, with the key it was given`, async () => {
      const id = await create({});
      const shell = await login(id);
      const program = `const e = process.env, h = { 'user-agent': 'guard/1', authorization: 'Bearer ' + e.RUNPOD_API_KEY, 'content-type': 'application/json' }; ${script}`;
      // Its own connection goes down with it, so the answer may never be seen.
      void shell.run(`${process.execPath} -e '${program.replaceAll("'", `'"'"'`)}'`);
      await until('the pod to be stopped', async () => (await call('GET', `/v2/pods/${id}`)).at('status') === 'EXITED');
      shell.end();
    });
  }

  it('lets nobody in without a key', async () => {
    const id = await create({ env: {} });
    await until('sshd', () => market.world.rentals.get('runpod', id)?.sshUp);
    const port = (await call('GET', `/v2/pods/${id}`)).number('ssh', 'direct', 'port');
    assert.equal(await tryLogin(port), undefined);
  });

  it('writes its host key into the log, as RunPod images do', async () => {
    const id = await create({});
    (await login(id)).end();
    const rental = market.world.rentals.get('runpod', id) ?? assert.fail('it runs');
    assert.ok(rental.log.lines().some((line) => line.source === 'container' && line.text.includes(rental.hostKeyFingerprint ?? '?')));
  });
});
