/**
 * Nothing secret leaves where it belongs. The whole product without the editor runs its main flows, and everything that
 * can go wrong, with canaries for keys; then every byte that it produced is searched for them.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { usd } from '../../src/domain/money.ts';
import { providerIds, type ProviderId } from '../../src/domain/offer.ts';
import type { FaultName } from '../../src/practice/faults.ts';
import { startMarket } from '../../src/practice/market.ts';
import { removePod, startPod } from '../../src/practice/pod/pod.ts';
import { createTransport, type RawAnswer, type Request } from '../../src/providers/http/transport.ts';
import type { Ready } from '../../src/services/readiness.ts';
import { connectUserConfig } from '../../src/ssh/include.ts';
import { createCore, type CoreOptions } from '../../src/wiring.ts';
import { quickClock } from '../fakes/quickClock.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { Canaries } from '../fakes/canaries.ts';

const never = new AbortController().signal;
/** Those that change what a question is answered with. */
const answerFaults: readonly FaultName[] = ['html', 'half-json', 'rate-limit', 'server-error', 'two-factor', 'list-empty', 'list-truncated', 'destroy-lies'];
const root = join(import.meta.dirname, '..', '..');

/** Keeps all that it is told in every detail, as the most talkative log would. */
class TalkativeLog {
  readonly texts: string[] = [];
  readonly debug = (...told: unknown[]): void => this.#keep(told);
  readonly info = this.debug;
  readonly warn = this.debug;
  readonly error = this.debug;

  #keep(told: readonly unknown[]): void {
    this.texts.push(told.map((one) => inspect(one, { depth: 8, showHidden: true, maxStringLength: null, maxArrayLength: null })).join(' '));
  }
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());

async function scene(productRate = 20) {
  const temporary = temporaryFolder();
  const places = { market: join(temporary.path, 'market'), state: join(temporary.path, 'state') };
  const canaries = new Canaries();
  const log = new TalkativeLog();
  const market = await startMarket({
    seed: 3, clockRate: 60, rateLimits: false, bootScale: 0.1, dir: places.market,
    podMaker: {
      async startPod(options) {
        for (const [name, value] of Object.entries(options.env)) {
          if (/KEY|TOKEN|PASSWORD|SECRET/.test(name) && name !== 'PUBLIC_KEY' && name !== 'SSH_PUBLIC_KEY' && value.length > 8) canaries.add(`the machine's ${name}`, value);
        }
        const pod = await startPod(options);
        // A start script may print its environment: what is shown of a log must still be harmless.
        for (const [name, value] of Object.entries(options.env)) options.log(`declare -x ${name}="${value}"`);
        return pod;
      },
      removePod,
    },
  });
  for (const id of providerIds) canaries.add(`the API key of ${id}`, market[id].apiKey);

  const sent: Request[] = [];
  const answers: string[] = [];
  let quoting = false;
  const network = createTransport();
  /** A provider, or a gateway before it, may put what it was sent into what it answers. */
  const transport = async (request: Request, signal?: AbortSignal): Promise<RawAnswer> => {
    sent.push(request);
    if (quoting) return { status: [400, 401, 403, 404, 422, 500, 200][sent.length % 7] ?? 500, headers: {}, text: JSON.stringify({ success: false, msg: `refused ${JSON.stringify(request)}`, errors: [JSON.stringify(request.headers)] }) };
    const answer = await network(request, signal);
    // Vast tells an account its own key where it tells whose it is.
    if (!request.url.pathname.endsWith('/users/current')) answers.push(answer.text);
    return answer;
  };
  const kept = new Map<ProviderId, string>(providerIds.map((id) => [id, market[id].apiKey]));
  const options: CoreOptions = {
    stateFolder: places.state, origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url }, log, version: 'test', clock: quickClock(productRate), transport,
    keys: { get: (id) => Promise.resolve(kept.get(id)), set: (id, key) => Promise.resolve(void kept.set(id, key)), delete: (id) => Promise.resolve(void kept.delete(id)) },
  };
  const core = await createCore(options);
  await core.accounts.load();
  await core.ssh.publicKey();
  const privateKey = readFileSync(join(places.state, 'ssh', 'id_ed25519'), 'utf8');
  canaries.add('the private SSH key', privateKey.split('\n').filter((line) => !line.startsWith('-----')).join(''));
  for (const line of privateKey.split('\n').filter((one) => one.length === 70)) canaries.add('a line of the private SSH key', line);

  async function rent(provider: ProviderId): Promise<Ready> {
    await core.market.refresh({ diskGb: 20, provider, kind: 'on-demand', count: 1 });
    const offer = core.market.view.offers.find((one) => one.tier === 'datacentre' || provider === 'vast');
    assert.ok(offer);
    const image = core.providers.get(provider)?.traits.defaultImage ?? '';
    return core.rentals.rent({ offer, image, name: '', limits: { budget: usd(5), leaseEndsAt: offer.readAt + 86_400_000 } }, () => undefined, never);
  }
  /** An error as whoever meets it could print it: message, detail, causes and stack, hidden properties too. */
  const told: string[] = [];
  async function attempt(work: Promise<unknown>): Promise<boolean> {
    try {
      told.push(inspect(await work, { depth: 8 }));
      return true;
    } catch (error) {
      told.push(inspect(error, { depth: 12, showHidden: true, maxStringLength: null }), JSON.stringify(error, Object.getOwnPropertyNames(error)), String(error));
      return false;
    }
  }
  return {
    market, core, canaries, log, sent, answers, told, attempt, rent, kept, places, temporary, options,
    quote: (on: boolean) => void (quoting = on),
    [Symbol.asyncDispose]: async () => {
      core.dispose();
      await market.close();
      temporary[Symbol.dispose]();
    },
  };
}
type Scene = Awaited<ReturnType<typeof scene>>;

/** Every read there is, and every act on a machine that is not there. */
async function everything({ core, attempt }: Scene): Promise<number> {
  const works: (() => Promise<unknown> | undefined)[] = [];
  for (const [id, provider] of core.providers) {
    const key = id === 'vast' ? '1' : 'nosuchpod';
    works.push(
      () => provider.account(never), () => provider.list(never), () => provider.get(key, never), () => provider.charges?.(Date.now() - 86_400_000, Date.now(), never),
      () => provider.logs?.(key, never), () => provider.stop(key), () => provider.start(key), () => provider.reboot(key), () => provider.destroy(key),
      () => provider.admitKey(key, 'ssh-ed25519 AAAA x', never), () => core.accounts.signIn(id, `canary-of-a-wrong-key-${id}`, never),
    );
  }
  let failures = 0;
  for (const work of works) if (!(await attempt(work() ?? Promise.resolve()))) failures++;
  await core.fleet.refresh();
  await core.accounts.refreshBalances(never);
  return failures;
}

/** Searches all that the product has made so far, apart from where a secret belongs. */
function search({ canaries, log, sent, told, places, temporary, kept }: Scene): void {
  for (const id of providerIds) canaries.add(`a wrong key for ${id}`, `canary-of-a-wrong-key-${id}`);
  canaries.assertAbsent('the log', log.texts.join('\n'));
  canaries.assertAbsent('what was answered to the caller', told.join('\n'));
  for (const { url, headers, body, method } of sent) {
    canaries.assertAbsent(`the address of ${method} ${url.pathname}`, url.href);
    canaries.assertAbsent(`the body of ${method} ${url.pathname}`, body ?? '');
    const { Authorization: own = '', ...others } = headers;
    canaries.assertAbsent(`the headers of ${method} ${url.pathname}`, JSON.stringify(others));
    canaries.assertAbsent(`the key of ${method} ${url.pathname}`, own, ...[...kept.values(), ...providerIds.map((id) => `canary-of-a-wrong-key-${id}`)]);
  }
  for (const path of filesUnder(places.state)) {
    if (path.endsWith('id_ed25519')) continue;
    canaries.assertAbsent(path.slice(temporary.path.length), readFileSync(path).toString('latin1'));
  }
}

describe('secrets', function () {
  this.timeout(240_000);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('are found in every form, or the search would prove nothing', () => {
    const canaries = new Canaries();
    const secret = 'rpa_CANARY+/=& of "nobody"';
    canaries.add('it', secret);
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify({ key: secret }), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')]) {
      assert.throws(() => canaries.assertAbsent('a log', `before ${form} after`), /it stands in a log: …before/);
      canaries.assertAbsent('its own place', form, secret);
    }
  });

  it('are struck out of the log of the product, whoever writes there', async () => {
    await using at = await scene();
    const key = at.market.vast.apiKey;
    at.core.log.warn(`with ${key}`, new Error(key, { cause: { headers: { Authorization: `Bearer ${key}` } } }));
    at.core.log.error(new TypeError(key), [key]);
    assert.equal(at.log.texts.filter((text) => /with •••|TypeError: •••/.test(text)).length, 2);
    search(at);
  });

  it('stay where they belong through the life of a machine at each provider', async () => {
    await using at = await scene();
    for (const provider of providerIds) {
      const { instanceId, alias, hostFile } = await at.rent(provider);
      const { rentals, fleet, ssh } = at.core;
      await at.attempt(fleet.refresh());
      at.told.push(inspect(fleet.instances, { depth: 8 }));
      const lacks = fleet.find(instanceId)?.lacks ?? [];
      assert.equal(await at.attempt(rentals.logs(instanceId, never)), !lacks.includes('logs'), 'the log is read where there is one');
      if (!lacks.includes('logs')) assert.match(at.told.at(-1) ?? '', /declare -x/, 'and holds what the machine printed');
      assert.ok(await at.attempt(rentals.connect(instanceId, () => undefined, never)));
      assert.ok(await at.attempt(connectUserConfig({ userConfig: join(at.places.state, 'config-of-the-user'), hostFile })));
      await at.attempt(ssh.aliases());
      assert.equal(await at.attempt(rentals.stop(instanceId)), !lacks.includes('stop'));
      // What a stopped machine leaves on the host, its own and the user's keys aside: nothing of ours.
      const ours = [at.market[provider].apiKey];
      for (const path of filesUnder(at.places.market)) for (const key of ours) assert.ok(!readFileSync(path).toString('latin1').includes(key), `our key lies on the machine in ${path}`);
      if (!lacks.includes('stop')) assert.ok(await at.attempt(rentals.start(instanceId, () => undefined, never)));
      assert.ok(await at.attempt(rentals.destroy(instanceId)));
      assert.ok(!(await at.core.ssh.aliases()).includes(alias));
    }
    assert.ok(at.sent.length > 40 && at.log.texts.length > 40, 'there is something to search');
    for (const answer of at.answers) for (const id of providerIds) assert.ok(!answer.includes(at.market[id].apiKey), 'a listing tells our key');
    search(at);
  });

  it('stay where they belong when a provider quotes whatever it was sent', async () => {
    await using at = await scene();
    at.quote(true);
    let failures = 0;
    for (let round = 0; round < 7; round++) failures += await everything(at); // each call meets every status
    assert.ok(failures > 100, `${failures} errors`);
    search(at);
  });

  it('stay where they belong in bad weather of every kind', async () => {
    await using at = await scene(2_000); // what is repeated waits long
    for (const fault of answerFaults) {
      at.market.faults.clear();
      at.market.faults.set(fault, 1);
      await everything(at);
    }
    for (const fault of ['no-credit', 'create-500-after', 'create-timeout-before'] satisfies FaultName[]) {
      at.market.faults.clear();
      at.market.faults.set(fault, 1);
      await at.attempt(at.rent('vast'));
    }
    assert.ok(at.market.faults.counts.size >= answerFaults.length, 'each came true');
    search(at);
  });

  it('stay out of what the headless commands print and of what their processes are told', async () => {
    await using at = await scene();
    const env = {
      PATH: process.env['PATH'], HOME: at.places.state, GPU_RENTAL_HOME: at.places.state, GPU_RENTAL_LOG: 'debug',
      GPU_RENTAL_VAST_URL: at.market.vast.url, GPU_RENTAL_VAST_KEY: at.market.vast.apiKey,
      GPU_RENTAL_RUNPOD_URL: at.market.runpod.url, GPU_RENTAL_RUNPOD_KEY: 'canary-of-a-wrong-key-runpod',
    };
    at.canaries.add('a wrong key', env.GPU_RENTAL_RUNPOD_KEY);
    const run = async (...args: readonly string[]): Promise<string> => {
      at.canaries.assertAbsent('the arguments', args.join(' '));
      const child = spawn(process.execPath, [join(root, 'test/host/bootstrap.mjs'), 'headless', ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await new Promise((resolve) => child.on('close', resolve));
      return said;
    };
    const said = [];
    for (const args of [['instances', '--json'], ['offers', '--json', '--provider', 'vast'], ['spend'], ['destroy', 'runpod:nosuchpod', '--yes'], ['stop', 'vast:1', '--yes', '--json'], ['nonsense']]) said.push(await run(...args));
    assert.match(said.join('\n'), /debug GET .*401|auth/, 'the debug log and the refusal are there');
    at.canaries.assertAbsent('what headless prints', said.join('\n'));
    search(at);
  });
});
