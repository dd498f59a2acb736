/** Host keys through the whole product without the editor: real adapters, real SSH machines, and the logs that providers show. */
import assert from 'node:assert/strict';
import { isRentError } from '../../src/domain/errors.ts';
import type { InstanceId } from '../../src/domain/instance.ts';
import { usd } from '../../src/domain/money.ts';
import type { ProviderId } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/domain/provider.ts';
import { startMarket } from '../../src/practice/market.ts';
import { removePod, startPod } from '../../src/practice/pod/pod.ts';
import type { Rental } from '../../src/practice/rental.ts';
import { createCore } from '../../src/wiring.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { quickClock } from '../fakes/quickClock.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';
import { until } from './practice/until.ts';

const never = new AbortController().signal;

/**
 * `prints`: what a pod adds to its log when it has started, given its public host key and the launch it belongs to.
 * `guarded`: our guard runs on it, and prints the host key by itself.
 */
async function scene(prints: (hostKey: string, launch: string) => readonly string[] = () => [], clockRate = 60, guarded = true) {
  const temporary = temporaryFolder();
  const log = new FakeLog();
  let launches = (): string => '';
  const market = await startMarket({
    seed: 3, clockRate, rateLimits: false, bootScale: clockRate < 10 ? 0.02 : 0.2, dir: temporary.path,
    podMaker: {
      async startPod(options) {
        const pod = await startPod(options);
        for (const line of prints(pod.hostKey ?? '', launches())) options.log(line);
        return pod;
      },
      removePod,
    },
  });
  const keys = { get: (id: ProviderId) => Promise.resolve(market[id].apiKey), set: () => Promise.resolve(), delete: () => Promise.resolve() };
  const core = await createCore({
    stateFolder: temporary.path, origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url }, keys, clock: quickClock(12), log, version: 'test',
  });
  if (!guarded) {
    const providers = core.providers as Map<ProviderId, Provider>;
    for (const [id, provider] of providers) providers.set(id, { ...provider, traits: { ...provider.traits, carriesGuard: () => false } });
  }
  await core.accounts.load();
  launches = () => core.store.launches(['sent', 'created', 'ready'])[0]?.id ?? '';

  async function rent(provider: ProviderId) {
    await core.market.refresh({ diskGb: 20, provider, kind: 'on-demand', count: 1 });
    const offer = core.market.view.offers.find((one) => one.tier === 'datacentre' || provider === 'vast');
    assert.ok(offer);
    const image = core.providers.get(provider)?.traits.defaultImage ?? '';
    return core.rentals.rent({ offer, image, name: '', limits: { budget: usd(5), leaseEndsAt: offer.readAt + 86_400_000 } }, () => undefined, never);
  }
  const machine = (id: InstanceId): Rental => {
    const [provider, key = ''] = id.split(':');
    return market.world.rentals.get(provider as ProviderId, key) ?? assert.fail(`${id} is not there`);
  };
  return {
    market, core, log, rent, machine,
    [Symbol.asyncDispose]: async () => {
      core.dispose();
      await market.close();
      temporary[Symbol.dispose]();
    },
  };
}

const guardLine = (hostKey: string, launch: string): string[] => [`gpu-rental-hostkey ${launch} ${hostKey}`];

describe('host keys of rented machines', function () {
  this.timeout(120_000);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('are pinned through the log where RunPod’s images print them, and again after our own restart', async () => {
    await using at = await scene();
    const { launch, instanceId, report } = await at.rent('runpod');
    assert.deepEqual([report.pinnedNow, report.pinnedBy, await at.core.ssh.pinnedBy(launch.id)], [true, 'log', 'log']);
    const before = at.machine(instanceId).hostKeyFingerprint;
    const again = await at.core.rentals.reboot(instanceId, () => undefined, never);
    assert.notEqual(at.machine(instanceId).hostKeyFingerprint, before);
    assert.deepEqual([again.report.pinnedNow, again.report.pinnedBy], [true, 'log']);
    await at.core.rentals.destroy(instanceId);
    assert.equal(await at.core.ssh.pinnedBy(launch.id), undefined);
  });

  it('are pinned through the log by our guard’s line at both providers that show one', async () => {
    for (const provider of ['vast', 'runpod'] as const) {
      await using at = await scene(guardLine);
      const { report, instanceId } = await at.rent(provider);
      assert.equal(report.pinnedBy, 'log', provider);
      await at.core.rentals.destroy(instanceId);
    }
  });

  it('are taken on first contact at Vast without such a line: what its log shows may be a relay’s', async () => {
    await using at = await scene(undefined, undefined, false);
    const { report, instanceId } = await at.rent('vast');
    assert.ok(at.machine(instanceId).log.lines().some(({ text }) => text.includes('SHA256:')), 'there is a fingerprint to be taken in by');
    assert.equal(report.pinnedBy, 'firstUse');
    await at.core.rentals.destroy(instanceId);
  });

  it('are taken on first contact at Lambda, which shows no log, and again after our own restart alone', async () => {
    await using at = await scene(undefined, 3);
    at.market.faults.force('lambda.host-key-changes');
    const { report, instanceId } = await at.rent('lambda');
    assert.deepEqual([report.pinnedBy, report.endpoint.user], ['firstUse', 'ubuntu']);
    const pinned = at.machine(instanceId).hostKeyFingerprint;
    await until('another host key', () => ![pinned, null].includes(at.machine(instanceId).hostKeyFingerprint));
    await assert.rejects(at.core.rentals.connect(instanceId, () => undefined, never), (error) => isRentError(error, 'hostKeyChanged'));
    const again = await at.core.rentals.reboot(instanceId, () => undefined, never);
    assert.equal(again.report.pinnedNow, true);
    await at.core.rentals.destroy(instanceId);
  });

  it('that change without our own restart are refused, though the log names the new one, and taken after it', async () => {
    await using at = await scene(undefined, 3); // time for a first contact before the change
    at.market.faults.force('runpod.host-key-changes');
    const { instanceId, report } = await at.rent('runpod');
    const pinned = at.machine(instanceId).hostKeyFingerprint;
    assert.equal(report.pinnedBy, 'log');
    await until('another host key', () => ![pinned, null].includes(at.machine(instanceId).hostKeyFingerprint));
    await assert.rejects(at.core.rentals.connect(instanceId, () => undefined, never), (error) => isRentError(error, 'hostKeyChanged'));
    const again = await at.core.rentals.reboot(instanceId, () => undefined, never);
    assert.equal(again.report.pinnedNow, true);
    await at.core.rentals.destroy(instanceId);
  });

  it('that the log does not name end the rental, and nothing goes on billing', async () => {
    const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0lHkUmUHcJgkc4p0Rk0BcYw2b1m1rX0m2oQ4zUu9oK';
    await using at = await scene((_, launch) => guardLine(other, launch), undefined, false);
    const error: unknown = await at.rent('runpod').catch((reason: unknown) => reason);
    assert.ok(isRentError(error, 'hostKeyChanged'), String(error));
    assert.match(error.detail ?? '', /its log names another host key/);
    assert.deepEqual(at.market.world.rentals.list('runpod').length, 0);
  });
});
