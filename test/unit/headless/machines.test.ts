import assert from 'node:assert/strict';
import { RentError } from '../../../src/domain/errors.ts';
import { usd } from '../../../src/domain/money.ts';
import { instances, renew, rent } from '../../../src/headless/machines.ts';
import { parse } from '../../../src/headless/parse.ts';
import type { Core } from '../../../src/wiring.ts';
import { testCore, type TestCore } from '../../fakes/core.ts';
import { offer } from '../../fakes/offers.ts';

const signal = new AbortController().signal;
const call = (...words: string[]) => parse(words, ['rent', 'renew', 'instances']);
/** What these commands use of it. */
const asCore = (core: TestCore): Core => ({ ...core, accounts: { signedIn: () => true } }) as unknown as Core;

/** The answer, and what was said beside it. */
async function said(command: typeof rent, core: TestCore, ...words: string[]): Promise<{ answer: Record<string, unknown>; notes: string }> {
  const write = process.stderr.write.bind(process.stderr);
  let notes = '';
  process.stderr.write = ((text: string) => {
    notes += text;
    return true;
  }) as typeof write;
  try {
    const { answer } = await command(asCore(core), call(...words), signal);
    return { answer: answer as Record<string, unknown>, notes };
  } finally {
    process.stderr.write = write;
  }
}

async function rented(core: TestCore, ...more: string[]) {
  core.provider.offers = [offer({ readAt: Date.now() })];
  return said(rent, core, 'rent', 'vast:1001', '--budget-usd', '2', '--lease-hours', '3', '--yes', ...more);
}

describe('headless machines', () => {
  it('are rented with a guard that was greeted, or it would give them up', async () => {
    using core = await testCore();
    const { answer } = await rented(core, '--idle-minutes', '45', '--at-limit', 'destroy');
    assert.equal(answer['guard'], 'heard');
    assert.deepEqual([core.link.heard[0]?.renewal.active, core.link.heard[0]?.renewal.budget], [false, usd(2)]);
    const [order] = core.provider.orders;
    assert.deepEqual([order?.guard?.idleMs, order?.guard?.action], [45 * 60_000, 'destroy']);
    const [listed] = (await said(instances, core, 'instances')).answer['instances'] as Record<string, unknown>[];
    assert.deepEqual([listed?.['id'], listed?.['state'], listed?.['protection'], listed?.['label']], ['vast:1', 'ready', 'protected', answer['label']]);
  });

  it('are listed with what their guards say now, each of them asked at the same time', async () => {
    using core = await testCore();
    await rented(core);
    core.provider.offers = [offer({ id: 'vast:1002', readAt: Date.now() })];
    await said(rent, core, 'rent', 'vast:1002', '--budget-usd', '2', '--lease-hours', '3', '--yes');
    core.provider.add({ key: '50', label: 'theirs', state: 'ready' });
    using next = await testCore(core);
    // Longer than anybody vouches for what a guard said.
    next.clock.advance(3_600_000);
    let asking = 0;
    let most = 0;
    next.link.onRenew = async () => {
      most = Math.max(most, ++asking);
      await new Promise((resolve) => setImmediate(resolve));
      asking--;
    };
    const protections = async (): Promise<unknown[]> => ((await said(instances, next, 'instances')).answer['instances'] as Record<string, unknown>[]).map((one) => [one['id'], one['protection']]);
    assert.deepEqual(await protections(), [['vast:1', 'protected'], ['vast:2', 'protected'], ['vast:50', null]]);
    assert.deepEqual([most, next.link.heard.length], [2, 2]);
    next.link.says = { armed: false };
    await said(instances, next, 'instances');
    next.clock.advance(10 * 60_000);
    assert.deepEqual(await protections(), [['vast:1', 'unprotected'], ['vast:2', 'unprotected'], ['vast:50', null]]);
    assert.match((await instances(asCore(next), call('instances'), signal)).text, /^vast:1 .* NOT PROTECTED \(notArmed\)\nvast:2 .* NOT PROTECTED \(notArmed\)\nvast:50 .*\/h$/);
  });

  it('leave idleness out and stop unless they are told otherwise', async () => {
    using core = await testCore();
    await rented(core);
    assert.deepEqual([core.provider.orders[0]?.guard?.idleMs, core.provider.orders[0]?.guard?.action], [0, 'stop']);
  });

  it('are told of a longer lease before the command ends', async () => {
    using core = await testCore();
    await rented(core);
    const { answer, notes } = await said(renew, core, 'renew', 'vast:1', '--lease-hours', '9');
    assert.deepEqual([answer['guard'], notes], ['heard', '']);
    assert.equal(core.link.heard.at(-1)?.renewal.deadlineAt, Date.parse(String(answer['leaseEndsAt'])));
  });

  it('are renewed in the next life too, and it is said when a guard did not hear', async () => {
    using core = await testCore();
    await rented(core);
    using next = await testCore(core);
    next.link.says = new RentError('sshUnreachable');
    const { answer, notes } = await said(renew, next, 'renew', 'vast:1', '--lease-hours', '9');
    assert.equal(answer['guard'], 'unreachable');
    assert.match(notes, /^the guard of vast:1 was not told \(unreachable\)/);
    assert.equal(next.fleet.find('vast:1')?.limits?.leaseEndsAt, Date.parse(String(answer['leaseEndsAt'])), 'the limits are what was asked for all the same');
  });

  it('have nobody to tell while they are stopped', async () => {
    using core = await testCore();
    await rented(core);
    await core.rentals.stop('vast:1');
    const { answer, notes } = await said(renew, core, 'renew', 'vast:1', '--lease-hours', '9');
    assert.deepEqual([answer['guard'], notes], [null, '']);
  });
});
