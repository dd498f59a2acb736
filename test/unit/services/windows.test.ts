import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usd, usdPerHour } from '../../../src/domain/money.ts';
import { Guard } from '../../../src/services/guard.ts';
import { Once } from '../../../src/services/once.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const minute = 60_000;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 10, 23) };
const never = new AbortController().signal;
const rent = (core: TestCore) => core.rentals.rent({ offer: offer(), image: 'i', name: 'sdxl', limits }, () => undefined, never);
const lists = (core: TestCore): number => core.provider.calls.filter((call) => call === 'list').length;

describe('two windows', () => {
  it('ask the provider once, and show the same', async () => {
    using first = await testCore();
    using second = await testCore(first);
    first.provider.add({ key: '50', label: 'theirs', state: 'ready' });
    await first.fleet.refresh();
    await second.fleet.refresh();
    assert.equal(lists(first), 1);
    assert.deepEqual(second.fleet.instances, first.fleet.instances);
    assert.deepEqual([first.fleet.acts('vast'), second.fleet.acts('vast')], [true, false]);
    assert.ok(second.fleet.loaded);
  });

  it('tell of what the other did, and only then', async () => {
    using first = await testCore();
    using second = await testCore(first);
    second.fleet.catchUp();
    let told = 0;
    second.fleet.onDidChange(() => told++);
    second.fleet.catchUp();
    assert.equal(told, 0);
    await rent(first);
    second.fleet.catchUp();
    assert.equal(told, 1);
    assert.equal(second.fleet.find('vast:1')?.state, 'ready');
    assert.equal(second.meter.burn('vast:1'), usdPerHour(0.33));
  });

  it('meter a machine once, however many look', async () => {
    using first = await testCore();
    using second = await testCore(first);
    await rent(first);
    const begun = first.meter.spentOn('vast:1');
    for (let i = 0; i < 60; i++) {
      first.clock.advance(minute);
      await first.fleet.refresh(undefined, i % 3 === 0);
      await second.fleet.refresh(undefined, i % 3 === 1);
    }
    assert.equal(first.meter.spentOn('vast:1') - begun, usdPerHour(0.33));
    assert.equal(second.meter.spentOn('vast:1'), first.meter.spentOn('vast:1'));
  });

  it('hold limits in the one that acts, and in the other when the first is gone', async () => {
    using first = await testCore();
    using second = await testCore(first);
    await rent(first);
    await first.fleet.refresh();
    const stops: string[] = [];
    const guardOf = (core: TestCore, name: string): Guard => new Guard({
      fleet: core.fleet, meter: core.meter, once: new Once(core.store, core.log), log: core.log,
      stop: (id) => {
        stops.push(name);
        return core.rentals.stop(id);
      },
    });
    const [one, other] = [guardOf(first, 'first'), guardOf(second, 'second')];
    first.rentals.renew('vast:1', first.clock.now() - 1);
    await other.check();
    assert.deepEqual(stops, []);
    await one.check();
    assert.deepEqual(stops, ['first']);
    first.clock.advance(minute);
    await second.fleet.refresh();
    assert.ok(second.fleet.acts('vast'));
  });

  it('let the one that slept do nothing more with what it thought to know', async () => {
    using first = await testCore();
    using second = await testCore(first);
    await rent(first);
    await second.rentals.destroy('vast:1');
    // Listed again under our label, after its end: whoever acts ends it.
    first.provider.add({ key: '2', label: first.store.launches()[0]?.id ?? '', state: 'ready' });
    const list = first.provider.list.bind(first.provider);
    first.provider.list = async () => {
      const listing = await list();
      first.provider.list = list;
      first.clock.advance(10 * minute);
      await second.fleet.refresh();
      return listing;
    };
    await first.fleet.refresh(undefined, true);
    assert.deepEqual(first.provider.destroyed.filter((key) => key === '2').length, 1);
    assert.deepEqual([first.fleet.acts('vast'), second.fleet.acts('vast')], [false, true]);
  });

  it('adopt what the other has lost', async () => {
    using first = await testCore();
    using second = await testCore(first);
    first.provider.scripts.create.push(() => 'lostAfter');
    first.provider.scripts.list.push(...Array.from({ length: 60 }, () => () => new RentError('network')));
    const renting = rent(first);
    first.provider.scripts.list.length = 0;
    await second.fleet.refresh(undefined, true);
    const ready = await renting;
    assert.equal(ready.instanceId, 'vast:1');
    assert.equal(first.provider.orders.length, 1);
  });
});
