import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import { sumRates, usd, usdPerHour, type UsdPerHour } from '../../../src/domain/money.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };
const never = new AbortController().signal;
const disk = usdPerHour(0.02);
const hour = 3_600_000;

async function rented(core: TestCore, kind: 'interruptible' | 'on-demand' = 'interruptible') {
  await core.rentals.rent({ offer: offer({ kind }), image: 'i', name: 'sdxl', limits }, () => undefined, never);
  core.provider.set('1', { kind });
}
const quote = (core: TestCore) => core.store.launchOf('vast:1')?.quote;
const agreed = (core: TestCore): UsdPerHour | undefined => quote(core)?.rates.running;

describe('another bid', () => {
  it('is in the journal before it leaves when it is dearer, and what it costs is that and its disk', async () => {
    using core = await testCore();
    await rented(core);
    let known: UsdPerHour | undefined;
    core.provider.scripts.bid.push(() => {
      known = agreed(core);
      return 'ok';
    });
    await core.rentals.changeBid('vast:1', usdPerHour(0.5));
    assert.equal(known, usdPerHour(0.52));
    assert.equal(agreed(core), usdPerHour(0.52));
    assert.equal(core.fleet.find('vast:1')?.burn, usdPerHour(0.52));
  });

  it('that is cheaper is written down once it is accepted', async () => {
    using core = await testCore();
    await rented(core);
    let known: UsdPerHour | undefined;
    core.provider.scripts.bid.push(() => {
      known = agreed(core);
      return 'ok';
    });
    await core.rentals.changeBid('vast:1', usdPerHour(0.2));
    assert.deepEqual([known, agreed(core)], [usdPerHour(0.33), usdPerHour(0.22)]);
  });

  it('is taken back only when the provider says no', async () => {
    using core = await testCore();
    await rented(core);
    core.provider.scripts.bid.push(() => new RentError('bidTooLow'));
    await assert.rejects(core.rentals.changeBid('vast:1', usdPerHour(0.5)), (error) => isRentError(error, 'bidTooLow'));
    assert.equal(agreed(core), usdPerHour(0.33));
    core.provider.scripts.bid.push(() => 'lostAfter');
    await assert.rejects(core.rentals.changeBid('vast:1', usdPerHour(0.5)), (error) => isRentError(error, 'network'));
    assert.equal(agreed(core), usdPerHour(0.52));
    assert.equal(core.fleet.find('vast:1')?.burn, usdPerHour(0.52), 'what the provider shows is what is metered');
  });

  it('costs from when it was accepted', async () => {
    using core = await testCore();
    await rented(core);
    await core.fleet.refresh();
    const before = core.meter.spentOn('vast:1');
    core.clock.advance(hour);
    await core.rentals.changeBid('vast:1', usdPerHour(0.98));
    core.clock.advance(hour);
    await core.fleet.refresh();
    assert.equal(core.meter.spentOn('vast:1') - before, usd(1.33));
  });

  it('starts nothing, and what a stopped machine costs stays its disk', async () => {
    using core = await testCore();
    await rented(core);
    core.provider.set('1', { state: 'stopped', outbid: true });
    await core.rentals.changeBid('vast:1', usdPerHour(0.5));
    const seen = core.fleet.find('vast:1');
    assert.deepEqual([seen?.state, seen?.burn, seen?.rates.running], ['stopped', disk, usdPerHour(0.52)]);
    assert.ok(!core.provider.calls.includes('start'));
  });

  it('is for machines that have one', async () => {
    using core = await testCore();
    await rented(core, 'on-demand');
    await assert.rejects(core.rentals.changeBid('vast:1', usdPerHour(0.5)), (error) => isRentError(error, 'notAllowed'));
    assert.ok(!core.provider.calls.includes('bid'));
  });

  it('leaves known what the guard counts at, over any number of bids', async () => {
    using core = await testCore();
    await rented(core);
    assert.equal(quote(core)?.guardRate, undefined);
    for (const bid of [0.5, 0.7, 0.4]) await core.rentals.changeBid('vast:1', usdPerHour(bid));
    assert.equal(quote(core)?.guardRate, usdPerHour(0.33));
    assert.deepEqual(quote(core)?.limits, limits);
  });

  it('never leaves the journal below what the provider charges, whatever is lost', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ bid: fc.integer({ min: 1000, max: 2_000_000 }), end: fc.constantFrom('ok', 'lost', 'lostAfter', 'no') }), { maxLength: 6 }), async (bids) => {
      using core = await testCore();
      await rented(core);
      for (const { bid, end } of bids) {
        core.provider.scripts.bid.push(() => (end === 'no' ? new RentError('bidTooLow') : end as 'ok'));
        await core.rentals.changeBid('vast:1', bid as UsdPerHour).catch((error: unknown) => assert.ok(end !== 'ok' && isRentError(error)));
        const real = core.provider.machines.get('1')?.seen.rates.running ?? 0;
        assert.ok((agreed(core) ?? 0) >= real, `${agreed(core)} for ${real}`);
        assert.equal(core.fleet.find('vast:1')?.rates.running, real);
        if (end === 'ok') assert.equal(agreed(core), sumRates([bid as UsdPerHour, disk]));
      }
    }), { numRuns: 25 });
  });
});
