import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import type { GuardStatus } from '../../../src/domain/guard.ts';
import { usd } from '../../../src/domain/money.ts';
import type { FoundEnded } from '../../../src/services/guardEnds.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const minute = 60_000;
const hour = 60 * minute;
const never = new AbortController().signal;

function listen({ guardEnds }: TestCore): FoundEnded[] {
  const found: FoundEnded[] = [];
  guardEnds.onDidFind((one) => found.push(one));
  return found;
}

/** Rented, heard of once with that status, and then left alone. */
async function left(core: TestCore, says: Partial<GuardStatus> = { idleMs: 10 * minute }) {
  const limits = { budget: usd(50), leaseEndsAt: core.clock.now() + 20 * hour, idleMs: 30 * minute };
  const { launch } = await core.rentals.rent({ offer: offer(), image: 'i', name: 'lora', limits }, () => undefined, never);
  core.link.says = says;
  await core.protection.check(never);
  return { label: launch.id, found: listen(core), heardAt: core.clock.now() };
}

/** What the provider shows in the morning. */
async function morning(core: TestCore): Promise<void> {
  core.clock.advance(8 * hour);
  for (let i = 0; i < 3; i++) {
    await core.fleet.refresh();
    core.clock.advance(minute);
  }
}

describe('what guards did while nobody looked', () => {
  it('is worked out from the last word and the limits, and told once', async () => {
    using core = await testCore();
    const { found, heardAt } = await left(core);
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    assert.equal(core.guardEnds.pending, true);
    await core.guardEnds.check(never);
    await core.guardEnds.check(never);
    assert.deepEqual(found, [{ id: 'vast:1', name: 'lora', provider: 'vast', limits: core.fleet.find('vast:1')?.limits, end: { how: 'stopped', reason: 'idle', sure: false, at: heardAt + 23 * minute } }]);
    assert.equal(core.guardEnds.pending, false);
    assert.deepEqual(core.fleet.find('vast:1')?.guard?.ended, found[0]?.end, 'and stays to be read');
  });

  it('is none of theirs where a machine carries none', async () => {
    using core = await testCore();
    core.provider.traits = { ...core.provider.traits, carriesGuard: () => false };
    const { found } = await left(core);
    core.provider.machines.clear();
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual(found.map(({ end: { how, reason, sure } }) => [how, reason, sure]), [['gone', undefined, false]]);
  });

  it('is told by its own log where that can be read', async () => {
    using core = await testCore();
    const { label, found } = await left(core);
    core.provider.logs = () => Promise.resolve(`boot\ngpu-rental-guard ${label} will stop in 180 s: budget, used 9 s, spent 9, idle 0 s\ngpu-rental-guard ${label} stop: try 1, budget\n`);
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual([found[0]?.end.reason, found[0]?.end.sure], ['budget', true]);
  });

  it('needs no log when its guard had said so', async () => {
    using core = await testCore();
    const { found, heardAt } = await left(core, { phase: 'grace', reason: 'deadline', graceLeftMs: 60_000 });
    core.provider.logs = () => assert.fail('nobody needs to ask');
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual(found[0]?.end, { how: 'stopped', reason: 'deadline', sure: true, at: heardAt + 60_000 });
  });

  it('does without a log that cannot be read', async () => {
    using core = await testCore();
    const { found } = await left(core);
    core.provider.logs = () => Promise.reject(new RentError('serverError'));
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    assert.equal(found[0]?.end.reason, 'idle');
  });

  it('is told of a machine that it destroyed', async () => {
    using core = await testCore();
    const { found } = await left(core, { phase: 'acting', reason: 'unclaimed' });
    core.provider.machines.delete('1');
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual([found[0]?.end.how, found[0]?.end.reason, found[0]?.name], ['gone', 'unclaimed', 'lora']);
    await core.guardEnds.check(never);
    assert.equal(found.length, 1);
  });

  it('is told in the next life, and by one window only', async () => {
    using core = await testCore();
    await left(core);
    core.provider.set('1', { state: 'stopped' });
    using next = await testCore(core);
    using other = await testCore(core);
    const [found, elsewhere] = [listen(next), listen(other)];
    await morning(next);
    await other.fleet.refresh();
    await next.guardEnds.check(never);
    await other.guardEnds.check(never);
    assert.deepEqual([found.length, elsewhere.length], [1, 0]);
  });

  it('is nothing that we did ourselves', async () => {
    using core = await testCore();
    const { found } = await left(core);
    await core.rentals.stop('vast:1');
    await morning(core);
    await core.guardEnds.check(never);
    await core.rentals.start('vast:1', () => undefined, never);
    await core.protection.check(never);
    await core.rentals.destroy('vast:1');
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual([found, core.guardEnds.pending], [[], false]);
  });

  it('is not ours because it was said to a guard that we are stopping', async () => {
    using core = await testCore();
    const { found } = await left(core);
    core.guardEnds.ownEnd(core.fleet.find('vast:1')?.launch?.id ?? '');
    await core.protection.check(never);
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual(found, [], 'a renewal in between does not forget whose end it is');
  });

  it('is ours however long it takes the provider to do what we asked', async () => {
    using core = await testCore();
    const { found } = await left(core);
    const stop = core.provider.stop.bind(core.provider);
    core.provider.stop = () => Promise.reject(new RentError('serverError'));
    await assert.rejects(core.rentals.stop('vast:1'));
    core.provider.stop = stop;
    await morning(core);
    await core.protection.check(never);
    await core.guardEnds.check(never);
    assert.deepEqual([core.fleet.find('vast:1')?.state, found], ['stopped', []]);
  });

  it('is not blamed on a guard when a bid was lost, or nothing was ever promised', async () => {
    using core = await testCore();
    const { found, label } = await left(core);
    core.provider.set('1', { state: 'stopped', outbid: true });
    await morning(core);
    await core.guardEnds.check(never);
    assert.deepEqual(found, []);
    core.provider.set('1', { outbid: false });
    core.store.note = () => undefined;
    await core.fleet.refresh();
    await core.guardEnds.check(never);
    assert.deepEqual(found, [], label);
  });

  it('is explained again after the machine ran again', async () => {
    using core = await testCore();
    const { found } = await left(core);
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    core.provider.set('1', { state: 'ready' });
    await core.fleet.refresh();
    await core.protection.check(never);
    assert.equal(core.fleet.find('vast:1')?.guard?.ended, undefined);
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    await core.guardEnds.check(never);
    assert.equal(found.length, 2);
  });

  it('is left to the window that polls', async () => {
    using core = await testCore();
    await left(core);
    const { GuardEnds } = await import('../../../src/services/guardEnds.ts');
    const other = new GuardEnds({ ...core, journal: core.store, acts: () => false });
    core.provider.set('1', { state: 'stopped' });
    await morning(core);
    assert.deepEqual([other.pending, core.guardEnds.pending], [false, true]);
  });
});
