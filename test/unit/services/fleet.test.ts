import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { settleCharges } from '../../../src/services/charges.ts';
import { Accounts } from '../../../src/services/accounts.ts';
import { spendNow } from '../../../src/services/spending.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const hour = 3_600_000;

describe('fleet', () => {
  it('lists what others rented as not ours, counts its burn and never touches it', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    await core.fleet.refresh();
    const [theirs] = core.fleet.instances;
    assert.deepEqual([theirs?.ours, theirs?.name, theirs?.state], [false, 'production', 'ready']);
    assert.ok((theirs?.burn ?? 0) > 0);
    core.provider.machines.delete('50');
    await core.fleet.refresh();
    assert.deepEqual([core.fleet.instances.length, core.provider.destroyed.length], [0, 0]);
  });

  it('tells of a look that shows something new, and of no other', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    await core.fleet.refresh();
    const seen = core.store.sightings()[0]?.seen;
    assert.ok(seen);
    let told = 0;
    core.fleet.onDidChange(() => told++);
    core.fleet.see({ ...seen }, core.clock.now() + 1000);
    assert.deepEqual([told, core.store.sightings()[0]?.at], [0, core.clock.now() + 1000], 'kept all the same');
    core.fleet.see({ ...seen, state: 'stopped' }, core.clock.now() + 2000);
    assert.equal(told, 1);
  });

  it('is joined once for all who ask in one moment, and anew for whatever may change it', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    await core.fleet.refresh();
    const first = core.fleet.instances;
    assert.equal(core.fleet.instances, first);
    core.clock.advance(3_600_000);
    assert.ok((core.fleet.instances[0]?.spent ?? 0) > (first[0]?.spent ?? 0));
    core.store.setErrand('vast:50', 'stop');
    assert.deepEqual(core.fleet.instances.map(({ state }) => state), ['stopping']);
  });

  it('holds no list against a machine that was seen since, and no absence from before', async () => {
    using core = await testCore();
    const limits = { budget: usd(5), leaseEndsAt: core.clock.now() + hour };
    const { launch } = await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits }, () => undefined, new AbortController().signal);
    const seen = core.store.sightings()[0]?.seen;
    assert.ok(seen);
    const now = core.clock.now();
    core.fleet.see(seen, now + 60_000);
    core.provider.machines.clear();
    await core.fleet.refresh();
    assert.equal(core.store.absence(launch.id), undefined);
    core.clock.advance(90_000);
    await core.fleet.refresh();
    assert.equal(core.store.absence(launch.id)?.looks, 1);
    core.fleet.see(seen, now + 80_000);
    assert.equal(core.store.absence(launch.id)?.looks, 1, 'an older look changes nothing');
    core.fleet.see(seen, now + 120_000);
    assert.equal(core.store.absence(launch.id), undefined);
  });

  it('remembers what a person asked of somebody else\'s machine until it is done, in the next life too', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    core.provider.add({ key: '51', label: 'production', state: 'ready' });
    await core.fleet.refresh();
    core.provider.scripts.destroy.push(...Array.from({ length: 8 }, () => () => 'lie' as const));
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = () => Promise.reject(new RentError('network'));
    await assert.rejects(core.rentals.destroy('vast:50'));
    await assert.rejects(core.rentals.stop('vast:51'));
    assert.deepEqual(core.fleet.instances.map(({ state }) => state), ['ending', 'stopping']);
    core.provider.stop = stop;
    using later = await testCore(core);
    for (let look = 0; look < 4; look++) {
      await later.fleet.refresh(undefined, true);
      later.clock.advance(15_000);
    }
    assert.deepEqual([...core.provider.machines.values()].map(({ seen }) => [seen.key, seen.state]), [['51', 'stopped']]);
    assert.deepEqual([later.store.errands(), later.fleet.instances.map(({ state }) => state)], [[], ['stopped']]);
  });

  it('says of a stopped machine that is being destroyed that it bills its disk, and of a running one the whole', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    core.provider.add({ key: '51', label: 'production', state: 'stopped' });
    core.provider.scripts.destroy.push(...Array.from({ length: 16 }, () => () => 'lie' as const));
    await core.fleet.refresh();
    for (const id of ['vast:50', 'vast:51'] as const) await assert.rejects(core.rentals.destroy(id));
    const [running, stopped] = core.fleet.instances;
    assert.deepEqual([running?.state, stopped?.state], ['ending', 'ending']);
    assert.deepEqual([running?.burn, stopped?.burn], [running?.rates.running, stopped?.rates.stopped]);
    assert.notEqual(stopped?.burn, stopped?.rates.running);
  });

  it('ends the second machine of a launch, and forgets it only when it is seen to be gone', async () => {
    using core = await testCore();
    await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(5), leaseEndsAt: core.clock.now() + hour } }, () => undefined, new AbortController().signal);
    core.provider.add({ key: '2', label: core.store.launches()[0]?.id ?? '', state: 'ready' });
    core.provider.scripts.destroy.push(() => 'lie', () => new RentError('rateLimited'));
    for (let look = 0; look < 5; look++) {
      await core.fleet.refresh();
      core.clock.advance(15_000);
    }
    assert.deepEqual([[...core.provider.machines.keys()], core.fleet.instances.map(({ id }) => id), core.store.errands()], [['1'], ['vast:1'], []]);
    assert.deepEqual((['vast:1', 'vast:2', 'vast:3'] as const).map((id) => core.fleet.wasOurs(id)), [true, true, false]);
    const spent = core.meter.spentOn('vast:2');
    core.clock.advance(hour);
    assert.equal(core.meter.spentOn('vast:2'), spent);
  });

  for (const wish of ['ending', 'ready'] as const) {
    it(`shows nothing any more of a launch that was ${wish} once both of its machines are gone, the first by itself`, async () => {
      using core = await testCore();
      await core.rentals.rent({ offer: offer(), image: 'i', name: '', limits: { budget: usd(5), leaseEndsAt: core.clock.now() + hour } }, () => undefined, new AbortController().signal);
      const [launch] = core.store.launches();
      assert.ok(launch);
      core.store.mark(launch.id, wish);
      core.provider.machines.delete('1');
      core.provider.add({ key: '2', label: launch.id, state: 'ready' });
      for (let look = 0; look < 5; look++) {
        await core.fleet.refresh();
        core.clock.advance(15_000);
      }
      assert.deepEqual([[...core.provider.machines.keys()], core.fleet.instances, core.store.errands()], [[], [], []]);
      assert.deepEqual(core.store.launches().map(({ state, instanceId }) => [state, instanceId]), [['gone', 'vast:1']]);
    });
  }

  it('brings nothing back that was seen before it was last looked for, and what was seen since', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready' });
    await core.fleet.refresh();
    const [sighting] = core.store.sightings();
    assert.ok(sighting);
    core.fleet.forget('vast:50', sighting.at + 10_000, sighting.at + 30_000);
    core.fleet.see(sighting.seen, sighting.at + 30_000);
    assert.deepEqual(core.fleet.instances, []);
    core.fleet.see(sighting.seen, sighting.at + 30_001);
    assert.deepEqual(core.fleet.instances.map(({ id }) => id), ['vast:50']);
  });

  it('counts what others rented only from when it was first seen', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', label: 'production', state: 'ready', createdAt: core.clock.now() - 100 * hour });
    await core.fleet.refresh();
    assert.equal(core.meter.spentOn('vast:50'), usd(0));
  });

  it('keeps everything as it was when the provider is not heard, and tells', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    core.provider.scripts.list.push(() => new RentError('network'));
    await core.fleet.refresh();
    assert.equal(core.fleet.instances.length, 1);
    assert.equal(core.fleet.errors[0]?.error.code, 'network');
    await core.fleet.refresh();
    assert.deepEqual(core.fleet.errors, []);
  });

  it('shows a launch that nothing is known of as unknown, and adopts it when it is listed', async () => {
    using core = await testCore();
    core.store.intend({
      id: `gpu-rental-${core.store.install}-x`, provider: 'vast', offerId: 'vast:1', state: 'intent', createdAt: core.clock.now(), changedAt: core.clock.now(),
      quote: {
        name: 'mine', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: '', kind: 'on-demand', tier: 'community', diskGb: 40, image: '',
        rates: { running: 330_000 as never, stopped: 0 as never }, limits: { budget: usd(1), leaseEndsAt: 0 },
      },
    });
    core.store.mark(`gpu-rental-${core.store.install}-x`, 'sent');
    core.store.mark(`gpu-rental-${core.store.install}-x`, 'uncertain');
    assert.equal(core.fleet.instances[0]?.state, 'unknown');
    core.provider.add({ key: '9', label: `gpu-rental-${core.store.install}-x`, state: 'ready' });
    await core.fleet.refresh();
    const [mine] = core.fleet.instances;
    assert.deepEqual([mine?.id, mine?.ours, mine?.name, mine?.state, mine?.stage], ['vast:9', true, 'mine', 'starting', 'waitingForSsh']);
  });

  it('does not take an empty list for an empty account', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    core.provider.scripts.list.push(() => 'partial');
    await core.fleet.refresh();
    assert.equal(core.fleet.instances.length, 1);
  });
});

describe('spend', () => {
  it('joins session, burn, balances and what is over', async () => {
    using core = await testCore();
    const accounts = new Accounts(
      { get: () => Promise.resolve('key'), set: () => Promise.resolve(), delete: () => Promise.resolve() },
      core.providers, () => core.provider, core.log,
    );
    await accounts.load();
    await accounts.refreshBalances(new AbortController().signal);
    core.meter.touchSession(false);
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    core.clock.advance(hour);
    await core.fleet.refresh();
    core.provider.machines.delete('50');
    await core.fleet.refresh();
    const spend = spendNow(core.meter, core.fleet, accounts);
    assert.deepEqual(
      [spend.session, spend.today, spend.burn, spend.balances.get('vast'), spend.instances.map((one) => one.live)],
      [330_000, 330_000, 0, usd(25), [false]],
    );
  });

  it('takes final charges over its own figures, and survives a provider without any', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    const start = core.clock.now();
    core.clock.advance(2 * hour);
    await core.fleet.refresh();
    core.provider.chargesToTell = [{ instanceKey: '50', from: start, to: start + hour, amount: usd(0.3) }];
    assert.equal(core.meter.unsettledSince('vast'), start);
    assert.equal(core.meter.unsettledSince('runpod'), undefined);
    await settleCharges({ ...core, signedIn: () => true, ours: () => true }, new AbortController().signal);
    assert.equal(core.meter.spentOn('vast:50'), usd(0.63));
    assert.equal(core.meter.unsettledSince('vast'), start + hour);
    core.provider.charges = () => Promise.reject(new RentError('forbidden'));
    core.clock.advance(2 * hour);
    await settleCharges({ ...core, signedIn: () => true, ours: () => true }, new AbortController().signal);
    assert.match(core.log.lines.join('\n'), /charges of vast could not be read/);
  });

  it('leaves its own figures alone where a provider tells no charges, however long ago', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    core.clock.advance(2 * hour);
    await core.fleet.refresh();
    const metered = core.meter.spentOn('vast:50');
    Object.assign(core.provider, { charges: undefined });
    core.clock.advance(1000 * hour);
    core.provider.machines.clear();
    await settleCharges({ ...core, signedIn: () => true, ours: () => true }, new AbortController().signal);
    assert.deepEqual(core.store.settled(), []);
    assert.ok(core.meter.spentOn('vast:50') >= metered);
  });

  it('knows what a provider cannot do with its machines', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    assert.equal(core.fleet.find('vast:50')?.lacks, undefined);
    core.provider.traits = { ...core.provider.traits, noStop: true };
    Object.assign(core.provider, { logs: undefined });
    core.fleet.announce();
    assert.deepEqual(core.fleet.find('vast:50')?.lacks, ['stop', 'logs']);
  });

  it('says since when a machine costs where its provider does not say when it began', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'starting', rates: { running: usdPerHour(1), starting: usdPerHour(0), stopped: usdPerHour(0) } });
    const { createdAt: _, ...seen } = core.provider.machines.get('50')?.seen ?? assert.fail();
    core.provider.machines.set('50', { seen, looksLeft: 1000 });
    await core.fleet.refresh();
    const began = core.clock.now();
    core.provider.set('50', { state: 'ready' });
    core.clock.advance(hour);
    await core.fleet.refresh();
    core.clock.advance(hour);
    await core.fleet.refresh();
    assert.deepEqual([core.fleet.find('vast:50')?.since, core.meter.spentOn('vast:50')], [began, usd(2)]);
  });

  it('charges the last minute whole where a provider does', async () => {
    using core = await testCore();
    core.provider.traits = { ...core.provider.traits, billedEveryMs: 60_000 };
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    core.clock.advance(90_500);
    await core.fleet.refresh();
    core.fleet.forget('vast:50', core.clock.now());
    assert.equal(core.meter.spentOn('vast:50'), Math.round((core.provider.rate * 2) / 60));
  });

  it('counts of a stranger’s machine only what it cost since it was first seen, and of ours everything', async () => {
    for (const [ours, expected] of [[false, usd(1.2)], [true, usd(2.4)]] as const) {
      using core = await testCore();
      const seenAt = core.clock.now();
      core.provider.add({ key: '50', state: 'ready', createdAt: seenAt - 100 * hour });
      await core.fleet.refresh();
      core.clock.advance(12 * hour);
      await core.fleet.refresh();
      core.provider.chargesToTell = [
        { instanceKey: '50', from: seenAt - 36 * hour, to: seenAt - 12 * hour, amount: usd(9) },
        { instanceKey: '50', from: seenAt - 12 * hour, to: seenAt + 12 * hour, amount: usd(2.4) },
      ].slice(ours ? 1 : 0);
      core.clock.advance(hour);
      core.provider.machines.clear();
      await settleCharges({ ...core, signedIn: () => true, ours: () => ours }, new AbortController().signal);
      assert.equal(core.store.settled().reduce((sum, { amount }) => sum + amount, 0), expected);
    }
  });

  it('believes that nothing was charged only a day after charges are final', async () => {
    using core = await testCore();
    core.provider.add({ key: '50', state: 'ready' });
    await core.fleet.refresh();
    const settle = (): Promise<void> => settleCharges({ ...core, signedIn: () => true, ours: () => false }, new AbortController().signal);
    core.clock.advance(4 * hour);
    await core.fleet.refresh();
    core.provider.machines.delete('50');
    await core.fleet.refresh();
    const metered = core.meter.spentOn('vast:50');
    assert.ok(metered > 0);
    core.clock.advance(12 * hour);
    await settle();
    assert.equal(core.meter.spentOn('vast:50'), metered);
    core.clock.advance(24 * hour);
    await settle();
    assert.ok(core.meter.spentOn('vast:50') < metered * 0.3, 'all that lies in whole hours without a charge cost nothing');
    const before = core.meter.spentOn('vast:50');
    await settle();
    assert.equal(core.meter.spentOn('vast:50'), before);
  });

  /** A launch whose machine was made, and called gone before any list showed it. */
  function launchUnseen(core: TestCore): number {
    const launched = core.clock.now();
    const id = `gpu-rental-${core.store.install}-x`;
    core.store.intend({
      id, provider: 'vast', offerId: 'vast:1', state: 'intent', createdAt: launched, changedAt: launched,
      quote: {
        name: 'mine', gpu: 'RTX 4090', gpuCount: 1, vramGb: 24, place: '', kind: 'on-demand', tier: 'community', diskGb: 40, image: '',
        rates: { running: 330_000 as never, stopped: 0 as never }, limits: { budget: usd(1), leaseEndsAt: 0 },
      },
    });
    core.store.mark(id, 'sent');
    core.store.mark(id, 'created', 'vast:7');
    core.store.mark(id, 'gone');
    return launched;
  }

  it('counts a machine that no list ever showed, by the books alone, however late they are read', async () => {
    using core = await testCore();
    const accounts = new Accounts(
      { get: () => Promise.resolve('key'), set: () => Promise.resolve(), delete: () => Promise.resolve() }, core.providers, () => core.provider, core.log,
    );
    const launched = launchUnseen(core);
    assert.equal(core.meter.unsettledSince('vast'), launched);
    core.clock.advance(6 * 24 * hour);
    core.provider.chargesToTell = [{ instanceKey: '7', from: launched, to: launched + hour, amount: usd(0.07) }];
    await settleCharges({ ...core, signedIn: () => true, ours: (one) => core.fleet.wasOurs(one) }, new AbortController().signal);
    assert.deepEqual(spendNow(core.meter, core.fleet, accounts).instances.map(({ instanceId, spent }) => [instanceId, spent]), [['vast:7', usd(0.07)]]);
    assert.equal(core.meter.unsettledSince('vast'), undefined);
  });

  it('asks no more for one that the books do not know either, and shows none', async () => {
    using core = await testCore();
    launchUnseen(core);
    core.clock.advance(6 * hour);
    const settle = () => settleCharges({ ...core, signedIn: () => true, ours: (one) => core.fleet.wasOurs(one) }, new AbortController().signal);
    await settle();
    assert.notEqual(core.meter.unsettledSince('vast'), undefined, 'books have been late before');
    core.clock.advance(3 * 24 * hour);
    await settle();
    assert.equal(core.meter.unsettledSince('vast'), undefined);
    assert.deepEqual(core.meter.metered(), []);
  });

  it('asks for no charges when everything that was metered is settled', async () => {
    using core = await testCore();
    core.provider.charges = () => Promise.reject(new Error('must not be asked'));
    await settleCharges({ ...core, signedIn: () => true, ours: () => true }, new AbortController().signal);
    assert.deepEqual(core.log.lines, []);
  });
});

describe('accounts', () => {
  it('keeps a key only after the provider has accepted it', async () => {
    using core = await testCore();
    const kept = new Map<string, string>();
    const accounts = new Accounts(
      {
        get: (provider) => Promise.resolve(kept.get(provider)),
        set: (provider, key) => Promise.resolve(void kept.set(provider, key)),
        delete: (provider) => Promise.resolve(void kept.delete(provider)),
      },
      core.providers, () => core.provider, core.log,
    );
    const signal = new AbortController().signal;
    core.provider.accountToTell = new RentError('auth');
    await assert.rejects(accounts.signIn('vast', 'bad', signal));
    assert.deepEqual([kept.size, accounts.signedIn('vast')], [0, false]);
    core.provider.accountToTell = { balance: usd(3) };
    await accounts.signIn('vast', 'good', signal);
    assert.deepEqual([kept.get('vast'), accounts.signedIn('vast'), accounts.balance('vast')], ['good', true, usd(3)]);
    core.provider.accountToTell = new RentError('network');
    await accounts.refreshBalances(signal);
    assert.equal(accounts.balance('vast'), undefined);
    await accounts.signOut('vast');
    assert.deepEqual([kept.size, accounts.signedIn('vast')], [0, false]);
  });
});
