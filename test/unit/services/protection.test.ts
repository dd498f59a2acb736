import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { subtractUsd, usd, usdPerHour } from '../../../src/domain/money.ts';
import { vouchMs } from '../../../src/domain/protection.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const minute = 60_000;
const hour = 60 * minute;
const never = new AbortController().signal;
const unreachable = new RentError('sshUnreachable');

/** A machine of ours that is ready, and everything that is told of it. */
async function rented(core: TestCore) {
  const limits = { budget: usd(5), leaseEndsAt: core.clock.now() + 8 * hour, idleMs: 30 * minute };
  const { launch } = await core.rentals.rent({ offer: offer({ readAt: core.clock.now() }), image: 'i', name: 'lora', limits }, () => undefined, never);
  return { label: launch.id, told: listen(core) };
}

function listen({ protection }: TestCore): string[] {
  const told: string[] = [];
  protection.onDidLose(({ instance, why }) => told.push(`lost ${instance.id} ${why}`));
  protection.onDidWarn(({ instance, reason, leftMs }) => told.push(`grace ${instance.id} ${reason} ${leftMs}`));
  protection.onDidMiss(({ instance, why }) => told.push(`unheard ${instance.id} ${why}`));
  return told;
}

const guardOf = ({ fleet }: TestCore): string => {
  const guard = fleet.find('vast:1')?.guard;
  return [guard?.protection, guard?.why].filter((word) => word).join(': ');
};

describe('protection of machines', () => {
  it('renews the lease of what we rented, with the limits of now', async () => {
    using core = await testCore();
    const { label, told } = await rented(core);
    assert.equal(guardOf(core), 'checking');
    await core.protection.check(never);
    const [first] = core.link.heard;
    assert.equal(first?.alias, label);
    assert.deepEqual([first.renewal.active, first.renewal.budget, first.renewal.deadlineAt], [false, usd(5), core.fleet.find('vast:1')?.limits?.leaseEndsAt]);
    assert.deepEqual([guardOf(core), told], ['protected', []]);
    assert.equal(core.fleet.find('vast:1')?.guard?.checkedMs, 0);
  });

  it('carries the terms in the create call', async () => {
    using core = await testCore();
    const { label } = await rented(core);
    const guard = core.provider.orders[0]?.guard;
    assert.deepEqual([guard?.label, guard?.rate, guard?.budget, guard?.useMs, guard?.idleMs, guard?.action], [label, usdPerHour(0.33), usd(5), 8 * hour, 30 * minute, 'stop']);
  });

  it('goes by the clock of the provider, which ours may be days ahead of', async () => {
    using core = await testCore();
    const theirs = core.clock.now() - 48 * hour;
    const limits = { budget: usd(5), leaseEndsAt: theirs + 8 * hour };
    await core.rentals.rent({ offer: offer({ readAt: theirs }), image: 'i', name: 'lora', limits }, () => undefined, never);
    core.provider.set('1', { createdAt: theirs + minute });
    await core.fleet.refresh();
    await core.protection.check(never);
    assert.deepEqual([core.provider.orders[0]?.guard?.useMs, core.link.heard[0]?.renewal.useMs], [8 * hour, 8 * hour]);
  });

  it('asks nobody where there is nobody to ask', async () => {
    using core = await testCore();
    assert.equal(core.protection.everyMs, undefined);
    core.provider.add({ key: '50', label: 'theirs', state: 'ready' });
    const { told } = await rented(core);
    await core.fleet.refresh();
    assert.equal(core.protection.everyMs, 15_000, 'a machine that nobody has asked yet is not left waiting');
    await core.protection.check(never);
    assert.equal(core.protection.everyMs, minute);
    core.link.heard.length = 0;
    await core.rentals.stop('vast:1');
    assert.equal(core.protection.everyMs, undefined);
    await core.protection.check(never);
    assert.equal(await core.protection.tell('vast:1', never), 'unreachable');
    assert.equal(await core.protection.tell('vast:50', never), 'unreachable');
    assert.deepEqual([core.link.heard, told], [[], []]);
  });

  it('leaves the guards to the window that polls', async () => {
    using core = await testCore();
    await rented(core);
    const { Protection } = await import('../../../src/services/protection.ts');
    const other = new Protection({ ...core, providerNow: () => core.clock.now(), acts: () => false });
    await other.check(never);
    assert.deepEqual([core.link.heard, other.everyMs], [[], undefined]);
    assert.equal(await other.tell('vast:1', never), 'heard', 'what a person does is told from any window');
  });

  it('promises nothing where a machine cannot end itself, and gives no terms', async () => {
    using core = await testCore();
    Object.assign(core.provider.traits, { carriesGuard: () => false });
    const { told } = await rented(core);
    assert.equal(core.provider.orders[0]?.guard, undefined);
    await core.protection.check(never);
    assert.deepEqual([guardOf(core), core.link.heard, told], ['unprotected: noSelfStop', [], []]);
    assert.equal(await core.protection.tell('vast:1', never), 'noSelfStop');
  });

  it('says once that a machine lost its protection, and again after it had it back', async () => {
    using core = await testCore();
    const { told } = await rented(core);
    await core.protection.check(never);
    for (const says of [{ armed: false }, { armed: false }, {}, { armed: false }, { armed: false }, { ageMs: 91_000 }, 'absent', 'absent'] as const) {
      core.link.says = says;
      await core.protection.check(never);
      core.clock.advance(2 * minute);
    }
    assert.deepEqual(told, ['lost vast:1 notArmed', 'lost vast:1 notArmed', 'lost vast:1 stale', 'lost vast:1 absent']);
    assert.equal(guardOf(core), 'unprotected: absent');
  });

  it('gives a machine that cannot be reached some minutes', async () => {
    using core = await testCore();
    const { told } = await rented(core);
    await core.protection.check(never);
    core.link.says = unreachable;
    const since = core.clock.now() + minute;
    for (let i = 0; i < 5; i++) {
      core.clock.advance(minute);
      await core.protection.check(never);
      assert.equal(guardOf(core), 'protected');
    }
    assert.equal(core.fleet.find('vast:1')?.guard?.missingSince, since);
    core.clock.advance(minute);
    await core.protection.check(never);
    assert.deepEqual([guardOf(core), told], ['unprotected: unreachable', ['lost vast:1 unreachable']]);
    core.link.says = {};
    await core.protection.check(never);
    assert.equal(guardOf(core), 'protected');
    assert.equal(core.fleet.find('vast:1')?.guard?.missingSince, undefined);
  });

  it('says once that a guard is about to act, and again the next time', async () => {
    using core = await testCore();
    const { told } = await rented(core);
    const grace = { phase: 'grace', reason: 'idle', graceLeftMs: 170_000 } as const;
    core.link.says = grace;
    await core.protection.check(never);
    assert.equal(core.protection.everyMs, 15_000, 'what comes of it is soon known');
    await core.protection.check(never);
    core.link.says = {};
    await core.protection.check(never);
    assert.equal(core.protection.everyMs, minute);
    core.link.says = { ...grace, reason: 'budget' };
    await core.protection.check(never);
    assert.deepEqual(told, ['grace vast:1 idle 170000', 'grace vast:1 budget 170000']);
  });

  it('takes off the budget with its first word what the guard does not see, as soon as that is known', async () => {
    using core = await testCore();
    const { label } = await rented(core);
    await core.rentals.stop('vast:1');
    core.clock.advance(50 * hour);
    await core.fleet.refresh();
    await core.rentals.start('vast:1', () => undefined, never);
    const spent = core.fleet.find('vast:1')?.spent ?? usd(0);
    assert.ok(spent > usd(0.9), 'its disk alone');
    core.link.says = { spent: usd(0.1) };
    await core.protection.check(never);
    assert.deepEqual(core.link.heard.map(({ renewal }) => renewal.budget), [usd(5), subtractUsd(usd(5), subtractUsd(spent, usd(0.1)))]);
    await core.protection.check(never);
    assert.equal(core.link.heard.length, 3, 'afterwards it is known before');
    assert.equal(core.memory.record(label)?.heard?.status.spent, usd(0.1));
  });

  it('holds a machine that somebody wants to keep', async () => {
    using core = await testCore();
    await rented(core);
    assert.equal(await core.protection.tell('vast:1', never, hour), 'heard');
    assert.equal(core.link.heard[0]?.renewal.holdMs, hour);
    await core.protection.check(never);
    assert.equal(core.link.heard.at(-1)?.renewal.holdMs, undefined);
  });

  it('counts work of the last five minutes, in whatever window it was', async () => {
    using core = await testCore();
    const { label } = await rented(core);
    using otherWindow = await testCore(core);
    otherWindow.protection.worked(label);
    const active = async (): Promise<boolean | undefined> => {
      await core.protection.check(never);
      return core.link.heard.at(-1)?.renewal.active;
    };
    core.clock.advance(4 * minute);
    assert.equal(await active(), true);
    core.clock.advance(minute);
    assert.equal(await active(), false);
    core.protection.worked('gpu-rental-other');
    assert.equal(await active(), false);
  });

  it('tells new limits at once, in the order in which they were agreed to', async () => {
    using core = await testCore();
    const { told } = await rented(core);
    core.link.says = { spent: usd(2) };
    await core.protection.check(never);
    const answered = Promise.withResolvers<void>();
    core.link.onRenew = () => answered.promise;
    const until = core.clock.now() + 20 * hour;
    core.rentals.renew('vast:1', until);
    core.rentals.setBudget('vast:1', usd(9));
    await Promise.resolve();
    assert.equal(core.link.heard.length, 2, 'the second waits for the first');
    answered.resolve();
    assert.equal(await core.protection.tell('vast:1', never), 'heard');
    assert.deepEqual(core.link.heard.map(({ renewal }) => [renewal.budget, renewal.deadlineAt]).slice(2), [[usd(9), until], [usd(9), until]]);
    assert.deepEqual(told, []);
  });

  it('says when a guard did not hear of new limits', async () => {
    using core = await testCore();
    const { told } = await rented(core);
    await core.protection.check(never);
    core.link.says = unreachable;
    core.rentals.renew('vast:1', core.clock.now() + 20 * hour);
    assert.equal(await core.protection.tell('vast:1', never), 'unreachable');
    assert.deepEqual(told, ['unheard vast:1 unreachable']);
  });

  it('survives what a machine, a store or a person does to it', async () => {
    using core = await testCore();
    const { label } = await rented(core);
    core.link.onRenew = () => Promise.reject(new Error('odd'));
    assert.equal(await core.protection.tell('vast:1', never), 'unreachable');
    core.link.onRenew = undefined;
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(core.protection.tell('vast:1', stop.signal), { name: 'AbortError' });
    core.store.setNote = () => {
      throw new RentError('noJournal');
    };
    assert.equal(await core.protection.tell('vast:1', never), 'heard', 'a guard is told all the same');
    assert.equal(guardOf(core), 'checking', 'and what is not written down is not vouched for');
    core.protection.worked(label);
    assert.match(core.log.lines.join('\n'), /could not be kept/);
  });

  it('knows after a restart what it knew before', async () => {
    using core = await testCore();
    const { label } = await rented(core);
    await core.protection.check(never);
    using next = await testCore(core);
    await next.fleet.refresh();
    assert.equal(guardOf(next), 'protected');
    core.clock.advance(vouchMs + 1);
    assert.equal(guardOf(next), 'checking', 'nobody has failed to ask since');
    next.link.says = unreachable;
    const told = listen(next);
    await next.protection.check(never);
    assert.deepEqual([guardOf(next), told], ['unprotected: unreachable', ['lost vast:1 unreachable']]);
    next.store.setNote(`guard ${label}`, '{"heard":{"at":"now","status":');
    assert.equal(guardOf(next), 'checking', 'what cannot be read claims nothing');
  });

  it('begins anew with a machine that is started again', async () => {
    using core = await testCore();
    await rented(core);
    await core.protection.check(never);
    await core.rentals.stop('vast:1');
    await core.rentals.start('vast:1', () => undefined, never);
    assert.equal(guardOf(core), 'checking');
    assert.equal(core.fleet.find('vast:1')?.guard?.status, undefined);
  });
});
