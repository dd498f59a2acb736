/** A machine of Lambda's through the whole product without the editor: adapter, services, and a real SSH machine. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isRentError } from '../../src/domain/errors.ts';
import { chargeFor, toDollars, usd, usdPerHour } from '../../src/domain/money.ts';
import { allIn } from '../../src/domain/offer.ts';
import { startMarket } from '../../src/practice/market.ts';
import { createCore } from '../../src/wiring.ts';
import { FakeLog } from '../fakes/fakeLog.ts';
import { quickClock } from '../fakes/quickClock.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const never = new AbortController().signal;
const rate = 12;

async function scene() {
  const temporary = temporaryFolder();
  const log = new FakeLog();
  const market = await startMarket({ seed: 3, clockRate: rate, rateLimits: false, bootScale: 0.2, dir: temporary.path });
  const core = await createCore({
    stateFolder: temporary.path, origins: { vast: market.vast.url, runpod: market.runpod.url, lambda: market.lambda.url }, clock: quickClock(rate), log, version: 'test',
    keys: { get: (id) => Promise.resolve(market[id].apiKey), set: () => Promise.resolve(), delete: () => Promise.resolve() },
  });
  await core.accounts.load();
  const rent = async (budget = usd(5)) => {
    await core.market.refresh({ diskGb: 40, provider: 'lambda', gpu: 'A10' });
    const [offer] = core.market.view.offers;
    assert.ok(offer);
    const limits = { budget, leaseEndsAt: offer.readAt + 86_400_000, atLimit: 'stop' } as const;
    const ready = await core.rentals.rent({ offer, image: 'lambda-stack', name: 'box', limits }, () => undefined, never);
    return { offer, ready };
  };
  return {
    market, core, log, rent,
    [Symbol.asyncDispose]: async () => {
      core.dispose();
      await market.close();
      temporary[Symbol.dispose]();
    },
  };
}

describe('a rental at Lambda', function () {
  this.timeout(120_000);

  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  it('is reached as ubuntu by every way there, unguarded, and costs what its ledger says', async () => {
    await using at = await scene();
    const { core, market } = at;
    const { offer, ready } = await at.rent();
    const { instanceId, alias, report, hostFile } = ready;
    assert.deepEqual([report.endpoint.user, report.pinnedBy], ['ubuntu', 'firstUse']);
    assert.match(readFileSync(hostFile, 'utf8'), new RegExp(`Host ${alias}\\n[\\s\\S]*User ubuntu`));
    assert.equal((await core.links.of(alias).run('echo "$USER"', { signal: never })).stdout.trim(), 'ubuntu');

    await core.fleet.refresh(undefined, true);
    const instance = core.fleet.find(instanceId);
    assert.deepEqual([instance?.state, instance?.lacks, instance?.limits?.atLimit, instance?.burn], ['ready', ['stop', 'logs'], 'destroy', allIn(offer)]);
    assert.equal(await core.protection.tell(instanceId, never), 'noSelfStop');
    assert.equal(core.runs.whyNoEnd(instance ?? assert.fail()), 'noGuard');
    await assert.rejects(core.rentals.stop(instanceId), (error) => isRentError(error, 'notAllowed'));
    await assert.rejects(core.rentals.logs(instanceId, never), (error) => isRentError(error, 'notAllowed'));

    await core.rentals.destroy(instanceId);
    assert.equal(core.fleet.find(instanceId), undefined);
    assert.deepEqual(market.world.rentals.list('lambda'), []);
    const charged = market.world.ledger.chargedMicros('lambda', instanceId.slice('lambda:'.length), market.world.agenda.settle());
    const minute = chargeFor(allIn(offer), 60_000);
    assert.ok(charged > 0 && Math.abs(core.meter.spentOn(instanceId) - charged) <= minute, `${core.meter.spentOn(instanceId)} is within a minute of ${charged}`);
  });

  it('is destroyed at its limit while somebody is there to do it', async () => {
    await using at = await scene();
    const { core, market } = at;
    const { ready } = await at.rent(usd(0.1));
    const [launch] = core.store.launches();
    market.clock.advance(3_600_000);
    await core.fleet.refresh(undefined, true);
    await core.guard.check();
    assert.deepEqual([core.store.launch(launch?.id ?? '')?.state, market.world.rentals.list('lambda')], ['gone', []]);
    assert.ok(toDollars(core.meter.spentOn(ready.instanceId)) < toDollars(usdPerHour(0.75)) * 1.5);
  });

  it('whose answer got lost is found by its tag, and never asked for again', async () => {
    await using at = await scene();
    const { core, market } = at;
    market.faults.force('lambda.create-timeout-after');
    const { ready } = await at.rent();
    assert.equal(market.world.rentals.createsAccepted, 1);
    assert.equal(core.store.launchOf(ready.instanceId)?.state, 'ready');
    await core.rentals.destroy(ready.instanceId);
  });
});
