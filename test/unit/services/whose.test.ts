import assert from 'node:assert/strict';
import { isRentError, RentError } from '../../../src/domain/errors.ts';
import { usd } from '../../../src/domain/money.ts';
import { settleCharges } from '../../../src/services/charges.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const minute = 60_000;
const never = new AbortController().signal;
const limits = { budget: usd(5), leaseEndsAt: Date.UTC(2026, 11, 24) };

/** Rented in account `a`, with a key of which the provider says whose it is. */
async function rented(core: TestCore, account: string | null = 'a'): Promise<void> {
  core.provider.accountToTell = account === null ? {} : { id: account };
  await core.rentals.rent({ offer: offer(), image: 'i', name: 'sdxl', limits }, () => undefined, never);
  await core.fleet.refresh();
}

/** From now on the key is one of account `b`, which has no machines; gives back what `a` has. */
function changeKey({ provider }: TestCore): () => void {
  const before = [...provider.machines];
  provider.machines.clear();
  provider.accountToTell = { id: 'b' };
  return () => {
    provider.accountToTell = { id: 'a' };
    for (const [key, machine] of before) provider.machines.set(key, machine);
  };
}

async function looks(core: TestCore, times = 30): Promise<void> {
  for (let i = 0; i < times; i++) {
    core.clock.advance(minute);
    await core.fleet.refresh();
  }
}

const shown = ({ fleet }: TestCore): unknown[] => [fleet.find('vast:1')?.state, fleet.errors.map(({ error }) => error.code)];

describe('a key of another account', () => {
  it('never makes a machine look gone, and is told', async () => {
    using core = await testCore();
    await rented(core);
    const changeBack = changeKey(core);
    const before = core.meter.spentOn('vast:1');
    await looks(core);
    assert.deepEqual(shown(core), ['ready', ['otherAccount']]);
    assert.ok(core.meter.spentOn('vast:1') > before, 'it goes on costing');
    changeBack();
    await looks(core, 1);
    assert.deepEqual(shown(core), ['ready', []]);
  });

  it('does not end what it cannot see, however often that is asked for', async () => {
    using core = await testCore();
    await rented(core);
    const changeBack = changeKey(core);
    await assert.rejects(core.rentals.destroy('vast:1'), (error) => isRentError(error, 'otherAccount'));
    await looks(core);
    assert.equal(core.fleet.find('vast:1')?.state, 'ending');
    changeBack();
    await looks(core, 3);
    assert.deepEqual([core.fleet.find('vast:1'), core.provider.machines.size, core.store.launches()[0]?.state], [undefined, 0, 'gone']);
  });

  it('does not settle as free what another account was charged', async () => {
    using core = await testCore();
    await rented(core);
    await looks(core, 300);
    await core.rentals.destroy('vast:1');
    const spent = core.meter.spentOn('vast:1');
    core.clock.advance(3 * 24 * 60 * minute);
    const settle = (): Promise<void> => settleCharges({ ...core, signedIn: () => true, ours: () => true }, never);
    core.provider.accountToTell = { id: 'b' };
    await settle();
    assert.equal(core.meter.spentOn('vast:1'), spent);
    core.provider.accountToTell = { id: 'a' };
    await settle();
    assert.ok(core.meter.spentOn('vast:1') < spent / 2, 'the books of its own account are believed');
  });

  it('may be in use while the provider cannot say whose it is', async () => {
    using core = await testCore();
    await rented(core);
    core.provider.machines.clear();
    core.provider.accountToTell = new RentError('serverError');
    await looks(core);
    assert.deepEqual(shown(core), ['ready', []]);
    core.provider.accountToTell = { id: 'a' };
    await looks(core, 3);
    assert.deepEqual(shown(core), [undefined, []], 'it is gone once the account is known to be the same');
  });

  it('of the same account takes over, and hardly ever has to say so', async () => {
    using core = await testCore();
    await rented(core);
    let asked = 0;
    core.provider.account = () => Promise.resolve({ id: String(asked++ && 'a') });
    await looks(core);
    assert.deepEqual([shown(core), asked], [['ready', []], 0]);
  });

  it('is none where the provider does not tell it whose it is, at first or later', async () => {
    for (const first of [null, 'a']) {
      using core = await testCore();
      await rented(core, first);
      core.provider.machines.clear();
      core.provider.accountToTell = { balance: usd(5) };
      await looks(core, 4);
      assert.deepEqual(shown(core), [undefined, []]);
    }
  });
});
